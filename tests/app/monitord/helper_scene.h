// The scene of belljar-monitord's tests: a running helper, clients of several users, and pid namespaces of theirs.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/monitord/listener.h"
#include "core/platform/linux/monitord/packet_socket.h"
#include "core/platform/linux/monitord/protocol.h"
#include "tests/sandbox/runner.h"

namespace belljar::test {

/// Users of tests that need several; only root can become them.
inline constexpr uid_t kFirstUser = 54321;
inline constexpr uid_t kSecondUser = 54322;

/// A child process that is killed and reaped at the end.
class ChildProcess {
public:
    /// Runs `body` as `user` (of whom we are, or as root anybody) and then ends with its result.
    ChildProcess(uid_t user, const std::function<int()>& body);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    [[nodiscard]] pid_t pid() const { return m_pid; }
    /// Its wait status, once it has ended within `patience`.
    std::optional<int> wait(std::chrono::milliseconds patience);

private:
    pid_t m_pid = -1;
    std::optional<int> m_status;
};

/// A pid namespace with a sleeping process 1, made in a user namespace of `user`.
class OtherNamespace {
public:
    explicit OtherNamespace(uid_t user);
    ~OtherNamespace();
    OtherNamespace(const OtherNamespace&) = delete;
    OtherNamespace& operator=(const OtherNamespace&) = delete;
    /// False where the system does not let that user make one.
    [[nodiscard]] bool made() const { return m_descriptor.get() >= 0; }
    [[nodiscard]] int descriptor() const { return m_descriptor.get(); }
    [[nodiscard]] std::uint32_t number() const;
    /// Ends its process 1, and so all of it.
    void end();

private:
    std::optional<ChildProcess> m_maker;
    pid_t m_init = -1;
    UniqueFd m_descriptor;
};

/// Connects as who we are; none when nobody listens.
[[nodiscard]] UniqueFd connectTo(const std::string& socket);

/// A connection that the helper sees as one of `user`: a process of that user makes it, and stays until the end.
class HelperClient {
public:
    HelperClient(const std::string& socket, uid_t user);
    [[nodiscard]] bool connected() const { return m_connection.get() >= 0; }
    [[nodiscard]] int connection() const { return m_connection.get(); }
    bool send(std::span<const std::byte> packet, const std::vector<int>& descriptors = {});
    /// What the helper says within `patience`; nothing when it closes without a word, or is silent.
    std::optional<linux_platform::MonitorReply> reply(std::chrono::milliseconds patience = std::chrono::seconds(5));
    /// hello, and then watch.
    std::optional<linux_platform::MonitorReply> hello();
    std::optional<linux_platform::MonitorReply> watch(int target, TraceLevel level = TraceLevel::standard);
    /// True once the helper has closed.
    bool closed(std::chrono::milliseconds patience = std::chrono::seconds(5));
    void hangUp() { m_connection.reset(); }
    void killProcess() { m_process.reset(); }

    std::vector<UniqueFd> descriptors;  ///< What came with the last reply.

private:
    std::optional<ChildProcess> m_process;
    UniqueFd m_connection;
};

/// Sessions that need no kernel: tables in memory that the test sees. Their maps are memory files.
class FakeSessions final : public monitord::SessionMaker {
public:
    static constexpr std::uint32_t kPrograms = 5;
    static constexpr unsigned kMost = 64;
    FakeSessions();
    ~FakeSessions() override;
    [[nodiscard]] std::uint32_t programs() const override { return kPrograms; }
    [[nodiscard]] std::string whyNotMore() const override { return "no more"; }
    Result<monitord::SessionMaps> prepare(unsigned slot) override;
    Result<void> begin(unsigned slot, std::uint32_t number, TraceLevel level) override;
    void end(unsigned slot) override;
    bool anyHeld(std::span<const monitord::MapNumbers> sets, std::span<bool> held) override;

    struct Table {
        std::atomic<std::uint32_t> numbers[kMost];  ///< Watched pid namespaces by slot.
        std::atomic<std::uint32_t> levels[kMost];
        std::atomic<unsigned> prepared;
        std::atomic<unsigned> begun;
        std::atomic<unsigned> ended;
        std::atomic<bool> stillHeld;  ///< What anyHeld() says.
    };
    /// Shared with the helper's processes.
    Table* const table;

private:
    std::vector<std::array<UniqueFd, linux_platform::kMonitorDescriptors>> m_maps;
};

/// A helper in a child process, with everything given up as in the real one; its programs are FakeSessions.
class FakeHelper {
public:
    explicit FakeHelper(monitord::ListenerOptions options = {}, bool withPrograms = true);
    [[nodiscard]] const std::string& socket() const { return m_socket; }
    [[nodiscard]] pid_t pid() const { return m_process->pid(); }
    [[nodiscard]] FakeSessions::Table& table() { return *m_sessions.table; }
    /// Process numbers of its workers.
    [[nodiscard]] std::vector<pid_t> workers() const;
    std::optional<int> wait(std::chrono::milliseconds patience) { return m_process->wait(patience); }
    /// A client of ours hears of the loaded programs.
    [[nodiscard]] bool serves();

private:
    TempFolder m_folder;
    std::string m_socket;
    FakeSessions m_sessions;
    std::optional<ChildProcess> m_process;
};

/// One line of /proc/PID/status: what follows "NAME:\t".
[[nodiscard]] std::string statusLine(pid_t pid, const std::string& name);

}  // namespace belljar::test
