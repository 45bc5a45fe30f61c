// What the network section of a profile, in each of its versions, and the options mean. What cannot be enforced exactly
// is refused; nothing is opened wider than asked.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <charconv>

#include "core/base/host_name.h"
#include "core/base/proxy_url.h"
#include "core/policy/decide.h"
#include "core/policy/network_address.h"
#include "core/policy/network_builder.h"
#include "core/policy/resolve_context.h"

namespace belljar {
namespace {

constexpr const char* kOwn = "/experimental/belljar/network";
constexpr const char* kDropFix = "Remove this setting";

bool listed(const std::optional<std::vector<std::string>>& hosts)
{
    return hosts && !hosts->empty();
}

/// The declared schema version is 0.8 or later; the reader has seen that it is valid.
bool isSince08(const std::optional<std::string>& version)
{
    if (!version || !version->starts_with("0.")) return false;
    unsigned minor = 0;
    std::from_chars(version->data() + 2, version->data() + version->size(), minor);
    return minor >= 8;
}

class NetworkResolver {
public:
    explicit NetworkResolver(ResolveContext& context)
        : m_context(context),
          m_policy(context.policy.network),
          m_builder(context),
          m_since08(isSince08(context.config.version))
    {
        const auto& experimental = context.config.experimental;
        if (experimental && experimental->belljar && experimental->belljar->network)
            m_own = &*experimental->belljar->network;
    }

    void resolve()
    {
        decideMode();
        if (!m_own || !m_own->kernelForwarding.value_or(false)) return;
        m_policy.kernelForwards = m_policy.mode == NetworkMode::filtered;
        if (!m_policy.kernelForwards)
            noEffect((std::string(kOwn) + "/kernelForwarding").c_str(),
                     "kernelForwarding has no effect where the network is not filtered");
    }

private:
    void decideMode()
    {
        if (m_context.request.network) useOption(*m_context.request.network);
        else useProfile();
        addOptions();
        if (m_policy.mode == NetworkMode::host) return;
        const bool isAsked = m_context.request.asksNetwork && !m_context.request.network;
        if (m_builder.opensAnything() || isAsked) {
            m_builder.finish();
            offerResolver();
            return;
        }
        if (m_policy.hostLoopbackAllowed)
            say(Severity::warning, "network-no-effect",
                "hostLoopback opens nothing by itself: which services of this computer may be reached is said by rules",
                m_context.policy.rules[m_policy.hostLoopbackRule].place,
                fmt::format("Add a rule for {}, which stands for this computer's loopback", kHostLoopback4));
        m_policy.egress.clear();
    }

    void say(Severity severity, const char* id, std::string message, const SourcePlace& place, std::string fix)
    {
        m_context.report(severity, id, std::move(message), place, std::move(fix));
    }
    void refuse(const char* id, const char* pointer, std::string message, std::string fix)
    {
        say(Severity::error, id, std::move(message), m_context.place(pointer), std::move(fix));
    }
    void refuseYet(const char* pointer, const char* what, std::string fix = kDropFix)
    {
        refuse("network-not-enforceable-yet", pointer,
               fmt::format("The profile asks for {}, which is not built yet; Belljar refuses rather than opening more "
                           "than asked",
                           what),
               std::move(fix));
    }
    void noEffect(const char* pointer, const char* message)
    {
        say(Severity::warning, "network-no-effect", message, m_context.place(pointer), kDropFix);
    }

    void useOption(NetworkMode mode)
    {
        m_policy.mode = mode;
        if (mode == NetworkMode::host) m_policy.rule = m_context.addRule(RuleSource::commandLine, "--net host");
        else m_context.policy.rules[builtin_rule::kNetworkOff] = {RuleSource::commandLine, "--net off", {}};
    }

    void useProfile()
    {
        const auto& runtime = m_context.config.runtimeConfig;
        if (m_context.config.network) {
            const NetworkConfig& network = *m_context.config.network;
            describeOff(network);
            if (network.egress || network.ingress) useDirections(network);
            else if (network.proxy) useProxy(*network.proxy, network);
            else if (network.defaultPolicy == "allow") useOpen(network);
            else useClosed(network);
        }
        if (runtime && runtime->networkProxy)
            takeProxy(*runtime->networkProxy, "/runtimeConfig/networkProxy", "networkProxy: ");
        if (m_own) useOwn(*m_own);
        if (m_letsIn && m_policy.published.empty())
            say(Severity::warning, "network-no-effect",
                "ingress.default: allow offers nothing by itself: the sandbox has a network of its own, and which of "
                "its ports are offered on this computer is said one by one",
                m_context.place("/network/ingress/default"),
                "Add the ports, for example experimental.belljar.network.publish: [{ \"port\": 8080 }]");
    }

