// Rules about the network sections, whatever the containment.
#include <spdlog/fmt/fmt.h>

#include "core/base/ip_network.h"
#include "core/base/utf8.h"
#include "core/base/proxy_url.h"
#include "core/config/rule_checks.h"

namespace belljar::rules {
namespace {

void checkPort(const NetworkPortConfig& port, const std::string& name, const std::string& pointer, RuleViolations& out)
{
    if (port.port == 0) out.push_back({pointer + "/port", name + ".port must be between 1 and 65535", {}});
    if (port.endPort == 0) out.push_back({pointer + "/endPort", name + ".endPort must be between 1 and 65535", {}});
    if (port.port == 0 || port.endPort == 0) return;
    if (port.endPort && !port.port)
        out.push_back({pointer + "/endPort", name + ".endPort requires port", "`port` is the start of the range."});
    else if (port.endPort && *port.endPort < *port.port)
        out.push_back({pointer + "/endPort", name + ".endPort must be greater than or equal to port", {}});
    else if (port.protocol == "icmp" && port.port)
        out.push_back({pointer, name + " cannot specify port or endPort for protocol='icmp'",
                       "Remove `port` and `endPort`, or choose tcp or udp."});
}

void checkPeer(const NetworkPeerConfig& peer, const std::string& name, const std::string& pointer, RuleViolations& out)
{
    static constexpr const char* kFix = "Write for example 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32.";
    const auto bad = [&](const std::string& where, const std::string& key, const Error& why) {
        out.push_back({where, fmt::format("{} must be a valid network CIDR: {}", key, why.message), kFix});
    };
    const Result<IpNetwork> network = parseIpNetwork(peer.cidr);
    if (!network) bad(pointer + "/cidr", name + ".cidr", network.error());
    for (std::size_t i = 0; peer.except && i < peer.except->size(); ++i) {
        const std::string here = fmt::format("{}/except/{}", pointer, i);
        const std::string key = fmt::format("{}.except[{}]", name, i);
        const Result<IpNetwork> except = parseIpNetwork((*peer.except)[i]);
        if (!except) bad(here, key, except.error());
        else if (network && !network->contains(*except))
            out.push_back({here, fmt::format("{} must be contained within {}.cidr", key, name), {}});
    }
}

void checkRule(const NetworkRuleConfig& rule, const std::string& name, const std::string& pointer, RuleViolations& out)
{
    static constexpr const char* kFix = "Leave it out to match everything, or name at least one.";
    if (rule.to && rule.to->empty())
        out.push_back({pointer + "/to", name + ".to must contain at least one destination when specified", kFix});
    for (std::size_t i = 0; rule.to && i < rule.to->size(); ++i)
        checkPeer((*rule.to)[i], fmt::format("{}.to[{}]", name, i), fmt::format("{}/to/{}", pointer, i), out);
    if (rule.ports && rule.ports->empty())
        out.push_back({pointer + "/ports", name + ".ports must contain at least one selector when specified", kFix});
    for (std::size_t i = 0; rule.ports && i < rule.ports->size(); ++i)
        checkPort((*rule.ports)[i], fmt::format("{}.ports[{}]", name, i), fmt::format("{}/ports/{}", pointer, i), out);
}

/// What is wrong with a proxy's address, said about the field called `name`; "" when nothing is.
std::string badAddress(const std::string& text, std::string_view name, const Result<ProxyUrl>& url)
{
    if (!url) return fmt::format("{} is invalid: {}", name, url.error().message);
    if (!url->isHttp())
        return fmt::format("{} must use the 'http' or 'https' scheme (got '{}'): {}", name, url->scheme,
                           redactedUrl(text));
    if (!url->port)
        return fmt::format("{} must include a port (e.g., http://localhost:8080), got: {}", name, redactedUrl(text));
    return {};
}

}  // namespace

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

bool hasProxyPeer(const SandboxConfig& config)
{
    return config.processContainer && config.processContainer->network &&
           !withoutSpaceAround(config.processContainer->network->allowedProxyPeer.value_or("")).empty();
}

std::string_view defaultPolicy(const NetworkConfig& network)
{
    return network.defaultPolicy ? std::string_view(*network.defaultPolicy) : "block";
}

bool hasEntries(const std::optional<std::vector<std::string>>& list)
{
    return list && !list->empty();
}

bool hasHosts(const NetworkConfig& network)
{
    return hasEntries(network.allowedHosts) || hasEntries(network.blockedHosts);
}

bool usesFirewall(const NetworkConfig& network)
{
    return network.enforcementMode == "firewall" || network.enforcementMode == "both";
}

std::string_view withoutSpaceAround(std::string_view text)
{
    const auto isSpace = [](std::uint32_t c) {
        return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 ||
               (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
    };
    while (!text.empty()) {
        const Utf8Character first = utf8At(text, 0);
        if (first.length == 0 || !isSpace(first.codePoint)) break;
        text.remove_prefix(first.length);
    }
    while (!text.empty()) {
        std::size_t begin = text.size() - 1;
        while (begin > 0 && isUtf8Continuation(text[begin])) --begin;
        if (!isSpace(utf8At(text, begin).codePoint)) break;
        text.remove_suffix(text.size() - begin);
    }
    return text;
}

std::string redactedUrl(std::string_view url)
{
    const std::size_t colon = url.find(':');
    if (colon == std::string_view::npos) return std::string(url);
    const std::size_t begin = std::min(url.find_first_not_of("/\\", colon + 1), url.size());
    const std::size_t end = std::min(url.find_first_of("/\\?#", begin), url.size());
    const std::size_t at = url.substr(0, end).rfind('@');
    if (at == std::string_view::npos || at < begin) return std::string(url);
    return std::string(url.substr(0, begin)) + "***" + std::string(url.substr(at));
}

void oneNetworkStyle(const RuleContext& context, RuleViolations& out)
{
    const SandboxConfig& config = context.config;
    const NetworkConfig& network = networkOf(config);
    const bool older = network.defaultPolicy || network.enforcementMode || network.allowLocalNetwork ||
                       network.allowedHosts || network.blockedHosts || network.proxy;
    if (!older) return;
    const bool peer = hasProxyPeer(config);
    const char* const newer = network.egress         ? "/network/egress"
                              : network.ingress      ? "/network/ingress"
                              : runtimeProxy(config) ? "/runtimeConfig/networkProxy"
                              : peer                 ? "/processContainer/network/allowedProxyPeer"
                                                     : nullptr;
    if (newer)
        out.push_back({newer,
                       "network configuration cannot mix defaultPolicy, enforcementMode, allowLocalNetwork, "
                       "allowedHosts, blockedHosts, or proxy with egress, ingress, runtimeConfig, or "
                       "processContainer.network",
                       "Keep either the older network fields or the rules by address and port."});
}

void egressRules(const RuleContext& context, RuleViolations& out)
{
    const NetworkConfig& network = networkOf(context.config);
    if (!network.egress) return;
    const auto list = [&](const std::optional<std::vector<NetworkRuleConfig>>& rules, const char* key) {
        for (std::size_t i = 0; rules && i < rules->size(); ++i)
            checkRule((*rules)[i], fmt::format("network.egress.{}[{}]", key, i),
                      fmt::format("/network/egress/{}/{}", key, i), out);
    };
    list(network.egress->allow, "allow");
    list(network.egress->deny, "deny");
}

void oneProxy(const RuleContext& context, RuleViolations& out)
{
    const std::optional<NetworkProxyConfig>& proxy = networkOf(context.config).proxy;
    if (!proxy) return;
    const std::string here = "/network/proxy";
    if (proxy->builtinTestServer == false)
        out.push_back({here + "/builtinTestServer", "network.proxy.builtinTestServer must be true when present",
                       "Leave it out, or set it to true."});
    else if (!proxy->localhost && !proxy->url && !proxy->builtinTestServer)
        out.push_back({here, "network.proxy must specify builtinTestServer, localhost, or url", {}});
    else if (proxy->builtinTestServer && (proxy->localhost || proxy->url))
        out.push_back({here, "When network.proxy.builtinTestServer is true, no other proxy options may be set", {}});
    else if (proxy->localhost == 0)
        out.push_back({here + "/localhost", "network.proxy.localhost must be a port between 1 and 65535", {}});
}

/// Beside `localhost`, MXC does not look at `url`.
void proxyAddress(const RuleContext& context, RuleViolations& out)
{
    const std::optional<NetworkProxyConfig>& proxy = networkOf(context.config).proxy;
    if (!proxy || !proxy->url || proxy->localhost || proxy->builtinTestServer) return;
    std::string problem = badAddress(*proxy->url, "network.proxy", parseProxyUrl(*proxy->url));
    if (!problem.empty()) out.push_back({"/network/proxy/url", std::move(problem), {}});
}

void runtimeProxyAddress(const RuleContext& context, RuleViolations& out)
{
    const std::string* text = runtimeProxy(context.config);
    if (!text) return;
    const Result<ProxyUrl> url = parseProxyUrl(*text);
    std::string problem = badAddress(*text, "runtimeConfig.networkProxy", url);
    if (problem.empty() && !url->isOwnComputer())
        problem = "runtimeConfig.networkProxy must use localhost, 127.0.0.1, or [::1]";
    if (!problem.empty()) out.push_back({"/runtimeConfig/networkProxy", std::move(problem), {}});
}

void runtimeProxyAlone(const RuleContext& context, RuleViolations& out)
{
    const std::optional<NetworkEgressConfig>& egress = networkOf(context.config).egress;
    if (!runtimeProxy(context.config) || !egress) return;
    const bool rules = (egress->allow && !egress->allow->empty()) || (egress->deny && !egress->deny->empty());
    if (egress->defaultAction.value_or("deny") == "deny" && !rules) return;
    out.push_back({"/network/egress",
                   "runtimeConfig.networkProxy requires network.egress.default='deny' with no direct allow or deny "
                   "rules",
                   "Remove the rules, or remove /runtimeConfig/networkProxy."});
}

}  // namespace belljar::rules
