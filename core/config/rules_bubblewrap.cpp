// Rules about what MXC's Bubblewrap containment can enforce: its executor refuses them with exit code 255.
#include <algorithm>
#include <charconv>
#include <vector>

#include <spdlog/fmt/fmt.h>

#include "core/base/ip_network.h"
#include "core/base/proxy_url.h"
#include "core/config/rule_checks.h"
#include "core/config/sentences.h"

namespace belljar::rules {
namespace {

constexpr std::size_t kMaxBlocks = 256;   ///< Of one destination, once its exceptions are taken out.
constexpr std::size_t kMaxRules = 65536;  ///< Of all destinations in all ports.

bool isBubblewrap(const RuleContext& context)
{
    return linuxContainment(context.config) == "bubblewrap";
}

bool since08(const RuleContext& context)
{
    return context.version && context.version->atLeast("0.8");
}

std::string mappedSentence(std::string_view rule)
{
    return fmt::format(
        "Bubblewrap: network rule '{}' is an IPv6 block shorter than /96 that contains the IPv4-mapped "
        "range '::ffff:0:0/96'. Addresses in that range travel as IPv4 packets, so an ip6tables rule "
        "would not match them and the rule would be silently unenforced. Write the IPv4 side explicitly "
        "instead: keep the IPv6 block for native IPv6 traffic and add the IPv4 block you intend (for "
        "example '0.0.0.0/0' to cover all of IPv4).",
        rule);
}

/// What is wrong with an entry of a host list as a firewall rule, or "". Unlike egress, host bits may be set.
std::string badHost(const std::string& written)
{
    const std::string host(withoutSpaceAround(written));
    if (host.empty()) return "Bubblewrap: an empty network rule address is not a destination";
    const std::size_t slash = host.find('/');
    Result<IpNetwork> network = parseIpNetwork(host.substr(0, slash));
    if (!network)
        return fmt::format(
            "Bubblewrap: network rule '{}' is not an IP address or CIDR block. Host filtering matches on "
            "addresses, not names: a sandbox resolves DNS itself, so a name can be mapped to another "
            "address and is not enforceable. Use an IPv4/IPv6 literal or CIDR (for example '203.0.113.4' "
            "or '10.0.0.0/8'), or route the traffic through network.proxy, which filters on the "
            "requested host.",
            host);
    if (slash == std::string::npos) return {};
    const unsigned bits = network->isIpv6 ? 128 : 32;
    std::string digits = host.substr(slash + 1);
    if (digits.size() > 1 && digits.front() == '+') digits.erase(0, 1);
    std::uint8_t prefix = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
    if (digits.empty() || problem != std::errc{} || end != digits.data() + digits.size() || prefix > bits)
        return fmt::format("Bubblewrap: network rule '{}' has a {}; expected a number between 0 and {}.", host,
                           prefix > bits ? "CIDR prefix wider than its address family allows" : "malformed CIDR prefix",
                           bits);
    network->prefix = prefix;
    return holdsMappedIpv4(*network) ? mappedSentence(host) : std::string();
}

struct EgressSize {
    bool tooManyBlocks = false;
    std::size_t rules = 0;
};

/// A rule becomes every block of its destinations in each of its ports; any with a port is tcp and udp.
EgressSize sizeOf(const NetworkRuleConfig& rule)
{
    EgressSize size;
    std::size_t blocks = rule.to ? 0 : 2;  // Everywhere: IPv4 and IPv6.
    for (std::size_t i = 0; rule.to && i < rule.to->size(); ++i) {
        const NetworkPeerConfig& peer = (*rule.to)[i];
        std::vector<IpNetwork> excepts;
        for (std::size_t j = 0; peer.except && j < peer.except->size(); ++j)
            if (const Result<IpNetwork> except = parseIpNetwork((*peer.except)[j])) excepts.push_back(*except);
        const Result<IpNetwork> network = parseIpNetwork(peer.cidr);
        const std::size_t left = network ? withoutNetworks(*network, excepts, kMaxBlocks).size() : 0;
        size.tooManyBlocks = size.tooManyBlocks || left > kMaxBlocks;
        blocks += left;
    }
    std::size_t ports = rule.ports ? 0 : 1;
    for (std::size_t i = 0; rule.ports && i < rule.ports->size(); ++i) {
        const NetworkPortConfig& port = (*rule.ports)[i];
        const bool both = port.protocol.value_or("any") == "any" && port.port;
        ports += both ? 2 : 1;
    }
    size.rules = blocks * ports;
    return size;
}

/// The text of a proxy's host as its URL writes it.
std::string writtenHost(const ProxyUrl& url)
{
    return url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]";
}

std::string badEndpoint(const ProxyUrl& url, const FilesystemConfig& files)
{
    if (url.port == 0) return "Bubblewrap: proxy-only egress requires a non-zero proxy port";
    const Result<IpNetwork> address = parseIpNetwork(url.host);
    if (address && address->isIpv6 && url.isOwnComputer())
        return fmt::format(
            "Bubblewrap: proxy address '{}' uses the IPv6 loopback, which the private network namespace "
            "cannot reach; bind the proxy to 127.0.0.1 or a dual-stack wildcard address instead. The "
            "egress rule is emitted with IPv4 iptables.",
            writtenHost(url));
    if (address && address->isIpv6 && url.host != "::")
        return fmt::format(
            "Bubblewrap: proxy-only egress requires an IPv4 proxy endpoint, but '{}' is reachable over "
            "IPv6 only. The egress rule is emitted with IPv4 iptables, so an IPv6 endpoint would be "
            "silently dropped. Use an IPv4 proxy address.",
            url.host);
    if (address && parseIpNetwork("10.0.2.0/24")->contains(*address))
        return fmt::format(
            "Bubblewrap: proxy endpoint '{0}' is {0}, which is inside the sandbox's own network "
            "(10.0.2.0/24); there that address is slirp's own, not the host's {0}, so the egress rule "
            "would open an unrelated service. Bind the proxy to 127.0.0.1 -- which is translated to the "
            "gateway deliberately -- or give it an address outside 10.0.2.0/24.",
            url.host);
    const std::vector<std::string> denied = files.deniedPaths.value_or(std::vector<std::string>{});
    const bool deniesHosts = std::any_of(denied.begin(), denied.end(), [](const std::string& path) {
        return path == "/etc/hosts" || path == "/etc" || path == "/" || path == "/etc/";
    });
    if (!address && url.host != "localhost" && deniesHosts)
        return fmt::format(
            "Bubblewrap: the proxy endpoint '{}' is a hostname, which is reached by pinning it in the "
            "sandbox's /etc/hosts, but the filesystem policy denies that path. The pin is applied after "
            "every policy mount, so honouring it would expose the file the policy masks. Remove "
            "/etc/hosts from deniedPaths, or give the proxy an IP address, which needs no pin.",
            url.host);
    return {};
}

}  // namespace

