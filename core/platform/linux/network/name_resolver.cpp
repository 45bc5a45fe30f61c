#include "core/platform/linux/network/name_resolver.h"

#include <spdlog/fmt/fmt.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "core/platform/linux/network/dns_stream.h"
#include "core/platform/linux/network/name_servers.h"
#include "core/platform/linux/network/socket_address.h"
#include "core/platform/posix/errno_text.h"

namespace belljar::linux_platform {
namespace {

constexpr std::size_t kMostAsked = 256;
constexpr std::size_t kMostHeld = 64;  ///< Waiting for an answer.
constexpr std::size_t kMostStreams = 16;
constexpr double kPerSecond = 100;
constexpr double kBurst = 400;
/// Programs themselves wait for five seconds.
constexpr std::chrono::milliseconds kPatience{4000};
constexpr std::chrono::milliseconds kServerPatience{1000};
constexpr std::size_t kMostTries = 6;
constexpr std::chrono::seconds kStreamPatience{10};
constexpr std::chrono::seconds kLongestLifetime{3600};
constexpr std::size_t kRoomOfStream = 65535;

const NetworkEndpoint& resolverAddress(bool isIpv6)
{
    const auto made = [](const char* text, bool v6) {
        return NetworkEndpoint{parseIpNetwork(text)->address, kResolverPort, v6};
    };
    static const NetworkEndpoint kV4 = made(kResolver4, false);
    static const NetworkEndpoint kV6 = made(kResolver6, true);
    return isIpv6 ? kV6 : kV4;
}

/// One that a server cannot guess, or who else answers in its name.
std::uint16_t randomNumber()
{
    std::uint16_t number = 0;
    while (::getrandom(&number, sizeof number, 0) != sizeof number) {}
    return number;
}

}  // namespace

bool isResolver(const NetworkEndpoint& peer)
{
    return peer == resolverAddress(peer.isIpv6);
}

/// A question that waits for a name server.
struct NameResolver::Asked final : public Pollable {
    Asked(NameResolver& resolver, std::uint64_t given) : owner(resolver), number(given) {}
    ~Asked() override { owner.m_poller.want(socket.get(), 0, wanted, *this); }
    void onReady(std::uint32_t events) override { owner.onServer(number, events); }

    void close()
    {
        owner.m_poller.want(socket.get(), 0, wanted, *this);
        socket.reset();
    }

    NameResolver& owner;
    const std::uint64_t number;
    DnsQuestion question;
    bool byStream = false;  ///< The program's way.
    std::uint16_t clientPort = 0;
    Answer answer;
    NameLookup lookup;
    Clock::time_point until;
    std::vector<NetworkEndpoint> servers;
    std::size_t tries = 0;
    std::uint16_t id = 0;
    UniqueFd socket;
    DnsStream stream;  ///< With a server whose answer was too large for a datagram.
    bool isStream = false;
    std::string raw;  ///< Another record than an address: the server's whole reply.
    Clock::time_point serverUntil;
    std::uint32_t wanted = 0;
};

class NameResolver::Stream final : public Pollable {
public:
    Stream(NameResolver& resolver, std::uint64_t given, UniqueFd connected, std::uint16_t clientPort)
        : owner(resolver), number(given), socket(std::move(connected)), port(clientPort)
    {
    }
    ~Stream() override { owner.m_poller.want(socket.get(), 0, wanted, *this); }
    void onReady(std::uint32_t /*events*/) override { owner.onStream(number); }
    void await() { owner.m_poller.want(socket.get(), stream.awaited() | EPOLLIN, wanted, *this); }

