// Keeps a sandbox without network away from unix sockets of the host's programs that stand in granted folders.
//
// The kernel lets a socket file be reached through any mount, read-only or not, and from any network namespace. So
// connect(2) and the calls that send to an address wait for this guard, which performs them itself: on a duplicate of
// the caller's socket, with a copy of the address, to the very object that it has looked at. What the caller changes in
// its memory, its descriptors or the tree meanwhile changes nothing. Reachable are sockets that the sandbox has bound
// itself, and those that the profile names file by file. bind(2) of a unix socket is executed by the kernel; the guard
// only notes the socket, and later asks the kernel at what object it was bound.
//
// Whoever asks a socket for its peer's process number (SO_PEERCRED) sees 0: the guard is no process of the sandbox.
#pragma once

#include <linux/seccomp.h>
#include <poll.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/platform/linux/guarded_call.h"
#include "core/platform/linux/network/flow_owners.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

/// The sandboxee's processor wakes us at once: 2.5 µs a notification instead of 30 (Linux 6.6; older ones refuse).
void wakeAtOnce(int listener);

class SocketGuard {
public:
    /// `listener` is the notification descriptor and `root` an O_PATH descriptor of the sandbox's "/"; both must
    /// outlive the guard. `grantedFiles`: paths in the sandbox that the profile names and that are no folders. `owners`
    /// learns who begins what leads out, where something does.
    /// `made`: sockets in the sandbox that its launcher has bound for it (O_PATH descriptors).
    SocketGuard(int listener, int root, std::vector<std::string> grantedFiles, std::shared_ptr<FlowOwners> owners,
                std::vector<UniqueFd> made);
    ~SocketGuard();
    SocketGuard(const SocketGuard&) = delete;
    SocketGuard& operator=(const SocketGuard&) = delete;

    /// True for the calls that the guard answers: connect, bind, sendto, sendmsg, sendmmsg.
    [[nodiscard]] static bool guards(int callNumber);

    struct Taken {
        /// The errno it was answered with, 0 for success, EINPROGRESS for a call that may be done and goes on; nullopt
        /// when it was left to the kernel.
        std::optional<int> error;
        std::optional<IpProtocol> protocol;  ///< Of a TCP or UDP socket that an address was named for.
    };
    /// Takes one notification of a guarded call and answers it, now or in a later advance().
    Taken take(const seccomp_notif& note);

    /// How long the caller may wait before advance(); nullopt: no call waits.
    [[nodiscard]] std::optional<std::chrono::milliseconds> patience() const;
    /// Appends what ends that wait, too.
    void addAwaited(std::vector<pollfd>& waits) const;
    /// Tries again what could not be done at once, e.g. a connection to a listener whose queue is full.
    void advance();

private:
    struct Bound;
    struct Waiting;

    std::optional<GuardedCall::OwnPort> noteOwner(const GuardedCall& call) const;
    void answer(std::uint64_t id, const CallResult& result);
    /// Binds to a port that needs no privilege, so that the result is known; nullopt: the kernel shall do it.
    /// nullopt: it is left to the kernel. Says in `taken` what it was.
    std::optional<CallResult> bindPort(const seccomp_notif& note, Taken& taken);
    void noteBind(const seccomp_notif& note);
    void settleBinds();
    /// The object at `address`, if it may be reached; otherwise the errno.
    [[nodiscard]] int openReachable(std::int32_t tid, const std::string& path, UniqueFd& object);
    [[nodiscard]] bool mayReach(int object);
    /// One try, which may end later.
    struct Begun {
        std::unique_ptr<GuardedCall> call;
        std::optional<CallResult> result;
        std::optional<GuardedCall::OwnPort> own;
    };
    Begun start(const seccomp_notif& note);
    /// What start() does when the call is known.
    std::optional<CallResult> perform(GuardedCall& call, std::optional<GuardedCall::OwnPort>& own);

    const int m_listener;
    const int m_root;
    const std::vector<std::string> m_grantedFiles;
    const std::shared_ptr<FlowOwners> m_owners;
    ThreadHandles m_handles;
    std::vector<Bound> m_bound;  ///< What the sandbox has bound; each entry holds the object, so no number is reused.
    std::vector<UniqueFd> m_binding;  ///< Sockets in bind(2), until the kernel has bound them.
    std::chrono::steady_clock::time_point m_bindingUntil;
    std::vector<Waiting> m_waiting;
    std::chrono::milliseconds m_pause{1};
};

/// A guard with its own descriptors on a thread of its own, for runs that nobody watches. Not on the supervisor's:
/// closing the last descriptor of a socket may wait for as long as a sandboxee likes (SO_LINGER), and its time limit
/// must not.
class GuardThread {
public:
    GuardThread(UniqueFd listener, UniqueFd root, std::vector<std::string> grantedFiles,
                std::shared_ptr<FlowOwners> owners, std::vector<UniqueFd> made);
    /// Waits for the thread; call it only when nobody is left under the filter, or nothing there can go on.
    ~GuardThread();
    GuardThread(const GuardThread&) = delete;
    GuardThread& operator=(const GuardThread&) = delete;

private:
    void run();
    void takeOne();

    UniqueFd m_listener;
    UniqueFd m_root;
    UniqueFd m_stop;
    SocketGuard m_guard;
    std::thread m_thread;
};

}  // namespace belljar::linux_platform