void testProxy(const RuleContext& context, RuleViolations& out)
{
    const std::optional<NetworkProxyConfig>& proxy = networkOf(context.config).proxy;
    if (proxy && proxy->builtinTestServer && !context.options.testingFeatures)
        out.push_back({"/network/proxy/builtinTestServer",
                       "network.proxy.builtinTestServer is a testing-only feature and requires the "
                       "--allow-testing-features flag. For production, point network.proxy at a real HTTP proxy via "
                       "'localhost' or 'url'.",
                       {}});
}

void unsupportedRuntimeProxy(const RuleContext& context, RuleViolations& out)
{
    if (isBubblewrap(context) || linuxContainment(context.config) == "hyperlight") return;
    if (hasProxyPeer(context.config))
        out.push_back({"/processContainer/network/allowedProxyPeer",
                       "processContainer.network.allowedProxyPeer is not supported by the selected backend",
                       {}});
    if (runtimeProxy(context.config))
        out.push_back(
            {"/runtimeConfig/networkProxy", "runtimeConfig.networkProxy is not supported by the selected backend", {}});
}

void bubblewrapIngress(const RuleContext& context, RuleViolations& out)
{
    const std::optional<NetworkIngressConfig>& ingress = networkOf(context.config).ingress;
    if (!isBubblewrap(context) || !ingress) return;
    if (ingress->defaultAction == "allow")
        out.push_back({"/network/ingress/default",
                       "Bubblewrap: network.ingress.default='allow' is not supported. The sandbox runs in a private "
                       "network namespace reached through slirp, which has no route in until a host port is forwarded "
                       "to it, and the schema carries no port list to forward. A listener inside the sandbox is "
                       "reachable from the sandbox only. Use network.ingress.default='deny'.",
                       {}});
    if (ingress->hostLoopback == "allow")
        out.push_back({"/network/ingress/hostLoopback",
                       "Bubblewrap: network.ingress.hostLoopback='allow' is not supported. The sandbox's loopback "
                       "belongs to its own network namespace and is not the host's, so the host cannot dial a sandbox "
                       "listener and nothing bridges the two. Use network.ingress.hostLoopback='deny'.",
                       {}});
}

