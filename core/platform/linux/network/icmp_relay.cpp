#include "core/platform/linux/network/icmp_relay.h"

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/platform/linux/network/packet_rules.h"
#include "core/platform/linux/network/socket_address.h"

namespace belljar::linux_platform {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kLargest = 8192;
constexpr std::size_t kMostFlows = 64;
constexpr double kMostAtOnce = 256;
constexpr double kMostInASecond = 1000;
constexpr int kMostInOneGo = 32;
/// Programs ask every second, and wait for a few.
constexpr std::chrono::seconds kPatience{10};

/// Routers' words count, too, that nobody is there.
void hearErrors(int socket, bool isIpv6)
{
    const int yes = 1;
    if (isIpv6) ::setsockopt(socket, IPPROTO_IPV6, IPV6_RECVERR, &yes, sizeof yes);
    else ::setsockopt(socket, IPPROTO_IP, IP_RECVERR, &yes, sizeof yes);
}

/// Until it is empty, its poller is woken.
void emptyErrors(int socket)
{
    char room = 0;
    while (::recv(socket, &room, sizeof room, MSG_ERRQUEUE | MSG_DONTWAIT) >= 0) {}
}

std::uint32_t markOf(RefusalMark mark)
{
    return static_cast<std::uint32_t>(mark);
}

}  // namespace

/// What one program asks one peer.
struct IcmpRelay::Flow final : public Pollable {
    Flow(IcmpRelay& owner, const FlowKey& flowKey) : relay(owner), key(flowKey) {}
    ~Flow() override { relay.m_poller.want(socket.get(), 0, wanted, *this); }
    void onReady(std::uint32_t /*events*/) override { relay.onAnswer(*this); }

    IcmpRelay& relay;
    const FlowKey key;
    NetworkFlow told;
    UniqueFd socket;
    std::uint32_t wanted = 0;
    std::uint16_t sequence = 0;  ///< Of the last request.
    Clock::time_point used;
};

class IcmpRelay::Queue final : public Pollable {
public:
    explicit Queue(IcmpRelay& relay) : m_relay(relay)
    {
        m_relay.m_poller.want(m_relay.m_queue.socket(), EPOLLIN, m_wanted, *this);
    }
    ~Queue() override { m_relay.m_poller.want(m_relay.m_queue.socket(), 0, m_wanted, *this); }
    void onReady(std::uint32_t /*events*/) override { m_relay.readQueue(); }

private:
    IcmpRelay& m_relay;
    std::uint32_t m_wanted = 0;
};

IcmpRelay::IcmpRelay(const InsideSockets& sockets, Poller& poller, RelayJudge& judge, UdpIngress& visitors)
    : m_sockets(sockets),
      m_poller(poller),
      m_judge(judge),
      m_visitors(visitors),
      m_queue(sockets.messages.get(), kMessageQueue, kLargest),
      m_room(kLargest),
      m_allowance(kMostAtOnce)
{
}

IcmpRelay::~IcmpRelay() = default;

Result<void> IcmpRelay::open()
{
    Result<void> opened = m_queue.open();
    if (opened) m_queueWatch = std::make_unique<Queue>(*this);
    return opened;
}

void IcmpRelay::readQueue()
{
    m_queue.read(
        [this](std::uint32_t id, const std::uint8_t* packet, std::size_t length) { onPacket(id, packet, length); });
}

void IcmpRelay::onPacket(std::uint32_t id, const std::uint8_t* packet, std::size_t length)
{
    if (const std::optional<EchoView> echo = echoRequest(packet, length)) {
        onEcho(id, *echo);
        return;
    }
    const std::optional<DatagramRefusal> refusal = datagramRefusal(packet, length);
    if (refusal && m_visitors.isFor(refusal->sender))
        m_visitors.onRefused(refusal->sender, refusal->peer, refusal->error);
    // An echo that is too large is refused; nobody but us is to get anything else.
    if (refusal) m_queue.drop(id);
    else m_queue.repeat(id, markOf(RefusalMark::prohibited));
}

void IcmpRelay::onEcho(std::uint32_t id, const EchoView& echo)
{
    FlowKey key{echo.from, echo.to};
    key.client.port = echo.identifier;
    const auto known = m_flows.find(key);
    int error = 0;
    Flow* const flow = known == m_flows.end() ? begin(key, error) : known->second.get();
    if (flow == nullptr) {
        m_queue.repeat(id, markOf(error == EPERM         ? RefusalMark::prohibited
                                  : error == ENETUNREACH ? RefusalMark::networkUnreachable
                                                         : RefusalMark::hostUnreachable));
        return;
    }
    m_queue.drop(id);  // the host sends its own
    if (isTooMany()) return;
    flow->used = Clock::now();
    flow->sequence = echo.sequence;
    const std::string message = echoMessage(echo);
    // The first try may only bring the error of an earlier one.
    for (int tries = 0; tries < 2; ++tries) {
        const ssize_t sent = ::send(flow->socket.get(), message.data(), message.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0 && tries == 0 && errno != EAGAIN && errno != EMSGSIZE) continue;
        if (sent >= 0) flow->told.sent += echo.payload.size();
        break;
    }
}

