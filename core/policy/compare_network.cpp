// The networks of two policies, cell by cell: between the ends of the blocks and port ranges that either names, answers
// cannot change.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <spdlog/fmt/fmt.h>

#include "core/base/ip_network.h"
#include "core/policy/compare_parts.h"
#include "core/policy/decide.h"
#include "core/policy/network_address.h"
#include "core/policy/network_words.h"
#include "core/policy/published_ports.h"

namespace belljar {
namespace {

constexpr std::size_t kMostCells = 400'000;
constexpr std::array kProtocols{IpProtocol::tcp, IpProtocol::udp, IpProtocol::icmp};

using Address = std::array<std::uint8_t, 16>;

/// The last address of a block.
Address lastOf(const IpNetwork& network)
{
    Address last = network.address;
    for (unsigned bit = network.prefix; bit < network.bits(); ++bit) {
        const auto mask = static_cast<std::uint8_t>(0x80U >> (bit % 8));
        last[bit / 8] = static_cast<std::uint8_t>(last[bit / 8] | mask);
    }
    return last;
}

/// The address after or before `address`; nothing past either end.
std::optional<Address> stepped(Address address, std::size_t size, bool up)
{
    for (std::size_t i = size; i-- > 0;) {
        address[i] = static_cast<std::uint8_t>(up ? address[i] + 1 : address[i] - 1);
        if (address[i] != (up ? 0x00 : 0xff)) return address;
    }
    return std::nullopt;
}

std::string addressText(const Address& address, bool isIpv6)
{
    return ipNetworkText({address, isIpv6 ? 128U : 32U, isIpv6});
}

/// "10.0.0.0/8", or "10.0.0.0 - 10.0.0.6" where that is no block.
std::string rangeText(const Address& first, const Address& last, bool isIpv6)
{
    for (unsigned prefix = 0; prefix <= (isIpv6 ? 128U : 32U); ++prefix) {
        const IpNetwork block = IpNetwork{first, isIpv6 ? 128U : 32U, isIpv6}.widened(prefix);
        if (block.address == first && lastOf(block) == last) return ipNetworkText(block);
    }
    return addressText(first, isIpv6) + " - " + addressText(last, isIpv6);
}

/// Protocol and ports between which nothing changes.
struct Cell {
    IpProtocol protocol = IpProtocol::tcp;
    PortRange ports;
    bool operator==(const Cell&) const = default;
};

struct Change {
    Cell cell;
    bool allowedAfter = false;
    RuleId before = 0;
    RuleId after = 0;
    bool operator==(const Change&) const = default;
};

class NetworkComparison {
public:
    NetworkComparison(const Policy& before, const Policy& after, AccessComparison& out)
        : m_before(before), m_after(after), m_out(out)
    {
    }

    void run()
    {
        collectCells();
        for (const bool isIpv6 : {false, true}) compareFamily(isIpv6);
        // The host's own addresses are decided about before all rules; which they are changes from day to day.
        Access own;
        own.kind = AccessKind::connect;
        own.host = "192.0.2.1";
        own.isHost = true;
        tell("addresses of this machine", changes(own));
        compareNames();
    }

private:
    void collectCells()
    {
        std::set<std::uint32_t> starts{1};
        for (const Policy* policy : {&m_before, &m_after}) {
            for (const NetworkTable::Span& span : policy->network.table.spans) {
                starts.insert(std::max<std::uint32_t>(1, span.ports.first));
                if (span.ports.last < 65535) starts.insert(span.ports.last + 1U);
            }
            if (!policy->network.proxy) continue;
            starts.insert(policy->network.proxy->port);
            if (policy->network.proxy->port < 65535) starts.insert(policy->network.proxy->port + 1U);
        }
        for (const IpProtocol protocol : kProtocols) {
            if (protocol == IpProtocol::icmp) {
                m_cells.push_back({protocol, {}});
                continue;
            }
            for (auto start = starts.begin(); start != starts.end(); ++start) {
                const auto next = std::next(start);
                const std::uint32_t last = next == starts.end() ? 65535 : *next - 1;
                m_cells.push_back({protocol, {static_cast<std::uint16_t>(*start), static_cast<std::uint16_t>(last)}});
            }
        }
    }

    [[nodiscard]] std::set<Address> boundaries(bool isIpv6) const
    {
        std::set<Address> starts{Address{}};
        const auto add = [&](const IpNetwork& block) {
            if (block.isIpv6 != isIpv6) return;
            starts.insert(block.address);
            if (const auto next = stepped(lastOf(block), block.bits() / 8, true)) starts.insert(*next);
        };
        for (const Policy* policy : {&m_before, &m_after}) {
            for (const NetworkTable::Block& block : policy->network.table.blocks) add(block.network);
            if (policy->network.proxy)
                if (const Result<IpNetwork> proxy = parseIpNetwork(policy->network.proxy->host)) add(*proxy);
        }
        for (const char* special :
             {kHostLoopback4, kHostLoopback6, kSandboxAddress4, kSandboxAddress6, "127.0.0.0/8", "::1"})
            add(*parseIpNetwork(special));
        return starts;
    }

