#include "core/platform/linux/monitord/helper_client.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include <spdlog/fmt/fmt.h>

#include "core/platform/linux/monitord/packet_socket.h"
#include "core/platform/linux/monitord/protocol.h"
#include "core/platform/posix/errno_text.h"

namespace belljar::linux_platform {
namespace {

/// Of the helper: the first client waits until the programs are loaded.
constexpr std::chrono::milliseconds kPatience{5'000};

std::string socketPath()
{
    const char* path = std::getenv(kMonitorSocketVariable);
    return path != nullptr && *path != '\0' ? path : kMonitorSocket;
}

Error unreachable(const std::string& path, int error)
{
    Error made{ErrorCode::backendUnavailable, {}, path, errnoText(error), {}};
    switch (error) {
        case ENOENT:
            made.message = "watching in the kernel takes root or the helper belljar-monitord, which is not set up";
            made.hint = "An administrator sets it up: systemctl enable --now belljar-monitord.socket";
            break;
        case ECONNREFUSED:
            made.message = "the helper belljar-monitord does not run";
            made.hint = "An administrator starts it: systemctl start belljar-monitord.socket";
            break;
        case EACCES:
            made.message = "this user may not use the helper belljar-monitord";
            made.hint = "Its socket is open to the users that the administrator chose.";
            break;
        default: made.message = "the helper belljar-monitord cannot be reached";
    }
    return made;
}

Result<UniqueFd> connectTo(const std::string& path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return unreachable(path, ENAMETOOLONG);
    path.copy(address.sun_path, path.size());
    UniqueFd made(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
    const timeval patience{kPatience.count() / 1000, 0};
    ::setsockopt(made.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (!made || ::connect(made.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return unreachable(path, errno);
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(made.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 ||
        (peer.uid != 0 && peer.uid != ::geteuid()))
        return Error{ErrorCode::backendUnavailable,
                     fmt::format("the helper's socket belongs to user {}, not to root", peer.uid),
                     path,
                     {},
                     {}};
    return made;
}

class HelperMonitor final : public SessionMonitor {
public:
    HelperMonitor(UniqueFd connection, TraceLevel level) : m_connection(std::move(connection)), m_level(level) {}

    Result<void> hello()
    {
        std::vector<UniqueFd> none;
        Result<MonitorReply> reply = ask({MonitorRequestKind::hello, TraceLevel::standard}, {}, none);
        if (!reply) return std::move(reply).error();
        if (reply->kind != MonitorReplyKind::facts) return strange();
        m_facts = kernelFacts(reply->programs, reply->text);
        m_facts.mechanism += ", loaded by belljar-monitord";
        return {};
    }

    Result<KernelSession> begin(std::int32_t init) override
    {
        const std::string path = fmt::format("/proc/{}/ns/pid", init);
        const UniqueFd space(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        if (!space)
            return Error{
                ErrorCode::backendError, "the sandbox ended before it could be watched", path, errnoText(errno), {}};
        std::vector<UniqueFd> maps;
        const int descriptor = space.get();
        Result<MonitorReply> reply = ask({MonitorRequestKind::watch, m_level}, std::span(&descriptor, 1), maps);
        if (!reply) {
            Error error = std::move(reply).error();
            error.hint = "Run with --monitor notify: that needs no helper.";
            return error;
        }
        if (reply->kind != MonitorReplyKind::watching) return strange();
        KernelSession session;
        session.ring = std::move(maps[kRingDescriptor]);
        session.counters = std::move(maps[kCountersDescriptor]);
        if (maps.size() > kPolicyDescriptor) session.policy = std::move(maps[kPolicyDescriptor]);
        session.ringBytes = reply->ringBytes;
        session.facts = m_facts;
        session.keeper.reset(::fcntl(m_connection.get(), F_DUPFD_CLOEXEC, 3));
        return session;
    }

    [[nodiscard]] const SourceFacts& facts() const override { return m_facts; }

private:
    static Error strange()
    {
        return {ErrorCode::backendError, "belljar-monitord answers in an unknown way", {}, {}, {}};
    }

    /// An answer other than a refusal, which becomes the error.
    Result<MonitorReply> ask(const MonitorRequest& request, std::span<const int> passed, std::vector<UniqueFd>& came)
    {
        // What cannot be sent any more was answered already, with the reason.
        [[maybe_unused]] const bool sent = sendPacket(m_connection.get(), encodeRequest(request), passed);
        pollfd waits{m_connection.get(), POLLIN, 0};
        int ready = 0;
        do ready = ::poll(&waits, 1, static_cast<int>(kPatience.count()));
        while (ready < 0 && errno == EINTR);
        if (ready <= 0) return Error{ErrorCode::backendUnavailable, "belljar-monitord does not answer", {}, {}, {}};
        ReplyPacket room{};
        ReceivedPacket packet = receivePacket(m_connection.get(), room, kMonitorDescriptors);
        if (packet.state != ReceivedPacket::State::packet)
            return Error{ErrorCode::backendUnavailable, "belljar-monitord ended before it answered", {}, {}, {}};
        const std::optional<MonitorReply> reply =
            packet.cut || packet.length > room.size()
                ? std::nullopt
                : parseReply(std::span(room).first(packet.length), packet.descriptors.size());
        if (!reply) return strange();
        if (reply->kind == MonitorReplyKind::refused)
            return Error{ErrorCode::backendUnavailable,
                         "belljar-monitord refuses: " + std::string(refusalSentence(reply->refusal)),
                         {},
                         reply->text,
                         {}};
        came = std::move(packet.descriptors);
        return *reply;
    }

    const UniqueFd m_connection;
    const TraceLevel m_level;
    SourceFacts m_facts;
};

}  // namespace

Result<std::unique_ptr<SessionMonitor>> connectToHelper(TraceLevel level)
{
    Result<UniqueFd> connection = connectTo(socketPath());
    if (!connection) return std::move(connection).error();
    auto monitor = std::make_unique<HelperMonitor>(std::move(connection).value(), level);
    if (Result<void> greeted = monitor->hello(); !greeted) return std::move(greeted).error();
    return std::unique_ptr<SessionMonitor>(std::move(monitor));
}

}  // namespace belljar::linux_platform