    /// The rule that denies the network is the profile's line when it has one.
    void describeOff(const NetworkConfig& network)
    {
        const auto set = [&](const char* pointer, std::string text) {
            Rule& rule = m_context.policy.rules[builtin_rule::kNetworkOff];
            rule = {RuleSource::profile, std::move(text), m_context.place(pointer)};
        };
        if (network.defaultPolicy == "block") set("/network/defaultPolicy", "network.defaultPolicy: block");
        else if (network.egress && network.egress->defaultAction == "deny")
            set("/network/egress/default", "network.egress.default: deny");
        else if (network.defaultPolicy != "allow") set("/network", "network: no rule allows it");
    }

    void allowTheRest(const char* pointer, const char* text)
    {
        m_policy.egressAllowed = true;
        m_policy.rule = m_context.addRule(RuleSource::profile, text, m_context.place(pointer));
    }

    void useDirections(const NetworkConfig& network)
    {
        if (const auto& egress = network.egress) {
            if (egress->defaultAction == "allow") allowTheRest("/network/egress/default", "egress.default: allow");
            const auto add = [&](const auto& rules, bool allow, const char* list) {
                if (!rules || !m_builder.mayAdd(rules->size(), "/network/egress")) return;
                for (std::size_t i = 0; i < rules->size(); ++i)
                    m_builder.addEntry((*rules)[i], allow, fmt::format("/network/egress/{}/{}", list, i));
            };
            add(egress->allow, true, "allow");
            add(egress->deny, false, "deny");
        }
        if (!network.ingress) return;
        m_letsIn = network.ingress->defaultAction == "allow";
        if (network.ingress->hostLoopback != "allow") return;
        const SourcePlace place = m_context.place("/network/ingress/hostLoopback");
        m_policy.hostLoopbackAllowed = true;
        m_policy.hostLoopbackRule = m_context.addRule(RuleSource::profile, "ingress.hostLoopback: allow", place);
        say(Severity::note, "network-one-way",
            fmt::format("With hostLoopback the sandbox reaches services of this computer that a rule allows (its "
                        "loopback stands at {} and {}); sockets of the sandbox are not offered to this computer",
                        kHostLoopback4, kHostLoopback6),
            place, {});
    }

    void addHosts(const std::optional<std::vector<std::string>>& hosts, bool allow, const char* pointer)
    {
        if (!hosts || !m_builder.mayAdd(hosts->size(), pointer)) return;
        for (std::size_t i = 0; i < hosts->size(); ++i)
            m_builder.addHost((*hosts)[i], allow, !m_since08, fmt::format("{}/{}", pointer, i));
    }

    /// `defaultPolicy: block`: nothing but the allowed hosts.
    void useClosed(const NetworkConfig& network)
    {
        addHosts(network.allowedHosts, true, "/network/allowedHosts");
        if (listed(network.allowedHosts)) addHosts(network.blockedHosts, false, "/network/blockedHosts");
        checkLocalNetwork(network);
    }

    /// `defaultPolicy: allow`: everything but the blocked hosts, or this computer's own network.
    void useOpen(const NetworkConfig& network)
    {
        if (listed(network.allowedHosts))
            refuse("network-contradiction", "/network/allowedHosts",
                   "allowedHosts says nothing where everything is allowed, although it looks like a limit",
                   "Remove the list, or set defaultPolicy to block");
        if (!listed(network.blockedHosts) && network.allowLocalNetwork.value_or(false)) {
            useHost("network.defaultPolicy: allow, with allowLocalNetwork");
            return;
        }
        allowTheRest("/network/defaultPolicy", "network.defaultPolicy: allow");
        addHosts(network.blockedHosts, false, "/network/blockedHosts");
        checkLocalNetwork(network);
        if (!listed(network.blockedHosts))
            say(Severity::note, "network-not-shared",
                "Everything outside may be reached, but nothing of this computer itself",
                m_context.place("/network/defaultPolicy"),
                "Set allowLocalNetwork to true to share this computer's whole network, as MXC does");
    }

