// How a session of the command line begins and ends: exit codes, streams, messages, recordings.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/sandbox/runner.h"

namespace belljar::test {
namespace {

class SessionTest : public testing::Test {
protected:
    SessionTest()
    {
        m_work = m_folder.folder("work");
        m_profile.readWrite = {m_work};
    }

    RunResult run(const std::vector<std::string>& command, const std::vector<std::string>& more = {"--events", "none"},
                  const RunOptions& options = {})
    {
        return runProgram(belljarRun(m_folder, m_profile.json(), more, command), options);
    }

    TempFolder m_folder;
    std::string m_work;
    Profile m_profile;
};

TEST_F(SessionTest, ExitCodeIsTheCommandsOwn)
{
    for (const int code : {0, 1, 3, 42, 124, 255})
        EXPECT_EQ(run({"sh", "-c", "exit " + std::to_string(code)}).status, code);
}

TEST_F(SessionTest, DeathBySignalIs128AndTheSignal)
{
    for (const int signal : {SIGTERM, SIGKILL, SIGSEGV, SIGUSR1})
        EXPECT_EQ(run({"sh", "-c", "kill -" + std::to_string(signal) + " $$"}).status, 128 + signal);
}

TEST_F(SessionTest, TimeoutIs124)
{
    const RunResult late = run({"sleep", "30"}, {"--events", "none", "--timeout", "300"});
    EXPECT_EQ(late.status, 124);
    EXPECT_LT(late.seconds, 5);
    EXPECT_NE(late.err.find("300 ms"), std::string::npos) << late.err;
    EXPECT_EQ(run({"true"}, {"--events", "none", "--timeout", "20s"}).status, 0);
}

TEST_F(SessionTest, AFilterShowsOnlyWhatFits)
{
    const std::vector<std::string> command{"sh", "-c", "echo a > " + m_work + "/shown; echo a > " + m_work + "/other"};
    const std::string all = run(command, {"--events", "jsonl"}).err;
    EXPECT_NE(all.find("/shown"), std::string::npos) << all;
    EXPECT_NE(all.find(m_work + "/other\""), std::string::npos) << all;
    const std::string some = run(command, {"--events", "jsonl", "--filter", "path~/sho[vw]n$"}).err;
    EXPECT_NE(some.find("/shown\""), std::string::npos) << some;
    EXPECT_EQ(some.find(m_work + "/other\""), std::string::npos) << some;
    const RunResult wrong = run(command, {"--filter", "path~[a"});
    EXPECT_EQ(wrong.status, 125);
    EXPECT_NE(wrong.err.find("--filter, column 6"), std::string::npos) << wrong.err;
}

TEST_F(SessionTest, CommandNotFoundIs127)
{
    // Seen before the start, and by the kernel inside: a script whose interpreter is missing.
    const RunResult missing = run({"no-such-command-anywhere"});
    EXPECT_EQ(missing.status, 127) << missing.err;
    EXPECT_NE(missing.err.find("no-such-command-anywhere"), std::string::npos) << missing.err;
    const std::string script = m_folder.file("work/script", "#!/no/such/interpreter\n", 0755);
    EXPECT_EQ(run({script}).status, 127);
}

TEST_F(SessionTest, CommandThatCannotBeExecutedIs126)
{
    const std::string file = m_folder.file("work/file", "no program\n", 0644);
    const RunResult refused = run({file});
    EXPECT_EQ(refused.status, 126) << refused.err;
    EXPECT_NE(refused.err.find(file), std::string::npos) << refused.err;
}

TEST_F(SessionTest, CommandIsSearchedAsAShellDoes)
{
    m_folder.file("work/first/tool", "echo first\n", 0644);  // not executable: the search goes on
    m_folder.file("work/second/tool", "echo second $# $1\n", 0755);
    m_profile.env = {"PATH=" + m_work + "/no-such-folder:" + m_work + "/first:" + m_work + "/second:/usr/bin"};
    // Without an interpreter line, so the shell's script.
    EXPECT_EQ(run({"tool", "a b"}).out, "second 1 a b\n");
    EXPECT_EQ(run({m_work + "/second/tool"}).out, "second 0\n");
    EXPECT_EQ(run({m_work + "/first/tool"}).status, 126);
    EXPECT_EQ(run({"true"}).status, 0);
}

TEST_F(SessionTest, FolderToStartInMustBeGranted)
{
    const std::string other = m_folder.folder("other");
    m_profile.cwd = other;
    const RunResult refused = run({"pwd"});
    EXPECT_EQ(refused.status, 125);
    EXPECT_NE(refused.err.find(other), std::string::npos) << refused.err;
    EXPECT_NE(refused.err.find("--ro"), std::string::npos) << refused.err;
    m_profile.cwd = m_work;
    EXPECT_EQ(run({"pwd"}).out, m_work + "\n");
}

TEST_F(SessionTest, MissingPathIsReportedBeforeTheStart)
{
    const std::string missing = m_folder / "not-there";
    m_profile.readOnly = {missing};
    const RunResult refused = run({"touch", m_work + "/started"});
    EXPECT_EQ(refused.status, 125);
    EXPECT_NE(refused.err.find(missing), std::string::npos) << refused.err;
    EXPECT_NE(refused.err.find("profile.json:"), std::string::npos) << "no place in the profile: " << refused.err;
    EXPECT_FALSE(exists(m_work + "/started"));
    EXPECT_FALSE(exists(missing));
}

TEST_F(SessionTest, BrokenProfileIsOneErrorWithItsPlace)
{
    for (const char* text :
         {"{", "{\"version\": 7}", "{\"no-such-key\": 1}", "{\"filesystem\": {\"readonlyPaths\": [\"relative\"]}}"}) {
        const RunResult refused = runProgram(
            {binFolder() + "/belljar", "run", m_folder.file("broken.json", text), "--", "touch", m_work + "/started"});
        EXPECT_EQ(refused.status, 125) << text;
        EXPECT_NE(refused.err.find("broken.json:1:"), std::string::npos) << text << "\n" << refused.err;
        EXPECT_FALSE(exists(m_work + "/started"));
    }
}

TEST_F(SessionTest, InputIsPipedThrough)
{
    RunOptions options;
    for (int i = 0; i < 200000; ++i) options.input += "line " + std::to_string(i) + "\n";
    const RunResult copied = run({"sh", "-c", "cat; echo done >&2"}, {"--events", "none"}, options);
    EXPECT_EQ(copied.status, 0);
    EXPECT_TRUE(copied.out == options.input);
    EXPECT_EQ(copied.err, "done\n");
}

TEST_F(SessionTest, InputFromAFileAndDevStdinWork)
{
    RunOptions options;
    options.inputFile = m_folder.file("input", "from a file\n");
    EXPECT_EQ(run({"cat"}, {"--events", "none"}, options).out, "from a file\n");
    EXPECT_EQ(run({"cat", "/dev/stdin"}, {"--events", "none"}, options).out, "from a file\n");
    EXPECT_EQ(run({"sh", "-c", "echo out > /dev/stdout; echo err > /dev/stderr"}).out, "out\n");
    const std::string output = m_folder / "output";
    const RunResult redirected = runProgram({"sh", "-c", "exec \"$@\" > \"$0\"", output, binFolder() + "/belljar",
                                             "run", "--", "sh", "-c", "echo one; echo two > /dev/stdout"});
    EXPECT_EQ(redirected.status, 0) << redirected.err;
    EXPECT_NE(readAll(output).find("two\n"), std::string::npos);
}

TEST_F(SessionTest, FolderAsInputIsRefused)
{
    RunOptions options;
    options.inputFile = m_folder.path();
    const RunResult refused = run({"true"}, {"--events", "none"}, options);
    EXPECT_EQ(refused.status, 125);
    EXPECT_NE(refused.err.find("folder"), std::string::npos) << refused.err;
}

TEST_F(SessionTest, TenMegabytesOfOutputArriveWhole)
{
    for (const char* events : {"none", "jsonl"}) {
        const RunResult big = run({"sh", "-c", "head -c 10000000 /dev/zero | tr '\\0' x; echo end"},
                                  {"--events", events, "--events-to", m_folder / "events"});
        EXPECT_EQ(big.status, 0);
        ASSERT_EQ(big.out.size(), 10'000'004U);
        EXPECT_EQ(std::count(big.out.begin(), big.out.end(), 'x'), 10'000'000);
        EXPECT_TRUE(big.out.ends_with("end\n"));
    }
}

TEST_F(SessionTest, FilesCanBeMovedBetweenFoldersOfAGrant)
{
    const RunResult moved =
        run({"sh", "-c", "cd \"$0\" && mkdir a b && echo x > a/f && mv a/f b/f && ln b/f a/g && cat a/g", m_work});
    EXPECT_EQ(moved.status, 0) << moved.err;
    EXPECT_EQ(moved.out, "x\n");
}

TEST_F(SessionTest, EnvironmentIsOnlyWhatTheProfileSays)
{
    m_profile.env = {"GREETING=hello there"};
    RunOptions options;
    options.env = {{"BELLJAR_TEST_TOKEN", "secret"}};
    const RunResult env = run({"env"}, {"--events", "none"}, options);
    EXPECT_NE(env.out.find("GREETING=hello there\n"), std::string::npos);
    EXPECT_EQ(env.out.find("BELLJAR_TEST_TOKEN"), std::string::npos) << env.out;
}

TEST_F(SessionTest, EventsTellWhatHappened)
{
    const std::string file = m_folder.file("work/data", "data\n");
    const RunResult ran = run({"sh", "-c", "cat \"$0\"; cat /no/such; exit 3", file},
                              {"--events", "jsonl", "--events-to", m_folder / "events", "--trace", "full"});
    EXPECT_EQ(ran.status, 3);
    const std::vector<SeenEvent> events = parseEvents(readAll(m_folder / "events"));
    const auto count = [&](const std::string& kind, const std::string& object, const std::string& verdict) {
        return std::count_if(events.begin(), events.end(), [&](const SeenEvent& e) {
            return e.kind == kind && e.object == object && e.verdict == verdict;
        });
    };
    EXPECT_GE(count("file.open", file, "allowed"), 1);
    EXPECT_GE(count("file.open", "/no/such", "denied"), 1);
    EXPECT_GE(std::count_if(events.begin(), events.end(), [](const SeenEvent& e) { return e.kind == "process.exec"; }),
              3);
}

TEST_F(SessionTest, RecordingOfAKilledRunHoldsAllThatWasShown)
{
    const std::string shown = m_folder / "shown.jsonl";
    const std::string recording = m_folder / "run.belljar";
    RunOptions options;
    options.afterStart = [&](pid_t pid) {
        const auto lines = [&] {
            const std::string text = readAll(shown);
            return std::count(text.begin(), text.end(), '\n');
        };
        EXPECT_TRUE(eventually([&] { return lines() > 200; }));
        ::kill(pid, SIGKILL);
    };
    const RunResult killed = run({"sh", "-c", "while :; do : > \"$0/f\"; rm \"$0/f\"; done", m_work},
                                 {"--events", "jsonl", "--events-to", shown, "--record", recording}, options);
    EXPECT_EQ(killed.status, 128 + SIGKILL);
    const std::string wasShown = readAll(shown);
    const RunResult read = runProgram({binFolder() + "/belljar", "events", "--json", recording});
    EXPECT_EQ(read.status, 0) << read.err;
    const std::vector<SeenEvent> before = parseEvents(wasShown);
    EXPECT_GT(before.size(), 200U);
    std::size_t found = 0;
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = wasShown.find('\n', begin)) != std::string::npos; begin = end + 1)
        // A recording's lines say more at their ends: wall time and ancestors.
        found += read.out.find(wasShown.substr(begin, end - begin - 1)) != std::string::npos ? 1U : 0U;
    EXPECT_EQ(found, before.size()) << "an event that was shown is not in the recording";
}

}  // namespace
}  // namespace belljar::test
