// What a sandbox has to withstand, processes, network, terminal: rows P, R, N and T of the team's list of escapes that
// MXC's own executor was measured with. Each test's name begins with its row. Rows about filtered network say what
// holds until Belljar can filter: such a run is refused with the reason before anything starts.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <thread>

#include "tests/probes/probe_fixture.h"

namespace belljar::test {
namespace {

using namespace std::chrono_literals;

class Reliability : public ProbeTest {
protected:
    [[nodiscard]] static bool isRoot() { return ::geteuid() == 0; }

    RunResult run(const std::string& profile, const std::vector<std::string>& command, const RunOptions& options = {},
                  const char* events = "none")
    {
        return runProgram(
            belljarRun(m_folder, profile, {"--events", events, "--events-to", m_folder / "events"}, command), options);
    }
    RunResult runShell(const std::string& script, const RunOptions& options = {}, const char* events = "none")
    {
        return run(m_profile.json(), {"sh", "-c", script}, options, events);
    }

    /// What a folder holds that grows while something lives.
    const std::string m_beat = m_writable + "/beat";
    [[nodiscard]] std::size_t beats() const { return readAll(m_beat).size(); }
    void expectSilence(std::chrono::milliseconds grace = 0ms)
    {
        EXPECT_TRUE(eventually([&] { return processesWith(m_folder.path()).empty(); }, grace)) << "a process is left";
        const std::size_t count = beats();
        EXPECT_GT(count, 0U) << "it never ran";
        std::this_thread::sleep_for(150ms);
        EXPECT_EQ(beats(), count) << "something still writes";
    }

