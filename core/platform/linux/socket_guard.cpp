#include "core/platform/linux/socket_guard.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/sockios.h>
#include <linux/un.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/base/path_text.h"
#include "core/platform/linux/network/inside_network.h"
#include "core/platform/linux/target_memory.h"

#ifndef SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#endif
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#endif

namespace belljar::linux_platform {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLongestPause{10};
/// The kernel needs microseconds for a bind(2); one that failed never gets an object, and must not be held for long.
constexpr std::chrono::milliseconds kBindPatience{100};
constexpr std::size_t kMostWaiting = 256;
constexpr std::size_t kMostBound = 256;
constexpr std::size_t kMostBinding = 64;

int openIn(int root, const std::string& path, UniqueFd& object)
{
    open_how how{};
    how.flags = O_PATH | O_CLOEXEC;
    how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
    object.reset(static_cast<int>(::syscall(SYS_openat2, root, path.c_str(), &how, sizeof how)));
    if (object) return 0;
    return errno == ELOOP || errno == EXDEV ? EACCES : errno;
}

bool isSocket(int object)
{
    struct stat info {};
    return ::fstat(object, &info) == 0 && S_ISSOCK(info.st_mode);
}

bool areSame(int one, int other)
{
    struct stat first {};
    struct stat second {};
    return ::fstat(one, &first) == 0 && ::fstat(other, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

bool hasNoName(int object)
{
    struct stat info {};
    return ::fstat(object, &info) == 0 && info.st_nlink == 0;
}

}  // namespace

struct SocketGuard::Bound {
    UniqueFd object;
};

struct SocketGuard::Waiting {
    std::unique_ptr<GuardedCall> call;
};

SocketGuard::SocketGuard(int listener, int root, std::vector<std::string> grantedFiles,
                         std::shared_ptr<FlowOwners> owners, std::vector<UniqueFd> made)
    : m_listener(listener), m_root(root), m_grantedFiles(std::move(grantedFiles)), m_owners(std::move(owners))
{
    for (UniqueFd& object : made) m_bound.push_back({std::move(object)});
}

SocketGuard::~SocketGuard() = default;

bool SocketGuard::guards(int callNumber)
{
    return callNumber == SYS_connect || callNumber == SYS_bind || callNumber == SYS_sendto ||
           callNumber == SYS_sendmsg || callNumber == SYS_sendmmsg;
}

void SocketGuard::answer(std::uint64_t id, const CallResult& result)
{
    seccomp_notif_resp reply{};
    reply.id = id;
    reply.error = -result.error;
    reply.val = result.error == 0 ? result.value : 0;
    ::ioctl(m_listener, SECCOMP_IOCTL_NOTIF_SEND, &reply);
}

SocketGuard::Taken SocketGuard::take(const seccomp_notif& note)
{
    settleBinds();
    if (note.data.nr == SYS_bind) {
        Taken taken;
        if (const std::optional<CallResult> bound = bindPort(note, taken)) {
            answer(note.id, *bound);
            taken.error = bound->error;
        } else {
            noteBind(note);
        }
        return taken;
    }
    Begun begun = start(note);
    Taken taken{begun.result ? begun.result->error : EINPROGRESS, std::nullopt};
    if (begun.own) taken.protocol = begun.own->protocol;
    if (begun.result) {
        answer(note.id, *begun.result);
        return taken;
    }
    m_pause = std::chrono::milliseconds(1);
    m_waiting.push_back({std::move(begun.call)});
    return taken;
}

std::optional<GuardedCall::OwnPort> SocketGuard::noteOwner(const GuardedCall& call) const
{
    const std::optional<GuardedCall::OwnPort> own = call.ownPort();
    if (own && own->port != 0 && m_owners) m_owners->put(own->protocol, own->port, call.caller().tid());
    return own;
}

SocketGuard::Begun SocketGuard::start(const seccomp_notif& note)
{
    Begun begun;
    begun.call = std::make_unique<GuardedCall>(Caller(m_listener, note, m_handles));
    GuardedCall& call = *begun.call;
    begun.result = call.prepare(note.data);
    if (!begun.result) begun.result = perform(call, begun.own);
    if (!begun.own || begun.own->port == 0) begun.own = noteOwner(call);
    return begun;
}

std::optional<CallResult> SocketGuard::perform(GuardedCall& call, std::optional<GuardedCall::OwnPort>& own)
{
    const std::string path = call.socketPath();
    if (!path.empty()) {
        UniqueFd object;
        const int error = openReachable(call.caller().tid(), path, object);
        if (error != 0) return CallResult{error, 0};
        call.aimAt(std::move(object));
    }
    // Without it the number could by now be that of another process, and everything read its own.
    if (!call.caller().stillWaits()) return CallResult{EINTR, 0};
    if (m_owners && call.isDatagram()) {
        call.takePort();
        own = noteOwner(call);
    }
    if (const std::optional<NetworkEndpoint> peer = call.echoPeer(); peer && m_owners && !m_owners->mayEcho(*peer))
        return CallResult{EPERM, 0};
    const bool isExpected = m_owners && call.connectsStream();
    // Laid down once for all that follows. Who sends has more to read from the caller, which may need them.
    std::optional<WithoutCapabilities> plain;
    if (isExpected) plain.emplace();
    if (isExpected) m_owners->expect();
    std::optional<CallResult> result = call.attempt();
    const bool connects = !result && call.connecting() >= 0;
    // Its first packet waits for the relay. Where the peer is near it is connected after that.
    if (connects && m_owners) own = noteOwner(call);
    if (isExpected || (connects && m_owners)) m_owners->attend();
    if (connects) result = call.attempt();
    if (!result && m_waiting.size() >= kMostWaiting) return CallResult{EAGAIN, 0};
    return result;
}

int SocketGuard::openReachable(std::int32_t tid, const std::string& path, UniqueFd& object)
{
    const std::string whole = isAbsolutePath(path) ? path : joinPath(folderOf(tid, AT_FDCWD), path);
    const std::string meant = withoutOwnNames(tid, m_root, whole);
    const WithoutCapabilities plain;
    if (const int error = openIn(m_root, meant, object); error != 0) return error;
    if (!isSocket(object.get())) return ECONNREFUSED;
    return mayReach(object.get()) ? 0 : EACCES;
}

bool SocketGuard::mayReach(int object)
{
    settleBinds();
    const bool own = std::any_of(m_bound.begin(), m_bound.end(),
                                 [&](const Bound& bound) { return areSame(bound.object.get(), object); });
    if (own) return true;
    // The profile names it itself: its mount point is where nobody inside can put something else.
    return std::any_of(m_grantedFiles.begin(), m_grantedFiles.end(), [&](const std::string& path) {
        UniqueFd granted;
        return openIn(m_root, path, granted) == 0 && areSame(granted.get(), object);
    });
}

/// Low ports are the kernel's business: in the sandbox's own network we would have the right that the caller has not.
std::optional<CallResult> SocketGuard::bindPort(const seccomp_notif& note, Taken& taken)
{
    constexpr std::uint16_t kFirstFree = 1024;
    Caller caller(m_listener, note, m_handles);
    int error = 0;
    const UniqueFd socket = caller.duplicate(static_cast<int>(note.data.args[0]), error);
    if (!socket) return std::nullopt;
    int domain = 0;
    socklen_t length = sizeof domain;
    if (::getsockopt(socket.get(), SOL_SOCKET, SO_DOMAIN, &domain, &length) != 0) return std::nullopt;
    if (domain != AF_INET && domain != AF_INET6) return std::nullopt;
    int protocol = 0;
    length = sizeof protocol;
    ::getsockopt(socket.get(), SOL_SOCKET, SO_PROTOCOL, &protocol, &length);
    if (protocol == IPPROTO_TCP || protocol == IPPROTO_UDP)
        taken.protocol = protocol == IPPROTO_UDP ? IpProtocol::udp : IpProtocol::tcp;
    sockaddr_in6 address{};
    const auto size = static_cast<std::uint32_t>(note.data.args[2]);
    if (size < sizeof(sockaddr_in) || size > sizeof address || !caller.read(note.data.args[1], &address, size))
        return std::nullopt;
    // The port stands at the same place in both families.
    const std::uint16_t port = ntohs(address.sin6_port);
    if ((port > 0 && port < kFirstFree) || !caller.stillWaits()) return std::nullopt;
    // Where all addresses lead to us, the kernel takes all for the sandbox's own.
    if (m_owners && !isInsideAddress(&address, size)) return CallResult{EADDRNOTAVAIL, 0};
    const WithoutCapabilities plain;
    const int result = ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), size);  // NOLINT
    // Who comes from outside comes to that process.
    if (result == 0 && m_owners && port != 0 && taken.protocol) m_owners->put(*taken.protocol, port, caller.tid());
    return CallResult{result == 0 ? 0 : errno, 0};
}

