#include "core/platform/linux/guarded_call.h"

#include <fcntl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "core/platform/linux/bounded_wait.h"
#include "core/platform/linux/network/socket_address.h"
#include "core/platform/linux/process_table.h"
#include "core/platform/linux/target_memory.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

namespace belljar::linux_platform {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kChunk = 256U << 10U;       ///< Copied at once for a stream.
constexpr std::size_t kMostMessage = 4U << 20U;   ///< Larger than any default send buffer of the kernel.
constexpr std::size_t kMostControl = 16U << 10U;  ///< The kernel's own limit on passed descriptors needs 1 KiB.
constexpr std::size_t kMostParts = 1024;          ///< UIO_MAXIOV
constexpr int kChunksInOneGo = 16;
constexpr unsigned kThreadHandle = O_EXCL;  ///< PIDFD_THREAD, Linux 6.9

thread_local int t_plain = 0;  ///< How many WithoutCapabilities live.

CallResult failure(int error)
{
    return {error, 0};
}

int option(int socket, int name, int otherwise)
{
    int value = 0;
    socklen_t length = sizeof value;
    return ::getsockopt(socket, SOL_SOCKET, name, &value, &length) == 0 ? value : otherwise;
}

bool keepsBoundaries(int type)
{
    return type != SOCK_STREAM;
}

/// Ancillary data that needs no privilege anywhere: we would lend the caller those that we have in its namespaces.
bool isHarmlessControl(const cmsghdr& item)
{
    static constexpr std::pair<int, int> kHarmless[] = {
        {SOL_SOCKET, SCM_RIGHTS},    {SOL_SOCKET, SCM_CREDENTIALS}, {IPPROTO_IP, IP_PKTINFO},
        {IPPROTO_IP, IP_TOS},        {IPPROTO_IP, IP_TTL},          {IPPROTO_IPV6, IPV6_PKTINFO},
        {IPPROTO_IPV6, IPV6_TCLASS}, {IPPROTO_IPV6, IPV6_HOPLIMIT}, {IPPROTO_UDP, UDP_SEGMENT}};
    return std::find(std::begin(kHarmless), std::end(kHarmless), std::pair(item.cmsg_level, item.cmsg_type)) !=
           std::end(kHarmless);
}

void setFlags(int socket, int flags)
{
    ::fcntl(socket, F_SETFL, flags);
}

}  // namespace

ThreadHandles::Handle ThreadHandles::of(std::int32_t tid)
{
    return m_kept && m_tid == tid ? m_kept : open(tid);
}

ThreadHandles::Handle ThreadHandles::open(std::int32_t tid)
{
    m_kept = nullptr;
    m_tid = tid;
    UniqueFd made(static_cast<int>(::syscall(SYS_pidfd_open, tid, kThreadHandle)));
    const bool isThreads = static_cast<bool>(made);
    // Before Linux 6.9 only the first thread of a process has a handle; its descriptors are those of all. It says
    // nothing about the thread, so it is not kept.
    if (!isThreads) made.reset(static_cast<int>(::syscall(SYS_pidfd_open, processOf(tid), 0)));
    auto handle = std::make_shared<const UniqueFd>(std::move(made));
    if (isThreads) m_kept = handle;
    return handle;
}

Caller::Caller(int listener, const seccomp_notif& note, ThreadHandles& handles)
    : m_listener(listener),
      m_id(note.id),
      m_tid(static_cast<std::int32_t>(note.pid)),
      m_handles(&handles),
      m_handle(handles.of(m_tid))
{
}

UniqueFd Caller::duplicate(int descriptor, int& error)
{
    const auto get = [&] { return static_cast<int>(::syscall(SYS_pidfd_getfd, m_handle->get(), descriptor, 0)); };
    UniqueFd copy(get());
    if (!copy && errno == ESRCH) {
        // The handle is that of a thread which had the number before.
        m_handle = m_handles->open(m_tid);
        copy.reset(get());
    }
    error = copy ? 0 : errno == EBADF ? EBADF : errno == EMFILE || errno == ENFILE ? ETOOMANYREFS : EACCES;
    return copy;
}