    void expectSilenceAfter(int signal, bool terminal)
    {
        std::filesystem::remove(m_beat);
        const std::string before = hostTraces();
        pid_t belljar = 0;
        RunOptions options;
        options.terminal = terminal;
        options.afterStart = [&](pid_t pid) {
            belljar = pid;
            EXPECT_TRUE(eventually([&] { return beats() > 1; }));
            ::kill(pid, signal);
        };
        const RunResult ended = runInside({"leftover", m_beat, "stay"}, {"--events", "none"}, options);
        EXPECT_EQ(ended.status, 128 + signal) << ended.err;
        EXPECT_FALSE(ended.late) << "its streams stayed open";
        expectSilence(signal == SIGKILL ? 2000ms : 0ms);
        EXPECT_EQ(hostTraces(), before);
        EXPECT_TRUE(eventually([&] { return controlGroupsOf(belljar).empty(); }));
    }
};

TEST_F(Reliability, P1_ProcessesOfTheHost)
{
    const pid_t bystander = ::fork();
    if (bystander == 0) {
        ::setpgid(0, 0);
        ::execlp("sh", "sh", "-c", "sleep 60; :", m_mark.c_str(), static_cast<char*>(nullptr));
        ::_exit(127);
    }
    ASSERT_TRUE(eventually([&] { return !processesWith(m_mark).empty(); }));
    expectOnlyOutside({"host_processes", m_mark});
    expectStopped({"host_signal", std::to_string(bystander)});
    EXPECT_EQ(::waitpid(bystander, nullptr, WNOHANG), 0) << "it was ended";
    expectEscapesOutside({"host_signal", std::to_string(bystander)});
    ::kill(-bystander, SIGKILL);  // its sleep as well, which would keep our streams open
    ::waitpid(bystander, nullptr, 0);
}

TEST_F(Reliability, P2_KeysOfTheCaller)
{
    constexpr int kJoinSession = 1;
    constexpr int kSessionKeyring = -3;
    const std::string name = "belljar-" + m_mark;
    RunOptions options;
    options.inChild = [&] {
        ::syscall(SYS_keyctl, kJoinSession, nullptr);
        if (::syscall(SYS_add_key, "user", name.c_str(), m_mark.data(), m_mark.size(), kSessionKeyring) < 0)
            ::_exit(99);
    };
    if (runProgram({"true"}, options).status == 99) GTEST_SKIP() << "no key can be added to a session keyring here";
    expectOnlyOutside({"keyring_read", name, m_mark}, {}, options);
    options.terminal = true;
    expectStopped({"keyring_read", name, m_mark}, {}, options);
}

TEST_F(Reliability, P3_DangerousSystemCalls)
{
    for (const char* probe : {"mount_direct", "namespace_unshare", "namespace_clone", "namespace_clone3", "kernel_bpf",
                              "kernel_perf", "kernel_kexec", "io_uring", "int80", "ptrace_child", "process_memory",
                              "raw_socket", "packet_socket", "capabilities"})
        expectStopped({probe});
    // Nobody needs a privilege for these, so outside they work.
    for (const char* probe : {"namespace_unshare", "namespace_clone", "ptrace_child"}) expectEscapesOutside({probe});
}

TEST_F(Reliability, P4_LimitsByDefault)
{
    const RunResult limits = runShell("ulimit -d; ulimit -c");
    EXPECT_EQ(limits.out, "655360\n0\n") << limits.err;
    m_profile.limits = "\"memoryMb\": 0, \"processes\": 0";
    EXPECT_EQ(runShell("ulimit -d").out, "unlimited\n") << "0 is no limit";
}

TEST_F(Reliability, P5_ForkAndMemoryBombsByDefault)
{
    expectEscapesOutside({"fork_bomb", "1500"});
    expectEscapesOutside({"memory_bomb", "700"});
    expectStopped({"fork_bomb", "1500"});
    expectStopped({"memory_bomb", "700"});
    const RunResult told = runShell("python3 -c 'x = [b\"a\" * 1000000 for i in range(700)]'");
    if (runProgram({"sh", "-c", "test -x /usr/bin/python3"}).status != 0) GTEST_SKIP() << "no python3 for the message";
    EXPECT_NE(told.status, 0);
    EXPECT_NE(told.err.find("experimental.belljar.limits.memoryMb"), std::string::npos) << told.err;
    m_profile.limits = "\"memoryMb\": 2000, \"processes\": 2000";
    for (const std::vector<std::string>& probe :
         {std::vector<std::string>{"memory_bomb", "700"}, std::vector<std::string>{"fork_bomb", "1500"}})
        EXPECT_EQ(runInside(probe, {"--events", "none"}).status, kProbeEscaped) << "the profile may raise the limits";
}

TEST_F(Reliability, P6_EnvironmentAndCommandLineOfProcess1)
{
    RunOptions options;
    options.env = {{"BELLJAR_TEST_TOKEN", m_mark}};
    m_profile.env = {"GIVEN=yes"};
    const std::string script = "cat /proc/*/environ /proc/*/cmdline 2>/dev/null | tr '\\0' '\\n'; echo done";
    for (const bool terminal : {false, true}) {
        options.terminal = terminal;
        const RunResult seen = runShell(script, options);
        EXPECT_NE(seen.out.find("GIVEN=yes"), std::string::npos) << "control: its own environment";
        EXPECT_EQ(seen.out.find(m_mark), std::string::npos);
        EXPECT_EQ(seen.out.find(m_denied), std::string::npos) << "the policy shows: " << seen.out;
        EXPECT_EQ(seen.out.find("profile.json"), std::string::npos) << seen.out;
        EXPECT_EQ(seen.out.find("--bind"), std::string::npos) << seen.out;
    }
}

TEST_F(Reliability, P7_TmpIsBounded)
{
    const RunResult size = runShell("df --block-size=1M --output=size /tmp /dev/shm | tail -n 2");
    long tmp = 0;
    long shm = 0;
    std::istringstream(size.out) >> tmp >> shm;
    EXPECT_EQ(tmp, 512) << size.out << size.err;
    EXPECT_EQ(shm, 512) << size.out;
    m_profile.limits = "\"tmpMb\": 8";
    expectStopped({"fill_memory_folder", "16", "/tmp", "/dev/shm"});
}

TEST_F(Reliability, R1_TimeoutEndsTheWholeTree)
{
    m_profile.timeoutMs = 400;
    for (const char* events : {"none", "jsonl"}) {
        const RunResult late =
            runInside({"leftover", m_beat, "stay"}, {"--events", events, "--events-to", m_folder / "events"});
        EXPECT_EQ(late.status, 124) << late.out << late.err;
        EXPECT_LT(late.seconds, 3);
        expectSilence();
    }
}

TEST_F(Reliability, R1b_TracingProcess1DoesNotOutliveTheTimeout)
{
    m_profile.timeoutMs = 600;
    if (isRoot()) expectEscapesOutside({"ptrace_init"});
    const std::string script = probeProgram() + " ptrace_init; kill -STOP 1; kill -KILL 1; exec " + probeProgram() +
                               " leftover " + m_beat + " stay";
    for (const char* events : {"none", "jsonl"}) {
        const RunResult late = runShell(script, {}, events);
        EXPECT_EQ(late.status, 124) << late.out << late.err;
        EXPECT_NE(late.out.find("STOPPED"), std::string::npos) << late.out;
        expectSilence();
    }
}

TEST_F(Reliability, R1d_ConnectingInItsPlaceDoesNotOutliveTheTimeout)
{
    const std::string path = m_folder / "full";
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::snprintf(name.sun_path, sizeof name.sun_path, "%s", path.c_str());
    const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int client = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ASSERT_EQ(::bind(server, reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);
    ASSERT_EQ(::listen(server, 0), 0);
    ASSERT_EQ(::connect(client, reinterpret_cast<const sockaddr*>(&name), sizeof name), 0) << "the only room";
    m_profile.readWrite.push_back(path);
    m_profile.timeoutMs = 500;
    RunOptions options;
    options.patience = std::chrono::seconds(20);
    for (const char* events : {"none", "jsonl"}) {
        const RunResult ended =
            runInside({"connect_stall", path}, {"--events", events, "--events-to", m_folder / "e"}, options);
        EXPECT_FALSE(ended.late);
        EXPECT_EQ(ended.status, 124) << ended.out << ended.err;
    }
    ::close(client);
    ::close(server);
}

TEST_F(Reliability, R1c_AfterTheTimeoutNothingWritesAndStreamsEnd)
{
    m_profile.timeoutMs = 300;
    for (const bool terminal : {false, true}) {
        RunOptions options;
        options.terminal = terminal;
        options.patience = 10s;
        const RunResult late = runShell(
            "trap '' TERM HUP INT; (setsid sh -c 'trap \"\" HUP TERM; while :; do echo x; echo "
            "y >> " +
                m_beat + "; done' &) ; while :; do :; done",
            options);
        EXPECT_FALSE(late.late) << "a stream stayed open";
        EXPECT_EQ(late.status, 124);
        expectSilence();
    }
}

TEST_F(Reliability, R2_BackgroundChildrenEndWithTheMainProcess)
{
    for (const char* events : {"none", "jsonl"}) {
        const RunResult left =
            runInside({"leftover", m_beat, "exit"}, {"--events", events, "--events-to", m_folder / "events"});
        EXPECT_EQ(left.status, kProbeStopped) << left.out << left.err;
        expectSilence();
    }
}

TEST_F(Reliability, R3_Kill)
{
    expectSilenceAfter(SIGKILL, false);
    expectSilenceAfter(SIGKILL, true);
}
TEST_F(Reliability, R4_Terminate)
{
    expectSilenceAfter(SIGTERM, false);
    expectSilenceAfter(SIGTERM, true);
}
TEST_F(Reliability, R5_Interrupt)
{
    expectSilenceAfter(SIGINT, false);
}
TEST_F(Reliability, R6_HangUp)
{
    expectSilenceAfter(SIGHUP, false);
    expectSilenceAfter(SIGHUP, true);
}

TEST_F(Reliability, R7_R8_R9_N2_N4_N5_N6_N7_FilteredNetworkLeavesNothing)
{
    const std::string before = hostTraces();
    const auto of = [](const char* version, const std::string& members) {
        return "{\"version\": \"" + std::string(version) + "\", " + members + "}";
    };
    // N2, N7, R7, R8: egress rules, which the peer makes a firewall for. N5, R9: proxies.
    for (const std::string& profile :
         {of("0.8.0",
             "\"network\": {\"egress\": {\"default\": \"deny\", \"allow\": [{\"to\": [{\"cidr\": \"1.1.1.1/32\"}], "
             "\"ports\": [{\"protocol\": \"tcp\", \"port\": 443}]}]}}"),
          of("0.8.0", "\"runtimeConfig\": {\"networkProxy\": \"http://127.0.0.1:3128\"}"),
          of("0.7.0", "\"network\": {\"defaultPolicy\": \"block\", \"proxy\": {\"url\": \"http://127.0.0.1:3128\"}}"),
          of("0.7.0", "\"network\": {\"defaultPolicy\": \"block\", \"allowedHosts\": [\"example.org\"]}")}) {
        const RunResult ran = run(profile, {"echo", "started"});
        EXPECT_EQ(ran.status, 0) << profile << ran.err;
        EXPECT_EQ(ran.out, "started\n") << profile;
    }
    // N4, N6: what cannot be enforced does not run.
    for (const std::string& network :
         {std::string("{\"defaultPolicy\": \"block\", \"proxy\": {\"builtinTestServer\": true}}"),
          std::string("{\"defaultPolicy\": \"allow\", \"enforcementMode\": \"firewall\", \"blockedHosts\": "
                      "[\"example.org\"]}")}) {
        const RunResult refused = run(of("0.7.0", "\"network\": " + network), {"echo", "started"});
        EXPECT_EQ(refused.status, 125) << network << refused.err;
        EXPECT_EQ(refused.out, "") << network;
    }
    EXPECT_EQ(hostTraces(), before);
    EXPECT_TRUE(processesWith(m_folder.path()).empty());
}

TEST_F(Reliability, N1_WithoutANetworkNothingIsReached)
{
    const int abstract = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path + 1, m_mark.data(), m_mark.size());
    ASSERT_EQ(::bind(abstract, reinterpret_cast<const sockaddr*>(&name),
                     static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + m_mark.size())),
              0);
    ASSERT_EQ(::listen(abstract, 16), 0);
    expectOnlyOutside({"abstract_socket", m_mark});

