#include "core/config/config_rules.h"

#include <array>
#include <set>

#include <spdlog/fmt/fmt.h>

#include "core/config/ip_network.h"
#include "core/config/proxy_url.h"
#include "core/config/sentences.h"

namespace belljar {
namespace {

using Violation = std::optional<RuleViolation>;

const NetworkConfig& networkOf(const SandboxConfig& config)
{
    static const NetworkConfig absent;
    return config.network ? *config.network : absent;
}

const std::string* runtimeProxy(const SandboxConfig& config)
{
    if (!config.runtimeConfig || !config.runtimeConfig->networkProxy) return nullptr;
    return &*config.runtimeConfig->networkProxy;
}

Violation oneNetworkStyle(const SandboxConfig& config)
{
    const NetworkConfig& network = networkOf(config);
    const bool older = network.defaultPolicy || network.enforcementMode || network.allowLocalNetwork ||
                       network.allowedHosts || network.blockedHosts || network.proxy;
    if (!older) return {};
    static const char* const kHint = "Keep either the older network fields or the rules by address and port.";
    if (network.egress) return RuleViolation{"/network/egress", {}, kHint};
    if (network.ingress) return RuleViolation{"/network/ingress", {}, kHint};
    if (runtimeProxy(config)) return RuleViolation{"/runtimeConfig/networkProxy", {}, kHint};
    if (config.processContainer && config.processContainer->network &&
        config.processContainer->network->allowedProxyPeer.value_or("") != "")
        return RuleViolation{"/processContainer/network/allowedProxyPeer", {}, kHint};
    return {};
}

/// Calls `check(rule, pointer)` for every egress rule until one reports.
template <class Check>
Violation firstOfEgress(const SandboxConfig& config, const Check& check)
{
    const NetworkConfig& network = networkOf(config);
    if (!network.egress) return {};
    const auto inList = [&](const std::optional<std::vector<NetworkRuleConfig>>& rules, const char* key) -> Violation {
        for (std::size_t i = 0; rules && i < rules->size(); ++i)
            if (Violation found = check((*rules)[i], fmt::format("/network/egress/{}/{}", key, i))) return found;
        return {};
    };
    if (Violation found = inList(network.egress->allow, "allow")) return found;
    return inList(network.egress->deny, "deny");
}

Violation egressPorts(const SandboxConfig& config)
{
    return firstOfEgress(config, [](const NetworkRuleConfig& rule, const std::string& pointer) -> Violation {
        for (std::size_t i = 0; rule.ports && i < rule.ports->size(); ++i) {
            const NetworkPortConfig& port = (*rule.ports)[i];
            const std::string here = fmt::format("{}/ports/{}", pointer, i);
            if (port.protocol == "icmp" && (port.port || port.endPort))
                return RuleViolation{here, "icmp has no ports", "Remove `port` and `endPort`, or choose tcp or udp."};
            if (port.endPort && !port.port)
                return RuleViolation{here + "/endPort", "`endPort` needs `port`, the start of the range", {}};
            if (port.endPort && *port.endPort < *port.port)
                return RuleViolation{here + "/endPort", "`endPort` is smaller than `port`", {}};
        }
        return {};
    });
}

RuleViolation noNetwork(std::string pointer, const std::string& text, const Error& why)
{
    return {std::move(pointer), fmt::format("`{}` is no network: {}", shortened(text, 60), why.message),
            "Write for example 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32."};
}

Violation egressPeer(const NetworkPeerConfig& peer, const std::string& pointer)
{
    const Result<IpNetwork> network = parseIpNetwork(peer.cidr);
    if (!network) return noNetwork(pointer + "/cidr", peer.cidr, network.error());
    for (std::size_t i = 0; peer.except && i < peer.except->size(); ++i) {
        const std::string& text = (*peer.except)[i];
        const std::string here = fmt::format("{}/except/{}", pointer, i);
        const Result<IpNetwork> except = parseIpNetwork(text);
        if (!except) return noNetwork(here, text, except.error());
        if (!network->contains(*except))
            return RuleViolation{here, fmt::format("`{}` is not inside `{}`", text, peer.cidr), {}};
    }
    return {};
}

Violation egressNetworks(const SandboxConfig& config)
{
    return firstOfEgress(config, [](const NetworkRuleConfig& rule, const std::string& pointer) -> Violation {
        for (std::size_t i = 0; rule.to && i < rule.to->size(); ++i)
            if (Violation found = egressPeer((*rule.to)[i], fmt::format("{}/to/{}", pointer, i))) return found;
        return {};
    });
}

Violation oneProxy(const SandboxConfig& config)
{
    const std::optional<NetworkProxyConfig>& proxy = networkOf(config).proxy;
    if (!proxy) return {};
    if (proxy->builtinTestServer == false)
        return RuleViolation{"/network/proxy/builtinTestServer", "`builtinTestServer` may only be true",
                             "Leave it out, or set it to true."};
    if (!proxy->localhost && !proxy->url && !proxy->builtinTestServer)
        return RuleViolation{"/network/proxy", {}, "Name one of them."};
    if (!proxy->builtinTestServer || (!proxy->localhost && !proxy->url)) return {};
    return RuleViolation{"/network/proxy", {}, "Keep one of them."};
}

Violation proxyAddress(const SandboxConfig& config)
{
    const std::optional<NetworkProxyConfig>& proxy = networkOf(config).proxy;
    if (!proxy || !proxy->url || proxy->localhost) return {};  // Beside `localhost`, MXC does not look at `url`.
    const Result<ProxyUrl> url = parseProxyUrl(*proxy->url);
    if (!url) return RuleViolation{"/network/proxy/url", "this is no proxy address: " + url.error().message, {}};
    if (!url->hasCredentials) return {};
    return RuleViolation{"/network/proxy/url", "a proxy address may not carry a user name or password",
                         "It would be visible to every user of this computer while the command runs."};
}

Violation runtimeProxyAddress(const SandboxConfig& config)
{
    const std::string* text = runtimeProxy(config);
    if (!text) return {};
    const Result<ProxyUrl> url = parseProxyUrl(*text);
    if (!url)
        return RuleViolation{"/runtimeConfig/networkProxy", "this is no proxy address: " + url.error().message, {}};
    if (!url->isOwnComputer())
        return RuleViolation{"/runtimeConfig/networkProxy", "the proxy must be on this computer",
                             "Use localhost, 127.0.0.1 or [::1]."};
    const std::optional<NetworkEgressConfig>& egress = networkOf(config).egress;
    if (!egress) return {};
    const bool rules = (egress->allow && !egress->allow->empty()) || (egress->deny && !egress->deny->empty());
    if (egress->defaultAction.value_or("deny") == "deny" && !rules) return {};
    return RuleViolation{"/network/egress", "a proxy that is the only way out needs egress to be denied without rules",
                         "Remove the rules, or remove /runtimeConfig/networkProxy."};
}

/// Sections that belong to one containment, and which containment that is.
Violation sectionOfContainment(const SandboxConfig& config)
{
    static const ExperimentalConfig kNothing;
    const ExperimentalConfig& experimental = config.experimental ? *config.experimental : kNothing;
    struct Section {
        bool given;
        std::string_view pointer;
        std::string_view containment;
        bool systemOwn;  ///< What `process` means on Windows or macOS.
    };
    const std::array<Section, 6> sections{{
        {config.processContainer.has_value(), "/processContainer", "processcontainer", true},
        {config.seatbelt.has_value(), "/seatbelt", "seatbelt", true},
        {config.lxc.has_value(), "/lxc", "lxc", false},
        {experimental.windowsSandbox.has_value(), "/experimental/windows_sandbox", "windows_sandbox", false},
        {experimental.wslc.has_value(), "/experimental/wslc", "wslc", false},
        {experimental.isolationSession.has_value(), "/experimental/isolation_session", "isolation_session", false},
    }};
    const std::string chosen = config.containment.value_or("process");
    bool taken = false;
    for (const Section& section : sections) {
        if (!section.given) continue;
        const bool fits = chosen == section.containment || (chosen == "process" && section.systemOwn && !taken);
        taken = true;
        if (fits) continue;
        return RuleViolation{std::string(section.pointer),
                             fmt::format("this section belongs to the containment `{}`, the profile uses `{}`",
                                         section.containment, chosen),
                             "Remove the section, or change `containment`."};
    }
    return {};
}

Violation capabilityNames(const SandboxConfig& config)
{
    if (!config.processContainer || !config.processContainer->capabilities) return {};
    const std::vector<std::string>& names = *config.processContainer->capabilities;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string here = fmt::format("/processContainer/capabilities/{}", i);
        if (names[i].find(',') != std::string::npos)
            return RuleViolation{here, "a capability may not contain a comma", "Write one entry for each capability."};
        for (const std::string_view reserved : {"learningModeLogging", "permissiveLearningMode"})
            if (equalsIgnoringCase(names[i], reserved))
                return RuleViolation{here, fmt::format("the capability `{}` is reserved", reserved),
                                     "Use `learningMode` or `captureDenials`."};
    }
    return {};
}

Violation proxyPeer(const SandboxConfig& config)
{
    if (!config.processContainer || !config.processContainer->network) return {};
    const std::string peer = config.processContainer->network->allowedProxyPeer.value_or("");
    const std::string here = "/processContainer/network/allowedProxyPeer";
    if (peer.find_first_not_of(' ') == std::string::npos) return {};
    if (equalsIgnoringCase(peer, "MXC-Loopback")) return RuleViolation{here, "the name MXC-Loopback is reserved", {}};
    if (runtimeProxy(config)) return {};
    return RuleViolation{here, "`allowedProxyPeer` needs /runtimeConfig/networkProxy", {}};
}

Violation wslcPorts(const SandboxConfig& config)
{
    if (!config.experimental || !config.experimental->wslc || !config.experimental->wslc->portMappings) return {};
    const std::vector<WslcPortMappingConfig>& mappings = *config.experimental->wslc->portMappings;
    std::set<std::uint16_t> used;
    for (std::size_t i = 0; i < mappings.size(); ++i) {
        if (used.insert(mappings[i].windowsPort).second) continue;
        return RuleViolation{fmt::format("/experimental/wslc/portMappings/{}/windowsPort", i),
                             fmt::format("port {} is mapped twice", mappings[i].windowsPort),
                             {}};
    }
    return {};
}

constexpr ConfigRule kRules[] = {
    {"containment-section", "only the section of the chosen containment may be given", sectionOfContainment},
    {"network-style", "egress, ingress and networkProxy may not be mixed with the older network fields",
     oneNetworkStyle},
    {"egress-ports", "port ranges go upwards, and icmp has no ports", egressPorts},
    {"egress-networks", "destinations are networks, and exceptions lie inside them", egressNetworks},
    {"one-proxy", "a proxy is one of `localhost`, `url` and `builtinTestServer`", oneProxy},
    {"proxy-address", "a proxy address is an http or https URL with a port and without credentials", proxyAddress},
    {"runtime-proxy", "networkProxy is on this computer and the only way out", runtimeProxyAddress},
    {"capabilities", "AppContainer capabilities are single names that are not reserved", capabilityNames},
    {"proxy-peer", "allowedProxyPeer names the host of networkProxy", proxyPeer},
    {"wslc-ports", "a port is mapped once", wslcPorts},
};

}  // namespace

std::span<const ConfigRule> configRules()
{
    return kRules;
}

}  // namespace belljar