    void useHost(const char* text)
    {
        const SourcePlace place = m_context.place("/network/defaultPolicy");
        m_policy.mode = NetworkMode::host;
        m_policy.rule = m_context.addRule(RuleSource::profile, text, place);
        say(Severity::warning, "host-network",
            "The sandbox shares the host's network: it reaches every service that listens on this machine", place, {});
    }

    /// Up to 0.7 MXC does nothing about it in an enclosed network; since 0.8 it refuses it there.
    void checkLocalNetwork(const NetworkConfig& network)
    {
        if (!network.allowLocalNetwork.value_or(false)) return;
        if (m_since08)
            refuse("network-contradiction", "/network/allowLocalNetwork",
                   "allowLocalNetwork goes with defaultPolicy: allow without host lists and proxy only: then the "
                   "network of this computer is shared",
                   kDropFix);
        else
            noEffect("/network/allowLocalNetwork",
                     "allowLocalNetwork has no effect here: only a network that is shared as a whole lets others in");
    }

    void useProxy(const NetworkProxyConfig& proxy, const NetworkConfig& network)
    {
        if (listed(network.allowedHosts) || listed(network.blockedHosts))
            refuse("network-contradiction", "/network/proxy", "A proxy decides about hosts itself",
                   "Remove allowedHosts and blockedHosts, or the proxy");
        if (proxy.builtinTestServer.value_or(false)) {
            refuse("network-proxy", "/network/proxy/builtinTestServer", "Belljar has no proxy for tests of its own",
                   "Start a proxy on this computer and name its port");
            return;
        }
        if (proxy.localhost)
            takeProxy(fmt::format("http://127.0.0.1:{}", *proxy.localhost), "/network/proxy/localhost", "proxy: ");
        else takeProxy(proxy.url.value_or(""), "/network/proxy/url", "proxy: ");
        if (m_own && m_own->cooperativeProxy.value_or(false)) {
            offerProxy();
            return;
        }
        checkLocalNetwork(network);
        if (!m_since08)
            say(Severity::note, "network-proxy-only",
                "The proxy is the only way out; MXC, up to schema 0.7, only offers it to programs",
                m_context.place("/network/proxy"),
                "experimental.belljar.network.cooperativeProxy: true does as MXC does, and opens the whole network");
    }

    void takeProxy(const std::string& text, const char* pointer, const char* words)
    {
        const Result<ProxyUrl> url = parseProxyUrl(text);
        constexpr const char* kFix = "Write for example http://127.0.0.1:8080";
        // Port 80 of http is absent: whoever names a port of this computer means it all the same.
        const std::uint16_t port = url ? url->port.value_or(url->scheme == "https" ? 443 : 80) : 0;
        if (!url || !url->isHttp() || port == 0) {
            refuse("network-proxy", pointer, "This is no address of a proxy", kFix);
            return;
        }
        if (url->hasCredentials) {
            refuse("network-proxy", pointer, "The address of a proxy may not carry a user name or password",
                   "Run a proxy on this computer that logs in to the other one");
            return;
        }
        ProxyRule proxy{url->isLoopback() ? "localhost" : url->host, port, 0, text};
        if (!url->isLoopback()) {
            const Result<IpNetwork> address = parseIpNetwork(url->host);
            const Result<std::string> name = parseHostName(url->host);
            if (!address && !name) {
                refuse("network-proxy", pointer, "This is no address of a proxy", kFix);
                return;
            }
            proxy.host = address ? ipNetworkText(withoutMapping(*address)) : *name;
        }
        proxy.rule = m_context.addRule(RuleSource::profile, words + text, m_context.place(pointer));
        m_context.proxyUrl = text;
        m_policy.proxy = std::move(proxy);
    }

    /// Up to schema 0.7, when asked for.
    void offerProxy()
    {
        const std::string pointer = std::string(kOwn) + "/cooperativeProxy";
        if (m_since08) {
            refuse("network-contradiction", pointer.c_str(),
                   "Since schema 0.8 a proxy is the only way out, with MXC, too", kDropFix);
            return;
        }
        m_policy.proxy.reset();
        useHost("a proxy that is only offered: cooperativeProxy");
    }

