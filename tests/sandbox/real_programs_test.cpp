// Real programs under minimal profiles (tests/data/profiles): right exit code, right output.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "tests/sandbox/runner.h"

namespace belljar::test {
namespace {

bool hasProgram(const std::string& name)
{
    return runProgram({"sh", "-c", "command -v " + name}).status == 0;
}

/// A profile of the test data with its @PLACEHOLDERS@ replaced.
std::string profileFrom(const std::string& name, const std::map<std::string, std::string>& values)
{
    std::string text = readAll(sourceFolder() + "/tests/data/profiles/" + name);
    for (const auto& [key, value] : values) {
        const std::string mark = "@" + key + "@";
        for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += value.size())
            text.replace(at, mark.size(), value);
    }
    return text;
}

class RealPrograms : public testing::Test {
protected:
    void SetUp() override { ASSERT_FALSE(sourceFolder().empty()) << "BELLJAR_SOURCE is not set"; }

    /// Runs the profile's own command line, not watched and watched; `reset` puts things back before each.
    template <class Check>
    void runBothWays(const std::string& profile, const Check& check)
    {
        ASSERT_FALSE(profile.empty());
        const std::string file = m_folder.file("profile.json", profile);
        for (const char* events : {"none", "jsonl"}) {
            SCOPED_TRACE(events);
            check(runProgram(
                {binFolder() + "/belljar", "run", file, "--events", events, "--events-to", m_folder / "events"}));
            if (std::string(events) == "none") continue;
            const std::vector<SeenEvent> seen = parseEvents(readAll(m_folder / "events"));
            EXPECT_TRUE(
                std::any_of(seen.begin(), seen.end(), [](const SeenEvent& e) { return e.kind == "process.exec"; }));
        }
    }