/// Asked of each request, so that a flood costs the host no more than that.
bool IcmpRelay::isTooMany()
{
    const auto now = Clock::now();
    const double seconds = std::chrono::duration<double>(now - m_allowedSince).count();
    m_allowedSince = now;
    m_allowance = std::min(kMostAtOnce, m_allowance + seconds * kMostInASecond);
    if (m_allowance < 1) return true;
    m_allowance -= 1;
    return false;
}

/// nullptr, and an errno: it goes nowhere. EPERM: it may not.
IcmpRelay::Flow* IcmpRelay::begin(const FlowKey& key, int& error)
{
    const Judgement judgement = m_judge.judge(IpProtocol::icmp, key.peer);
    error = judgement.decision.allowed ? judgement.error : EPERM;
    if (error != 0) return nullptr;
    if (m_flows.size() >= kMostFlows) closeOldest();
    auto flow = std::make_unique<Flow>(*this, key);
    const bool isIpv6 = key.peer.isIpv6;
    const SocketAddress address(judgement.dial);
    int protocol = IPPROTO_ICMP;
    if (isIpv6) protocol = IPPROTO_ICMPV6;
    flow->socket.reset(::socket(isIpv6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol));
    if (!flow->socket || ::connect(flow->socket.get(), address.get(), address.length()) != 0) {
        error = errno == EACCES ? EPERM : errno;
        return nullptr;
    }
    hearErrors(flow->socket.get(), isIpv6);
    flow->told.attempt = judgement.attempt;
    flow->told.decision = judgement.decision;
    flow->told.begin = Clock::now();
    m_judge.findOwner(flow->told, key.client.port);
    Flow& made = *(m_flows[key] = std::move(flow));
    m_poller.want(made.socket.get(), EPOLLIN, made.wanted, made);
    return &made;
}

void IcmpRelay::onAnswer(Flow& flow)
{
    EchoView asked{flow.key.client, flow.key.peer, flow.key.client.port, flow.sequence, {}};
    asked.from.port = 0;
    for (int i = 0; i < kMostInOneGo; ++i) {
        const ssize_t got = ::recv(flow.socket.get(), m_room.data(), m_room.size(), MSG_DONTWAIT);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
            emptyErrors(flow.socket.get());
            return;
        }
        if (got < 0) {
            const Unreachable why = errno == ENETUNREACH ? Unreachable::network : Unreachable::host;
            emptyErrors(flow.socket.get());
            sendInside(unreachableEchoPacket(asked, why), asked.from);
            return;
        }
        const std::string_view message(m_room.data(), static_cast<std::size_t>(got));
        std::optional<EchoView> answer = echoAnswer(message, flow.key.peer.isIpv6);
        if (!answer) continue;
        flow.used = Clock::now();
        flow.told.received += answer->payload.size();
        answer->from = asked.to;
        answer->to = asked.from;
        answer->identifier = asked.identifier;
        sendInside(echoReplyPacket(*answer), answer->to);
    }
}

void IcmpRelay::sendInside(const std::string& packet, const NetworkEndpoint& to) const
{
    sendPacket(to.isIpv6 ? m_sockets.raw6.get() : m_sockets.raw4.get(), to, packet);
}

void IcmpRelay::close(const FlowKey& key, int error)
{
    const auto found = m_flows.find(key);
    std::unique_ptr<Flow> flow = std::move(found->second);
    m_flows.erase(found);
    m_poller.want(flow->socket.get(), 0, flow->wanted, *flow);
    NetworkFlow told = flow->told;
    told.error = error;
    const std::uint16_t number = flow->key.client.port;
    m_poller.bury(std::move(flow));
    m_judge.tell(std::move(told), number);
}

void IcmpRelay::closeOldest()
{
    const auto oldest = std::min_element(m_flows.begin(), m_flows.end(), [](const auto& one, const auto& other) {
        return one.second->used < other.second->used;
    });
    close(FlowKey(oldest->first), 0);
}

void IcmpRelay::decideAgain()
{
    std::vector<FlowKey> refused;
    for (auto& [key, flow] : m_flows) {
        const NetworkDecision decision = m_judge.again(flow->told.attempt);
        if (decision.allowed) flow->told.decision = decision;
        else refused.push_back(key);
    }
    for (const FlowKey& key : refused) close(key, ECONNABORTED);
}

void IcmpRelay::tidy(Clock::time_point now)
{
    std::vector<FlowKey> silent;
    for (const auto& [key, flow] : m_flows)
        if (now - flow->used > kPatience) silent.push_back(key);
    for (const FlowKey& key : silent) close(key, 0);
}

void IcmpRelay::end()
{
    while (!m_flows.empty()) close(FlowKey(m_flows.begin()->first), 0);
}

}  // namespace belljar::linux_platform
