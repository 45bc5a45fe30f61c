#include "core/policy/amend_network.h"

#include <algorithm>

#include <spdlog/fmt/fmt.h>

#include "core/policy/decide.h"
#include "core/policy/network_address.h"
#include "core/policy/network_builder.h"
#include "core/policy/network_table.h"

namespace belljar {
namespace {

using Service = NetworkRule::Service;

Finding refusal(const char* id, std::string message, std::string fix)
{
    return {Severity::error, id, std::move(message), {}, std::move(fix)};
}

/// Takes what is exactly `spec` out of one rule; true when nothing of the rule is left.
bool takeOut(NetworkRule& rule, const NetworkSpec& spec, bool& found)
{
    const bool same = !rule.derived && rule.except.empty() &&
                      std::find(spec.networks.begin(), spec.networks.end(), rule.network) != spec.networks.end();
    if (!same) return false;
    if (rule.services.empty()) {
        const bool everything = spec.service == Service{};
        found = found || everything;
        return everything;
    }
    const std::size_t taken = std::erase(rule.services, spec.service);
    found = found || taken > 0;
    return taken > 0 && rule.services.empty();
}

bool takeOut(HostNameRule& rule, const NetworkSpec& spec, bool& found)
{
    if (rule.pattern != spec.name) return false;
    if (rule.ports.empty()) {
        const bool all = spec.service.ports.isAll();
        found = found || all;
        return all;
    }
    const std::size_t taken = std::erase(rule.ports, spec.service.ports);
    found = found || taken > 0;
    return taken > 0 && rule.ports.empty();
}

/// True when there was such a rule.
bool removeRules(NetworkPolicy& network, const NetworkSpec& spec)
{
    bool found = false;
    std::erase_if(network.egress, [&](NetworkRule& rule) { return takeOut(rule, spec, found); });
    std::erase_if(network.names, [&](HostNameRule& rule) { return takeOut(rule, spec, found); });
    return found;
}

std::optional<Finding> obstacle(const Policy& current, const NetworkChange& change)
{
    constexpr const char* kAnew = "Start a new session with the changed profile";
    const NetworkPolicy& network = current.network;
    if (network.mode != NetworkMode::filtered)
        return refusal("network-fixed",
                       network.mode == NetworkMode::host
                           ? "The session shares the host's network, of which nothing can be denied"
                           : "The session was started without a network, and gets none while it runs",
                       kAnew);
    if (network.proxy) return refusal("network-fixed", "The proxy is the only way out of the session", kAnew);
    const IpProtocol protocol = change.spec.service.protocol;
    if (network.proxyOnly && change.action == NetworkChange::Action::allow &&
        (protocol == IpProtocol::udp || protocol == IpProtocol::icmp))
        return refusal("network-proxy-only",
                       "Only TCP leads out of the session: " + current.rules[network.proxyOnly->rule].text,
                       "Allow TCP, or use a kernel with nf_tables");
    if (change.spec.networks.empty() && change.action == NetworkChange::Action::deny)
        return refusal("network-name", "A name cannot be denied: what it leads to can be reached by its address",
                       "Remove the rule that allows it, or deny its addresses");
    if (isLoopbackHost(change.spec.name))
        return refusal("network-name", "That name is the sandbox's own, whatever a rule says", "Name another one");
    if (network.egress.size() + network.names.size() + 2 > kMostNetworkRules)
        return refusal("network-many", "The session has too many rules about its network", "Remove some");
    return std::nullopt;
}

/// The rule speaks of everything that `spec` says of `network`.
bool covers(const NetworkRule& rule, const NetworkSpec& spec, const IpNetwork& network)
{
    if (!rule.network.contains(network)) return false;
    if (std::any_of(rule.except.begin(), rule.except.end(),
                    [&](const IpNetwork& except) { return network.contains(except) || except.contains(network); }))
        return false;
    if (rule.services.empty()) return true;
    return std::any_of(rule.services.begin(), rule.services.end(), [&](const Service& service) {
        const bool protocol = service.protocol == IpProtocol::any || service.protocol == spec.service.protocol;
        return protocol && service.ports.first <= spec.service.ports.first &&
               spec.service.ports.last <= service.ports.last;
    });
}

/// The rule speaks of a part of that. What every sandbox is denied does not count where a spec names no protocol: ICMP
/// is denied everywhere.
bool cuts(const NetworkRule& rule, const NetworkSpec& spec, const IpNetwork& network)
{
    const bool apart = !rule.network.contains(network) && !network.contains(rule.network);
    if (apart || (spec.service.protocol == IpProtocol::any && rule.derived)) return false;
    if (!rule.network.contains(network)) return true;
    if (std::any_of(rule.except.begin(), rule.except.end(),
                    [&](const IpNetwork& except) { return network.contains(except) && except != network; }))
        return true;
    return std::any_of(rule.services.begin(), rule.services.end(), [&](const Service& service) {
        const bool other = service.protocol != IpProtocol::any && spec.service.protocol != IpProtocol::any &&
                           service.protocol != spec.service.protocol;
        const PortRange& a = service.ports;
        const PortRange& b = spec.service.ports;
        if (other || a.last < b.first || b.last < a.first) return false;
        return a.first > b.first || a.last < b.last ||
               (spec.service.protocol == IpProtocol::any && service.protocol != IpProtocol::any);
    });
}

/// Names are of use to programs that ask the sandbox's own resolver.
void noteResolver(const Policy& policy, std::vector<Finding>& findings)
{
    if (!policy.network.resolverFile.empty()) return;
    findings.push_back({Severity::note,
                        "network-resolver",
                        "The session was started with the name servers of this machine, which rules by address allow",
                        {},
                        fmt::format("Names are answered at {}", kResolver4)});
}

/// What holds for a name, or for all that a pattern stands for.
std::string nameWords(const NetworkPolicy& network, const NetworkSpec& spec)
{
    const PortRange& ports = spec.service.ports;
    const HostNameRule* const rule =
        findName(network, spec.name, ports.isAll() ? std::nullopt : std::optional(ports.first));
    if (rule == nullptr) return network.egressAllowed ? "allowed" : "denied";
    const bool whole = network.egressAllowed || rule->ports.empty() ||
                       std::any_of(rule->ports.begin(), rule->ports.end(), [&](const PortRange& one) {
                           return one.first <= ports.first && ports.last <= one.last;
                       });
    return whole ? "allowed" : "partly allowed";
}

}  // namespace

std::string networkWords(const Policy& policy, const NetworkSpec& spec)
{
    Access access;
    access.kind = AccessKind::connect;
    access.port = std::max<std::uint16_t>(spec.service.ports.first, 1);
    access.protocol = spec.service.protocol == IpProtocol::any ? IpProtocol::tcp : spec.service.protocol;
    if (spec.networks.empty()) return nameWords(policy.network, spec);
    bool allowed = true;
    bool mixed = false;
    for (std::size_t i = 0; i < spec.networks.size(); ++i) {
        IpNetwork first = spec.networks[i];
        first.prefix = first.bits();
        access.host = ipNetworkText(first);
        // The first address of everything is the unspecified one, which is the sandbox itself.
        if (spec.networks[i].prefix == 0) access.host = first.isIpv6 ? "2000::" : "1.0.0.0";
        const bool one = decide(policy, access).allowed;
        mixed = mixed || (i > 0 && one != allowed);
        allowed = one;
        const auto& rules = policy.network.egress;
        if (!one && std::any_of(rules.begin(), rules.end(), [&](const NetworkRule& rule) {
                return !rule.allow && covers(rule, spec, spec.networks[i]);
            }))
            continue;
        for (const NetworkRule& rule : rules)
            mixed = mixed || (rule.allow != one && cuts(rule, spec, spec.networks[i]));
    }
    return mixed ? "partly allowed" : allowed ? "allowed" : "denied";
}

NetworkAmendment amendNetwork(Policy policy, const NetworkChange& change)
{
    NetworkAmendment amendment;
    if (std::optional<Finding> why = obstacle(policy, change)) {
        amendment.findings.push_back(std::move(*why));
        return amendment;
    }
    amendment.before = networkWords(policy, change.spec);
    const bool known = removeRules(policy.network, change.spec);
    if (change.action == NetworkChange::Action::remove && !known) {
        amendment.findings.push_back(
            refusal("no-such-rule", fmt::format("No rule of this session is {}", quoted(change.spec.text)),
                    "belljar policy SESSION lists the rules; add one that denies or allows it"));
        return amendment;
    }
    if (change.action != NetworkChange::Action::remove) {
        const bool allow = change.action == NetworkChange::Action::allow;
        policy.rules.push_back({RuleSource::live,
                                fmt::format("{} {} (while it ran, by {})", allow ? "--allow-net" : "--deny-net",
                                            change.spec.text, change.by.empty() ? "Belljar" : change.by),
                                {}});
        const auto rule = static_cast<RuleId>(policy.rules.size() - 1);
        const bool all = change.spec.service == Service{};
        for (const IpNetwork& network : change.spec.networks)
            policy.network.egress.push_back(
                {allow, network, {}, all ? std::vector<Service>{} : std::vector{change.spec.service}, rule});
        if (change.spec.networks.empty()) {
            const PortRange& ports = change.spec.service.ports;
            policy.network.names.push_back(
                {change.spec.name, ports.isAll() ? std::vector<PortRange>{} : std::vector{ports}, rule});
            noteResolver(policy, amendment.findings);
        }
    }
    NetworkBuilder::refresh(policy.network, policy.rules);
    amendment.after = networkWords(policy, change.spec);
    if (change.action == NetworkChange::Action::allow && amendment.after != "allowed")
        amendment.findings.push_back({Severity::warning,
                                      "network-shadowed",
                                      "Another rule denies some of it or all, and a denial always wins",
                                      {},
                                      "Remove that rule"});
    amendment.policy = std::move(policy);
    return amendment;
}

}  // namespace belljar
