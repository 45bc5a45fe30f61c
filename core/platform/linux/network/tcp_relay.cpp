#include "core/platform/linux/network/tcp_relay.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/platform/linux/network/socket_address.h"
#include "core/platform/linux/network/spoken_check.h"

namespace belljar::linux_platform {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kRoom = 256U << 10U;
/// Longer than the kernel itself tries to connect.
constexpr std::chrono::seconds kDialPatience{150};
/// Attempts that wait for an answer.
constexpr std::size_t kMostHeld = 64;
/// From the moment its packet passes a connection needs microseconds.
constexpr std::chrono::seconds kAcceptPatience{5};

}  // namespace

/// A connection of the host that is being made, or has been and waits for its other half.
struct TcpRelay::Dial final : public Pollable {
    Dial(TcpRelay& owner, const FlowKey& flowKey) : relay(owner), key(flowKey) {}
    ~Dial() override { relay.m_poller.want(socket.get(), 0, wanted, *this); }
    void onReady(std::uint32_t /*events*/) override { relay.onDialled(key); }

    TcpRelay& relay;
    const FlowKey key;
    Judgement judgement;
    std::uint32_t packet = 0;
    UniqueFd socket;
    std::uint32_t wanted = 0;
    bool isMade = false;
    Clock::time_point begin;
    Clock::time_point until;
};

class TcpRelay::Listener final : public Pollable {
public:
    Listener(TcpRelay& relay, int socket) : m_relay(relay), m_socket(socket)
    {
        m_relay.m_poller.wantBehindGate(m_socket, EPOLLIN, m_wanted, *this);
    }
    ~Listener() override { m_relay.m_poller.wantBehindGate(m_socket, 0, m_wanted, *this); }
    void onReady(std::uint32_t /*events*/) override { m_relay.acceptOne(m_socket); }
    [[nodiscard]] int socket() const { return m_socket; }

private:
    TcpRelay& m_relay;
    const int m_socket;
    std::uint32_t m_wanted = 0;
};

class TcpRelay::Queue final : public Pollable {
public:
    explicit Queue(TcpRelay& relay) : m_relay(relay)
    {
        m_relay.m_poller.wantBehindGate(m_relay.m_queue.socket(), EPOLLIN, m_wanted, *this);
    }
    ~Queue() override { m_relay.m_poller.wantBehindGate(m_relay.m_queue.socket(), 0, m_wanted, *this); }
    void onReady(std::uint32_t /*events*/) override { m_relay.readQueue(); }

private:
    TcpRelay& m_relay;
    std::uint32_t m_wanted = 0;
};

TcpRelay::TcpRelay(const InsideSockets& sockets, Poller& poller, RelayJudge& judge, NameResolver& names)
    : m_poller(poller), m_judge(judge), m_names(names), m_queue(sockets.queue.get()), m_most(mostFlows()), m_room(kRoom)
{
    m_listeners.push_back(std::make_unique<Listener>(*this, sockets.stream4.get()));
    m_listeners.push_back(std::make_unique<Listener>(*this, sockets.stream6.get()));
}

TcpRelay::~TcpRelay() = default;

Result<void> TcpRelay::open()
{
    Result<void> opened = m_queue.open();
    if (opened) m_queueWatch = std::make_unique<Queue>(*this);
    return opened;
}

Result<void> TcpRelay::forward(std::unique_ptr<ForwardedFlows> flows)
{
    m_forwarded = std::move(flows);
    return m_forwarded->open();
}

void TcpRelay::readQueue()
{
    m_packets.clear();
    m_queue.read(m_packets);
    for (const WaitingPacket& packet : m_packets) onFirstPacket(packet);
}

void TcpRelay::onFirstPacket(const WaitingPacket& packet)
{
    if (!packet.from) {
        m_queue.drop(packet.id);
        return;
    }
    const FlowKey key{*packet.from, packet.to};
    if (const auto known = m_dials.find(key); known != m_dials.end()) {
        // Said again, because the first one still waits; or its connection is to be made again.
        if (known->second->isMade) m_queue.letPass(packet.id);
        else m_queue.drop(packet.id);
        return;
    }
    if (m_forwarded && m_forwarded->has(key)) {
        m_queue.letPass(packet.id);
        return;
    }
    auto dial = std::make_unique<Dial>(*this, key);
    dial->packet = packet.id;
    dial->begin = Clock::now();
    go(std::move(dial));
}

