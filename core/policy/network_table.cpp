#include "core/policy/network_table.h"

#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <string>
#include <tuple>

namespace belljar {
namespace {

using Block = NetworkTable::Block;
using Span = NetworkTable::Span;
using Service = NetworkRule::Service;

constexpr std::array kProtocols{IpProtocol::any, IpProtocol::tcp, IpProtocol::udp, IpProtocol::icmp};

auto orderOf(const IpNetwork& network)
{
    return std::tie(network.isIpv6, network.prefix, network.address);
}

/// The ports of `protocol` that a service speaks of, if it does.
std::optional<PortRange> portsOf(const Service& service, IpProtocol protocol)
{
    const bool ported = protocol == IpProtocol::tcp || protocol == IpProtocol::udp;
    if (service.protocol == IpProtocol::any) {
        if (!ported && !service.ports.isAll()) return std::nullopt;
    } else if (service.protocol != protocol) {
        return std::nullopt;
    }
    return ported ? service.ports : PortRange{};
}

/// A block and one of the rules about it.
struct Entry {
    IpNetwork network;
    std::uint32_t rule = 0;  ///< Its place in the list.
};

class TableMaker {
public:
    explicit TableMaker(std::span<const NetworkRule> rules) : m_rules(rules) {}

    NetworkTable make()
    {
        for (std::uint32_t i = 0; i < m_rules.size(); ++i)
            for (const IpNetwork& block : withoutNetworks(m_rules[i].network, m_rules[i].except, kNoLimit))
                m_entries.push_back({block, i});
        std::sort(m_entries.begin(), m_entries.end(), [](const Entry& a, const Entry& b) {
            return std::tuple(orderOf(a.network), a.rule) < std::tuple(orderOf(b.network), b.rule);
        });
        for (std::size_t from = 0; from < m_entries.size();) {
            std::size_t to = from;
            while (to < m_entries.size() && m_entries[to].network == m_entries[from].network) ++to;
            addBlock(std::span(m_entries).subspan(from, to - from));
            from = to;
        }
        return std::move(m_table);
    }

private:
    static constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max() / 2;

    void addBlock(std::span<const Entry> entries)
    {
        Block block{entries.front().network, static_cast<std::uint32_t>(m_table.spans.size()), 0};
        for (const bool allow : {false, true})
            for (const IpProtocol protocol : kProtocols) addSpans(entries, allow, protocol);
        block.spanCount = static_cast<std::uint32_t>(m_table.spans.size()) - block.firstSpan;
        m_table.blocks.push_back(block);
    }

    /// Sweeps over the ports; where ranges overlap, the first rule is named.
    void addSpans(std::span<const Entry> entries, bool allow, IpProtocol protocol)
    {
        struct Edge {
            std::uint32_t port = 0;
            bool opens = false;
            std::uint32_t rule = 0;
        };
        std::vector<Edge> edges;
        for (const Entry& entry : entries) {
            const NetworkRule& rule = m_rules[entry.rule];
            if (rule.allow != allow) continue;
            const auto add = [&](const Service& service) {
                const std::optional<PortRange> ports = portsOf(service, protocol);
                if (!ports || ports->first > ports->last) return;
                edges.push_back({ports->first, true, entry.rule});
                edges.push_back({ports->last + 1U, false, entry.rule});
            };
            if (rule.services.empty()) add({});
            for (const Service& service : rule.services) add(service);
        }
        std::sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) { return a.port < b.port; });
        const std::size_t begin = m_table.spans.size();
        std::multiset<std::uint32_t> open;
        for (std::size_t i = 0; i < edges.size(); ++i) {
            if (edges[i].opens) open.insert(edges[i].rule);
            else open.erase(open.find(edges[i].rule));
            if (i + 1 == edges.size() || open.empty() || edges[i + 1].port == edges[i].port) continue;
            const auto first = static_cast<std::uint16_t>(edges[i].port);
            const auto last = static_cast<std::uint16_t>(edges[i + 1].port - 1);
            const RuleId rule = m_rules[*open.begin()].rule;
            const bool goesOn = m_table.spans.size() > begin && m_table.spans.back().rule == rule &&
                                m_table.spans.back().ports.last + 1U == first;
            if (goesOn) m_table.spans.back().ports.last = last;
            else m_table.spans.push_back({allow, protocol, {first, last}, rule});
        }
    }

