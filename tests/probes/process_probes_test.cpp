// Probes that reach for other processes, that use too much, and that want to outlive their session.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>
#include <thread>

#include "tests/probes/probe_fixture.h"

namespace belljar::test {
namespace {

using namespace std::chrono_literals;

/// A process of the host with `mark` in its command line.
class Bystander {
public:
    explicit Bystander(const std::string& mark) : m_pid(::fork())
    {
        if (m_pid != 0) return;
        ::setpgid(0, 0);
        ::execlp("sh", "sh", "-c", "sleep 60; :", mark.c_str(), static_cast<char*>(nullptr));
        ::_exit(127);
    }
    ~Bystander()
    {
        ::kill(-m_pid, SIGKILL);  // its sleep as well, which would keep our streams open
        ::waitpid(m_pid, nullptr, 0);
    }
    Bystander(const Bystander&) = delete;
    Bystander& operator=(const Bystander&) = delete;

    [[nodiscard]] pid_t pid() const { return m_pid; }
    [[nodiscard]] bool isAlive() const
    {
        siginfo_t ended{};
        return ::waitid(P_PID, static_cast<id_t>(m_pid), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == 0;
    }

private:
    pid_t m_pid;
};

class ProcessProbe : public ProbeTest {};

TEST_F(ProcessProbe, InitCannotBeTraced)
{
    // The control traces its parent, which is this test: only where the machine lets it.
    if (::geteuid() == 0) expectEscapesOutside({"ptrace_init"});
    expectStopped({"ptrace_init"}, {{"priv.ptrace", "ptrace", kClosedRule}});
}

TEST_F(ProcessProbe, OwnChildrenCannotBeTraced)
{
    expectOnlyOutside({"ptrace_child"}, {{"priv.ptrace", "ptrace", kClosedRule}});
}

TEST_F(ProcessProbe, MemoryOfOtherProcessesIsClosed)
{
    if (::geteuid() == 0) expectEscapesOutside({"process_memory"});
    expectStopped({"process_memory"},
                  {{"priv.ptrace", "process_vm_readv", kClosedRule}, {"priv.ptrace", "pidfd_getfd", kClosedRule}});
}

TEST_F(ProcessProbe, ProcessesOfTheHostCannotBeSignalled)
{
    {
        const Bystander victim(m_mark);
        expectEscapesOutside({"host_signal", std::to_string(victim.pid())});
    }
    const Bystander bystander(m_mark);
    expectStopped({"host_signal", std::to_string(bystander.pid())});
    EXPECT_TRUE(bystander.isAlive());
}

TEST_F(ProcessProbe, ProcessesOfTheHostAreInvisible)
{
    const Bystander bystander(m_mark);
    ASSERT_TRUE(eventually([&] { return !processesWith(m_mark).empty(); }));
    expectOnlyOutside({"host_processes", m_mark});
}

TEST_F(ProcessProbe, EnvironmentOfTheCallerIsInvisible)
{
    RunOptions options;
    options.env = {{"BELLJAR_TEST_TOKEN", m_mark}};
    expectOnlyOutside({"host_processes", m_mark}, {}, options);
}

TEST_F(ProcessProbe, DescriptorsOfTheCallerAreClosed)
{
    RunOptions options;
    options.inChild = [&] {
        for (const int number : {3, 9, 250}) ::dup2(::open(m_outside.c_str(), O_RDONLY | O_DIRECTORY), number);
    };
    expectOnlyOutside({"inherited_fd"}, {}, options);
    expectStopped({"proc_cwd", m_outsideSecret, m_mark}, {}, options);
}

TEST_F(ProcessProbe, ForkBombIsBounded)
{
    expectEscapesOutside({"fork_bomb", "60"});
    m_profile.limits = "\"processes\": 20";
    expectStopped({"fork_bomb", "60"});
}

TEST_F(ProcessProbe, MemoryIsBounded)
{
    expectEscapesOutside({"memory_bomb", "128"});
    m_profile.limits = "\"memoryMb\": 48";
    for (const char* events : {"none", "jsonl"}) {
        const RunResult run =
            runInside({"memory_bomb", "128"}, {"--events", events, "--events-to", m_folder / "events"});
        // A control group kills it, a limit of the process refuses the memory.
        EXPECT_TRUE(run.status == 128 + SIGKILL || run.status == kProbeStopped) << run.status << run.out << run.err;
    }
}

TEST_F(ProcessProbe, ProcessorTimeIsBounded)
{
    m_profile.limits = "\"cpuSeconds\": 1";
    const RunResult run = runInside({"cpu_burn", "6"}, {"--events", "none"});
    EXPECT_EQ(run.status, 128 + SIGKILL) << run.out << run.err;
    EXPECT_EQ(run.out.find("ESCAPED"), std::string::npos) << run.out;
}

TEST_F(ProcessProbe, FoldersInMemoryAreBounded)
{
    m_profile.limits = "\"tmpMb\": 8";
    expectStopped({"fill_memory_folder", "32", "/tmp", "/dev/shm", "/dev", "/", "/proc", "/var", "/run"});
}

TEST_F(ProcessProbe, FoldersInMemoryAreBoundedByDefault)
{
    const RunResult size = runProgram(belljarRun(m_folder, m_profile.json(), {"--events", "none"},
                                                 {"df", "--block-size=1M", "--output=size", "/tmp", "/dev/shm"}));
    EXPECT_EQ(size.status, 0) << size.err;
    std::istringstream lines(size.out);
    std::string title;
    std::getline(lines, title);
    long tmp = 0;
    long shm = 0;
    ASSERT_TRUE(lines >> tmp >> shm) << size.out;
    EXPECT_GT(tmp, 0);
    EXPECT_LE(tmp, 2048);
    EXPECT_GT(shm, 0);
    EXPECT_LE(shm, 2048);
}

/// Probes that leave something behind, and who ends the session.
class LeftoverProbe : public ProbeTest {
protected:
    const std::string m_beat = m_writable + "/beat";

