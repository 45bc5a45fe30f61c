#include "core/engine/network_hooks.h"

#include <spdlog/fmt/fmt.h>

#include "core/base/ip_network.h"
#include "core/policy/decide.h"

namespace belljar {
namespace {

bool isLoopback(const NetworkEndpoint& peer)
{
    if (!peer.isIpv6) return peer.address[0] == 127;
    NetworkEndpoint loopback;
    loopback.address[15] = 1;
    return peer.address == loopback.address;
}

}  // namespace

std::string addressText(const NetworkEndpoint& peer)
{
    return ipNetworkText({peer.address, peer.isIpv6 ? 128U : 32U, peer.isIpv6});
}

NetworkDecision decideAttempt(const Policy& policy, const NetworkAttempt& attempt)
{
    const NetworkPolicy& network = policy.network;
    const NetworkEndpoint& peer = attempt.peer;
    // The sandbox's own loopback has one peer that is not the sandbox's: the proxy.
    if (isLoopback(peer)) {
        if (!network.proxy || network.proxy->port != peer.port) return {false, network.rule};
        return {true, network.proxy->rule};
    }
    Access access;
    access.kind = AccessKind::connect;
    access.host = addressText(peer);
    access.port = peer.port;
    access.protocol = attempt.protocol;
    access.isHost = attempt.isHost;
    const Verdict verdict = decide(policy, access);
    return {verdict.allowed, verdict.rule};
}

namespace {

/// What both tell.
Event eventOf(const NetworkFlow& flow, EventKind kind, std::int64_t timeNs)
{
    Event event;
    event.kind = kind;
    event.origin = EventOrigin::belljar;
    event.timeNs = timeNs;
    event.pid = flow.process.pid;
    event.parentPid = flow.process.parentPid;
    event.insidePid = flow.process.insidePid;
    event.processStart = flow.process.startTicks;
    event.processName = flow.process.name;
    event.object = flow.peerText;
    event.detail = flow.attempt.protocol == IpProtocol::udp ? kUdpDetail : kTcpDetail;
    if (flow.publishedPort != 0) event.detail += fmt::format(", from outside to port {}", flow.publishedPort);
    event.result = flow.error;
    event.trust = ResultTrust::seen;
    event.verdict = EventVerdict::allowed;
    event.rule = flow.rule;
    event.mechanism = Mechanism::network;
    return event;
}

}  // namespace

Event acceptEvent(const NetworkFlow& flow, std::chrono::steady_clock::time_point origin)
{
    const auto now = std::chrono::steady_clock::now();
    return eventOf(flow, EventKind::netAccept,
                   std::chrono::duration_cast<std::chrono::nanoseconds>(now - origin).count());
}

Event flowEvent(const NetworkFlow& flow, std::chrono::steady_clock::time_point origin)
{
    using Milliseconds = std::chrono::duration<double, std::milli>;
    Event event = eventOf(flow, EventKind::netFlow,
                          std::chrono::duration_cast<std::chrono::nanoseconds>(flow.end - origin).count());
    event.detail += fmt::format(", sent {}, received {}, {:.1f} ms", flow.sent, flow.received,
                                Milliseconds(flow.end - flow.begin).count());
    return event;
}

}  // namespace belljar
