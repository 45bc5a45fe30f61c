#include "app/monitord/worker.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "app/monitord/log.h"
#include "app/monitord/privileges.h"
#include "app/monitord/target_check.h"
#include "core/platform/linux/monitord/packet_socket.h"

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77  // Linux 6.5
#endif

namespace belljar::monitord {
namespace {

using namespace linux_platform;
using Clock = std::chrono::steady_clock;

class Worker {
public:
    Worker(Client client, SessionMaker* maker, const std::string& whyNone)
        : m_client(std::move(client)), m_maker(maker), m_whyNone(whyNone), m_prepared(m_client.maps.has_value())
    {
        socklen_t size = sizeof(int);
        int fd = -1;
        // A client that ends while others hold its connection has gone away, too. Without the option (Linux before 6.5)
        // the connection alone tells: to look the process up by its number could find another one.
        if (::getsockopt(m_client.connection.get(), SOL_SOCKET, SO_PEERPIDFD, &fd, &size) == 0) m_peer.reset(fd);
    }

    void run(const WorkerPatience& patience)
    {
        serve(patience);
        if (m_prepared) m_maker->end(m_client.slot);
    }

private:
    void serve(const WorkerPatience& patience)
    {
        if (!await(MonitorRequestKind::hello, patience.hello)) return;
        if (m_maker == nullptr) return refuse(MonitorRefusal::noPrograms, 0, m_whyNone);
        MonitorReply facts;
        facts.kind = MonitorReplyKind::facts;
        facts.programs = m_maker->programs();
        facts.text = m_maker->whyNotMore();
        if (!reply(facts) || !await(MonitorRequestKind::watch, patience.watch)) return;
        watch();
    }

    /// Waits for this request; false, after a refusal where somebody is left to hear it, when it does not come.
    bool await(MonitorRequestKind kind, std::chrono::milliseconds patience)
    {
        // Should a call on a descriptor that the client sent wait for ever, the signal ends this process.
        ::alarm(static_cast<unsigned>(patience.count() / 1000) + 5);
        const Clock::time_point until = Clock::now() + patience;
        std::array<std::byte, kRequestBytes> room{};
        ReceivedPacket packet;
        while ((packet = receivePacket(m_client.connection.get(), room, 1)).state == ReceivedPacket::State::none) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
            if (left.count() <= 0) {
                refuse(MonitorRefusal::tooLate);
                return false;
            }
            if (!wait(static_cast<int>(left.count()))) return false;
        }
        if (packet.state == ReceivedPacket::State::ended) return false;
        return accept(kind, std::move(packet), room);
    }

    bool accept(MonitorRequestKind kind, ReceivedPacket packet, std::span<const std::byte> room)
    {
        const std::size_t descriptors = packet.cut ? SIZE_MAX : packet.descriptors.size();
        // What did not fit is no request either: its size is wrong.
        const auto parsed = packet.length > room.size() ? MonitorRefusal::wrongSize
                                                        : parseRequest(room.first(packet.length), descriptors);
        if (const auto* refusal = std::get_if<MonitorRefusal>(&parsed)) {
            refuse(*refusal);
            return false;
        }
        m_request = std::get<MonitorRequest>(parsed);
        if (m_request.kind != kind) {
            refuse(MonitorRefusal::wrongOrder);
            return false;
        }
        if (!packet.descriptors.empty()) m_target = std::move(packet.descriptors.front());
        return true;
    }

