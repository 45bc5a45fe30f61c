// What a run has to bear: rows B of the team's list that MXC's own executor was measured with, and telling its own
// failures from the program's. Each test's name begins with its row.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

#include "tests/probes/probe_fixture.h"

namespace belljar::test {
namespace {

class BoundsReliability : public ProbeTest {
protected:
    RunResult runShell(const std::string& script, const char* events = "none")
    {
        return runProgram(belljarRun(m_folder, m_profile.json(),
                                     {"--events", events, "--events-to", m_folder / "events"}, {"sh", "-c", script}));
    }
};

TEST_F(BoundsReliability, B1_CommandLineOf140KilobytesIsReportedCleanly)
{
    const std::string profile =
        "{\"version\": \"0.8.0\", \"process\": {\"commandLine\": " + quote("echo " + std::string(140'000, 'x')) + "}}";
    const RunResult refused = runProgram({binFolder() + "/belljar", "run", m_folder.file("long.json", profile)});
    EXPECT_EQ(refused.status, 126) << refused.err.substr(0, 300);
    EXPECT_NE(refused.err.find("E2BIG"), std::string::npos) << refused.err.substr(0, 300);
    EXPECT_EQ(runShell("echo " + std::string(100'000, 'x') + " | wc -c").out, "100001\n") << "control";
}

TEST_F(BoundsReliability, B2_LargeEnvironment)
{
    for (int i = 0; i < 30; ++i) m_profile.env.push_back("BIG" + std::to_string(i) + "=" + std::string(100'000, 'x'));
    const RunResult large = runShell("env | wc -c");
    // 3 MB: more than the kernel takes beside its default stack limit; said so, or run as it is.
    if (large.status == 0) EXPECT_GT(std::stol(large.out), 3'000'000);
    else EXPECT_NE(large.err.find("E2BIG"), std::string::npos) << large.err.substr(0, 300);
    m_profile.env.resize(10);
    const RunResult fits = runShell("env | wc -c");
    EXPECT_EQ(fits.status, 0) << fits.err.substr(0, 300);
    EXPECT_GT(std::stol(fits.out), 1'000'000);
}

TEST_F(BoundsReliability, B3_DoubleAndMalformedEnvironment)
{
    m_profile.env = {"TWICE=first", "TWICE=second", "nothing", "=empty", "EMPTY="};
    const RunResult shown = runShell("env");
    EXPECT_EQ(shown.status, 0) << shown.err;
    EXPECT_NE(shown.out.find("TWICE=second\n"), std::string::npos) << shown.out;
    EXPECT_EQ(shown.out.find("first"), std::string::npos) << shown.out;
    EXPECT_EQ(shown.out.find("nothing"), std::string::npos) << shown.out;
    EXPECT_NE(shown.out.find("EMPTY=\n"), std::string::npos) << shown.out;
}

TEST_F(BoundsReliability, B4_TwentyRunsAtOnce)
{
    const std::string before = hostTraces();
    std::vector<std::thread> threads;
    std::vector<RunResult> results(20);
    std::vector<std::vector<std::string>> commands;
    for (std::size_t i = 0; i < results.size(); ++i) {
        commands.push_back(belljarRun(
            m_folder, m_profile.json(),
            {"--events", i % 2 == 0 ? "none" : "jsonl", "--events-to", m_folder / ("events" + std::to_string(i))},
            {"sh", "-c", "echo " + std::to_string(i)}));
    }
    for (std::size_t i = 0; i < results.size(); ++i)
        threads.emplace_back([&, i] { results[i] = runProgram(commands[i]); });
    for (std::thread& thread : threads) thread.join();
    for (std::size_t i = 0; i < results.size(); ++i) {
        EXPECT_EQ(results[i].status, 0) << results[i].err;
        EXPECT_EQ(results[i].out, std::to_string(i) + "\n");
    }
    EXPECT_EQ(hostTraces(), before);
}

TEST_F(BoundsReliability, B5_ThreeHundredMegabytesOfOutput)
{
    constexpr std::size_t kBytes = 300'000'000;
    for (const char* events : {"none", "jsonl"}) {
        const RunResult big = runShell("head -c 300000000 /dev/zero", events);
        EXPECT_EQ(big.status, 0) << big.err;
        EXPECT_EQ(big.out.size(), kBytes);
    }
}

TEST_F(BoundsReliability, B6_BinaryOutputIsUntouched)
{
    const RunResult binary = runShell("printf '\\000\\377\\033[31m\\r\\n'; printf '\\033]0;title\\007\\200' >&2");
    EXPECT_EQ(binary.out, std::string("\0\377\033[31m\r\n", 9));
    EXPECT_EQ(binary.err, "\033]0;title\007\200");
}

TEST_F(BoundsReliability, FilesOfBelljarNeverStandInForClosedStreams)
{
    const std::vector<std::string> command =
        belljarRun(m_folder, m_profile.json(), {"--record", m_folder / "recording"},
                   {"sh", "-c",
                    "seen=$(readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2); echo $seen > " + m_writable +
                        "/streams; exit 7"});
    for (const int closed : {0, 1, 2}) {
        RunOptions options;
        options.inChild = [closed] { ::close(closed); };
        const RunResult ended = runProgram(command, options);
        EXPECT_EQ(ended.status, 7) << closed << ended.err;
        const std::string streams = readAll(m_writable + "/streams");
        EXPECT_EQ(streams.find("anon_inode"), std::string::npos) << closed << streams;
        EXPECT_EQ(streams.find("recording"), std::string::npos) << closed << streams;
        EXPECT_NE(streams.find("/dev/null"), std::string::npos) << closed << streams;
        ::unlink((m_folder / "recording").c_str());
    }
}

TEST_F(BoundsReliability, LowerLimitsOfTheCallerHold)
{
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "AddressSanitizer itself does not start below this limit of memory";
#endif
    RunOptions options;
    options.inChild = [] {
        const rlimit memory{256U << 20U, 256U << 20U};
        const rlimit files{32, 32};
        if (::setrlimit(RLIMIT_DATA, &memory) != 0 || ::setrlimit(RLIMIT_NOFILE, &files) != 0) ::_exit(99);
    };
    m_profile.limits = "\"memoryMb\": 640";
    const RunResult low = runProgram(
        belljarRun(m_folder, m_profile.json(), {"--events", "none"}, {"sh", "-c", "ulimit -d; ulimit -n"}), options);
    EXPECT_EQ(low.out, "262144\n32\n") << low.err;
}

TEST_F(BoundsReliability, SetUpFailureIsNotTheProgramsOwnExit)
{
    EXPECT_EQ(runShell("exit 1").status, 1);
    EXPECT_EQ(runShell("exit 1").err, "") << "a program's own exit says nothing";
    m_profile.readOnly.push_back(m_folder / "not-there");
    const RunResult refused = runShell("exit 1");
    EXPECT_EQ(refused.status, 125);
    EXPECT_NE(refused.err.find("belljar:"), std::string::npos);
    m_profile.readOnly.pop_back();
    const RunResult own = runProgram(belljarRun(m_folder, m_profile.json(), {"--json"}, {"sh", "-c", "exit 125"}));
    EXPECT_EQ(own.status, 125);
    EXPECT_NE(own.err.find("\"ending\":\"exited\",\"code\":125"), std::string::npos) << own.err;
    // Set-up that fails inside, after everything was planned: the memory of writable folders cannot be written.
    RunOptions options;
    options.env = {{"XDG_STATE_HOME", m_folder.folder("state")}};
    m_folder.folder("state/belljar/writable-folders");
    const RunResult failed =
        runProgram(belljarRun(m_folder, m_profile.json(), {"--json"}, {"touch", m_writable + "/started"}), options);
    EXPECT_EQ(failed.status, 125) << failed.err;
    EXPECT_NE(failed.err.find("\"ending\":\"setup_failed\""), std::string::npos) << failed.err;
    EXPECT_FALSE(exists(m_writable + "/started"));
}

}  // namespace
}  // namespace belljar::test