    std::span<const NetworkRule> m_rules;
    std::vector<Entry> m_entries;
    NetworkTable m_table;
};

const Span* spanIn(const NetworkTable& table, const Block& block, bool allow, IpProtocol protocol, std::uint16_t port)
{
    const std::span spans = std::span(table.spans).subspan(block.firstSpan, block.spanCount);
    const auto wanted = std::tuple(allow, protocol, port);
    const auto found = std::partition_point(spans.begin(), spans.end(), [&](const Span& span) {
        return std::tuple(span.allow, span.protocol, span.ports.last) < wanted;
    });
    const bool covers =
        found != spans.end() && found->allow == allow && found->protocol == protocol && found->ports.contains(port);
    return covers ? &*found : nullptr;
}

}  // namespace

NetworkTable makeNetworkTable(std::span<const NetworkRule> rules)
{
    return TableMaker(rules).make();
}

const Span* findSpan(const NetworkTable& table, const IpNetwork& address, IpProtocol protocol, std::uint16_t port)
{
    if (protocol == IpProtocol::any || protocol == IpProtocol::icmp) port = 0;
    const auto family = [](const Block& block) { return block.network.isIpv6; };
    const auto middle =
        std::partition_point(table.blocks.begin(), table.blocks.end(), [&](const Block& b) { return !family(b); });
    const auto begin = address.isIpv6 ? middle : table.blocks.begin();
    auto end = address.isIpv6 ? table.blocks.end() : middle;
    const Span* allowing = nullptr;
    while (end != begin) {
        const unsigned prefix = std::prev(end)->network.prefix;
        const auto sizes = std::partition_point(begin, end, [&](const Block& b) { return b.network.prefix < prefix; });
        const IpNetwork wanted = address.widened(prefix);
        const auto block =
            std::partition_point(sizes, end, [&](const Block& b) { return b.network.address < wanted.address; });
        if (block != end && block->network.address == wanted.address) {
            if (const Span* denying = spanIn(table, *block, false, protocol, port)) return denying;
            if (!allowing) allowing = spanIn(table, *block, true, protocol, port);
        }
        end = sizes;
    }
    return allowing;
}

const HostNameRule* findName(const NetworkPolicy& network, std::string_view name, std::optional<std::uint16_t> port)
{
    if (network.names.empty()) return nullptr;
    std::string pattern;
    for (std::string_view rest = name;;) {
        const std::string asked = pattern + std::string(rest);
        const auto [begin, end] =
            std::equal_range(network.names.begin(), network.names.end(), HostNameRule{asked, {}, 0},
                             [](const HostNameRule& a, const HostNameRule& b) { return a.pattern < b.pattern; });
        const auto covers = [&](const HostNameRule& rule) {
            return rule.ports.empty() || !port ||
                   std::any_of(rule.ports.begin(), rule.ports.end(),
                               [&](const PortRange& ports) { return ports.contains(*port); });
        };
        if (const auto found = std::find_if(begin, end, covers); found != end) return &*found;
        const std::size_t dot = rest.find('.');
        if (dot == std::string_view::npos) return nullptr;
        pattern += "*.";
        rest.remove_prefix(dot + 1);
    }
}

void indexNetwork(NetworkPolicy& network)
{
    network.table = makeNetworkTable(network.egress);
    std::stable_sort(network.names.begin(), network.names.end(),
                     [](const HostNameRule& a, const HostNameRule& b) { return a.pattern < b.pattern; });
}

}  // namespace belljar