/// Judges it, and goes by that.
void TcpRelay::go(std::unique_ptr<Dial> dial)
{
    const FlowKey key = dial->key;
    const std::uint32_t packet = dial->packet;
    dial->judgement = m_judge.judge(IpProtocol::tcp, key.peer);
    const NetworkDecision& decision = dial->judgement.decision;
    if (decision.isHeld() && m_held.size() < kMostHeld) {
        dial->until = dial->begin + kDialPatience;
        m_held.push_back(key);
        m_dials[key] = std::move(dial);
        return;
    }
    if (!decision.allowed) {
        m_queue.refuse(packet, RefusalMark::refused);
        return;
    }
    if (dial->judgement.error != 0) {
        m_queue.refuseFor(packet, dial->judgement.error);
        return;
    }
    if (m_forwarded && m_forwarded->takes(key, dial->judgement) &&
        m_forwarded->begin(key, dial->judgement, dial->begin)) {
        m_queue.letPass(packet);
        return;
    }
    if (m_dials.size() + m_flows.size() >= m_most) {
        m_queue.drop(packet);  // the program tries again a second later
        return;
    }
    if (isResolver(key.peer)) {
        Dial& made = *(m_dials[key] = std::move(dial));
        onMade(made);
        return;
    }
    const SocketAddress address(dial->judgement.dial);
    dial->socket = m_outward.take(key.peer.isIpv6);
    dial->until = Clock::now() + kDialPatience;
    int error = 0;
    if (!dial->socket || ::connect(dial->socket.get(), address.get(), address.length()) != 0) error = errno;
    if (error != 0 && error != EINPROGRESS) {
        m_queue.refuseFor(packet, error);
        return;
    }
    m_dials[key] = std::move(dial);
    // To a peer on this machine it is made by now.
    onDialled(key);
}

void TcpRelay::askAgain()
{
    for (const FlowKey& key : std::exchange(m_held, {})) {
        auto dial = m_dials.extract(key);
        if (!dial.empty()) go(std::move(dial.mapped()));
    }
    for (const FlowKey& key : m_held)
        m_judge.tellHeld(m_dials.at(key)->judgement.decision, IpProtocol::tcp, key.client.port);
}

/// Called when it may be so.
void TcpRelay::onDialled(const FlowKey& key)
{
    const auto found = m_dials.find(key);
    if (found == m_dials.end() || found->second->isMade || !found->second->socket) return;
    Dial& dial = *found->second;
    const int error = dialResult(dial.socket.get());
    if (error == EINPROGRESS) {
        m_poller.want(dial.socket.get(), EPOLLOUT, dial.wanted, dial);
        return;
    }
    if (error != 0) {
        m_queue.refuseFor(dial.packet, error);
        m_poller.want(dial.socket.get(), 0, dial.wanted, dial);
        m_poller.bury(std::move(found->second));
        m_dials.erase(found);
        return;
    }
    m_poller.want(dial.socket.get(), 0, dial.wanted, dial);
    onMade(dial);
}

void TcpRelay::onMade(Dial& dial)
{
    dial.isMade = true;
    dial.until = Clock::now() + kAcceptPatience;
    const int listener = m_listeners[dial.key.peer.isIpv6 ? 1 : 0]->socket();
    // The whole handshake happens within this call.
    m_queue.letPass(dial.packet);
    acceptOne(listener);
}

void TcpRelay::acceptOne(int listener)
{
    SocketAddress client;
    SocketAddress peer;
    UniqueFd inside = m_reserve.accept(listener, client);
    if (!inside || ::getsockname(inside.get(), peer.room(), peer.lengthRoom()) != 0) return;
    carry({client.endpoint(), peer.endpoint()}, std::move(inside));
}

