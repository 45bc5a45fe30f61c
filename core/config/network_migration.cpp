#include "core/config/network_migration.h"

#include <optional>

#include <spdlog/fmt/fmt.h>

#include "core/base/ip_network.h"
#include "core/base/proxy_url.h"
#include "core/base/visible.h"
#include "core/config/json_writer.h"
#include "core/config/sentences.h"

namespace belljar {
namespace {

/// The executor reads a proxy's port as missing when it is the scheme's own.
constexpr std::uint16_t kHttpPort = 80;

bool listed(const std::optional<std::vector<std::string>>& hosts)
{
    return hosts && !hosts->empty();
}

class NetworkMigrator {
public:
    explicit NetworkMigrator(const SandboxConfig& config) : m_config(config), m_network(*config.network) {}

    NetworkMigration run()
    {
        if (!isOlder()) return {};
        if (!enclosedByBubblewrap()) {
            note("/network", fmt::format("the older network fields stay: schema 0.8 still reads them for `{}`",
                                         *m_config.containment));
            return std::move(m_result);
        }
        if (m_network.proxy) proxy();
        else if (m_network.defaultPolicy.value_or("block") == "allow") allowed();
        else blocked();
        return std::move(m_result);
    }

private:
    [[nodiscard]] bool isOlder() const
    {
        return m_network.defaultPolicy || m_network.enforcementMode || m_network.allowedHosts ||
               m_network.blockedHosts || m_network.allowLocalNetwork || m_network.proxy;
    }

    [[nodiscard]] bool enclosedByBubblewrap() const
    {
        const std::string containment = m_config.containment.value_or("");
        return containment.empty() || containment == "process" || containment == "bubblewrap";
    }

    void find(Severity severity, const char* id, std::string pointer, std::string message, std::string fix = {})
    {
        m_result.findings.push_back({severity, id, std::move(message), {std::move(pointer), 0, 0}, std::move(fix)});
    }
    void cannot(std::string pointer, std::string message, std::string fix)
    {
        find(Severity::error, "not-migratable", std::move(pointer), std::move(message), std::move(fix));
    }
    void note(std::string pointer, std::string message)
    {
        find(Severity::note, "migrated", std::move(pointer), std::move(message));
    }

    [[nodiscard]] bool filters() const
    {
        return m_network.enforcementMode == "firewall" || m_network.enforcementMode == "both";
    }

    /// The rest is blocked: nothing is reachable but allowedHosts.
    void blocked()
    {
        if (m_network.allowLocalNetwork.value_or(false))
            cannot("/network/allowLocalNetwork",
                   "schema 0.8 has nothing that lets the local network in while the rest is blocked",
                   "Remove it: bubblewrap ignored it until 0.7.");
        const std::vector<std::string> hosts = addresses(m_network.allowedHosts, "/network/allowedHosts");
        std::vector<std::string> denied;
        if (!hosts.empty()) denied = addresses(m_network.blockedHosts, "/network/blockedHosts");
        else if (listed(m_network.blockedHosts))
            note("/network/blockedHosts", "blockedHosts goes: it says nothing where everything is blocked");
        note(m_network.defaultPolicy ? "/network/defaultPolicy" : "/network",
             hosts.empty() ? "blocking becomes `egress.default`: `deny`"
                           : "blocking with allowedHosts becomes `egress` with allow rules");
        useEgress("deny", hosts, denied);
    }

    /// The rest is allowed: everything is reachable but blockedHosts.
    void allowed()
    {
        if (listed(m_network.allowedHosts))
            cannot("/network/allowedHosts",
                   "allowedHosts says nothing where everything is allowed, although it looks like a limit",
                   "Remove the list, or set defaultPolicy to block.");
        if (listed(m_network.blockedHosts)) {
            if (m_network.allowLocalNetwork.value_or(false))
                cannot("/network/allowLocalNetwork",
                       "with filtered outgoing connections, bubblewrap refuses to let the local network in",
                       "Remove it: bubblewrap ignored it until 0.7.");
            const std::vector<std::string> hosts = addresses(m_network.blockedHosts, "/network/blockedHosts");
            note("/network/defaultPolicy", "allowing without blockedHosts becomes `egress` with deny rules");
            useEgress("allow", {}, hosts);
            return;
        }
        if (m_network.allowLocalNetwork == false) {
            cannot("/network/allowLocalNetwork",
                   "until 0.7 bubblewrap ignores false and shares the host's whole network; 0.8 cannot do the one "
                   "without the other",
                   "Set it to true to say so, or set defaultPolicy to block.");
            return;
        }
        if (m_network.allowLocalNetwork) return;
        find(Severity::warning, "migrated", "/network/defaultPolicy",
             "`allow` shares the host's whole network with the command, its local services included; schema 0.8 wants "
             "that said, so `allowLocalNetwork`: true is added",
             "Set defaultPolicy to block if the command needs no network.");
        m_result.steps.push_back({MigrationStep::Kind::set, "/network/allowLocalNetwork", "true"});
    }

    /// The hosts as networks; what is none of them cannot be migrated.
    std::vector<std::string> addresses(const std::optional<std::vector<std::string>>& hosts, const char* list)
    {
        if (!listed(hosts)) return {};
        if (!filters()) {
            cannot(list, "host lists are not enforced in the mode `capabilities`, which rules would be",
                   "Remove the list, or set enforcementMode to firewall if it should be enforced.");
            return {};
        }
        for (std::size_t i = 0; i < hosts->size(); ++i) checkHost((*hosts)[i], fmt::format("{}/{}", list, i));
        return *hosts;
    }

