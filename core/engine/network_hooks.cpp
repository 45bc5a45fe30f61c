#include "core/engine/network_hooks.h"

#include <spdlog/fmt/fmt.h>

#include <array>
#include <utility>

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

Event ownEvent(EventKind kind, const FlowProcess& process, std::chrono::steady_clock::time_point time,
               std::chrono::steady_clock::time_point origin)
{
    Event event;
    event.kind = kind;
    event.origin = EventOrigin::belljar;
    event.timeNs = std::chrono::duration_cast<std::chrono::nanoseconds>(time - origin).count();
    event.pid = process.pid;
    event.parentPid = process.parentPid;
    event.insidePid = process.insidePid;
    event.processStart = process.startTicks;
    event.processName = process.name;
    event.trust = ResultTrust::seen;
    return event;
}

std::string recordTypeName(std::uint16_t type)
{
    struct Row {
        std::uint16_t type;
        const char* name;
    };
    static constexpr std::array kRows{Row{1, "A"},    Row{2, "NS"},    Row{5, "CNAME"},  Row{6, "SOA"},
                                      Row{12, "PTR"}, Row{15, "MX"},   Row{16, "TXT"},   Row{28, "AAAA"},
                                      Row{33, "SRV"}, Row{64, "SVCB"}, Row{65, "HTTPS"}, Row{255, "ANY"}};
    for (const Row& row : kRows)
        if (row.type == type) return row.name;
    return fmt::format("TYPE{}", type);
}

}  // namespace

std::string addressText(const NetworkEndpoint& peer)
{
    return ipNetworkText({peer.address, peer.isIpv6 ? 128U : 32U, peer.isIpv6});
}

NamedVerdict decideNamed(const Policy& policy, Access access, const std::vector<std::string>& names)
{
    NamedVerdict made;
    made.verdict = decide(policy, access);
    if (names.empty()) return made;
    made.name = names.front();
    if (made.verdict.allowed) return made;
    for (const std::string& name : names) {
        access.name = name;
        Verdict verdict = decide(policy, access);
        // What is said to a proxy is whom it is to reach, and proves nothing.
        const bool isProxy = policy.network.proxy && verdict.rule == policy.network.proxy->rule;
        if (verdict.allowed) return {std::move(verdict), name, !isProxy};
        if (name == names.front()) made.verdict = std::move(verdict);
    }
    return made;
}

Access accessOf(const NetworkAttempt& attempt)
{
    Access access;
    access.kind = AccessKind::connect;
    access.host = addressText(attempt.peer);
    access.port = attempt.peer.port;
    access.protocol = attempt.protocol;
    access.isHost = attempt.isHost;
    return access;
}

NetworkDecision decideAttempt(const Policy& policy, const NetworkAttempt& attempt,
                              const std::vector<std::string>& names)
{
    const NetworkPolicy& network = policy.network;
    const NetworkEndpoint& peer = attempt.peer;
    // The sandbox's own loopback has one peer that is not the sandbox's: the proxy.
    if (isLoopback(peer)) {
        if (!network.proxy || network.proxy->port != peer.port) return {false, network.rule};
        return {true, network.proxy->rule};
    }
    std::vector<std::string> known;
    if (!attempt.nameIsSaid || network.proxy) known = names;
    if (!attempt.name.empty()) known.insert(known.begin(), attempt.name);
    NamedVerdict made = decideNamed(policy, accessOf(attempt), known);
    // An answer for this once holds against nothing but the lack of a rule.
    if (!made.verdict.allowed && attempt.grant != 0 && made.verdict.rule == network.rule)
        return {true, attempt.grant, std::move(made.name)};
    return {made.verdict.allowed, made.verdict.rule, std::move(made.name), made.byName};
}

NetworkDecision decideLookup(const Policy& policy, const std::string& name)
{
    Access access;
    access.kind = AccessKind::resolve;
    access.host = name;
    const Verdict verdict = decide(policy, access);
    const bool byDefault = policy.network.egressAllowed && verdict.rule == policy.network.rule;
    return {verdict.allowed, verdict.rule, name, verdict.allowed && !byDefault};
}

void addName(std::string& detail, const std::string& name)
{
    if (name.empty()) return;
    if (!detail.empty()) detail += ", ";
    detail += kNameDetail;
    detail += name;
}

namespace {

/// What both tell.
Event eventOf(const NetworkFlow& flow, EventKind kind, std::chrono::steady_clock::time_point time,
              std::chrono::steady_clock::time_point origin)
{
    Event event = ownEvent(kind, flow.process, time, origin);
    event.object = flow.peerText;
    event.detail = flow.attempt.protocol == IpProtocol::udp    ? kUdpDetail
                   : flow.attempt.protocol == IpProtocol::icmp ? kIcmpDetail
                                                               : kTcpDetail;
    if (flow.publishedPort != 0) event.detail += fmt::format(", from outside to port {}", flow.publishedPort);
    addName(event.detail, flow.attempt.name);
    if (!flow.refusal.empty()) event.detail += ", " + flow.refusal;
    event.result = flow.error;
    event.verdict = flow.decision.allowed ? EventVerdict::allowed : EventVerdict::denied;
    event.rule = flow.decision.rule;
    event.mechanism = flow.decision.allowed ? Mechanism::network : Mechanism::networkRules;
    return event;
}

}  // namespace

Event acceptEvent(const NetworkFlow& flow, std::chrono::steady_clock::time_point origin)
{
    return eventOf(flow, EventKind::netAccept, std::chrono::steady_clock::now(), origin);
}

Event flowEvent(const NetworkFlow& flow, std::chrono::steady_clock::time_point origin)
{
    using Milliseconds = std::chrono::duration<double, std::milli>;
    Event event = eventOf(flow, EventKind::netFlow, flow.end, origin);
    event.detail += fmt::format(", sent {}, received {}, {:.1f} ms", flow.sent, flow.received,
                                Milliseconds(flow.end - flow.begin).count());
    return event;
}

Event lookupEvent(const NameLookup& lookup, std::chrono::steady_clock::time_point origin)
{
    Event event = ownEvent(EventKind::netDns, lookup.process, lookup.end, origin);
    event.object = lookup.name;
    std::string answer;
    for (const NetworkEndpoint& address : lookup.addresses)
        answer += (answer.empty() ? "" : " ") + addressText(address);
    if (!lookup.failure.empty()) answer = lookup.failure;
    else if (!lookup.decision.allowed) answer = "refused";
    else if (answer.empty()) answer = "no address";
    event.detail = fmt::format("{}, {}", recordTypeName(lookup.type), answer);
    event.result = 0;
    event.verdict = lookup.decision.allowed ? EventVerdict::allowed : EventVerdict::denied;
    event.rule = lookup.decision.rule;
    event.mechanism = Mechanism::networkRules;
    return event;
}

}  // namespace belljar