    NameResolver& owner;
    const std::uint64_t number;
    UniqueFd socket;
    const std::uint16_t port;
    DnsStream stream;
    Clock::time_point until;
    std::uint32_t wanted = 0;
};

NameResolver::NameResolver(Poller& poller, RelayJudge& judge) : m_poller(poller), m_judge(judge), m_credit(kBurst) {}

NameResolver::~NameResolver() = default;

bool NameResolver::mayAskMore(Clock::time_point now)
{
    m_credit = std::min(kBurst, m_credit + std::chrono::duration<double>(now - m_credited).count() * kPerSecond);
    m_credited = now;
    if (m_credit < 1 || m_asked.size() >= kMostAsked) return false;
    m_credit -= 1;
    return true;
}

void NameResolver::ask(std::string_view message, IpProtocol protocol, std::uint16_t clientPort, Answer answer)
{
    std::optional<DnsQuestion> question = readQuestion(message);
    if (!question) return;
    const auto now = Clock::now();
    const std::uint64_t number = ++m_last;
    auto asked = std::make_unique<Asked>(*this, number);
    asked->byStream = protocol == IpProtocol::tcp;
    asked->answer = std::move(answer);
    asked->lookup.name = question->name;
    asked->lookup.type = question->type;
    asked->question = *std::move(question);
    Asked& made = *asked;
    const bool isTooMuch = !mayAskMore(now);
    m_asked[number] = std::move(asked);
    if (isTooMuch) {
        // Told without looking the process up: this is what a flood costs.
        finish(made, DnsCode::serverFailure, {}, "too many names are asked for");
        return;
    }
    made.clientPort = clientPort;
    made.lookup.process = m_judge.ownerOf(protocol, clientPort);
    go(made);
}

/// Judges the name, and goes by that.
void NameResolver::go(Asked& made)
{
    made.lookup.decision = m_judge.judgeName(made.lookup.name);
    made.until = Clock::now() + kPatience;
    made.serverUntil = Clock::time_point::max();
    const bool hides = made.question.type == dns_type::kHttps || made.question.type == dns_type::kSvcb;
    const bool asksOther = !made.question.asksAddress() && (made.lookup.decision.byName || hides);
    if (made.lookup.decision.isHeld() && m_held.size() < kMostHeld) {
        m_held.push_back(made.number);
    } else if (!made.lookup.decision.allowed) {
        finish(made, DnsCode::refused, {}, {});
    } else if (asksOther) {
        finish(made, DnsCode::noError, {}, {});
    } else {
        made.servers = hostNameServers();
        askServer(made.number);
    }
}

void NameResolver::askAgain()
{
    for (const std::uint64_t number : std::exchange(m_held, {}))
        if (const auto found = m_asked.find(number); found != m_asked.end()) go(*found->second);
    for (const std::uint64_t number : m_held) {
        const Asked& asked = *m_asked.at(number);
        const IpProtocol protocol = asked.byStream ? IpProtocol::tcp : IpProtocol::udp;
        m_judge.tellHeld(asked.lookup.decision, protocol, asked.clientPort);
    }
}

void NameResolver::askServer(std::uint64_t number)
{
    Asked& asked = *m_asked.at(number);
    const NetworkEndpoint& server = asked.servers[asked.tries % asked.servers.size()];
    const int type = asked.isStream ? SOCK_STREAM : SOCK_DGRAM;
    const SocketAddress address(server);
    asked.id = randomNumber();
    asked.serverUntil = std::min(Clock::now() + kServerPatience, asked.until);
    asked.stream = {};
    asked.socket.reset(::socket(server.isIpv6 ? AF_INET6 : AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const std::string message = questionMessage(asked.question, asked.id);
    int error = 0;
    if (!asked.socket || ::connect(asked.socket.get(), address.get(), address.length()) != 0) error = errno;
    if (error == EINPROGRESS) error = 0;
    if (asked.isStream) asked.stream.put(message);
    else if (error == 0 && ::send(asked.socket.get(), message.data(), message.size(), MSG_NOSIGNAL) < 0) error = errno;
    if (error != 0) {
        askNextServer(number, fmt::format("{}: {}", textOf(server), errnoText(error)));
        return;
    }
    m_poller.want(asked.socket.get(), asked.isStream ? EPOLLIN | EPOLLOUT : EPOLLIN, asked.wanted, asked);
}

void NameResolver::askNextServer(std::uint64_t number, const std::string& why)
{
    Asked& asked = *m_asked.at(number);
    asked.close();
    asked.isStream = false;
    ++asked.tries;
    const bool isOver = Clock::now() >= asked.until || asked.tries >= std::min(kMostTries, asked.servers.size() * 2);
    if (isOver) finish(asked, DnsCode::serverFailure, {}, why);
    else askServer(number);
}

void NameResolver::onServer(std::uint64_t number, std::uint32_t /*events*/)
{
    const auto found = m_asked.find(number);
    if (found == m_asked.end()) return;
    Asked& asked = *found->second;
    if (!asked.isStream) {
        readDatagrams(asked);
        return;
    }
    const int error = asked.stream.advance(asked.socket.get());
    if (const std::optional<std::string> message = asked.stream.take()) {
        const std::optional<DnsReply> reply = readReply(*message, asked.question, asked.id);
        if (reply) onReply(asked, *reply, *message);
        else askNextServer(number, "a name server answered something else");
    } else if (error != 0) {
        askNextServer(number, fmt::format("a name server, by TCP: {}", errnoText(error)));
    } else {
        m_poller.want(asked.socket.get(), asked.stream.awaited() | EPOLLIN, asked.wanted, asked);
    }
}

void NameResolver::readDatagrams(Asked& asked)
{
    const std::uint64_t number = asked.number;
    std::array<char, 4096> room;  // NOLINT: needs no values
    constexpr int kMostInOneGo = 16;
    for (int i = 0; i < kMostInOneGo; ++i) {
        const ssize_t got = ::recv(asked.socket.get(), room.data(), room.size(), MSG_DONTWAIT);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && errno == EAGAIN) return;
        if (got < 0) {
            const NetworkEndpoint& server = asked.servers[asked.tries % asked.servers.size()];
            askNextServer(number, fmt::format("{}: {}", textOf(server), errnoText(errno)));
            return;
        }
        const std::string_view message(room.data(), static_cast<std::size_t>(got));
        const std::optional<DnsReply> reply = readReply(message, asked.question, asked.id);
        if (!reply) continue;  // somebody else's
        if (reply->isTruncated) {
            asked.close();
            asked.isStream = true;
            askServer(number);
            return;
        }
        onReply(asked, *reply, message);
        return;
    }
}

void NameResolver::onReply(Asked& asked, const DnsReply& reply, std::string_view message)
{
    const NetworkEndpoint& server = asked.servers[asked.tries % asked.servers.size()];
    if (reply.isCircle) {
        finish(asked, DnsCode::serverFailure, {}, "its aliases go in a circle");
    } else if (reply.code == DnsCode::noSuchName) {
        finish(asked, DnsCode::noSuchName, {}, "there is no such name");
    } else if (reply.code != DnsCode::noError) {
        askNextServer(asked.number, fmt::format("{} gave the error {}", textOf(server), static_cast<int>(reply.code)));
    } else if (!asked.question.asksAddress()) {
        asked.raw = message;
        finish(asked, DnsCode::noError, {}, {});
    } else {
        asked.lookup.lifetime = std::min(reply.lifetime, kLongestLifetime);
        finish(asked, DnsCode::noError, reply.addresses, {});
    }
}

void NameResolver::finish(Asked& asked, DnsCode code, const std::vector<NetworkEndpoint>& addresses,
                          std::string failure)
{
    const auto found = m_asked.find(asked.number);
    std::unique_ptr<Asked> done = std::move(found->second);
    m_asked.erase(found);
    done->close();
    done->lookup.addresses = addresses;
    done->lookup.failure = std::move(failure);
    m_judge.tell(done->lookup);
    const std::size_t room = done->byStream ? kRoomOfStream : done->question.room;
    const bool passesOn = !done->raw.empty();
    done->answer(passesOn ? passedOn(done->question, std::move(done->raw), room)
                          : replyMessage(done->question, code, addresses, done->lookup.lifetime, room));
    m_poller.bury(std::move(done));
}

void NameResolver::serve(UniqueFd socket, std::uint16_t clientPort)
{
    if (m_streams.size() >= kMostStreams) return;
    const std::uint64_t number = ++m_last;
    auto stream = std::make_unique<Stream>(*this, number, std::move(socket), clientPort);
    stream->until = Clock::now() + kStreamPatience;
    stream->await();
    m_streams[number] = std::move(stream);
}

void NameResolver::onStream(std::uint64_t number)
{
    const auto found = m_streams.find(number);
    if (found == m_streams.end()) return;
    Stream& stream = *found->second;
    const int error = stream.stream.advance(stream.socket.get());
    while (const std::optional<std::string> message = stream.stream.take()) {
        ask(*message, IpProtocol::tcp, stream.port, [this, number](const std::string& answer) {
            const auto there = m_streams.find(number);
            if (there == m_streams.end()) return;
            there->second->stream.put(answer);
            if (there->second->stream.advance(there->second->socket.get()) == 0) there->second->await();
        });
    }
    if (error != 0) closeStream(number);
    else stream.await();
}

void NameResolver::closeStream(std::uint64_t number)
{
    const auto found = m_streams.find(number);
    m_poller.bury(std::move(found->second));
    m_streams.erase(found);
}

void NameResolver::tidy(Clock::time_point now)
{
    std::vector<std::uint64_t> late;
    for (const auto& [number, asked] : m_asked)
        if (now >= asked->serverUntil) late.push_back(number);
    for (const std::uint64_t number : late) {
        const Asked& asked = *m_asked.at(number);
        askNextServer(number,
                      fmt::format("no answer from {}", textOf(asked.servers[asked.tries % asked.servers.size()])));
    }
    late.clear();
    for (const auto& [number, stream] : m_streams)
        if (now >= stream->until) late.push_back(number);
    for (const std::uint64_t number : late) closeStream(number);
}

}  // namespace belljar::linux_platform