    void useOwn(const OwnNetworkConfig& own)
    {
        const std::string pointer = std::string(kOwn) + "/hosts";
        if (own.cooperativeProxy.value_or(false) && m_context.proxyUrl.empty())
            noEffect((std::string(kOwn) + "/cooperativeProxy").c_str(),
                     "cooperativeProxy has no effect without a proxy");
        if (own.publish) publish(*own.publish);
        if (!own.hosts || own.hosts->empty()) return;
        if (m_policy.mode == NetworkMode::host) {
            noEffect(pointer.c_str(), "Host names have no effect where the whole network is open");
            return;
        }
        if (m_policy.proxy) {
            refuse("network-contradiction", pointer.c_str(), "The proxy is the only way out, so no host can be reached",
                   "Remove the host names and let the proxy decide, or remove the proxy");
            return;
        }
        if (!m_builder.mayAdd(own.hosts->size(), pointer.c_str())) return;
        for (std::size_t i = 0; i < own.hosts->size(); ++i)
            m_builder.addName((*own.hosts)[i], fmt::format("{}/{}", pointer, i));
    }

    void publish(const std::vector<PublishConfig>& ports)
    {
        const std::string pointer = std::string(kOwn) + "/publish";
        if (ports.empty()) return;
        if (m_policy.mode == NetworkMode::host) {
            noEffect(pointer.c_str(), "Where the network is this computer's, every port is offered by itself");
            return;
        }
        if (!m_letsIn) {
            refuse("network-contradiction", pointer.c_str(),
                   "Ports are offered, but connections from outside are not allowed",
                   "Set network.ingress.default to allow (schema 0.8 or later), or remove the list");
            return;
        }
        if (!m_builder.mayAdd(ports.size(), pointer.c_str())) return;
        for (std::size_t i = 0; i < ports.size(); ++i)
            m_builder.addPublished(ports[i], fmt::format("{}/{}", pointer, i));
    }

    /// Who allows name servers by their address, and no names, has them asked as they are.
    void offerResolver()
    {
        const bool asksServers =
            m_policy.names.empty() && !m_policy.egressAllowed &&
            std::any_of(m_policy.egress.begin(), m_policy.egress.end(), [](const NetworkRule& rule) {
                const auto isDns = [](const NetworkRule::Service& service) {
                    const bool carries = service.protocol == IpProtocol::any || service.protocol == IpProtocol::udp;
                    return carries && service.ports.contains(kResolverPort);
                };
                return rule.allow &&
                       (rule.services.empty() || std::any_of(rule.services.begin(), rule.services.end(), isDns));
            });
        const bool isProxyNamed = m_policy.proxy && isNamedHost(m_policy.proxy->host);
        if ((m_policy.proxy && !isProxyNamed) || asksServers) return;
        const std::string file = canonicalInSandbox(m_context.policy, "/etc/resolv.conf", m_context.facts);
        if (m_context.facts.lstat(file).type == FileType::regular) {
            m_policy.resolverFile = file;
            return;
        }
        if (!m_policy.names.empty() || isProxyNamed)
            say(Severity::warning, "network-resolver",
                fmt::format("This machine has no /etc/resolv.conf, so programs are not told to ask {} for names",
                            kResolver4),
                m_context.policy.rules[isProxyNamed ? m_policy.proxy->rule : m_policy.names.front().rule].place,
                "Make one, even an empty one");
    }

    void addOptions()
    {
        for (const ExtraNetwork& extra : m_context.request.extraNetwork) {
            const std::string option =
                fmt::format("{} {}", extra.allow ? "--allow-net" : "--deny-net", extra.spec.text);
            const auto refuseOption = [&](const char* message, const char* fix) {
                say(Severity::error, "network-contradiction", fmt::format("{}: {}", option, message), {}, fix);
            };
            if (m_policy.mode == NetworkMode::host) {
                refuseOption("the whole network of this computer is open, and nothing of it can be denied or allowed",
                             "Leave out --net host, or allowLocalNetwork in the profile");
                return;
            }
            if (m_policy.proxy && extra.allow) {
                refuseOption("the proxy is the only way out", "Let the proxy decide, or use --net off beside it");
                return;
            }
            m_builder.addSpec(extra.spec, extra.allow, m_context.addRule(RuleSource::commandLine, option));
        }
    }

    ResolveContext& m_context;
    NetworkPolicy& m_policy;
    NetworkBuilder m_builder;
    const OwnNetworkConfig* m_own = nullptr;
    bool m_since08 = false;
    bool m_letsIn = false;  ///< Connections from outside are allowed.
};

}  // namespace

void resolveNetwork(ResolveContext& context)
{
    NetworkResolver(context).resolve();
}

}  // namespace belljar
