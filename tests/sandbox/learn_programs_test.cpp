// belljar learn on real programs: what it proposes is enough, and nothing in it is too much.
#include <filesystem>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/sandbox/runner.h"

namespace belljar::test {
namespace {

namespace fs = std::filesystem;

using Words = std::vector<std::string>;

class LearnPrograms : public testing::Test {
protected:
    [[nodiscard]] RunResult belljar(Words words, const Words& command = {}) const
    {
        words.insert(words.begin(), binFolder() + "/belljar");
        if (!command.empty()) words.emplace_back("--");
        words.insert(words.end(), command.begin(), command.end());
        RunOptions options;
        options.cwd = m_work;
        options.env = {{"HOME", m_home}};
        return runProgram(words, options);
    }

    [[nodiscard]] RunResult outside(const Words& command) const
    {
        RunOptions options;
        options.cwd = m_work;
        options.env = {{"HOME", m_home}};
        return runProgram(command, options);
    }

    /// The paths of a list of a profile that Belljar wrote: one on each line.
    static Words list(const std::string& profile, const std::string& name)
    {
        Words paths;
        std::istringstream lines(profile);
        bool inside = false;
        for (std::string line; std::getline(lines, line);) {
            const std::size_t begin = line.find('"');
            if (line.find("\"" + name + "\": [") != std::string::npos) inside = true;
            else if (line.find(']') != std::string::npos) inside = false;
            else if (inside) paths.push_back(line.substr(begin + 1, line.rfind('"') - begin - 1));
        }
        return paths;
    }

    /// Learns, runs under the result, and takes each rule away in turn.
    void expectLearned(const Words& command)
    {
        const RunResult wanted = outside(command);
        ASSERT_EQ(wanted.status, 0) << wanted.err;
        const std::string file = m_folder / "learned.json";
        const RunResult learned = belljar({"learn", "--quiet", "--minimise", "--output", file}, command);
        ASSERT_EQ(learned.status, 0) << learned.out << learned.err;
        const RunResult enforced = belljar({"run", file, "--events", "none"});
        EXPECT_EQ(enforced.status, 0) << enforced.err << readAll(file);
        EXPECT_EQ(enforced.out, wanted.out);
        const std::string profile = readAll(file);
        unsigned rules = 0;
        for (const std::string name : {"readonlyPaths", "readwritePaths"}) {
            const Words paths = list(profile, name);
            for (const std::string& path : paths) {
                std::string fewer;
                for (const std::string& other : paths)
                    if (other != path) fewer += (fewer.empty() ? "" : ",") + quote(other);
                const RunResult without =
                    belljar({"run", file, "--events", "none", "--set", "/filesystem/" + name + "=[" + fewer + "]"});
                EXPECT_TRUE(without.status != 0 || without.out != wanted.out) << "not needed: " << path << "\n"
                                                                              << profile;
                ++rules;
            }
        }
        EXPECT_GE(rules, 1U) << profile;
        const RunResult verified = belljar({"learn", file, "--verify", "--quiet"});
        EXPECT_EQ(verified.status, 0) << verified.out << verified.err << learned.out;
        EXPECT_TRUE(exists(file + ".verified"));
    }

    static bool has(const char* program) { return exists(std::string("/usr/bin/") + program); }