    const int loopback = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    ASSERT_EQ(::bind(loopback, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(loopback, 16), 0);
    ASSERT_EQ(::getsockname(loopback, reinterpret_cast<sockaddr*>(&address), &length), 0);
    expectOnlyOutside({"host_loopback", std::to_string(ntohs(address.sin_port))});
    for (const char* outside : {"10.0.2.2", "192.0.2.1", "1.1.1.1"}) expectStopped({"external_connect", outside});
    expectStopped({"own_sockets", m_writable, "/tmp"});  // control: its own sockets and loopback work
    ::close(abstract);
    ::close(loopback);
}

TEST_F(Reliability, N3_SharedNetworkKeepsAbstractSocketsOut)
{
    const int abstract = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path + 1, m_mark.data(), m_mark.size());
    ASSERT_EQ(::bind(abstract, reinterpret_cast<const sockaddr*>(&name),
                     static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + m_mark.size())),
              0);
    ASSERT_EQ(::listen(abstract, 16), 0);
    expectEscapesOutside({"abstract_socket", m_mark});
    // "allow" alone is not the host's network: it is relayed, and abstract sockets stay those of a network of its own.
    const RunResult relayed =
        runInside({"abstract_socket", m_mark}, {"--events", "none", "--set", "/network/defaultPolicy=allow"});
    EXPECT_EQ(relayed.status, kProbeStopped) << relayed.out << relayed.err;
    const RunResult shared = runInside({"abstract_socket", m_mark}, {"--events", "none", "--net", "host"});
    ::close(abstract);
    if (shared.err.find("Landlock") != std::string::npos) GTEST_SKIP() << "this kernel's Landlock cannot: refused";
    EXPECT_EQ(shared.status, kProbeStopped) << shared.out << shared.err;
}

TEST_F(Reliability, T1_NobodyTypesIntoTheCallersTerminal)
{
    RunOptions options;
    options.terminal = true;
    const bool forbidden = readAll("/proc/sys/dev/tty/legacy_tiocsti") == "0\n" && !isRoot();
    if (!forbidden) expectEscapesOutside({"tiocsti"}, options);
    expectStopped({"tiocsti"}, {}, options);
}

}  // namespace
}  // namespace belljar::test