    TempFolder m_folder;
};

TEST_F(RealPrograms, GitClonesALocalRepository)
{
    if (!hasProgram("git")) GTEST_SKIP() << "git is not installed";
    const std::string repository = m_folder.folder("repository");
    m_folder.file("repository/hello.txt", "hello from the repository\n");
    const RunResult made = runProgram(
        {"sh", "-c",
         "cd \"$0\" && git init -q && git add . && git -c user.name=t -c user.email=t@example.org commit -q -m first",
         repository});
    ASSERT_EQ(made.status, 0) << made.err;
    int round = 0;
    std::string work = m_folder.folder("work");
    runBothWays(profileFrom("git_clone.json", {{"REPOSITORY", repository}, {"WORK", work}}), [&](const RunResult& run) {
        EXPECT_EQ(run.status, 0) << run.err;
        EXPECT_NE(run.err.find("done."), std::string::npos) << run.err;
        EXPECT_EQ(readAll(work + "/clone/hello.txt"), "hello from the repository\n");
        const RunResult log = runProgram({"git", "-C", work + "/clone", "log", "--format=%s"});
        EXPECT_EQ(log.out, "first\n") << log.err;
        ASSERT_EQ(::rename((work + "/clone").c_str(), (m_folder / ("clone" + std::to_string(round++))).c_str()), 0);
    });
}

TEST_F(RealPrograms, PythonScriptReadsAndWrites)
{
    if (::access("/usr/bin/python3", X_OK) != 0) GTEST_SKIP() << "/usr/bin/python3 is not installed";
    const std::string work = m_folder.folder("work");
    m_folder.file("work/input.txt", "3\n4\n");
    m_folder.file("work/script.py",
                  "import json, pathlib, threading\n"
                  "numbers = [int(line) for line in open('input.txt')]\n"
                  "results = []\n"
                  "thread = threading.Thread(target=lambda: results.append(sum(numbers)))\n"
                  "thread.start(); thread.join()\n"
                  "pathlib.Path('output.json').write_text(json.dumps(results))\n"
                  "print('sum', results[0])\n"
                  "try:\n"
                  "    open('" +
                      (m_folder / "outside.txt") +
                      "', 'w')\n"
                      "except OSError as error:\n"
                      "    print('outside', type(error).__name__)\n"
                      "raise SystemExit(7)\n");
    runBothWays(profileFrom("python_script.json", {{"WORK", work}}), [&](const RunResult& run) {
        EXPECT_EQ(run.status, 7) << run.err;
        EXPECT_EQ(run.out.substr(0, 6), "sum 7\n");
        EXPECT_NE(run.out.find("outside "), std::string::npos) << run.out;
        EXPECT_EQ(readAll(work + "/output.json"), "[7]");
        EXPECT_FALSE(exists(m_folder / "outside.txt"));
        ::unlink((work + "/output.json").c_str());
    });
}

TEST_F(RealPrograms, CompilerCompilesAndTheProgramRuns)
{
    if (::access("/usr/bin/g++", X_OK) != 0) GTEST_SKIP() << "/usr/bin/g++ is not installed";
    const std::string work = m_folder.folder("work");
    m_folder.file("work/program.cpp", "#include <cstdio>\nint main() { std::puts(\"compiled inside\"); return 5; }\n");
    runBothWays(profileFrom("cxx_compile.json", {{"WORK", work}}), [&](const RunResult& run) {
        EXPECT_EQ(run.status, 5) << run.err;
        EXPECT_EQ(run.out, "compiled inside\n") << run.err;
        EXPECT_EQ(::unlink((work + "/program").c_str()), 0);
    });
}

class NpmCi : public RealPrograms {
protected:
    /// A cache that holds one tiny package, and a project that is locked to it.
    void makeProject()
    {
        m_folder.file("tiny/package.json", R"({"name": "belljar-tiny", "version": "1.0.0", "main": "index.js"})");
        m_folder.file("tiny/index.js", "module.exports = () => 'tiny says hello';\n");
        const RunResult packed =
            runProgram({"sh", "-c",
                        "cd \"$0/tiny\" && npm pack --cache \"$0/cache\" --pack-destination \"$0\" "
                        "&& npm cache add \"$0/belljar-tiny-1.0.0.tgz\" --cache \"$0/cache\"",
                        m_folder.path()});
        ASSERT_EQ(packed.status, 0) << packed.err;
        const RunResult digest = runProgram({"node", "-p",
                                             "'sha512-' + "
                                             "require('crypto').createHash('sha512').update(require('fs').readFileSync("
                                             "process.argv[1])).digest('base64')",
                                             m_folder / "belljar-tiny-1.0.0.tgz"});
        ASSERT_EQ(digest.status, 0) << digest.err;
        const std::string integrity = digest.out.substr(0, digest.out.size() - 1);
        m_folder.file("work/package.json",
                      R"({"name": "project", "version": "1.0.0", "dependencies": {"belljar-tiny": "1.0.0"}})");
        m_folder.file("work/package-lock.json",
                      R"({"name": "project", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": {)"
                      R"("": {"name": "project", "version": "1.0.0", "dependencies": {"belljar-tiny": "1.0.0"}},)"
                      R"("node_modules/belljar-tiny": {"version": "1.0.0", "integrity": ")" +
                          integrity + R"(", "resolved": "https://registry.invalid/belljar-tiny-1.0.0.tgz"}}})");
    }
};

TEST_F(NpmCi, InstallsFromTheCacheWithoutNetwork)
{
    struct stat info {};
    if (::stat("/usr/bin/npm", &info) != 0 || ::stat("/usr/bin/node", &info) != 0)
        GTEST_SKIP() << "npm is not installed in /usr/bin";
    ASSERT_NO_FATAL_FAILURE(makeProject());
    const std::string work = m_folder / "work";
    runBothWays(profileFrom("npm_ci.json", {{"WORK", work}, {"CACHE", m_folder / "cache"}}), [&](const RunResult& run) {
        EXPECT_EQ(run.status, 0) << run.out << run.err;
        EXPECT_NE(run.out.find("added 1 package"), std::string::npos) << run.out;
        EXPECT_NE(run.out.find("tiny says hello\n"), std::string::npos) << run.out;
        EXPECT_TRUE(exists(work + "/node_modules/belljar-tiny/index.js"));
    });
}

}  // namespace
}  // namespace belljar::test