    std::vector<Change> changes(Access access)
    {
        std::vector<Change> list;
        for (const Cell& cell : m_cells) {
            access.protocol = cell.protocol;
            access.port = cell.protocol == IpProtocol::icmp ? std::uint16_t{0} : cell.ports.first;
            const Verdict first = decide(m_before, access);
            const Verdict second = decide(m_after, access);
            ++m_out.questions;
            if (first.allowed == second.allowed) continue;
            const bool goesOn = !list.empty() && list.back().cell.protocol == cell.protocol &&
                                list.back().allowedAfter == second.allowed && list.back().before == first.rule &&
                                list.back().after == second.rule && list.back().cell.ports.last + 1 == cell.ports.first;
            if (goesOn) list.back().cell.ports.last = cell.ports.last;
            else list.push_back({cell, second.allowed, first.rule, second.rule});
        }
        return list;
    }

    void compareFamily(bool isIpv6)
    {
        const std::set<Address> starts = boundaries(isIpv6);
        if (starts.size() * m_cells.size() > kMostCells) {
            m_out.complete = false;
            return;
        }
        Address end{};
        end.fill(0xff);
        if (!isIpv6) std::fill(end.begin() + 4, end.end(), std::uint8_t{0});
        std::vector<Change> open;
        Address first{};
        for (auto start = starts.begin(); start != starts.end(); ++start) {
            Access access;
            access.kind = AccessKind::connect;
            access.host = addressText(*start, isIpv6);
            std::vector<Change> here = changes(access);
            if (here == open) continue;
            if (!open.empty()) tell(rangeText(first, *stepped(*start, isIpv6 ? 16 : 4, false), isIpv6), open);
            open = std::move(here);
            first = *start;
        }
        if (!open.empty()) tell(rangeText(first, end, isIpv6), open);
    }

    void tell(const std::string& where, const std::vector<Change>& list)
    {
        for (const Change& change : list) {
            const bool all = change.cell.ports.first <= 1 && change.cell.ports.last == 65535;
            const std::string ports = change.cell.protocol == IpProtocol::icmp || all
                                          ? std::string(protocolName(change.cell.protocol))
                                          : serviceText({change.cell.protocol, change.cell.ports});
            m_out.differences.push_back({change.allowedAfter ? AccessChange::more : AccessChange::less,
                                         fmt::format("{} {}", where, ports), change.allowedAfter ? "denied" : "allowed",
                                         change.allowedAfter ? "allowed" : "denied", change.before, change.after});
        }
    }

    using Named = std::map<std::string, RuleId>;

    void compareNamed(const Named& first, const Named& second)
    {
        for (const auto& [name, rule] : first)
            if (!second.contains(name))
                m_out.differences.push_back({AccessChange::less, name, "allowed", "denied", rule, std::nullopt});
        for (const auto& [name, rule] : second)
            if (!first.contains(name))
                m_out.differences.push_back({AccessChange::more, name, "denied", "allowed", std::nullopt, rule});
    }

    void compareNames()
    {
        const auto hosts = [](const NetworkPolicy& network) {
            Named names;
            for (const HostNameRule& name : network.names) {
                if (name.ports.empty()) names[networkSpec(name.pattern, PortRange{}).text] = name.rule;
                for (const PortRange& ports : name.ports) names[networkSpec(name.pattern, ports).text] = name.rule;
            }
            if (network.proxy && isNamedHost(network.proxy->host)) {
                const PortRange port{network.proxy->port, network.proxy->port};
                names[networkSpec(network.proxy->host, port).text] = network.proxy->rule;
            }
            return names;
        };
        const auto published = [](const NetworkPolicy& network) {
            Named ports;
            for (const PublishedPort& port : network.published)
                ports[fmt::format("port {} offered at {} port {}", insideText(port), port.hostAddress, port.hostPort)] =
                    port.rule;
            return ports;
        };
        compareNamed(hosts(m_before.network), hosts(m_after.network));
        compareNamed(published(m_before.network), published(m_after.network));
    }

    const Policy& m_before;
    const Policy& m_after;
    AccessComparison& m_out;
    std::vector<Cell> m_cells;
};

}  // namespace

void compareNetworks(const Policy& before, const Policy& after, AccessComparison& out)
{
    NetworkComparison(before, after, out).run();
}

}  // namespace belljar
