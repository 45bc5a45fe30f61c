#include "core/policy/decide_network.h"

#include <algorithm>

#include "core/base/host_name.h"
#include "core/policy/network_address.h"
#include "core/policy/network_table.h"
#include "core/policy/path_lookup.h"

namespace belljar {
namespace {

using namespace linux_errno;

constexpr const char* kOwnNamespace = "own network namespace";

Verdict allowedBy(RuleId rule, Mechanism mechanism, const char* how)
{
    return {true, rule, 0, mechanism, how};
}

/// What a program sees of a refusal in a filtered network.
int refusalOf(const Access& access)
{
    if (access.kind == AccessKind::resolve) return 0;  // The resolver answers REFUSED.
    return access.protocol == IpProtocol::icmp ? kNotPermitted : kConnectionRefused;
}

Verdict refusedBy(RuleId rule, const Access& access, const char* how)
{
    return {false, rule, refusalOf(access), Mechanism::networkRules, how};
}

bool isHostLoopback(const IpNetwork& address)
{
    static const IpNetwork kV4 = *parseIpNetwork(kHostLoopback4);
    static const IpNetwork kV6 = *parseIpNetwork(kHostLoopback6);
    return address == kV4 || address == kV6;
}

bool isProxy(const ProxyRule& proxy, const Access& access, const std::optional<IpNetwork>& address)
{
    if (access.port != proxy.port || access.protocol != IpProtocol::tcp) return false;
    if (isLoopbackHost(proxy.host)) return isLoopbackHost(access.host);
    if (!isNamedHost(proxy.host)) return address && address == numericAddress(proxy.host);
    // Its name may lead anywhere, as the profile trusts it, but not to what other rules protect of this machine.
    if (access.isHost || (address && isHostLoopback(*address))) return false;
    const Result<std::string> name = parseHostName(address ? access.name : access.host);
    return name && *name == proxy.host;
}

bool isSandbox(const std::optional<IpNetwork>& address)
{
    static const IpNetwork kV4 = *parseIpNetwork(kSandboxAddress4);
    static const IpNetwork kV6 = *parseIpNetwork(kSandboxAddress6);
    return address && (*address == kV4 || *address == kV6);
}

/// What the sandbox reaches of itself.
bool isOwn(const Access& access, const std::optional<IpNetwork>& address)
{
    if (!address) return isLoopbackHost(access.host) || isAnyAddress(access.host);
    return isLoopbackAddress(*address) || isAnyAddress(*address) || isSandbox(address);
}

/// Answers to those who have come from outside; without one of them there is nobody.
bool isVisitors(const NetworkPolicy& network, const Access& access, const std::optional<IpNetwork>& address)
{
    static const IpNetwork kV4 = *parseIpNetwork(kVisitors4);
    static const IpNetwork kV6 = *parseIpNetwork(kVisitors6);
    return address && (*address == kV4 || *address == kV6) && access.protocol == IpProtocol::udp &&
           std::any_of(network.published.begin(), network.published.end(),
                       [](const PublishedPort& port) { return port.protocol == IpProtocol::udp; });
}

bool isResolver(const std::optional<IpNetwork>& address)
{
    static const IpNetwork kV4 = *parseIpNetwork(kResolver4);
    static const IpNetwork kV6 = *parseIpNetwork(kResolver6);
    return address && (*address == kV4 || *address == kV6);
}

/// By the name under which it is reached, else by the default.
Verdict decideByName(const NetworkPolicy& network, const Access& access, std::string_view name)
{
    const Result<std::string> asked = parseHostName(name);
    const bool anyPort = access.kind == AccessKind::resolve;
    const HostNameRule* const rule =
        asked ? findName(network, *asked, anyPort ? std::nullopt : std::optional(access.port)) : nullptr;
    const char* const obstacle = rule != nullptr ? obstacleOfName(access) : nullptr;
    if (rule != nullptr && obstacle == nullptr)
        return allowedBy(rule->rule, Mechanism::networkRules, "the sandbox's resolver answers for this name");
    if (network.egressAllowed) return allowedBy(network.rule, Mechanism::networkRules, "no rule denies it");
    if (obstacle != nullptr) return refusedBy(network.rule, access, obstacle);
    return refusedBy(network.rule, access, name.empty() ? "no rule allows it" : "no rule allows this name");
}

Verdict decideConnect(const NetworkPolicy& network, const Access& access)
{
    const std::optional<IpNetwork> address = numericAddress(access.host);
    if (network.proxy && isProxy(*network.proxy, access, address))
        return allowedBy(network.proxy->rule, Mechanism::networkRules, "the proxy, which is the only way out");
    if (isOwn(access, address)) return allowedBy(builtin_rule::kOwnLoopback, Mechanism::network, kOwnNamespace);
    if (network.proxyOnly && (access.isDirect || access.protocol != IpProtocol::tcp || isResolver(address)))
        return {false, network.proxyOnly->rule, kNetworkUnreachable, Mechanism::network,
                "nothing leads out but TCP through Belljar's proxy"};
    if (isVisitors(network, access, address))
        return allowedBy(builtin_rule::kOwnLoopback, Mechanism::network, "visitors of a port that is offered");
    if (network.proxy && !(isNamedHost(network.proxy->host) && isResolver(address)))
        return refusedBy(network.rule, access, "the proxy is the only way out");
    if (isResolver(address)) {
        if (access.port != kResolverPort || access.protocol == IpProtocol::icmp)
            return refusedBy(network.rule, access, "only names are looked up there");
        return allowedBy(builtin_rule::kOwnLoopback, Mechanism::network, "the sandbox's own resolver");
    }
    if (!address) return decideByName(network, access, access.host);
    if (!network.hostLoopbackAllowed && (access.isHost || isHostLoopback(*address)))
        return refusedBy(network.hostLoopbackRule, access, kHostAddressHow);
    if (const NetworkTable::Span* span = findSpan(network.table, *address, access.protocol, access.port)) {
        if (!span->allow) return refusedBy(span->rule, access, "a rule denies it");
        return allowedBy(span->rule, Mechanism::networkRules, "a rule allows it");
    }
    return decideByName(network, access, access.name);
}

Verdict decideFiltered(const NetworkPolicy& network, const Access& access)
{
    if (access.kind == AccessKind::connect) return decideConnect(network, access);
    if (access.kind == AccessKind::bind) {
        const auto published =
            std::find_if(network.published.begin(), network.published.end(), [&](const PublishedPort& one) {
                return one.port == access.port &&
                       (access.protocol == IpProtocol::any || one.protocol == access.protocol);
            });
        if (published != network.published.end())
            return allowedBy(published->rule, Mechanism::networkRules, "offered on this machine");
        return allowedBy(builtin_rule::kOwnLoopback, Mechanism::network,
                         "own network namespace; only the sandbox itself reaches it");
    }
    if (isLoopbackHost(access.host)) return allowedBy(builtin_rule::kOwnLoopback, Mechanism::network, kOwnNamespace);
    if (network.proxy) {
        const Result<std::string> name = parseHostName(access.host);
        if (name && *name == network.proxy->host)
            return allowedBy(network.proxy->rule, Mechanism::networkRules, "the proxy's own name");
        return refusedBy(network.rule, access, "the proxy looks names up");
    }
    const Verdict verdict = decideByName(network, access, access.host);
    if (verdict.allowed || !network.proxyOnly || !network.proxyOnly->lookups) return verdict;
    return allowedBy(*network.proxyOnly->lookups, Mechanism::networkRules, "Belljar's proxy asks the name servers");
}

/// Nothing but the loopback interface.
Verdict decideOff(const NetworkPolicy& network, const Access& access)
{
    const bool own = isLoopbackHost(access.host) || (access.kind != AccessKind::resolve && isAnyAddress(access.host));
    if (own) return allowedBy(builtin_rule::kOwnLoopback, Mechanism::network, kOwnNamespace);
    const int error = access.kind == AccessKind::bind ? kAddressNotAvailable : kNetworkUnreachable;
    return {false, network.rule, error, Mechanism::network, "own network namespace without any interface but loopback"};
}

}  // namespace

const char* obstacleOfName(const Access& access)
{
    constexpr std::uint16_t kQuicPort = 443;
    if (access.kind == AccessKind::resolve) return nullptr;
    // Who answers for a name can point it anywhere.
    if (const std::optional<IpNetwork> address = numericAddress(access.host); address && !isPublicAddress(*address))
        return kPrivateAddressHow;
    if (access.protocol == IpProtocol::udp && access.port == kQuicPort) return "QUIC hides whom it is for";
    return access.protocol == IpProtocol::icmp ? "names open no ICMP" : nullptr;
}

Verdict decideNetwork(const Policy& policy, const Access& access)
{
    const NetworkPolicy& network = policy.network;
    switch (network.mode) {
        case NetworkMode::host: return allowedBy(network.rule, Mechanism::network, "the host's network");
        case NetworkMode::filtered: {
            Verdict verdict = decideFiltered(network, access);
            const bool isRelayed = verdict.allowed && verdict.mechanism == Mechanism::networkRules;
            if (network.proxyOnly && isRelayed && access.kind == AccessKind::connect)
                verdict.how += ", through Belljar's proxy";
            return verdict;
        }
        case NetworkMode::off: break;
    }
    return decideOff(network, access);
}

}  // namespace belljar
