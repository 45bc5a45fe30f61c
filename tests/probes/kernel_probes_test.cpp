// Probes that reach for the kernel: mounts, namespaces, devices, sockets, keys, terminals.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>

#include "tests/probes/probe_fixture.h"

namespace belljar::test {
namespace {

bool isRoot()
{
    return ::geteuid() == 0;
}

class KernelProbe : public ProbeTest {
protected:
    /// Where the machine itself may forbid it to everybody, so that there is nothing to compare with.
    void controlUnlessForbidden(const std::vector<std::string>& probe, const RunOptions& options = {})
    {
        const RunResult control = runProgram(probeCommand(probe), options);
        if (control.status != kProbeEscaped) RecordProperty("no-control", control.out);
        EXPECT_TRUE(control.status == kProbeEscaped || control.status == kProbeStopped) << control.out;
    }
};

TEST_F(KernelProbe, MountIsClosed)
{
    if (isRoot()) expectEscapesOutside({"mount_direct"});
    expectStopped({"mount_direct"}, {{"priv.mount", "mount", kClosedRule}, {"priv.mount", "fsopen", kClosedRule}});
}

TEST_F(KernelProbe, FreshProcCannotBeMounted)
{
    if (isRoot()) expectEscapesOutside({"fresh_proc"});
    expectStopped({"fresh_proc"}, {{"priv.mount", "mount", kClosedRule}});
}

TEST_F(KernelProbe, KernelSettingsAreReadOnly)
{
    if (isRoot()) expectEscapesOutside({"proc_sys_write"});
    expectStopped({"proc_sys_write"}, {{"file.openwrite", "/proc/sysrq-trigger", "/proc"}});
}

TEST_F(KernelProbe, DevicesAreAbsentAndCannotBeMade)
{
    if (isRoot()) expectEscapesOutside({"device_nodes", m_writable});
    expectStopped({"device_nodes", m_writable}, {{"file.open", "/dev/mem", "/dev"}});
}

TEST_F(KernelProbe, NamespacesCannotBeUnshared)
{
    expectOnlyOutside({"namespace_unshare"}, {{"priv.namespace", "unshare", kClosedRule}});
}

TEST_F(KernelProbe, NamespacesCannotBeCloned)
{
    expectOnlyOutside({"namespace_clone"}, {{"priv.namespace", "clone", kClosedRule}});
}

TEST_F(KernelProbe, Clone3IsUnknown)
{
    expectOnlyOutside({"namespace_clone3"});
}

TEST_F(KernelProbe, NamespacesCannotBeEntered)
{
    if (isRoot()) expectEscapesOutside({"namespace_setns"});
    expectStopped({"namespace_setns"}, {{"priv.namespace", "setns", kClosedRule}});
}

TEST_F(KernelProbe, RawSocketsAreClosed)
{
    if (isRoot()) expectEscapesOutside({"raw_socket"});
    expectStopped({"raw_socket"}, {{"net.socket", "socket", kClosedRule}});
}

TEST_F(KernelProbe, PacketSocketsAreClosed)
{
    if (isRoot()) expectEscapesOutside({"packet_socket"});
    expectStopped({"packet_socket"}, {{"net.socket", "socket", kClosedRule}});
}

TEST_F(KernelProbe, MachineSocketsAreClosed)
{
    controlUnlessForbidden({"vsock_socket"});
    expectStopped({"vsock_socket"}, {{"net.socket", "socket", kClosedRule}});
}

TEST_F(KernelProbe, AbstractSocketOfTheHostIsNotReached)
{
    const std::string name = m_mark;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path + 1, name.data(), name.size());
    const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    ASSERT_EQ(::bind(listener, reinterpret_cast<const sockaddr*>(&address), length), 0);
    ASSERT_EQ(::listen(listener, 8), 0);
    expectOnlyOutside({"abstract_socket", name});
    ::close(listener);
}

TEST_F(KernelProbe, LoopbackOfTheHostIsNotReached)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ASSERT_EQ(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(listener, 8), 0);
    socklen_t length = sizeof address;
    ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length), 0);
    expectOnlyOutside({"host_loopback", std::to_string(ntohs(address.sin_port))});
    ::close(listener);
}

TEST_F(KernelProbe, OutsideIsNotReachedAndThatIsSaidAtOnce)
{
    const std::string documentation = "192.0.2.1";  // RFC 5737: nobody's
    controlUnlessForbidden({"external_connect", documentation});
    expectStopped({"external_connect", documentation},
                  {{"net.connect", documentation + ":80", "network"}, {"net.send", documentation + ":80", "network"}});
    const RunResult timed = runInside({"external_connect", documentation}, {"--events", "none"});
    EXPECT_LT(timed.seconds, 1.0);
}

TEST_F(KernelProbe, BpfIsClosed)
{
    controlUnlessForbidden({"kernel_bpf"});
    expectStopped({"kernel_bpf"}, {{"priv.kernel", "bpf", kClosedRule}});
}

TEST_F(KernelProbe, PerformanceCountersAreClosed)
{
    controlUnlessForbidden({"kernel_perf"});
    expectStopped({"kernel_perf"}, {{"priv.kernel", "perf_event_open", kClosedRule}});
}

TEST_F(KernelProbe, KernelLoadingIsClosed)
{
    if (isRoot()) expectEscapesOutside({"kernel_kexec"});
    expectStopped({"kernel_kexec"},
                  {{"priv.kernel", "kexec_load", kClosedRule}, {"priv.kernel", "finit_module", kClosedRule}});
}

TEST_F(KernelProbe, IoUringIsUnknown)
{
    controlUnlessForbidden({"io_uring"});
    expectStopped({"io_uring"});
}

TEST_F(KernelProbe, OtherCallNumbersDoNotPassTheFilter)
{
    controlUnlessForbidden({"int80"});
    expectStopped({"int80"});
}

TEST_F(KernelProbe, NoCapabilityIsLeft)
{
    expectOnlyOutside({"capabilities"});
}

TEST_F(KernelProbe, NobodyTypesIntoTheCallersTerminal)
{
    RunOptions options;
    options.terminal = true;
    const bool forbidden = readAll("/proc/sys/dev/tty/legacy_tiocsti") == "0\n" && !isRoot();
    if (!forbidden) expectEscapesOutside({"tiocsti"}, options);
    expectStopped({"tiocsti"}, {{"priv.terminal", "ioctl", kClosedRule}}, options);
}

TEST_F(KernelProbe, ConsoleSelectionIsClosed)
{
    RunOptions options;
    options.terminal = true;
    expectOnlyOutside({"tioclinux"}, {{"priv.terminal", "ioctl", kClosedRule}}, options);
}

TEST_F(KernelProbe, KeysOfTheCallerAreNotReached)
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
    expectOnlyOutside({"keyring_read", name, m_mark}, {{"priv.keyring", "keyctl", kClosedRule}}, options);
}

TEST_F(KernelProbe, SharedMemoryOfTheHostIsNotReached)
{
    const key_t key = static_cast<key_t>(0x42000000 + ::getpid());
    const int segment = ::shmget(key, 4096, IPC_CREAT | 0600);
    ASSERT_GE(segment, 0);
    expectOnlyOutside({"shared_memory", std::to_string(key)});
    ::shmctl(segment, IPC_RMID, nullptr);
}

}  // namespace
}  // namespace belljar::test