bool Caller::read(std::uint64_t address, void* into, std::size_t length) const
{
    return readMemory(m_tid, address, into, length);
}

bool Caller::write(std::uint64_t address, const void* from, std::size_t length) const
{
    const iovec local{const_cast<void*>(from), length};
    const iovec remote{reinterpret_cast<void*>(address), length};  // NOLINT: an address in another process
    return ::process_vm_writev(m_tid, &local, 1, &remote, 1, 0) == static_cast<ssize_t>(length);
}

bool Caller::stillWaits() const
{
    return ::ioctl(m_listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &m_id) == 0;
}

void Caller::signalBrokenPipe() const
{
    ::syscall(SYS_pidfd_send_signal, m_handle->get(), SIGPIPE, nullptr, 0);
}

WithoutCapabilities::WithoutCapabilities()
{
    if (t_plain++ > 0) return;
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    if (::syscall(SYS_capget, &header, m_before) != 0 || (m_before[0].effective | m_before[1].effective) == 0) return;
    __user_cap_data_struct data[2] = {m_before[0], m_before[1]};
    data[0].effective = data[1].effective = 0;
    m_isLaidDown = ::syscall(SYS_capset, &header, data) == 0;
}

WithoutCapabilities::~WithoutCapabilities()
{
    --t_plain;
    if (!m_isLaidDown) return;
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    const int kept = errno;
    ::syscall(SYS_capset, &header, m_before);
    errno = kept;
}

std::optional<CallResult> GuardedCall::prepare(const seccomp_data& call)
{
    if (std::optional<CallResult> refused = prepareSocket(static_cast<int>(call.args[0]))) return refused;
    switch (call.nr) {
        case SYS_connect: m_isConnect = true; return readAddress(call.args[1], call.args[2]);
        case SYS_sendto:
            m_flags = static_cast<int>(call.args[3]);
            m_total = call.args[2];
            m_parts.push_back({reinterpret_cast<void*>(call.args[1]), m_total});  // NOLINT
            if (std::optional<CallResult> refused = readAddress(call.args[4], call.args[5])) return refused;
            break;
        case SYS_sendmmsg:
            // One message: the call may always send fewer than it was given.
            if (static_cast<unsigned>(call.args[2]) == 0) return CallResult{};
            m_lengthAddress = call.args[1] + sizeof(msghdr);
            m_flags = static_cast<int>(call.args[3]);
            if (std::optional<CallResult> refused = readMessage(call.args[1])) return refused;
            break;
        default:
            m_flags = static_cast<int>(call.args[2]);
            if (std::optional<CallResult> refused = readMessage(call.args[1])) return refused;
            break;
    }
    m_mayWait = m_mayWait && (m_flags & MSG_DONTWAIT) == 0;
    // Who asks for it can do without: the kernel may refuse it as well, and the copy is made anyway.
    if ((m_flags & MSG_ZEROCOPY) != 0) return failure(ENOBUFS);
    if (keepsBoundaries(m_type) && m_total > kMostMessage) return failure(EMSGSIZE);
    return std::nullopt;
}

std::optional<CallResult> GuardedCall::prepareSocket(int descriptor)
{
    int error = 0;
    m_socket = m_caller.duplicate(descriptor, error);
    if (error != 0) return failure(error);
    m_domain = option(m_socket.get(), SO_DOMAIN, -1);
    m_type = option(m_socket.get(), SO_TYPE, -1);
    if (m_domain < 0 || m_type < 0) return failure(ENOTSOCK);
    if (m_type == SOCK_DGRAM && (m_domain == AF_INET || m_domain == AF_INET6)) {
        const int protocol = option(m_socket.get(), SO_PROTOCOL, -1);
        m_isEcho = protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6;
    }
    if (m_domain != AF_UNIX && m_domain != AF_INET && m_domain != AF_INET6) {
        // Netlink judges by who sends; these two answer questions and change nothing without privileges of the opener.
        const int protocol = m_domain == AF_NETLINK ? option(m_socket.get(), SO_PROTOCOL, -1) : -1;
        if (protocol != NETLINK_ROUTE && protocol != NETLINK_SOCK_DIAG) return failure(EPERM);
    }
    m_mayWait = (::fcntl(m_socket.get(), F_GETFL) & O_NONBLOCK) == 0;
    timeval patience{};
    socklen_t length = sizeof patience;
    if (::getsockopt(m_socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, &length) == 0 &&
        (patience.tv_sec != 0 || patience.tv_usec != 0)) {
        m_deadline = Clock::now() + std::chrono::seconds(patience.tv_sec) + std::chrono::microseconds(patience.tv_usec);
    }
    return std::nullopt;
}

