// Network settings. What cannot be enforced exactly is refused; nothing is opened wider than asked.
#include <spdlog/fmt/fmt.h>

#include "core/policy/resolve_context.h"

namespace belljar {
namespace {

constexpr const char* kNetworkFix =
    "Remove this setting to run without network, or grant the host's whole network with --net host";

class NetworkResolver {
public:
    explicit NetworkResolver(ResolveContext& context) : m_context(context) {}

    void resolve()
    {
        if (m_context.request.network) {
            useOption(*m_context.request.network);
            return;
        }
        const auto& runtime = m_context.config.runtimeConfig;
        const bool runtimeProxy = runtime && runtime->networkProxy;
        if (runtimeProxy) refuse("/runtimeConfig/networkProxy", "a proxy as the only way out");
        if (!m_context.config.network) return;
        const NetworkConfig& network = *m_context.config.network;
        describeOff(network);
        checkDirections(network);
        if (network.proxy) refuse("/network/proxy", "a proxy as the only way out");
        if (network.defaultPolicy == "allow") {
            openHost(network, runtimeProxy);
            return;
        }
        if (network.allowedHosts && !network.allowedHosts->empty())
            refuse("/network/allowedHosts", "access to some hosts only");
        if (network.allowLocalNetwork.value_or(false))
            refuse("/network/allowLocalNetwork", "access to the local network only");
    }

private:
    void refuse(const char* pointer, const char* what)
    {
        m_context.report(
            Severity::error, "network-not-enforceable-yet",
            fmt::format("The profile asks for {}: filtered network is not built yet, and Belljar refuses rather "
                        "than opening more than asked",
                        what),
            m_context.place(pointer), kNetworkFix);
    }

    void useOption(NetworkMode mode)
    {
        NetworkPolicy& network = m_context.policy.network;
        network.mode = mode;
        if (mode == NetworkMode::host) {
            network.rule = m_context.addRule(RuleSource::commandLine, "--net host");
            return;
        }
        m_context.policy.rules[builtin_rule::kNetworkOff] = {RuleSource::commandLine, "--net off", {}};
    }

    /// The rule that denies the network is the profile's line when it has one.
    void describeOff(const NetworkConfig& network)
    {
        const auto set = [&](const char* pointer, std::string text) {
            Rule& rule = m_context.policy.rules[builtin_rule::kNetworkOff];
            rule = {RuleSource::profile, std::move(text), m_context.place(pointer)};
        };
        if (network.defaultPolicy == "block") set("/network/defaultPolicy", "network.defaultPolicy: block");
        else if (network.egress && network.egress->defaultAction) {
            set("/network/egress/default", fmt::format("network.egress.default: {}", *network.egress->defaultAction));
        } else {
            set("/network", "network: nothing is allowed");
        }
    }

    void checkDirections(const NetworkConfig& network)
    {
        if (const auto& egress = network.egress) {
            if (egress->defaultAction == "allow")
                refuse("/network/egress/default", "the outside but not the local network");
            if (egress->allow && !egress->allow->empty())
                refuse("/network/egress/allow", "access to some addresses only");
        }
        if (const auto& ingress = network.ingress) {
            if (ingress->defaultAction == "allow") refuse("/network/ingress/default", "connections from outside");
            if (ingress->hostLoopback == "allow") refuse("/network/ingress/hostLoopback", "the host's loopback only");
        }
    }

    /// `defaultPolicy: allow` is the host's network when nothing in the profile asks for less than that.
    void openHost(const NetworkConfig& network, bool proxy)
    {
        const auto listed = [](const auto& hosts) { return hosts && !hosts->empty(); };
        if (listed(network.blockedHosts)) refuse("/network/blockedHosts", "everything but some hosts");
        if (listed(network.allowedHosts)) refuse("/network/allowedHosts", "access to some hosts only");
        const bool firewall = network.enforcementMode == "firewall" || network.enforcementMode == "both";
        if (firewall) refuse("/network/enforcementMode", "a firewall");
        if (!network.allowLocalNetwork.value_or(false)) {
            refuse("/network/defaultPolicy", "the outside but not the local network");
            return;
        }
        if (proxy || network.proxy || network.egress || network.ingress) return;
        m_context.policy.network.mode = NetworkMode::host;
        m_context.policy.network.rule =
            m_context.addRule(RuleSource::profile, "network.defaultPolicy: allow, with allowLocalNetwork",
                              m_context.place("/network/defaultPolicy"));
        m_context.report(Severity::warning, "host-network",
                         "The sandbox shares the host's network: it reaches every service that listens on this machine",
                         m_context.place("/network/defaultPolicy"));
    }

    ResolveContext& m_context;
};

}  // namespace

void resolveNetwork(ResolveContext& context)
{
    NetworkResolver(context).resolve();
}

}  // namespace belljar