/// The kernel binds it with the caller's own rights; at what object is asked afterwards.
void SocketGuard::noteBind(const seccomp_notif& note)
{
    Caller caller(m_listener, note, m_handles);
    int error = 0;
    UniqueFd socket = caller.duplicate(static_cast<int>(note.data.args[0]), error);
    int domain = 0;
    socklen_t length = sizeof domain;
    const bool isUnix =
        socket && ::getsockopt(socket.get(), SOL_SOCKET, SO_DOMAIN, &domain, &length) == 0 && domain == AF_UNIX;
    if (isUnix && caller.stillWaits()) {
        if (m_binding.size() >= kMostBinding) m_binding.erase(m_binding.begin());
        m_binding.push_back(std::move(socket));
        m_bindingUntil = Clock::now() + kBindPatience;
        m_pause = std::chrono::milliseconds(1);
    }
    seccomp_notif_resp reply{};
    reply.id = note.id;
    reply.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    ::ioctl(m_listener, SECCOMP_IOCTL_NOTIF_SEND, &reply);
}

void SocketGuard::settleBinds()
{
    if (m_binding.empty()) return;
    // The kernel answers this only for sockets of the sandbox's own network namespace.
    const WithoutCapabilities plain;
    std::erase_if(m_binding, [this](const UniqueFd& socket) {
        UniqueFd object(::ioctl(socket.get(), SIOCUNIXFILE));
        if (!object) return false;
        ::fcntl(object.get(), F_SETFD, FD_CLOEXEC);
        m_bound.push_back({std::move(object)});
        return true;
    });
    if (Clock::now() >= m_bindingUntil) m_binding.clear();
    if (m_bound.size() <= kMostBound / 4) return;
    std::erase_if(m_bound, [](const Bound& bound) { return hasNoName(bound.object.get()); });
    // Fails closed: the oldest can no longer be connected to.
    if (m_bound.size() > kMostBound) m_bound.erase(m_bound.begin());
}