std::optional<CallResult> GuardedCall::readAddress(std::uint64_t address, std::uint64_t length)
{
    const auto size = static_cast<std::int32_t>(length);
    if (size < 0 || static_cast<std::size_t>(size) > sizeof(sockaddr_storage)) return failure(EINVAL);
    m_address.resize(static_cast<std::size_t>(size));
    if (size > 0 && !m_caller.read(address, m_address.data(), m_address.size())) return failure(EFAULT);
    return std::nullopt;
}

std::optional<CallResult> GuardedCall::readMessage(std::uint64_t address)
{
    msghdr header{};
    if (!m_caller.read(address, &header, sizeof header)) return failure(EFAULT);
    if (header.msg_name != nullptr && header.msg_namelen != 0) {
        const std::size_t length = std::min<std::size_t>(header.msg_namelen, sizeof(sockaddr_storage));
        const auto name = reinterpret_cast<std::uint64_t>(header.msg_name);  // NOLINT
        if (std::optional<CallResult> refused = readAddress(name, length)) return refused;
    }
    if (header.msg_iovlen > kMostParts) return failure(EMSGSIZE);
    m_parts.resize(header.msg_iovlen);
    const auto parts = reinterpret_cast<std::uint64_t>(header.msg_iov);  // NOLINT
    if (!m_parts.empty() && !m_caller.read(parts, m_parts.data(), m_parts.size() * sizeof(iovec)))
        return failure(EFAULT);
    for (const iovec& part : m_parts) {
        if (part.iov_len > static_cast<std::size_t>(INT32_MAX) - m_total) return failure(EINVAL);
        m_total += part.iov_len;
    }
    if (header.msg_control == nullptr || header.msg_controllen == 0) return std::nullopt;
    return readControl(reinterpret_cast<std::uint64_t>(header.msg_control), header.msg_controllen);  // NOLINT
}

std::optional<CallResult> GuardedCall::readControl(std::uint64_t address, std::size_t length)
{
    if (length > kMostControl) return failure(ENOBUFS);
    m_control.resize(length);
    if (!m_caller.read(address, m_control.data(), length)) return failure(EFAULT);
    msghdr header{};
    header.msg_control = m_control.data();
    header.msg_controllen = m_control.size();
    for (cmsghdr* item = CMSG_FIRSTHDR(&header); item != nullptr; item = CMSG_NXTHDR(&header, item)) {
        const auto offset = static_cast<std::size_t>(reinterpret_cast<char*>(item) - m_control.data());  // NOLINT
        if (item->cmsg_len < sizeof(cmsghdr) || item->cmsg_len > m_control.size() - offset) return failure(EINVAL);
        if (std::optional<CallResult> refused = takeControl(item)) return refused;
    }
    return std::nullopt;
}

std::optional<CallResult> GuardedCall::takeControl(void* item)
{
    auto* const control = static_cast<cmsghdr*>(item);
    if (!isHarmlessControl(*control)) return failure(EPERM);
    if (control->cmsg_level != SOL_SOCKET) return std::nullopt;
    const std::size_t length = control->cmsg_len - CMSG_LEN(0);
    if (control->cmsg_type == SCM_CREDENTIALS) {
        // The kernel only takes the sender's own, and the sender are we.
        const ucred own{::getpid(), ::geteuid(), ::getegid()};
        if (length < sizeof own) return failure(EINVAL);
        std::memcpy(CMSG_DATA(control), &own, sizeof own);
        return std::nullopt;
    }
    for (std::size_t at = 0; at + sizeof(int) <= length; at += sizeof(int)) {
        int descriptor = -1;
        int error = 0;
        std::memcpy(&descriptor, CMSG_DATA(control) + at, sizeof descriptor);
        UniqueFd copy = m_caller.duplicate(descriptor, error);
        if (error != 0) return failure(error);
        descriptor = copy.get();
        std::memcpy(CMSG_DATA(control) + at, &descriptor, sizeof descriptor);
        m_passed.push_back(std::move(copy));
    }
    return std::nullopt;
}

