#include "core/platform/linux/network/connect_proxy.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include <spdlog/fmt/fmt.h>

#include "core/base/visible.h"
#include "core/platform/linux/network/socket_address.h"
#include "core/platform/posix/errno_text.h"

namespace belljar::linux_platform {
namespace {

constexpr int kBacklog = 1024;
/// Who has not said yet what it wants; the oldest gives way to more.
constexpr std::size_t kMostSilent = 256;
constexpr std::size_t kMostHeld = 64;
constexpr std::chrono::seconds kRequestPatience{30};
/// Of one address, as long as there are others.
constexpr std::chrono::seconds kDialPatience{10};
/// Of the last one: longer than the kernel itself tries.
constexpr std::chrono::seconds kLastDialPatience{150};
/// For an answer to be read.
constexpr std::chrono::seconds kClosingPatience{2};

/// The sandbox's own, or what stands for a part of the relay: dialled from the host that would be something else.
bool isOwn(const NetworkEndpoint& peer)
{
    const SocketAddress address(peer);
    NetworkEndpoint place = peer;
    place.port = kResolverPort;
    return isInsideAddress(address.get(), address.length()) || isResolver(place);
}

}  // namespace

ConnectProxy::ConnectProxy(const InsideSockets& sockets, Poller& poller, RelayJudge& judge, NameResolver& names)
    : m_poller(poller),
      m_judge(judge),
      m_names(names),
      m_doors(sockets, poller, [this](int listener) { onVisitor(listener); }),
      m_flows(poller, judge),
      m_most(mostFlows()),
      m_room(kMostHead)
{
}

ConnectProxy::~ConnectProxy() = default;

void ConnectProxy::onVisitor(int listener)
{
    SocketAddress client;
    UniqueFd inside = m_reserve.accept(listener, client);
    if (!inside) return;
    makeRoom();
    auto visitor = std::make_unique<Visitor>(
        m_poller, ++m_last, [this](std::uint64_t number) { onInside(number); },
        [this](std::uint64_t number) { onDialled(number); });
    Visitor& made = *visitor;
    made.client = client.endpoint();
    made.inside = std::move(inside);
    made.begin = Clock::now();
    made.until = made.begin + kRequestPatience;
    m_visitors[made.number] = std::move(visitor);
    if (m_visitors.size() + m_flows.count() > m_most)
        answer(made, http_status::kUnavailable, "too many connections at once");
    else read(made);
}

/// Whoever has been silent for longest goes, so that silent ones keep nobody out.
void ConnectProxy::makeRoom()
{
    Visitor* oldest = nullptr;
    std::size_t silent = 0;
    for (const auto& [number, visitor] : m_visitors) {
        if (visitor->state != Visitor::State::reads && visitor->state != Visitor::State::closes) continue;
        ++silent;
        if (oldest == nullptr || number < oldest->number) oldest = visitor.get();
    }
    if (silent < std::min(kMostSilent, m_most / 2)) return;
    resetAtClose(oldest->inside.get());
    dismiss(oldest->number);
}

void ConnectProxy::onInside(std::uint64_t number)
{
    if (const auto found = m_visitors.find(number); found != m_visitors.end()) read(*found->second);
}

void ConnectProxy::read(Visitor& visitor)
{
    const ssize_t got = ::recv(visitor.inside.get(), m_room.data(), m_room.size(), MSG_DONTWAIT);
    const bool isLater = got < 0 && (errno == EAGAIN || errno == EINTR);
    if (!isLater && got <= 0) {
        dismiss(visitor.number);
        return;
    }
    if (visitor.state == Visitor::State::reads && got > 0) {
        const std::string_view part(m_room.data(), static_cast<std::size_t>(got));
        visitor.said += part;
        // Only a line's end can make a difference: letters that come one by one are not read over and over again.
        const bool isDue = part.size() == visitor.said.size() || part.find('\n') != std::string_view::npos;
        if (isDue || visitor.said.size() >= kMostHead) visitor.request = readConnectRequest(visitor.said);
        if (visitor.request.state == ConnectRequest::State::whole) {
            serve(visitor);
            return;
        }
        if (visitor.request.state == ConnectRequest::State::bad) {
            answer(visitor, visitor.request.status, visitor.request.problem);
            return;
        }
    }
    m_poller.want(visitor.inside.get(), EPOLLIN, visitor.insideWanted, visitor.insideSide);
}

void ConnectProxy::serve(Visitor& visitor)
{
    const ConnectRequest& request = visitor.request;
    m_poller.want(visitor.inside.get(), 0, visitor.insideWanted, visitor.insideSide);
    visitor.said.erase(0, request.size);
    if (!request.isTunnel && visitor.said.size() > request.bodySize) {
        answer(visitor, http_status::kBadRequest, "more than one request came at once");
        return;
    }
    visitor.until = Clock::time_point::max();
    if (!request.address) {
        lookUp(visitor);
        return;
    }
    visitor.addresses.push_back({request.address->address, request.port, request.address->isIpv6});
    go(visitor);
}

/// As a program of the sandbox would have its resolver do it.
void ConnectProxy::lookUp(Visitor& visitor)
{
    visitor.state = Visitor::State::looksUp;
    visitor.lookups = 2;
    const std::string host = visitor.request.host;
    const std::uint64_t number = visitor.number;
    const std::uint16_t port = visitor.client.port;
    for (const bool isIpv6 : {false, true})
        m_names.ask(questionMessage(addressQuestion(host, isIpv6), 0), IpProtocol::tcp, port,
                    [this, number, isIpv6](const std::string& message) { onAddresses(number, message, isIpv6); });
}

void ConnectProxy::onAddresses(std::uint64_t number, const std::string& message, bool isIpv6)
{
    const auto found = m_visitors.find(number);
    if (found == m_visitors.end()) return;
    Visitor& visitor = *found->second;
    if (const auto reply = readReply(message, addressQuestion(visitor.request.host, isIpv6), 0)) {
        for (NetworkEndpoint address : reply->addresses) {
            address.port = visitor.request.port;
            visitor.addresses.push_back(address);
        }
        if (reply->code == DnsCode::noSuchName) visitor.lookupFailure = "there is no such name";
        else if (reply->code != DnsCode::noError) visitor.lookupFailure = "no name server has an answer";
    }
    if (--visitor.lookups > 0) return;
    if (!visitor.addresses.empty()) {
        // Whichever answer came first: IPv4 is what every host has.
        std::stable_partition(visitor.addresses.begin(), visitor.addresses.end(),
                              [](const NetworkEndpoint& address) { return !address.isIpv6; });
        go(visitor);
        return;
    }
    const NetworkDecision decision = m_judge.judgeName(visitor.request.host);
    if (!decision.allowed) refuse(visitor, decision, visitor.request.host);
    else if (visitor.lookupFailure.empty()) answer(visitor, http_status::kBadGateway, "the name has no address");
    else answer(visitor, http_status::kBadGateway, "the name could not be looked up: " + visitor.lookupFailure);
}

void ConnectProxy::go(Visitor& visitor)
{
    while (visitor.next < visitor.addresses.size())
        if (tryAddress(visitor, visitor.addresses[visitor.next++])) return;
    giveUp(visitor);
}

bool ConnectProxy::tryAddress(Visitor& visitor, const NetworkEndpoint& peer)
{
    if (isOwn(peer)) {
        visitor.own = peer;
        return false;
    }
    visitor.judgement = m_judge.judge(IpProtocol::tcp, peer, visitor.request.host);
    const Judgement& judgement = visitor.judgement;
    if (judgement.decision.isHeld() && m_held.size() < kMostHeld) {
        visitor.state = Visitor::State::isHeld;
        --visitor.next;
        m_held.push_back(visitor.number);
        return true;
    }
    if (!judgement.decision.allowed) {
        if (!visitor.denied) visitor.denied = judgement;
        return false;
    }
    const SocketAddress address(judgement.dial);
    const int family = judgement.dial.isIpv6 ? AF_INET6 : AF_INET;
    visitor.error = judgement.error;
    if (visitor.error == 0) {
        visitor.outside.reset(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        const bool isBegun =
            visitor.outside &&
            (::connect(visitor.outside.get(), address.get(), address.length()) == 0 || errno == EINPROGRESS);
        visitor.error = isBegun ? 0 : errno;
    }
    if (visitor.error != 0) {
        tellFailure(visitor);
        return false;
    }
    const bool isLast = visitor.next == visitor.addresses.size();
    visitor.state = Visitor::State::dials;
    visitor.until = Clock::now() + (isLast ? kLastDialPatience : kDialPatience);
    m_poller.want(visitor.outside.get(), EPOLLOUT, visitor.outsideWanted, visitor.outsideSide);
    return true;
}

void ConnectProxy::onDialled(std::uint64_t number)
{
    const auto found = m_visitors.find(number);
    if (found == m_visitors.end() || !found->second->outside) return;
    Visitor& visitor = *found->second;
    const int error = dialResult(visitor.outside.get());
    if (error == EINPROGRESS) return;
    if (error == 0) {
        carry(visitor);
        return;
    }
    visitor.error = error;
    visitor.closeOutside();
    tellFailure(visitor);
    go(visitor);
}

void ConnectProxy::carry(Visitor& visitor)
{
    const auto found = m_visitors.find(visitor.number);
    std::unique_ptr<Visitor> gone = std::move(found->second);
    m_visitors.erase(found);
    m_poller.want(gone->outside.get(), 0, gone->outsideWanted, gone->outsideSide);
    if (gone->request.isTunnel) {
        constexpr std::string_view kMade = "HTTP/1.1 200 Connection established\r\n\r\n";
        // The first bytes of a connection always have room.
        [[maybe_unused]] const ssize_t sent =
            ::send(gone->inside.get(), kMade.data(), kMade.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    }
    NetworkFlow told;
    told.attempt = gone->judgement.attempt;
    told.decision = gone->judgement.decision;
    told.begin = gone->begin;
    std::optional<std::uint64_t> more;
    if (!gone->request.isTunnel) more = gone->request.bodySize - gone->said.size();
    m_flows.carry({std::move(gone->inside), std::move(gone->outside), gone->client.port}, std::move(told),
                  gone->request.head + gone->said, more);
    m_poller.bury(std::move(gone));
}

void ConnectProxy::tellFailure(const Visitor& visitor)
{
    NetworkFlow told;
    told.attempt = visitor.judgement.attempt;
    told.decision = visitor.judgement.decision;
    told.begin = visitor.begin;
    told.error = visitor.error;
    m_judge.tell(std::move(told), visitor.client.port);
}

void ConnectProxy::giveUp(Visitor& visitor)
{
    if (visitor.denied) {
        visitor.judgement = *std::exchange(visitor.denied, std::nullopt);
        visitor.error = 0;
        tellFailure(visitor);
        refuse(visitor, visitor.judgement.decision, textOf(visitor.judgement.attempt.peer));
    } else if (visitor.own && visitor.error == 0) {
        visitor.judgement.attempt.peer = *visitor.own;
        visitor.judgement.attempt.name = visitor.request.host;
        visitor.judgement.decision = {false, builtin_rule::kOwnLoopback};
        tellFailure(visitor);
        answer(visitor, http_status::kForbidden,
               "that is an address of the sandbox's own, to be reached without the proxy");
    } else {
        const int status = visitor.error == ETIMEDOUT ? http_status::kGatewayTimeout : http_status::kBadGateway;
        answer(visitor, status, "it could not be reached: " + errnoText(visitor.error));
    }
}

void ConnectProxy::refuse(Visitor& visitor, const NetworkDecision& decision, const std::string& what)
{
    const std::string rule = m_judge.ruleText(decision.rule);
    answer(visitor, http_status::kForbidden,
           fmt::format("{} may not be reached{}{}", what, rule.empty() ? "" : ": ", visible(rule)));
}

void ConnectProxy::answer(Visitor& visitor, int status, const std::string& why)
{
    const std::string text = refusalText(status, why);
    visitor.closeOutside();
    visitor.said.clear();
    visitor.state = Visitor::State::closes;
    visitor.until = Clock::now() + kClosingPatience;
    [[maybe_unused]] const ssize_t sent =
        ::send(visitor.inside.get(), text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    ::shutdown(visitor.inside.get(), SHUT_WR);
    // What comes still is thrown away: a reset would overtake the answer.
    m_poller.want(visitor.inside.get(), EPOLLIN, visitor.insideWanted, visitor.insideSide);
}

void ConnectProxy::dismiss(std::uint64_t number)
{
    const auto found = m_visitors.find(number);
    m_poller.want(found->second->inside.get(), 0, found->second->insideWanted, found->second->insideSide);
    m_poller.bury(std::move(found->second));
    m_visitors.erase(found);
}

void ConnectProxy::askAgain()
{
    for (const std::uint64_t number : std::exchange(m_held, {}))
        if (const auto found = m_visitors.find(number); found != m_visitors.end()) go(*found->second);
    for (const std::uint64_t number : m_held) {
        const Visitor& visitor = *m_visitors.at(number);
        m_judge.tellHeld(visitor.judgement.decision, IpProtocol::tcp, visitor.client.port);
    }
}

void ConnectProxy::decideAgain()
{
    m_flows.decideAgain();
    std::vector<std::uint64_t> refused;
    for (const auto& [number, visitor] : m_visitors)
        if (visitor->state == Visitor::State::dials && !m_judge.again(visitor->judgement.attempt).allowed)
            refused.push_back(number);
    for (const std::uint64_t number : refused) {
        Visitor& visitor = *m_visitors.at(number);
        visitor.closeOutside();
        --visitor.next;  // the same address is judged anew
        go(visitor);
    }
}

void ConnectProxy::tidy(Clock::time_point now)
{
    std::vector<std::uint64_t> late;
    for (const auto& [number, visitor] : m_visitors)
        if (now >= visitor->until) late.push_back(number);
    for (const std::uint64_t number : late) {
        Visitor& visitor = *m_visitors.at(number);
        switch (visitor.state) {
            case Visitor::State::reads: answer(visitor, http_status::kRequestTimeout, "no request came in time"); break;
            case Visitor::State::closes: dismiss(number); break;
            default:
                visitor.closeOutside();
                visitor.error = ETIMEDOUT;
                tellFailure(visitor);
                go(visitor);
                break;
        }
    }
    m_flows.tidy(now);
}

void ConnectProxy::end()
{
    while (!m_visitors.empty()) dismiss(m_visitors.begin()->first);
    m_flows.end();
}

}  // namespace belljar::linux_platform
