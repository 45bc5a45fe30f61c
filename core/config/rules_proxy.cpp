// Rules about which containment can use which proxy.
#include <algorithm>
#include <array>

#include <spdlog/fmt/fmt.h>

#include "core/base/proxy_url.h"
#include "core/config/rule_checks.h"

namespace belljar::rules {
namespace {

const NetworkProxyConfig* proxyOf(const SandboxConfig& config)
{
    const std::optional<NetworkProxyConfig>& proxy = networkOf(config).proxy;
    return proxy ? &*proxy : nullptr;
}

/// The proxy of a profile with that containment, or nullptr.
const NetworkProxyConfig* proxyWith(const RuleContext& context, std::string_view containment)
{
    return linuxContainment(context.config) == containment ? proxyOf(context.config) : nullptr;
}

std::optional<ProxyUrl> urlOf(const NetworkProxyConfig& proxy)
{
    if (!proxy.url || proxy.localhost) return std::nullopt;
    const Result<ProxyUrl> url = parseProxyUrl(*proxy.url);
    return url ? std::optional(*url) : std::nullopt;
}

}  // namespace

void proxyContainment(const RuleContext& context, RuleViolations& out)
{
    static constexpr std::array kAble{"processcontainer", "bubblewrap", "lxc", "seatbelt", "wslc"};
    if (!proxyOf(context.config)) return;
    const std::string chosen = linuxContainment(context.config);
    if (std::find(kAble.begin(), kAble.end(), chosen) == kAble.end())
        out.push_back({"/network/proxy",
                       "Network proxy is only supported with the 'processcontainer', 'bubblewrap', 'lxc', 'seatbelt', "
                       "or 'wslc' containment backends",
                       {}});
}

void proxyCredentials(const RuleContext& context, RuleViolations& out)
{
    const NetworkProxyConfig* proxy = proxyOf(context.config);
    const std::string chosen = linuxContainment(context.config);
    if (!proxy || (chosen != "bubblewrap" && chosen != "lxc")) return;
    const std::optional<ProxyUrl> url = urlOf(*proxy);
    if (url && url->hasCredentials)
        out.push_back({"/network/proxy/url",
                       fmt::format("network.proxy.url must not carry credentials ('{}'). LXC and Bubblewrap pass the "
                                   "proxy URL to the sandbox helper as a command-line argument (lxc-attach --set-var, "
                                   "bwrap --setenv), and process arguments are world-readable through "
                                   "/proc/<pid>/cmdline, so the password would be visible to every local user while "
                                   "the command runs. Use a proxy that does not require inline credentials, or supply "
                                   "them to the proxy itself rather than through the URL.",
                                   redactedUrl(*proxy->url)),
                       {}});
}

void bubblewrapProxyFirewall(const RuleContext& context, RuleViolations& out)
{
    if (proxyWith(context, "bubblewrap") && usesFirewall(networkOf(context.config)))
        out.push_back({"/network/enforcementMode",
                       "Bubblewrap: network.proxy cannot be combined with network.enforcementMode='firewall' or "
                       "'both'. The cooperative env-var proxy enforces hosts at the proxy layer; iptables-based "
                       "enforcement requires privilege and is mutually exclusive.",
                       {}});
}

void bubblewrapProxy(const RuleContext& context, RuleViolations& out)
{
    const NetworkProxyConfig* proxy = proxyWith(context, "bubblewrap");
    const NetworkConfig& network = networkOf(context.config);
    if (!proxy) return;
    if (!proxy->builtinTestServer && (hasHosts(network) || defaultPolicy(network) == "block"))
        out.push_back({"/network/proxy",
                       "Bubblewrap: an external network.proxy (url/localhost) cannot be combined with allowedHosts, "
                       "blockedHosts, or defaultPolicy='block'. The external proxy is expected to enforce its own host "
                       "policy; MXC does not forward host lists to it. Use 'network.proxy.builtinTestServer: true' "
                       "(testing only) for MXC-enforced host filtering, or remove the host policy.",
                       {}});
}

void lxcProxy(const RuleContext& context, RuleViolations& out)
{
    const NetworkProxyConfig* proxy = proxyWith(context, "lxc");
    if (!proxy) return;
    if (proxy->builtinTestServer)
        out.push_back({"/network/proxy/builtinTestServer",
                       "LXC: network.proxy.builtinTestServer is not supported; use network.proxy.url",
                       {}});
    else if (proxy->localhost)
        out.push_back({"/network/proxy/localhost",
                       "LXC: network.proxy.localhost is not reachable from the container network namespace (127.0.0.1 "
                       "is the container loopback); use network.proxy.url with a host routable from inside the "
                       "container",
                       {}});
    else if (const std::optional<ProxyUrl> url = urlOf(*proxy); url && url->isLoopback())
        out.push_back(
            {"/network/proxy/url",
             "network.proxy.url host is a loopback address (127.0.0.0/8, ::1, or localhost), which names the "
             "container's own network-namespace loopback rather than the host; use a proxy host routable from "
             "inside the container",
             {}});
    else if (!usesFirewall(networkOf(context.config)))
        out.push_back({"/network/enforcementMode",
                       "LXC: network.proxy requires network.enforcementMode='firewall' or 'both'. Under the default "
                       "'capabilities' mode no iptables rules are installed, so the proxy environment variables would "
                       "be injected while direct egress stayed unrestricted -- any client that ignores HTTP_PROXY "
                       "would bypass the proxy entirely.",
                       {}});
}

void seatbeltProxy(const RuleContext& context, RuleViolations& out)
{
    const NetworkProxyConfig* proxy = proxyWith(context, "seatbelt");
    const NetworkConfig& network = networkOf(context.config);
    if (!proxy) return;
    if (usesFirewall(network))
        out.push_back({"/network/enforcementMode",
                       "Seatbelt: network.proxy cannot be combined with network.enforcementMode='firewall' or 'both'. "
                       "macOS Seatbelt enforces network policy through the sandbox profile and has no packet-filter "
                       "layer, so a firewall mode cannot be honored.",
                       {}});
    const std::optional<ProxyUrl> url = urlOf(*proxy);
    if (url && url->host != "localhost" && url->host != "127.0.0.1" && defaultPolicy(network) == "block")
        out.push_back({"/network/proxy/url",
                       "Seatbelt: a remote network.proxy (non-loopback host) cannot be combined with "
                       "defaultPolicy='block'. Seatbelt cannot filter a remote proxy by host, so outbound reachability "
                       "degrades to allow-all, silently weakening the deny for raw-socket clients that ignore "
                       "HTTP_PROXY. Use a loopback proxy (127.0.0.1/::1/localhost) or "
                       "'network.proxy.builtinTestServer: true' for port-scoped reachability under deny.",
                       {}});
}

void processContainerProxy(const RuleContext& context, RuleViolations& out)
{
    if (context.config.containment != "processcontainer" || !runtimeProxy(context.config)) return;
    const std::optional<NetworkIngressConfig>& ingress = networkOf(context.config).ingress;
    const bool loopback = ingress && ingress->hostLoopback == "allow";
    if (!ingress || ingress->defaultAction != "allow")
        out.push_back({"/network/ingress/default",
                       "ProcessContainer runtimeConfig.networkProxy requires network.ingress.default='allow'",
                       {}});
    else if (hasProxyPeer(context.config) && loopback)
        out.push_back({"/network/ingress/hostLoopback",
                       "an identity-scoped ProcessContainer proxy requires network.ingress.hostLoopback='deny'",
                       {}});
    else if (!hasProxyPeer(context.config) && !loopback)
        out.push_back({"/network/ingress/hostLoopback",
                       "a ProcessContainer proxy without allowedProxyPeer requires "
                       "network.ingress.hostLoopback='allow'",
                       {}});
}

void wslcProxy(const RuleContext& context, RuleViolations& out)
{
    const NetworkProxyConfig* proxy = proxyWith(context, "wslc");
    const NetworkConfig& network = networkOf(context.config);
    if (!proxy) return;
    if (proxy->localhost || proxy->builtinTestServer)
        out.push_back({"/network/proxy",
                       "WSLc: network.proxy must use the 'url' form pointing at a routable proxy (e.g. \"url\": "
                       "\"http://proxy.example:8080\"). The 'localhost' and 'builtinTestServer' forms are not "
                       "supported because a WSLc container runs in its own network namespace and cannot reach a "
                       "host-loopback proxy.",
                       {}});
    else if (hasHosts(network) || defaultPolicy(network) == "block")
        out.push_back({"/network/defaultPolicy",
                       "WSLc: network.proxy requires network.defaultPolicy='allow' and no allowedHosts/blockedHosts. A "
                       "WSLc container reaches the proxy only with outbound networking enabled, and host lists are "
                       "enforced by the proxy, not forwarded to it.",
                       {}});
}

}  // namespace belljar::rules
