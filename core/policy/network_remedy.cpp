#include "core/policy/network_remedy.h"

#include <algorithm>
#include <cstddef>

#include <spdlog/fmt/fmt.h>

#include "core/base/host_name.h"
#include "core/policy/decide.h"
#include "core/policy/decide_network.h"
#include "core/policy/network_address.h"
#include "core/policy/network_builder.h"
#include "core/policy/network_words.h"

namespace belljar {
namespace {

Remedy nothing(std::string sentence)
{
    Remedy remedy;
    remedy.sentence = std::move(sentence);
    return remedy;
}

/// What a neighbourhood is taken for: a /24, and a /64 of IPv6.
IpNetwork around(const IpNetwork& address)
{
    return address.widened(address.isIpv6 ? 64 : 24);
}

/// What rules about a name could say: this host here, this host, all of its domain.
void addNames(const Access& access, std::vector<NetworkSpec>& specs)
{
    constexpr std::ptrdiff_t kLeastDots = 2;  // nobody owns the names below "*.org"
    const Result<std::string> name = parseHostName(access.name.empty() ? access.host : access.name);
    if (!name || obstacleOfName(access) != nullptr) return;
    if (access.kind == AccessKind::connect) specs.push_back(networkSpec(*name, PortRange{access.port, access.port}));
    specs.push_back(networkSpec(*name, PortRange{}));
    if (std::count(name->begin(), name->end(), '.') >= kLeastDots)
        specs.push_back(networkSpec("*" + name->substr(name->find('.')), PortRange{}));
}

/// Narrowest first.
std::vector<NetworkSpec> candidates(const Access& access)
{
    std::vector<NetworkSpec> specs;
    addNames(access, specs);
    const bool ported = access.kind == AccessKind::connect && access.protocol != IpProtocol::icmp;
    const std::optional<IpNetwork> address = numericAddress(access.host);
    if (address && ported) {
        const NetworkRule::Service service{access.protocol, {access.port, access.port}};
        for (const NetworkSpec& spec :
             {networkSpec(*address, service), networkSpec(*address, {}), networkSpec(around(*address), {})})
            specs.push_back(spec);
    }
    return specs;
}

/// The same policy without what a rule says.
Policy without(const Policy& policy, RuleId rule)
{
    Policy changed;
    changed.rules = policy.rules;
    changed.network = policy.network;
    std::erase_if(changed.network.egress, [&](const NetworkRule& one) { return one.rule == rule; });
    NetworkBuilder::refresh(changed.network, changed.rules);
    return changed;
}

/// "--allow-net 10.0.0.1:443/tcp, or add { ... } to network.egress.allow"
std::string wayOf(const NetworkSpec& spec)
{
    const NetworkEntry entry = networkEntry(spec, true);
    std::string list = entry.list.substr(1);
    std::replace(list.begin(), list.end(), '/', '.');
    return fmt::format("--allow-net {}, or add {} to {}", spec.text, entry.element, list);
}

Remedy hostNetwork()
{
    Remedy remedy;
    remedy.kind = Remedy::Kind::network;
    remedy.sentence =
        "Grant all of this machine's network: set network.defaultPolicy to allow and network.allowLocalNetwork to true";
    return remedy;
}

Remedy hostService(const Access& access)
{
    Remedy remedy;
    remedy.kind = Remedy::Kind::networkRule;
    const IpNetwork loopback = *numericAddress(kHostLoopback4);
    remedy.rules = {networkSpec(loopback, {access.protocol, {access.port, access.port}})};
    remedy.sentence =
        fmt::format("Set network.ingress.hostLoopback to allow; {} then stands for this machine's loopback: {}",
                    kHostLoopback4, wayOf(remedy.rules.front()));
    return remedy;
}

}  // namespace

Remedy networkRemedy(const Policy& policy, const Access& access, const Verdict& verdict)
{
    const NetworkPolicy& network = policy.network;
    if (access.kind == AccessKind::bind) return hostNetwork();
    if (network.proxy) return nothing("The proxy is the only way out: ask it, and let it decide");
    if (network.mode == NetworkMode::filtered && verdict.how == kHostAddressHow) return hostService(access);
    Remedy remedy;
    remedy.kind = Remedy::Kind::networkRule;
    const Rule& rule = policy.rules[verdict.rule];
    const auto said = std::find_if(network.egress.begin(), network.egress.end(), [&](const NetworkRule& one) {
        return one.rule == verdict.rule && !one.allow && !one.derived;
    });
    if (said != network.egress.end()) {
        remedy.removePointer = rule.place.pointer;
        remedy.sentence = fmt::format("Remove {}, or except the address from it", quoted(rule.text));
        if (decide(without(policy, verdict.rule), access).allowed) return remedy;
        remedy.sentence += "; and then: ";
    } else if (rule.source == RuleSource::builtIn && verdict.rule >= builtin_rule::kCount) {
        const std::optional<IpNetwork> address = numericAddress(access.host);
        const bool linkLocal = address && rule.text == kLinkLocalRule;
        if (!linkLocal) return nothing(fmt::format("No rule can change that: {}", rule.text));
    }
    remedy.rules = candidates(access);
    if (remedy.rules.empty() && access.protocol == IpProtocol::icmp) return nothing("Names open no ICMP");
    if (remedy.rules.empty()) return nothing("This is no name that a rule can allow");
    remedy.sentence += "Run it with " + wayOf(remedy.rules.front());
    return remedy;
}

}  // namespace belljar