void bubblewrapLegacyNetwork(const RuleContext& context, RuleViolations& out)
{
    const NetworkConfig& network = networkOf(context.config);
    if (!isBubblewrap(context) || !since08(context)) return;
    if (hasHosts(network) && !usesFirewall(network) && !network.proxy)
        out.push_back(
            {"/network/enforcementMode",
             "Bubblewrap: network.allowedHosts and network.blockedHosts require an enforcement mechanism. "
             "With enforcementMode='capabilities' (the default) and no network.proxy, nothing applies them: "
             "the host lists suppress the --unshare-net full block, so the sandbox shares the host network "
             "namespace with no filtering at all. Set network.enforcementMode to 'firewall' to filter by "
             "address inside the sandbox's own network namespace, set network.proxy to enforce host filtering at the "
             "proxy layer, or drop the host lists to get the namespace-level block that defaultPolicy='block' "
             "applies on its own.",
             {}});
    const bool shares = defaultPolicy(network) == "allow" && !network.proxy && !hasHosts(network);
    if (shares && network.allowLocalNetwork != true)
        out.push_back(
            {"/network/allowLocalNetwork",
             "Bubblewrap: network.allowLocalNetwork=false is not enforced while the sandbox shares the host "
             "network namespace (defaultPolicy='allow'). The sandboxed process can still bind, listen and "
             "accept on host-local addresses. For an unreachable sandbox use defaultPolicy='block' with no "
             "host rules and no proxy, which applies --unshare-net; to keep the shared namespace, acknowledge "
             "the exposure with allowLocalNetwork=true.",
             {}});
    if (!shares && network.allowLocalNetwork == true)
        out.push_back(
            {"/network/allowLocalNetwork",
             "Bubblewrap: network.allowLocalNetwork=true is confined to the sandbox's own network namespace. "
             "Isolated, proxy and firewall modes apply --unshare-net, so a listener inside the sandbox is "
             "reachable only from within it, never from the host. Use defaultPolicy='allow' with no host rules "
             "and no proxy to share the host network namespace.",
             {}});
}

void bubblewrapHosts(const RuleContext& context, RuleViolations& out)
{
    const NetworkConfig& network = networkOf(context.config);
    if (!isBubblewrap(context) || !since08(context) || !usesFirewall(network)) return;
    const auto list = [&](const std::optional<std::vector<std::string>>& hosts, const char* key) {
        for (std::size_t i = 0; hosts && i < hosts->size(); ++i)
            if (std::string problem = badHost((*hosts)[i]); !problem.empty())
                out.push_back({fmt::format("/network/{}/{}", key, i), std::move(problem), {}});
    };
    list(network.blockedHosts, "blockedHosts");
    list(network.allowedHosts, "allowedHosts");
}

void bubblewrapEgress(const RuleContext& context, RuleViolations& out)
{
    const NetworkConfig& network = networkOf(context.config);
    if (!isBubblewrap(context) || !network.egress) return;
    std::size_t total = 0;
    const auto list = [&](const std::optional<std::vector<NetworkRuleConfig>>& rules, const char* key) {
        for (std::size_t i = 0; rules && i < rules->size(); ++i) {
            const NetworkRuleConfig& rule = (*rules)[i];
            const std::string here = fmt::format("/network/egress/{}/{}", key, i);
            for (std::size_t j = 0; rule.to && j < rule.to->size(); ++j) {
                const std::string& cidr = (*rule.to)[j].cidr;
                const Result<IpNetwork> destination = parseIpNetwork(cidr);
                if (destination && holdsMappedIpv4(*destination))
                    out.push_back({fmt::format("{}/to/{}/cidr", here, j), mappedSentence(cidr), {}});
            }
            const EgressSize size = sizeOf(rule);
            total += size.rules;
            if (size.tooManyBlocks)
                out.push_back({here,
                               "Bubblewrap: a network.egress peer expands into more than 256 address blocks once its "
                               "'except' entries are removed. Narrow the peer's CIDR or use fewer exclusions.",
                               {}});
        }
    };
    list(network.egress->deny, "deny");
    list(network.egress->allow, "allow");
    if (total > kMaxRules)
        out.push_back({"/network/egress",
                       "Bubblewrap: network.egress expands into more than 65536 firewall rules. A rule becomes every "
                       "destination block it resolves to in every port it names, so narrow the peers, the exclusions, "
                       "or the ports.",
                       {}});
}

void bubblewrapProxyEndpoint(const RuleContext& context, RuleViolations& out)
{
    const std::string* runtime = runtimeProxy(context.config);
    const std::optional<NetworkProxyConfig>& proxy = networkOf(context.config).proxy;
    if (!isBubblewrap(context) || !since08(context)) return;
    const std::string* text = runtime ? runtime : proxy && proxy->url && !proxy->localhost ? &*proxy->url : nullptr;
    if (!text) return;
    const std::string here = runtime ? "/runtimeConfig/networkProxy" : "/network/proxy/url";
    const Result<ProxyUrl> url = parseProxyUrl(*text);
    if (!url) return;
    if (url->hasCredentials)
        out.push_back(
            {here,
             fmt::format("Bubblewrap: network.proxy.url must not carry credentials ('{}'). Bubblewrap passes "
                         "the proxy URL to bwrap as a --setenv command-line argument, and process arguments "
                         "are world-readable through /proc/<pid>/cmdline, so the password would be visible to "
                         "every local user while the command runs. Use a proxy that does not require inline "
                         "credentials, or supply them to the proxy itself rather than through the URL.",
                         redactedUrl(*text)),
             {}});
    static const FilesystemConfig kNone;
    const FilesystemConfig& files = context.config.filesystem ? *context.config.filesystem : kNone;
    if (std::string problem = badEndpoint(*url, files); !problem.empty()) out.push_back({here, std::move(problem), {}});
}

}  // namespace belljar::rules