void TcpRelay::carry(const FlowKey& key, UniqueFd inside)
{
    const auto found = m_dials.find(key);
    if (found == m_dials.end() || !found->second->isMade) {
        // Nobody has decided about it.
        resetAtClose(inside.get());
        return;
    }
    std::unique_ptr<Dial> dial = std::move(found->second);
    m_dials.erase(found);
    if (isResolver(key.peer)) {
        m_names.serve(std::move(inside), key.client.port);
        m_poller.bury(std::move(dial));
        return;
    }
    CarriedFlow carried;
    carried.told.attempt = dial->judgement.attempt;
    carried.told.decision = dial->judgement.decision;
    carried.told.begin = dial->begin;
    carried.flow = std::make_unique<TcpFlow>(m_poller, m_room, std::move(inside), std::move(dial->socket),
                                             [this, key](int error) { onOver(key, error); });
    TcpFlow& flow = *carried.flow;
    flow.listen([this, key](std::string_view bytes, bool isAll) { return hear(key, bytes, isAll); },
                carried.told.decision.byName);
    if (carried.told.decision.byName) m_listening.push_back(key);
    m_poller.bury(std::move(dial));
    m_flows[key] = std::move(carried);
    flow.begin();
    if (m_judge.isHeard()) m_unowned.push_back(key);
}

/// The program may say another name than that under which it has got the address.
TcpFlow::Heard TcpRelay::hear(const FlowKey& key, std::string_view bytes, bool isAll)
{
    const auto found = m_flows.find(key);
    return found == m_flows.end() ? TcpFlow::Heard::pass : hearName(m_judge, found->second.told, bytes, isAll);
}

void TcpRelay::findOwners()
{
    for (const FlowKey& key : m_unowned)
        if (const auto found = m_flows.find(key); found != m_flows.end())
            m_judge.findOwner(found->second.told, key.client.port);
    m_unowned.clear();
    if (m_forwarded) m_forwarded->findOwners();
}

void TcpRelay::onOver(const FlowKey& key, int error)
{
    const auto found = m_flows.find(key);
    if (found == m_flows.end()) return;
    CarriedFlow carried = std::move(found->second);
    m_flows.erase(found);
    tellOver(std::move(carried), error, key.client.port, m_poller, m_judge);
}

void TcpRelay::decideAgain()
{
    if (m_forwarded) m_forwarded->decideAgain();
    std::vector<FlowKey> refused;
    for (auto& [key, carried] : m_flows) {
        const NetworkDecision decision = m_judge.again(carried.told.attempt);
        if (decision.allowed && decision.byName && !carried.told.decision.byName && !carried.told.attempt.nameIsSaid)
            refused.push_back(key);  // it may have said another name
        else if (decision.allowed) carried.told.decision = decision;
        else refused.push_back(key);
    }
    for (const FlowKey& key : refused) m_flows.at(key).flow->cut(ECONNABORTED);
    giveUp(
        [this](const Dial& dial) {
            return !dial.judgement.decision.isHeld() && !m_judge.again(dial.judgement.attempt).allowed;
        },
        RefusalMark::refused);
}

void TcpRelay::tidy(Clock::time_point now)
{
    if (m_forwarded) m_forwarded->tidy(now);
    giveUp([now](const Dial& dial) { return now >= dial.until; }, RefusalMark::hostUnreachable);
    cutSilent(m_listening, m_flows, now);
}

template <typename Condition>
void TcpRelay::giveUp(const Condition& condition, RefusalMark why)
{
    for (auto entry = m_dials.begin(); entry != m_dials.end();) {
        Dial& dial = *entry->second;
        if (!condition(dial)) {
            ++entry;
            continue;
        }
        if (!dial.isMade) m_queue.refuse(dial.packet, why);
        m_poller.bury(std::move(entry->second));
        entry = m_dials.erase(entry);
    }
}

void TcpRelay::leave()
{
    std::vector<FlowKey> keys;
    for (const auto& [key, carried] : m_flows) keys.push_back(key);
    for (const FlowKey& key : keys) m_flows.at(key).flow->leave();
}

void TcpRelay::end()
{
    m_dials.clear();
    if (m_forwarded) m_forwarded->end();
    while (!m_flows.empty()) m_flows.begin()->second.flow->cut(ECONNABORTED);
}

}  // namespace belljar::linux_platform
