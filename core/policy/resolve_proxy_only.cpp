// A filtered network on a machine whose kernel cannot hand packets to the relay. What an HTTP proxy cannot do is
// refused; what it can is done, and said.
#include <algorithm>

#include <spdlog/fmt/fmt.h>

#include "core/policy/resolve_context.h"

namespace belljar {
namespace {

constexpr const char* kFix =
    "Use a kernel with nf_tables (CONFIG_NF_TABLES, CONFIG_NFT_TPROXY, CONFIG_NFT_REJECT_INET and "
    "CONFIG_NETFILTER_NETLINK_QUEUE)";

class ProxyOnly {
public:
    ProxyOnly(ResolveContext& context, std::string obstacle) : m_context(context), m_obstacle(std::move(obstacle)) {}

    void lead()
    {
        NetworkPolicy& network = m_context.policy.network;
        if (network.proxy) refuse(network.proxy->rule, "a proxy of the profile's own cannot be reached");
        if (network.kernelForwards) {
            constexpr const char* kPointer = "/experimental/belljar/network/kernelForwarding";
            refuse(m_context.place(kPointer), "the kernel cannot carry connections");
        }
        for (const PublishedPort& port : network.published) refuse(port.rule, "no port of the sandbox can be offered");
        for (const NetworkRule& rule : network.egress)
            if (rule.allow && !rule.derived) checkServices(rule);
        // Without a resolver of the sandbox's own it would have asked the machine's name servers.
        std::optional<RuleId> lookups;
        if (network.resolverFile.empty() && network.names.empty()) lookups = findDnsRule(network);
        network.proxyOnly = {
            m_context.addRule(RuleSource::builtIn, fmt::format("network by proxy only: {}. UDP, ICMP and programs that "
                                                               "ignore proxies cannot get out",
                                                               m_obstacle)),
            lookups};
        // Nobody answers there.
        network.resolverFile.clear();
        m_context.ownProxyUrl = fmt::format("http://127.0.0.1:{}", kOwnProxyPort);
        m_context.report(Severity::warning, "network-proxy-only",
                         fmt::format("The network can be reached through Belljar's proxy only, {}, because {}. UDP, "
                                     "ICMP and programs that ignore HTTP_PROXY and HTTPS_PROXY cannot get out",
                                     m_context.ownProxyUrl, m_obstacle),
                         SourcePlace{}, kFix);
    }

private:
    static std::optional<RuleId> findDnsRule(const NetworkPolicy& network)
    {
        const auto carries = [](const NetworkRule::Service& service) {
            return service.protocol == IpProtocol::any && service.ports.contains(kResolverPort);
        };
        for (const NetworkRule& rule : network.egress) {
            const bool all = rule.services.empty();
            if (rule.allow && (all || std::any_of(rule.services.begin(), rule.services.end(), carries)))
                return rule.rule;
        }
        return std::nullopt;
    }

    void checkServices(const NetworkRule& rule)
    {
        const auto needsPackets = [](const NetworkRule::Service& service) {
            return service.protocol == IpProtocol::udp || service.protocol == IpProtocol::icmp;
        };
        if (std::any_of(rule.services.begin(), rule.services.end(), needsPackets))
            refuse(rule.rule, "a rule asks for another protocol than TCP");
    }

    void refuse(RuleId rule, const char* what)
    {
        if (m_told == rule) return;  // one entry makes a rule for each of its networks
        m_told = rule;
        refuse(m_context.policy.rules[rule].place, what);
    }

    void refuse(const SourcePlace& place, const char* what)
    {
        m_context.report(
            Severity::error, "network-needs-packets",
            fmt::format("Only TCP through Belljar's proxy leads out here, because {}: {}", m_obstacle, what), place,
            kFix);
    }

    ResolveContext& m_context;
    const std::string m_obstacle;
    RuleId m_told = 0;
};

}  // namespace

void leadByProxy(ResolveContext& context)
{
    if (context.policy.network.mode != NetworkMode::filtered) return;
    std::string obstacle = context.facts.packetObstacle();
    if (!obstacle.empty()) ProxyOnly(context, std::move(obstacle)).lead();
}

}  // namespace belljar