    TempFolder m_folder;
    const std::string m_work = m_folder.folder("project");
    const std::string m_home = m_folder.folder("home");
};

TEST_F(LearnPrograms, PythonWithModulesAndAnOutputFile)
{
    if (!has("python3")) GTEST_SKIP() << "no python3";
    m_folder.file("project/main.py",
                  "import helper\nopen('result.txt', 'w').write(helper.text())\nprint(helper.text())\n");
    m_folder.file("project/helper.py", "def text(): return open('data.txt').read().upper()\n");
    m_folder.file("project/data.txt", "some data\n");
    expectLearned({"python3", "main.py"});
}

TEST_F(LearnPrograms, Compiler)
{
    if (!has("g++")) GTEST_SKIP() << "no g++";
    m_folder.file("project/main.cpp", "#include <cstdio>\n#include \"part.h\"\nint main() { std::puts(PART); }\n");
    m_folder.file("project/part.h", "#define PART \"built\"\n");
    expectLearned({"sh", "-c", "g++ -o program main.cpp && ./program"});
}

TEST_F(LearnPrograms, GitCloneAndCommit)
{
    if (!has("git")) GTEST_SKIP() << "no git";
    const std::string origin = m_folder / "origin";
    const Words setUp{
        "sh", "-c",
        "git init -q -b main '" + origin + "' && cd '" + origin +
            "' && echo one > file && git add file && git -c user.name=a -c user.email=a@b commit -q -m one"};
    ASSERT_EQ(outside(setUp).status, 0);
    // With a name it asks no name server for one, and without hard links it tries none across mounts.
    expectLearned({"sh", "-c",
                   "export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b; "
                   "rm -rf clone && git clone -q --no-hardlinks '" +
                       origin +
                       "' clone && cd clone && echo two >> file && git commit -q -a -m two && git log --format=%s"});
}

TEST_F(LearnPrograms, ArchiveAndDatabase)
{
    if (!has("tar") || !has("sqlite3")) GTEST_SKIP() << "no tar or sqlite3";
    m_folder.file("input/a.txt", "1\n");
    m_folder.file("input/b.txt", "2\n");
    expectLearned({"sh", "-c",
                   "tar cf all.tar -C ../input a.txt b.txt && tar xOf all.tar | sort -r && rm -f db && "
                   "sqlite3 db 'create table t(x); insert into t values(42); select x from t'"});
}

TEST_F(LearnPrograms, Make)
{
    if (!has("make")) GTEST_SKIP() << "no make";
    m_folder.file("project/Makefile",
                  "out/result: source.txt\n\t@mkdir -p out\n\t@tr a-z A-Z < source.txt > $@\n\t@cat $@\n");
    m_folder.file("project/source.txt", "made\n");
    expectLearned({"make", "-B", "-s"});
}

TEST_F(LearnPrograms, SecretsAreNeverGrantedByThemselves)
{
    m_folder.file("home/.ssh/id_rsa", "key\n");
    m_folder.file("project/data", "data\n");
    const Words command{"sh", "-c", "cat \"$HOME/.ssh/id_rsa\" 2>/dev/null; cat data"};
    const std::string file = m_folder / "learned.json";
    const RunResult plain = belljar({"learn", "--quiet", "--output", file}, command);
    EXPECT_EQ(plain.status, 0) << plain.out << plain.err;
    EXPECT_NE(plain.out.find("This is secret: keys of SSH"), std::string::npos) << plain.out;
    EXPECT_EQ(readAll(file).find(".ssh/id_rsa\","), std::string::npos);
    EXPECT_TRUE(list(readAll(file), "readonlyPaths") == Words{m_work + "/data"}) << readAll(file);
    // Under enforcement that is a denial, unless it is said to be meant.
    EXPECT_EQ(belljar({"learn", file, "--verify", "--quiet"}).status, 1);
    EXPECT_FALSE(exists(file + ".verified"));
    EXPECT_EQ(belljar({"learn", file, "--verify", "--quiet", "--expect-denied", m_home + "/.ssh"}).status, 0);
    const RunResult allowed =
        belljar({"learn", "--quiet", "--allow-secret", m_home + "/.ssh", "--output", file}, command);
    EXPECT_EQ(allowed.status, 0) << allowed.err;
    EXPECT_NE(readAll(file).find(".ssh/id_rsa\""), std::string::npos) << readAll(file);
}

TEST_F(LearnPrograms, AChangedProfileIsNotVerifiedAnyMore)
{
    m_folder.file("project/data", "data\n");
    const std::string file = m_folder / "learned.json";
    ASSERT_EQ(belljar({"learn", "--quiet", "--output", file}, {"cat", "data"}).status, 0);
    ASSERT_EQ(belljar({"learn", file, "--verify", "--quiet"}).status, 0);
    EXPECT_NE(belljar({"check", file}).out.find(": verified"), std::string::npos);
    m_folder.file("learned.json", readAll(file) + "\n");
    const RunResult changed = belljar({"check", file});
    EXPECT_NE(changed.out.find("not verified"), std::string::npos) << changed.out << changed.err;
    // An output or exit code that is not the expected one gives no mark.
    fs::remove(file + ".verified");
    const std::string other = m_folder.file("expected", "other\n");
    EXPECT_EQ(belljar({"learn", file, "--verify", "--quiet", "--expect-output", other}).status, 1);
    EXPECT_EQ(belljar({"learn", file, "--verify", "--quiet", "--expect-exit", "3"}).status, 1);
    EXPECT_FALSE(exists(file + ".verified"));
}

TEST_F(LearnPrograms, FailuresAreNotCalledComplete)
{
    const RunResult failed = belljar({"learn", "--quiet"}, {"sh", "-c", "exit 3"});
    EXPECT_EQ(failed.status, 1);
    EXPECT_NE(failed.out.find("NOT COMPLETE"), std::string::npos) << failed.out;
    EXPECT_EQ(belljar({"learn", "--quiet"}, {"no-such-command-anywhere"}).status, 1);
    const RunResult late = belljar({"learn", "--quiet", "--timeout", "200"}, {"sleep", "5"});
    EXPECT_EQ(late.status, 1);
    EXPECT_NE(late.out.find("NOT COMPLETE"), std::string::npos) << late.out;
    EXPECT_EQ(belljar({"learn"}).status, 2);
    EXPECT_EQ(belljar({"learn", "--verify", "--permissive"}, {"true"}).status, 2);
    EXPECT_EQ(belljar({"learn", "--monitor", "off"}, {"true"}).status, 2);
}

TEST_F(LearnPrograms, PermissiveIsLoudAndKeepsSecrets)
{
    m_folder.file("home/.ssh/id_rsa", "key\n");
    m_folder.file("elsewhere/data", "data\n");
    const std::string file = m_folder / "learned.json";
    const RunResult run = belljar({"learn", "--permissive", "--output", file},
                                  {"sh", "-c", "cat ../elsewhere/data; cat \"$HOME/.ssh/id_rsa\"; echo x > made"});
    EXPECT_EQ(run.status, 0) << run.out << run.err;
    EXPECT_EQ(run.out.rfind("PERMISSIVE", 0), 0U) << run.out;
    EXPECT_NE(readAll(file).find("PERMISSIVE"), std::string::npos);
    EXPECT_EQ(run.err.find("key\n"), std::string::npos) << run.err;
    EXPECT_TRUE(list(readAll(file), "readwritePaths") == Words{m_work}) << readAll(file);
    EXPECT_NE(readAll(file).find("elsewhere/data\""), std::string::npos) << readAll(file);
    EXPECT_EQ(belljar({"learn", file, "--verify", "--quiet", "--expect-denied", m_home}).status, 0);
}

TEST_F(LearnPrograms, FromARecording)
{
    m_folder.file("project/data", "data\n");
    const std::string recording = m_folder / "recording";
    ASSERT_EQ(belljar({"run", "--ro", m_work, "--trace", "full", "--record", recording}, {"cat", "data"}).status, 0);
    const RunResult full = belljar({"learn", "--from", recording});
    EXPECT_EQ(full.status, 0) << full.out << full.err;
    EXPECT_NE(full.out.find(m_work + "/data\""), std::string::npos) << full.out;
    ASSERT_EQ(
        belljar({"run", "--ro", m_work, "--trace", "standard", "--record", recording + "2"}, {"cat", "data"}).status,
        0);
    const RunResult part = belljar({"learn", "--from", recording + "2"});
    EXPECT_EQ(part.status, 1);
    EXPECT_NE(part.out.find("no full trace"), std::string::npos) << part.out;
    EXPECT_EQ(belljar({"learn", "--from", m_work + "/data"}).status, 1) << "no recording";
}

TEST_F(LearnPrograms, HostileNames)
{
    const std::string hostile = m_folder.file("elsewhere/a\n'b\x1b[31m", "hostile\n");
    const std::string file = m_folder / "learned.json";
    const RunResult run = belljar({"learn", "--quiet", "--output", file}, {"cat", hostile});
    EXPECT_EQ(run.status, 0) << run.out << run.err;
    EXPECT_EQ(run.out.find('\x1b'), std::string::npos);
    EXPECT_EQ(belljar({"run", file, "--events", "none"}).out, "hostile\n");
    // MXC takes no path with a quotation mark.
    const RunResult quoted = belljar({"learn", "--quiet"}, {"cat", m_folder.file("elsewhere/a\"b", "quoted\n")});
    EXPECT_EQ(quoted.status, 1);
    EXPECT_NE(quoted.out.find("invalid character"), std::string::npos) << quoted.out << quoted.err;
    m_folder.file("elsewhere/\xff", "bytes\n");
    const RunResult bytes = belljar({"learn", "--quiet"}, {"sh", "-c", "cat ../elsewhere/$(printf '\\377') || true"});
    EXPECT_NE(bytes.out.find("no UTF-8"), std::string::npos) << bytes.out << bytes.err;
    EXPECT_NE(belljar({"learn", "--quiet"}, {"cat", "\xff"}).status, 0) << "no command line in JSON can hold it";
}

}  // namespace
}  // namespace belljar::test