std::optional<std::chrono::milliseconds> SocketGuard::patience() const
{
    if (m_waiting.empty() && m_binding.empty()) return std::nullopt;
    return m_pause;
}

void SocketGuard::addAwaited(std::vector<pollfd>& waits) const
{
    for (const Waiting& waiting : m_waiting)
        if (const int socket = waiting.call->connecting(); socket >= 0) waits.push_back({socket, POLLOUT, 0});
}

void SocketGuard::advance()
{
    settleBinds();
    const std::size_t before = m_waiting.size();
    std::erase_if(m_waiting, [this](Waiting& waiting) {
        const Caller& caller = waiting.call->caller();
        if (!caller.stillWaits()) return true;
        const std::optional<CallResult> result = waiting.call->attempt();
        if (result) answer(caller.id(), *result);
        return result.has_value();
    });
    m_pause = m_waiting.size() < before ? std::chrono::milliseconds(1) : std::min(m_pause * 2, kLongestPause);
}

GuardThread::GuardThread(UniqueFd listener, UniqueFd root, std::vector<std::string> grantedFiles,
                         std::shared_ptr<FlowOwners> owners, std::vector<UniqueFd> made)
    : m_listener(std::move(listener)),
      m_root(std::move(root)),
      m_stop(::eventfd(0, EFD_CLOEXEC)),
      m_guard(m_listener.get(), m_root.get(), std::move(grantedFiles), std::move(owners), std::move(made)),
      m_thread([this] { run(); })
{
}

GuardThread::~GuardThread()
{
    const std::uint64_t one = 1;
    // Cannot fail on a new counter.
    [[maybe_unused]] const ssize_t written = ::write(m_stop.get(), &one, sizeof one);
    m_thread.join();
}

void GuardThread::run()
{
    // Signals are for the threads that wait for them.
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
    wakeAtOnce(m_listener.get());
    std::vector<pollfd> waits;
    for (;;) {
        waits = {{m_listener.get(), POLLIN, 0}, {m_stop.get(), POLLIN, 0}};
        m_guard.addAwaited(waits);
        const auto patience = m_guard.patience();
        if (::poll(waits.data(), waits.size(), patience ? static_cast<int>(patience->count()) : -1) < 0) continue;
        if ((waits[0].revents & POLLIN) != 0) takeOne();
        else if (waits[0].revents != 0 || waits[1].revents != 0) return;
        if (patience) m_guard.advance();
    }
}

void GuardThread::takeOne()
{
    seccomp_notif note{};
    if (::ioctl(m_listener.get(), SECCOMP_IOCTL_NOTIF_RECV, &note) != 0) return;  // its caller died
    if (SocketGuard::guards(note.data.nr)) {
        m_guard.take(note);
        return;
    }
    // Filter and guard are one, so this cannot happen; if it does, it is refused.
    seccomp_notif_resp reply{};
    reply.id = note.id;
    reply.error = -EPERM;
    ::ioctl(m_listener.get(), SECCOMP_IOCTL_NOTIF_SEND, &reply);
}

void wakeAtOnce(int listener)
{
    ::ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
}

}  // namespace belljar::linux_platform
