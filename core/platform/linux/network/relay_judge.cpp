#include "core/platform/linux/network/relay_judge.h"

#include <cerrno>
#include <string_view>

#include "core/platform/linux/network/inside_network.h"
#include "core/platform/linux/network/socket_address.h"

namespace belljar::linux_platform {
namespace {

NetworkEndpoint loopback(const NetworkEndpoint& like)
{
    NetworkEndpoint made = like;
    if (like.isIpv6) {
        made.address = {};
        made.address[15] = 1;
    } else {
        made.address = {127, 0, 0, 1};
    }
    return made;
}

std::size_t mixed(std::size_t before, const NetworkEndpoint& endpoint)
{
    const std::string_view bytes(reinterpret_cast<const char*>(endpoint.address.data()),  // NOLINT: plain bytes
                                 endpoint.address.size());
    return (before * 31 + std::hash<std::string_view>{}(bytes)) * 31 + endpoint.port;
}

}  // namespace

std::size_t FlowKeyHash::operator()(const FlowKey& key) const
{
    return mixed(mixed(0, key.client), key.peer);
}

Judgement RelayJudge::judge(IpProtocol protocol, const NetworkEndpoint& peer, const std::string& name)
{
    Judgement made;
    made.attempt = {protocol, peer};
    made.attempt.mayWait = protocol != IpProtocol::icmp;  // nobody waits for one echo as long as that
    made.attempt.name = name;
    made.attempt.nameIsSaid = !name.empty();
    made.dial = peer;
    if (peer.address == hostLoopbackAddress(peer.isIpv6).address) {
        made.attempt.isHost = true;
        made.dial = loopback(peer);
    } else if (const bool isProxy = peer == loopback(peer) && peer.port == m_proxyPort; !isProxy) {
        switch (m_routes.kindOf(peer)) {
            case RouteKind::elsewhere: break;
            case RouteKind::host: made.attempt.isHost = true; break;
            case RouteKind::many: made.error = ENETUNREACH; break;
        }
    }
    made.decision = m_hooks.decide(made.attempt);
    if (name.empty()) made.attempt.name = made.decision.name;
    made.attempt.mayWait = false;
    if (made.decision.isOnce) made.attempt.grant = made.decision.rule;
    return made;
}

NetworkDecision RelayJudge::judgeName(const std::string& name) const
{
    return m_hooks.decideName ? m_hooks.decideName(name) : NetworkDecision{};
}

FlowProcess RelayJudge::ownerOf(IpProtocol protocol, std::uint16_t clientPort)
{
    if (!m_hooks.onEnd && !m_hooks.onHeld) return {};
    const std::int32_t tid = m_owners->of(protocol, clientPort);
    if (tid == 0) return {};
    // No number comes round again as soon as that, and a program that opens many connections is looked up once.
    constexpr std::chrono::milliseconds kTrusted{200};
    const auto now = ProcessTable::Clock::now();
    if (now - m_knownSince > kTrusted) {
        m_known = {};
        m_knownSince = now;
    }
    const ProcessEntry* const found = m_known.find(tid, now);
    if (found == nullptr) return {};
    return {found->pid, found->parentPid, found->insidePid, found->startTicks, found->name};
}

void RelayJudge::findOwner(NetworkFlow& flow, std::uint16_t clientPort)
{
    if (flow.process.pid == 0) flow.process = ownerOf(flow.attempt.protocol, clientPort);
}

void RelayJudge::tellAccepted(NetworkFlow& flow)
{
    if (!m_hooks.onAccept) return;
    flow.peerText = textOf(flow.attempt.peer);
    findOwner(flow, flow.publishedPort);
    m_hooks.onAccept(flow);
}

void RelayJudge::tell(NetworkFlow flow, std::uint16_t clientPort)
{
    if (!m_hooks.onEnd) return;
    flow.peerText = textOf(flow.attempt.peer);
    findOwner(flow, clientPort);
    flow.end = std::chrono::steady_clock::now();
    m_hooks.onEnd(flow);
}

void RelayJudge::tell(NameLookup& lookup) const
{
    lookup.end = std::chrono::steady_clock::now();
    if (m_hooks.onLookup) m_hooks.onLookup(lookup);
}

void RelayJudge::tellHeld(const NetworkDecision& decision, IpProtocol protocol, std::uint16_t clientPort)
{
    if (m_hooks.onHeld) m_hooks.onHeld(decision.question, ownerOf(protocol, clientPort));
}

void RelayJudge::tick() const
{
    if (m_hooks.onTick) m_hooks.onTick();
}

}  // namespace belljar::linux_platform
