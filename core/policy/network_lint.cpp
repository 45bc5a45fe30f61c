// What rules about the network do to each other. Each rule is held against the table of all: log rules × sizes each.
#include <algorithm>

#include <spdlog/fmt/fmt.h>

#include "core/policy/network_builder.h"
#include "core/policy/network_table.h"
#include "core/policy/network_words.h"

namespace belljar {
namespace {

using Span = NetworkTable::Span;

/// Labels that are no "*".
std::size_t writtenLabels(std::string_view pattern)
{
    while (pattern.starts_with("*.")) pattern.remove_prefix(2);
    return static_cast<std::size_t>(std::count(pattern.begin(), pattern.end(), '.')) + 1;
}

class NetworkLint {
public:
    explicit NetworkLint(ResolveContext& context) : m_context(context), m_network(context.policy.network) {}

    void run()
    {
        for (const NetworkRule& rule : m_network.egress) check(rule);
        for (const HostNameRule& name : m_network.names) checkName(name);
    }

private:
    /// The other rule that covers all ports of `protocol` in all of a block, in one span of a block around it.
    const Span* cover(const NetworkRule& rule, bool allow, IpProtocol protocol, PortRange ports) const
    {
        const auto& blocks = m_network.table.blocks;
        for (unsigned prefix = rule.network.prefix + 1; prefix-- > 0;) {
            const IpNetwork wide = rule.network.widened(prefix);
            const auto order = [](const IpNetwork& a) { return std::tuple(a.isIpv6, a.prefix, a.address); };
            const auto block = std::partition_point(blocks.begin(), blocks.end(), [&](const NetworkTable::Block& b) {
                return order(b.network) < order(wide);
            });
            if (block == blocks.end() || block->network != wide) continue;
            const auto begin = m_network.table.spans.begin() + block->firstSpan;
            const auto end = begin + block->spanCount;
            const auto span = std::partition_point(begin, end, [&](const Span& s) {
                return std::tuple(s.allow, s.protocol, s.ports.last) < std::tuple(allow, protocol, ports.first);
            });
            if (span == end || span->allow != allow || span->protocol != protocol) continue;
            const bool covers = span->ports.first <= ports.first && ports.last <= span->ports.last;
            if (covers && span->rule != rule.rule) return &*span;
        }
        return nullptr;
    }

    /// The first rule of those that together, each alone for a protocol, cover everything that `rule` says; nullopt
    /// when something is left.
    std::optional<RuleId> coveredBy(const NetworkRule& rule, bool allow) const
    {
        std::optional<RuleId> first;
        const auto look = [&](const NetworkRule::Service& service) {
            for (const IpProtocol protocol : {IpProtocol::any, IpProtocol::tcp, IpProtocol::udp, IpProtocol::icmp}) {
                const bool ported = protocol == IpProtocol::tcp || protocol == IpProtocol::udp;
                const bool all = service.protocol == IpProtocol::any && service.ports.isAll();
                const bool named = service.protocol == protocol && protocol != IpProtocol::any;
                const bool both = service.protocol == IpProtocol::any && ported;
                if (!all && !named && !both) continue;
                const Span* span = cover(rule, allow, protocol, ported ? service.ports : PortRange{});
                if (!span) return false;
                if (!first) first = span->rule;
            }
            return true;
        };
        if (rule.services.empty()) return look({}) ? first : std::nullopt;
        return std::all_of(rule.services.begin(), rule.services.end(), look) ? first : std::nullopt;
    }

    [[nodiscard]] std::string text(RuleId rule) const { return quoted(m_context.policy.rules[rule].text); }

    void say(Severity severity, const char* id, std::string message, RuleId rule, const char* fix)
    {
        m_context.report(severity, id, std::move(message), rule, fix);
    }

    void check(const NetworkRule& rule)
    {
        if (rule.allow) {
            if (const std::optional<RuleId> denied = coveredBy(rule, false)) {
                say(Severity::warning, "network-shadowed",
                    fmt::format("{} allows nothing: {} denies it, and a denial always wins", text(rule.rule),
                                text(*denied)),
                    rule.rule, "Remove one of them, or except this network from the denial");
                return;
            }
            checkReach(rule);
        }
        if (const std::optional<RuleId> other = coveredBy(rule, rule.allow)) {
            say(Severity::note, "network-redundant",
                fmt::format("{} adds nothing to {}", text(rule.rule), text(*other)), rule.rule, "Remove it");
            return;
        }
        if (rule.allow == m_network.egressAllowed && rule.allow)
            say(Severity::note, "network-redundant",
                fmt::format("{} adds nothing: what no rule denies is allowed", text(rule.rule)), rule.rule,
                "Remove it");
    }

    /// What an allow rule names, but cannot open.
    void checkReach(const NetworkRule& rule)
    {
        const auto within = [&](const char* block) { return parseIpNetwork(block)->contains(rule.network); };
        if (within("127.0.0.0/8") || within("::1"))
            say(Severity::warning, "network-no-effect",
                fmt::format(
                    "{}: loopback addresses are the sandbox's own; this computer's loopback stands at {} and {}",
                    text(rule.rule), kHostLoopback4, kHostLoopback6),
                rule.rule, "Name that address, and allow network.ingress.hostLoopback");
        else if ((within(kHostLoopback4) || within(kHostLoopback6)) && !m_network.hostLoopbackAllowed)
            say(Severity::warning, "network-no-effect",
                fmt::format("{}: this computer's services are reached with hostLoopback only", text(rule.rule)),
                rule.rule, "Allow network.ingress.hostLoopback, too");
        else if (within("224.0.0.0/4") || within("ff00::/8") || within("240.0.0.0/4"))
            say(Severity::warning, "network-no-effect",
                fmt::format("{}: multicast, broadcast and reserved addresses do not leave a sandbox", text(rule.rule)),
                rule.rule, "Remove it");
        const bool icmpOnly = !rule.services.empty() &&
                              std::all_of(rule.services.begin(), rule.services.end(),
                                          [](const auto& service) { return service.protocol == IpProtocol::icmp; });
        if (icmpOnly && !m_network.echoes)
            say(Severity::warning, "network-no-effect", fmt::format("{}: {}", text(rule.rule), kNoIcmp), rule.rule,
                "Remove it, or let an administrator set net.ipv4.ping_group_range");
    }

    void checkName(const HostNameRule& name)
    {
        if (m_network.egressAllowed)
            say(Severity::note, "network-redundant",
                fmt::format("{} adds nothing: what no rule denies is allowed", text(name.rule)), name.rule,
                "Remove it");
        else if (name.pattern.starts_with("*.") && writtenLabels(name.pattern) < 2)
            say(Severity::warning, "network-broad",
                fmt::format("{} allows very many hosts, also such as anybody can register", text(name.rule)), name.rule,
                "Name the hosts that are needed");
    }

    ResolveContext& m_context;
    const NetworkPolicy& m_network;
};

}  // namespace

void lintNetwork(ResolveContext& context)
{
    NetworkLint(context).run();
}

}  // namespace belljar