    void checkHost(const std::string& host, const std::string& pointer)
    {
        const Result<IpNetwork> network = parseIpNetwork(host);
        if (!network)
            cannot(pointer,
                   fmt::format("`{}` is no network ({}), and rules name networks only", shortened(host, 60),
                               network.error().message),
                   "Name its addresses, for example 192.0.2.7 or 192.0.2.0/24, or use a proxy that knows names.");
        else if (holdsMappedIpv4(*network))
            cannot(pointer, fmt::format("`{}` contains the IPv4 addresses as ::ffff:0:0/96, which rules may not", host),
                   "Name the IPv6 networks that are meant, for example 2000::/3.");
    }

    /// Nothing but the proxy was to be reached, or everything: both become the proxy alone, as 0.8 does with the older
    /// field, too.
    void proxy()
    {
        if (listed(m_network.allowedHosts) || listed(m_network.blockedHosts))
            cannot("/network/proxy", "a proxy beside host lists has no counterpart in schema 0.8",
                   "Remove the lists and let the proxy decide, or remove the proxy.");
        if (m_network.allowLocalNetwork.value_or(false))
            cannot("/network/allowLocalNetwork", "a proxy that is the only way out lets the local network not in",
                   "Remove it: bubblewrap ignored it until 0.7.");
        const std::optional<std::string> address = proxyAddress(*m_network.proxy);
        if (!address) return;
        if (m_network.defaultPolicy == "allow")
            find(Severity::warning, "migrated", "/network/proxy",
                 "until 0.7 the proxy is only offered to programs, in 0.8 it is their only way out: those that connect "
                 "by themselves no longer can",
                 "Remove the proxy if direct connections are meant.");
        else note("/network/proxy", fmt::format("the proxy becomes `runtimeConfig.networkProxy`: `{}`", *address));
        useEgress("deny", {}, {});
        m_result.steps.push_back({MigrationStep::Kind::set, "/runtimeConfig/networkProxy", jsonQuote(*address)});
    }

    std::optional<std::string> proxyAddress(const NetworkProxyConfig& proxy)
    {
        if (proxy.builtinTestServer) {
            cannot("/network/proxy/builtinTestServer", "MXC's own test proxy has no counterpart in schema 0.8",
                   "Start a proxy on this computer and name its port.");
            return {};
        }
        if (proxy.localhost) {
            if (*proxy.localhost != kHttpPort) return fmt::format("http://127.0.0.1:{}", *proxy.localhost);
            cannot("/network/proxy/localhost", "schema 0.8 cannot name a proxy at port 80",
                   "Let the proxy listen on another port, for example 8080.");
            return {};
        }
        const Result<ProxyUrl> url = parseProxyUrl(proxy.url.value_or(""));
        if (!url) {
            cannot("/network/proxy/url", "this is no proxy address: " + url.error().message, "Correct it.");
        } else if (url->hasCredentials) {
            cannot("/network/proxy/url", "a proxy address with a user name or password may not be passed on",
                   "Run a proxy on this computer that logs in to the other one.");
        } else if (!url->isOwnComputer()) {
            cannot("/network/proxy/url", "in schema 0.8 the proxy must be on this computer",
                   "Run a proxy on this computer that forwards to it.");
        } else if (url->host == "::1" || url->port == 0) {
            cannot("/network/proxy/url", "in schema 0.8 bubblewrap reaches proxies at an IPv4 address and a port only",
                   "Let the proxy listen on 127.0.0.1, for example http://127.0.0.1:8080.");
        } else {
            return proxy.url;
        }
        return {};
    }

    static void addRule(JsonWriter& out, const char* list, const std::vector<std::string>& hosts)
    {
        if (hosts.empty()) return;
        out.key(list);
        out.openArray();
        out.openObject();
        out.key("to");
        out.openArray();
        for (const std::string& host : hosts) out.raw(fmt::format(R"({{ "cidr": {} }})", jsonQuote(host)));
        out.close();
        out.close();
        out.close();
    }

    /// Puts `egress` where the older fields stood.
    void useEgress(const char* action, const std::vector<std::string>& allow, const std::vector<std::string>& deny)
    {
        using Kind = MigrationStep::Kind;
        std::string value = fmt::format(R"({{ "default": "{}" }})", action);
        if (!allow.empty() || !deny.empty()) {
            JsonWriter out;
            out.openObject();
            out.key("default");
            out.string(action);
            addRule(out, "allow", allow);
            addRule(out, "deny", deny);
            out.close();
            value = std::move(out).take();
        }
        if (m_network.defaultPolicy) m_result.steps.push_back({Kind::rename, "/network/defaultPolicy", "egress"});
        m_result.steps.push_back({Kind::set, "/network/egress", std::move(value)});
        for (const char* key :
             {"defaultPolicy", "enforcementMode", "allowedHosts", "blockedHosts", "allowLocalNetwork", "proxy"})
            m_result.steps.push_back({Kind::remove, fmt::format("/network/{}", key), {}});
    }

    const SandboxConfig& m_config;
    const NetworkConfig& m_network;
    NetworkMigration m_result;
};

}  // namespace

NetworkMigration migrateNetwork(const SandboxConfig& config)
{
    return config.network ? NetworkMigrator(config).run() : NetworkMigration{};
}

}  // namespace belljar