std::string GuardedCall::socketPath() const
{
    constexpr std::size_t kPathAt = offsetof(sockaddr_un, sun_path);
    sa_family_t family = AF_UNSPEC;
    if (m_domain != AF_UNIX || m_address.size() <= kPathAt) return {};
    std::memcpy(&family, m_address.data(), sizeof family);
    if (family != AF_UNIX || m_address[kPathAt] == '\0') return {};
    const std::string path = m_address.substr(kPathAt);
    return path.substr(0, path.find('\0'));
}

void GuardedCall::aimAt(UniqueFd object)
{
    m_object = std::move(object);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d", m_object.get());
    m_address.assign(reinterpret_cast<const char*>(&address), sizeof address);  // NOLINT: plain bytes
}

std::optional<CallResult> GuardedCall::attempt()
{
    std::optional<CallResult> result = m_isConnect ? attemptConnect() : attemptSend();
    if (!result && isLate()) return failure(m_connecting ? EINPROGRESS : EAGAIN);
    return result;
}

/// Of a connection that goes on in the kernel.
std::optional<CallResult> GuardedCall::connectionState() const
{
    sockaddr_storage peer{};
    socklen_t length = sizeof peer;
    if (::getpeername(m_socket.get(), reinterpret_cast<sockaddr*>(&peer), &length) == 0) return failure(0);  // NOLINT
    pollfd wait{m_socket.get(), POLLOUT, 0};
    if (::poll(&wait, 1, 0) == 0) return std::nullopt;
    return failure(option(m_socket.get(), SO_ERROR, EIO));
}

std::optional<CallResult> GuardedCall::attemptConnect()
{
    if (m_connecting) return connectionState();
    // A datagram socket never waits here. The others must not make us wait; before they are connected nobody uses them.
    const bool lift = m_mayWait && m_type != SOCK_DGRAM;
    const int flags = ::fcntl(m_socket.get(), F_GETFL);
    int error = 0;
    {
        const WithoutCapabilities plain;
        if (lift) setFlags(m_socket.get(), flags | O_NONBLOCK);
        const auto* address = reinterpret_cast<const sockaddr*>(m_address.data());  // NOLINT
        const BoundedWait bounded;
        if (::connect(m_socket.get(), address, static_cast<socklen_t>(m_address.size())) != 0) error = errno;
        if (lift) setFlags(m_socket.get(), flags);
    }
    // Somebody inside had taken O_NONBLOCK away.
    if (error == EINTR) error = m_domain == AF_UNIX ? EAGAIN : EINPROGRESS;
    if (lift && error == EINPROGRESS) {
        m_connecting = true;
        return std::nullopt;
    }
    if (lift && error == EAGAIN && m_domain == AF_UNIX) return std::nullopt;
    return failure(error);
}

std::optional<GuardedCall::OwnPort> GuardedCall::ownPort() const
{
    const bool isInternet = m_domain == AF_INET || m_domain == AF_INET6;
    if (!isInternet || (m_type != SOCK_STREAM && m_type != SOCK_DGRAM)) return std::nullopt;
    sockaddr_in6 own{};
    socklen_t length = sizeof own;
    if (::getsockname(m_socket.get(), reinterpret_cast<sockaddr*>(&own), &length) != 0) return std::nullopt;  // NOLINT
    // The port stands at the same place in both families.
    // Of a socket for echo requests it is their identifier.
    const IpProtocol protocol = m_type == SOCK_STREAM ? IpProtocol::tcp : m_isEcho ? IpProtocol::icmp : IpProtocol::udp;
    return OwnPort{protocol, ntohs(own.sin6_port)};
}

std::optional<NetworkEndpoint> GuardedCall::echoPeer() const
{
    SocketAddress address;
    if (!m_isEcho || m_address.size() < sizeof(sockaddr_in)) return std::nullopt;
    std::memcpy(address.room(), m_address.data(), std::min(m_address.size(), sizeof(sockaddr_storage)));
    if (address.get()->sa_family != m_domain) return std::nullopt;
    NetworkEndpoint peer = address.endpoint();
    peer.port = 0;
    return peer;
}