    [[nodiscard]] std::size_t beats() const { return readAll(m_beat).size(); }

    /// Right after the end of the session, or, when Belljar could not take part in it, within two seconds.
    void expectSilence(std::chrono::milliseconds grace)
    {
        EXPECT_TRUE(eventually([&] { return processesWith(m_folder.path()).empty(); }, grace)) << "a process is left";
        const std::size_t count = beats();
        EXPECT_GT(count, 0U) << "it never ran";
        std::this_thread::sleep_for(150ms);
        EXPECT_EQ(beats(), count) << "something still writes";
    }

    /// Runs a probe that stays, sends `signal` to Belljar when it beats.
    void expectNothingLeftAfter(int signal)
    {
        m_profile.limits = "\"memoryMb\": 256, \"processes\": 50";
        for (const char* events : {"none", "jsonl"}) {
            std::filesystem::remove(m_beat);
            pid_t belljar = 0;
            RunOptions options;
            options.afterStart = [&](pid_t pid) {
                belljar = pid;
                EXPECT_TRUE(eventually([&] { return beats() > 1; }));
                ::kill(pid, signal);
            };
            const RunResult run = runInside({"leftover", m_beat, "stay"},
                                            {"--events", events, "--events-to", m_folder / "events"}, options);
            EXPECT_EQ(run.status, 128 + signal) << run.err;
            EXPECT_FALSE(run.late);
            expectSilence(signal == SIGKILL ? 2000ms : 0ms);
            EXPECT_TRUE(eventually([&] { return controlGroupsOf(belljar).empty(); })) << controlGroupsOf(belljar);
        }
    }
};

TEST_F(LeftoverProbe, OutsideItStays)
{
    // Without streams: what stays would keep them open, and we would wait for their end.
    std::vector<std::string> command{"sh", "-c", "exec \"$0\" \"$@\" >/dev/null 2>&1"};
    for (const std::string& word : probeCommand({"leftover", m_beat, "exit"})) command.push_back(word);
    const RunResult run = runProgram(command);
    EXPECT_EQ(run.status, kProbeStopped);
    EXPECT_FALSE(processesWith(m_beat).empty());
    const std::size_t count = beats();
    EXPECT_TRUE(eventually([&] { return beats() > count; }));
    for (const pid_t pid : processesWith(m_beat)) ::kill(pid, SIGKILL);
}

TEST_F(LeftoverProbe, EndsWithTheMainProcess)
{
    for (const char* events : {"none", "jsonl"}) {
        const RunResult run =
            runInside({"leftover", m_beat, "exit"}, {"--events", events, "--events-to", m_folder / "events"});
        EXPECT_EQ(run.status, kProbeStopped) << run.out << run.err;
        expectSilence(0ms);
    }
}

TEST_F(LeftoverProbe, EndsWithTheTimeout)
{
    m_profile.timeoutMs = 400;
    for (const char* events : {"none", "jsonl"}) {
        const RunResult run =
            runInside({"leftover", m_beat, "stay"}, {"--events", events, "--events-to", m_folder / "events"});
        EXPECT_EQ(run.status, 124) << run.out << run.err;
        EXPECT_LT(run.seconds, 3);
        expectSilence(0ms);
    }
}

TEST_F(LeftoverProbe, EndsWhenBelljarIsKilled)
{
    expectNothingLeftAfter(SIGKILL);
}
TEST_F(LeftoverProbe, EndsWhenBelljarIsTerminated)
{
    expectNothingLeftAfter(SIGTERM);
}
TEST_F(LeftoverProbe, EndsWhenBelljarIsInterrupted)
{
    expectNothingLeftAfter(SIGINT);
}
TEST_F(LeftoverProbe, EndsWhenTheTerminalHangsUp)
{
    expectNothingLeftAfter(SIGHUP);
}

}  // namespace
}  // namespace belljar::test