    void watch()
    {
        const auto checked = checkTarget(m_target.get(), m_client.user);
        if (const auto* refusal = std::get_if<MonitorRefusal>(&checked)) return refuse(*refusal);
        if (!m_client.maps) {
            Result<SessionMaps> made = m_maker->prepare(m_client.slot);
            if (!made) return refuse(MonitorRefusal::noSession, 0, describe(made.error()));
            m_client.maps = std::move(made).value();
            m_prepared = true;
        }
        const Result<void> begun = m_maker->begin(m_client.slot, std::get<std::uint32_t>(checked), m_request.level);
        if (!begun) {
            const bool watched = begun.error().code == ErrorCode::alreadyStarted;
            return refuse(watched ? MonitorRefusal::alreadyWatched : MonitorRefusal::noSession, 0,
                          watched ? std::string() : describe(begun.error()));
        }
        // The namespace's number stays its own as long as m_target is open, and that is until the session has ended.
        if (m_client.numbers != nullptr) *m_client.numbers = m_client.maps->numbers;
        if (!handOver(*m_client.maps)) return;
        m_client.maps.reset();
        tellListener();
        surrenderEverything();
        ::alarm(0);
        log(LogLevel::info, "watching", m_client.user, m_client.slot);
        // Nothing more is to be said: whatever comes ends the session.
        wait(-1);
        log(LogLevel::info, "watched", m_client.user, m_client.slot);
    }

    void tellListener() const
    {
        const std::uint64_t one = 1;
        // Where it does not come through, the next client waits for its maps.
        [[maybe_unused]] const ssize_t written = ::write(m_client.begun, &one, sizeof one);
    }

    bool handOver(const SessionMaps& maps)
    {
        MonitorReply watching;
        watching.kind = MonitorReplyKind::watching;
        watching.programs = m_maker->programs();
        watching.ringBytes = maps.ringBytes;
        std::array<int, kMonitorDescriptors> descriptors{};
        std::size_t count = 0;
        while (count < descriptors.size() && maps.descriptors[count]) {
            descriptors[count] = maps.descriptors[count].get();
            ++count;
        }
        return sendPacket(m_client.connection.get(), encodeReply(watching), std::span(descriptors).first(count));
    }

    /// False when the client's process has ended; true when its connection has something to say, or time is up.
    bool wait(int milliseconds)
    {
        std::array<pollfd, 2> waits{{{m_client.connection.get(), POLLIN, 0}, {m_peer.get(), POLLIN, 0}}};
        while (::poll(waits.data(), waits.size(), milliseconds) < 0 && errno == EINTR) {}
        return waits[1].revents == 0;
    }

    bool reply(const MonitorReply& reply) { return sendPacket(m_client.connection.get(), encodeReply(reply)); }

    void refuse(MonitorRefusal refusal, int error = 0, const std::string& text = {})
    {
        log(LogLevel::notice, refusalSentence(refusal), m_client.user, m_client.slot);
        // Best effort: the client may be gone.
        [[maybe_unused]] const bool sent = reply({MonitorReplyKind::refused, refusal, error, 0, 0, text});
    }

    Client m_client;
    SessionMaker* const m_maker;
    const std::string& m_whyNone;
    bool m_prepared;  ///< Something is to be taken out of the slot at the end.
    UniqueFd m_peer;
    UniqueFd m_target;
    MonitorRequest m_request;
};

}  // namespace

void serveClient(Client client, SessionMaker* maker, const std::string& whyNone, const WorkerPatience& patience)
{
    Worker(std::move(client), maker, whyNone).run(patience);
}

void serveAsSpare(UniqueFd channel, Client client, SessionMaker& maker, const WorkerPatience& patience)
{
    // Without maps the client is told why when the second try fails, too.
    if (Result<SessionMaps> made = maker.prepare(client.slot); made) client.maps = std::move(made).value();
    pollfd waits{channel.get(), POLLIN, 0};
    while (::poll(&waits, 1, -1) < 0 && errno == EINTR) {}
    ReceivedPacket packet = receivePacket(channel.get(), std::as_writable_bytes(std::span(&client.user, 1)), 1);
    channel.reset();
    if (packet.state != ReceivedPacket::State::packet || packet.descriptors.size() != 1) {
        maker.end(client.slot);
        return;
    }
    client.connection = std::move(packet.descriptors.front());
    serveClient(std::move(client), &maker, {}, patience);
}

bool passClient(int channel, const UniqueFd& connection, uid_t user)
{
    return sendPacket(channel, std::as_bytes(std::span(&user, 1)), std::array{connection.get()});
}

}  // namespace belljar::monitord