void GuardedCall::takePort() const
{
    const std::optional<OwnPort> own = m_type == SOCK_DGRAM ? ownPort() : std::nullopt;
    if (!own || own->port != 0) return;
    sockaddr_in6 any{};
    any.sin6_family = static_cast<sa_family_t>(m_domain);
    const socklen_t length = m_domain == AF_INET ? sizeof(sockaddr_in) : sizeof any;
    // If it fails, the kernel finds one, or says why not.
    [[maybe_unused]] const int bound =
        ::bind(m_socket.get(), reinterpret_cast<const sockaddr*>(&any), length);  // NOLINT
}

bool GuardedCall::readChunk(std::size_t length)
{
    m_chunk.resize(length);
    std::vector<iovec> remote;
    std::size_t skip = m_done;
    std::size_t left = length;
    for (const iovec& part : m_parts) {
        if (left == 0) break;
        const std::size_t skipped = std::min(skip, part.iov_len);
        skip -= skipped;
        const std::size_t take = std::min(left, part.iov_len - skipped);
        if (take > 0) remote.push_back({static_cast<char*>(part.iov_base) + skipped, take});
        left -= take;
    }
    const iovec local{m_chunk.data(), length};
    return length == 0 || ::process_vm_readv(m_caller.tid(), &local, 1, remote.data(), remote.size(), 0) ==
                              static_cast<ssize_t>(length);
}

CallResult GuardedCall::sent()
{
    if (m_lengthAddress == 0) return {0, static_cast<std::int64_t>(m_done)};
    const auto length = static_cast<std::uint32_t>(m_done);
    m_caller.write(m_lengthAddress, &length, sizeof length);
    return {0, 1};
}

std::optional<CallResult> GuardedCall::attemptSend()
{
    if (m_connecting) {
        const std::optional<CallResult> connected = connectionState();
        if (!connected || connected->error != 0) return connected;
        m_connecting = false;
    }
    for (int round = 0; round < kChunksInOneGo; ++round) {
        const std::size_t left = m_total - m_done;
        const std::size_t length = keepsBoundaries(m_type) ? left : std::min(left, kChunk);
        if (!readChunk(length)) return m_done > 0 ? sent() : failure(EFAULT);
        iovec part{m_chunk.data(), length};
        msghdr header{};
        header.msg_iov = &part;
        header.msg_iovlen = 1;
        header.msg_name = m_address.empty() ? nullptr : m_address.data();
        header.msg_namelen = static_cast<socklen_t>(m_address.size());
        header.msg_control = m_control.empty() ? nullptr : m_control.data();
        header.msg_controllen = m_control.size();
        ssize_t count = 0;
        {
            const WithoutCapabilities plain;
            count = ::sendmsg(m_socket.get(), &header, m_flags | MSG_DONTWAIT | MSG_NOSIGNAL);
        }
        if (count < 0) {
            const int error = errno;
            if (error == EAGAIN && m_mayWait) return std::nullopt;
            if (error == EINPROGRESS && m_mayWait && (m_flags & MSG_FASTOPEN) != 0) {
                // The connection goes on, and what was to be sent with it follows.
                m_flags &= ~MSG_FASTOPEN;
                m_address.clear();
                m_connecting = true;
                return attempt();
            }
            if (m_done > 0) return sent();
            if (error == EPIPE && m_type == SOCK_STREAM && (m_flags & MSG_NOSIGNAL) == 0) m_caller.signalBrokenPipe();
            return failure(error);
        }
        m_control.clear();  // goes with the first bytes
        m_passed.clear();
        m_done += static_cast<std::size_t>(count);
        if (m_done >= m_total || keepsBoundaries(m_type)) return sent();
        if (static_cast<std::size_t>(count) < length && !m_mayWait) return sent();
    }
    return std::nullopt;
}

bool GuardedCall::isLate() const
{
    return m_deadline && Clock::now() >= *m_deadline;
}

}  // namespace belljar::linux_platform
