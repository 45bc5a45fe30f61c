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

Judgement RelayJudge::judge(IpProtocol protocol, const NetworkEndpoint& peer)
{
    Judgement made;
    made.attempt = {protocol, peer, false};
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
    return made;
}

void RelayJudge::findOwner(NetworkFlow& flow, std::uint16_t clientPort)
{
    if (!m_hooks.onEnd || flow.process.pid != 0) return;
    const std::int32_t tid = m_owners->of(flow.attempt.protocol, clientPort);
    if (tid == 0) return;
    // No number comes round again as soon as that, and a program that opens many connections is looked up once.
    constexpr std::chrono::milliseconds kTrusted{200};
    const auto now = ProcessTable::Clock::now();
    if (now - m_knownSince > kTrusted) {
        m_known = {};
        m_knownSince = now;
    }
    const ProcessEntry* const found = m_known.find(tid, now);
    if (found == nullptr) return;
    flow.process = {found->pid, found->parentPid, found->insidePid, found->startTicks, found->name};
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

}  // namespace belljar::linux_platform
