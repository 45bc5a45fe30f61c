#include "core/platform/linux/network/wire.h"

#include <arpa/inet.h>  // before the kernel's, which then leaves its own out
#include <linux/fib_rules.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/neighbour.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/veth.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <random>
#include <string_view>
#include <thread>
#include <utility>

#include <spdlog/fmt/fmt.h>

#include "core/platform/linux/network/nft_messages.h"
#include "core/platform/linux/network/socket_address.h"
#include "core/platform/platform.h"
#include "core/platform/posix/errno_text.h"

namespace belljar::linux_platform {
namespace {

constexpr unsigned char kTable = 100;
constexpr std::uint8_t kNoLinkAddress = 1;  // IN6_ADDR_GEN_MODE_NONE

Error failed(std::string what, std::string detail, std::string fix)
{
    return {ErrorCode::backendUnavailable, std::move(what), "/experimental/belljar/network/kernelForwarding",
            std::move(detail), std::move(fix)};
}

void address(NetlinkMessages& messages, unsigned type, const NetworkEndpoint& value)
{
    messages.attribute(type, value.address.data(), addressLength(value.isIpv6));
}

void linkMessage(NetlinkMessages& messages, unsigned flags, const char* name, bool up)
{
    messages.begin(RTM_NEWLINK, NLM_F_ACK | flags);
    ifinfomsg what{};
    what.ifi_flags = up ? IFF_UP : 0;
    what.ifi_change = up ? IFF_UP : 0;
    messages.fixed(what);
    messages.text(IFLA_IFNAME, name);
}

/// The pair, both ends still down: the one with the host, the other in the sandbox.
NetlinkMessages pair(const WireEnd& wire, int network)
{
    NetlinkMessages messages;
    const auto hardware = [&](bool isHosts) {
        const WireEnd::Hardware made = wire.hardware(isHosts);
        messages.attribute(IFLA_ADDRESS, made.bytes, sizeof made.bytes);
    };
    linkMessage(messages, NLM_F_CREATE | NLM_F_EXCL, wire.hostName().c_str(), false);
    hardware(true);
    const std::size_t info = messages.open(IFLA_LINKINFO);
    messages.text(IFLA_INFO_KIND, "veth");
    const std::size_t data = messages.open(IFLA_INFO_DATA);
    const std::size_t peer = messages.open(VETH_INFO_PEER);
    messages.fixed(ifinfomsg{});
    messages.text(IFLA_IFNAME, WireEnd::kInside);
    hardware(false);
    messages.attribute(IFLA_NET_NS_FD, &network, sizeof network);
    messages.close(peer);
    messages.close(data);
    messages.close(info);
    return messages;
}

struct Setting {
    unsigned name;  ///< IPV4_DEVCONF_…
    std::uint32_t value;
};

/// One end: its settings, then its addresses and who is at the other end, so that nobody has to ask.
NetlinkMessages endOf(const WireEnd& wire, bool isHosts, unsigned index, std::initializer_list<Setting> settings)
{
    NetlinkMessages messages;
    const std::string name = isHosts ? wire.hostName() : WireEnd::kInside;
    linkMessage(messages, 0, name.c_str(), false);
    const std::size_t families = messages.open(IFLA_AF_SPEC);
    const std::size_t inet = messages.open(AF_INET);
    const std::size_t all = messages.open(IFLA_INET_CONF);
    for (const Setting& setting : settings) messages.attribute(setting.name, &setting.value, sizeof setting.value);
    messages.close(all);
    messages.close(inet);
    if (wire.carries(true)) {
        const std::size_t inet6 = messages.open(AF_INET6);
        messages.attribute(IFLA_INET6_ADDR_GEN_MODE, &kNoLinkAddress, sizeof kNoLinkAddress);
        messages.close(inet6);
    }
    messages.close(families);
    // In a message of its own: what it is told together with this comes too late for some of it.
    linkMessage(messages, 0, name.c_str(), true);
    for (const bool isIpv6 : {false, true}) {
        if (!wire.carries(isIpv6)) continue;
        messages.begin(RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
        ifaddrmsg what{};
        what.ifa_family = familyOf(isIpv6);
        what.ifa_prefixlen = WireEnd::prefix(isIpv6);
        what.ifa_index = index;
        messages.fixed(what);
        address(messages, IFA_LOCAL, isHosts ? wire.gate(isIpv6) : wire.own(isIpv6));
        // Inside nothing goes by the wire but what is marked, not even to its other end.
        const std::uint32_t flags = IFA_F_NODAD | (isHosts ? 0U : std::uint32_t{IFA_F_NOPREFIXROUTE});
        messages.attribute(IFA_FLAGS, &flags, sizeof flags);
        messages.begin(RTM_NEWNEIGH, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE);
        ndmsg neighbour{};
        neighbour.ndm_family = familyOf(isIpv6);
        neighbour.ndm_ifindex = static_cast<int>(index);
        neighbour.ndm_state = NUD_PERMANENT;
        messages.fixed(neighbour);
        address(messages, NDA_DST, isHosts ? wire.own(isIpv6) : wire.gate(isIpv6));
        const WireEnd::Hardware other = wire.hardware(!isHosts);
        messages.attribute(NDA_LLADDR, other.bytes, sizeof other.bytes);
    }
    return messages;
}

void addRoute(NetlinkMessages& messages, const WireEnd& wire, bool isIpv6, unsigned index, bool toGate)
{
    messages.begin(RTM_NEWROUTE, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
    rtmsg what{};
    what.rtm_family = familyOf(isIpv6);
    what.rtm_dst_len = static_cast<unsigned char>(!toGate ? 0 : isIpv6 ? 128 : 32);
    what.rtm_table = kTable;
    what.rtm_protocol = RTPROT_STATIC;
    what.rtm_scope = toGate ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
    what.rtm_type = RTN_UNICAST;
    messages.fixed(what);
    address(messages, toGate ? RTA_DST : RTA_GATEWAY, wire.gate(isIpv6));
    messages.attribute(RTA_OIF, &index, sizeof index);
}

/// `mark` 0: whatever the mark.
void changeRule(NetlinkMessages& messages, unsigned type, bool isIpv6, std::uint32_t priority, std::uint32_t mark,
                unsigned char table)
{
    messages.begin(type, NLM_F_ACK | (type == RTM_NEWRULE ? NLM_F_CREATE | NLM_F_EXCL : 0U));
    fib_rule_hdr what{};
    what.family = familyOf(isIpv6);
    what.table = table;
    what.action = FR_ACT_TO_TBL;
    messages.fixed(what);
    messages.attribute(FRA_PRIORITY, &priority, sizeof priority);
    if (mark != 0) messages.attribute(FRA_FWMARK, &mark, sizeof mark);
}

/// What is marked goes by the wire, and before the table of local addresses is asked, to which all are local.
NetlinkMessages waysOut(const WireEnd& wire, unsigned index)
{
    NetlinkMessages messages;
    for (const bool isIpv6 : {false, true}) {
        if (!wire.carries(isIpv6)) continue;
        addRoute(messages, wire, isIpv6, index, true);
        addRoute(messages, wire, isIpv6, index, false);
        changeRule(messages, RTM_NEWRULE, isIpv6, 1, kWireMark, kTable);
        changeRule(messages, RTM_NEWRULE, isIpv6, 2, 0, RT_TABLE_LOCAL);
        changeRule(messages, RTM_DELRULE, isIpv6, 0, 0, RT_TABLE_LOCAL);
    }
    return messages;
}

std::string tableOf(const WireEnd& wire)
{
    return "belljar-" + wire.hostName();
}

/// Of the host. Whatever comes by the wire in another's name, or wants to the host itself, ends here; by it go answers.
NetlinkMessages hostRules(const WireEnd& wire)
{
    const std::string name = wire.hostName();
    const std::string table = tableOf(wire);
    const auto chain = [&](const char* hook) { return NftChain{table.c_str(), hook}; };
    NetlinkMessages messages;
    beginNftBatch(messages);
    addNftTable(messages, table.c_str(), NFT_TABLE_F_OWNER);
    addNftChain(messages, chain("forward"), "filter", NF_INET_FORWARD, 0, NF_ACCEPT);
    addNftChain(messages, chain("input"), "filter", NF_INET_LOCAL_IN, 0, NF_ACCEPT);
    addNftChain(messages, chain("output"), "filter", NF_INET_LOCAL_OUT, 0, NF_ACCEPT);
    constexpr std::int32_t kSourcePriority = 100;
    addNftChain(messages, chain("name"), "nat", NF_INET_POST_ROUTING, kSourcePriority, NF_ACCEPT);
    for (const bool isIpv6 : {false, true}) {
        if (!wire.carries(isIpv6)) {
            NftRule(messages, chain("forward")).arrivesBy(name.c_str()).family(isIpv6).verdict(NF_DROP);
            continue;
        }
        NftRule(messages, chain("forward"))
            .arrivesBy(name.c_str())
            .family(isIpv6)
            .notSource(wire.own(isIpv6))
            .verdict(NF_DROP);
        NftRule(messages, chain("name")).family(isIpv6).source(wire.own(isIpv6)).masquerade();
    }
    NftRule(messages, chain("forward")).arrivesBy(name.c_str()).notProtocol(IPPROTO_TCP).verdict(NF_DROP);
    NftRule(messages, chain("forward")).leavesBy(name.c_str()).isKnown().verdict(NF_ACCEPT);
    NftRule(messages, chain("forward")).leavesBy(name.c_str()).verdict(NF_DROP);
    NftRule(messages, chain("input")).arrivesBy(name.c_str()).verdict(NF_DROP);
    // Why something cannot be reached.
    NftRule(messages, chain("output")).leavesBy(name.c_str()).isKnown().verdict(NF_ACCEPT);
    NftRule(messages, chain("output"), NLM_F_ACK).leavesBy(name.c_str()).verdict(NF_DROP);
    endNftBatch(messages);
    return messages;
}

unsigned indexOf(int socket, const char* name)
{
    ifreq request{};
    std::string_view(name).copy(request.ifr_name, sizeof request.ifr_name - 1);
    return ::ioctl(socket, SIOCGIFINDEX, &request) == 0 ? static_cast<unsigned>(request.ifr_ifindex) : 0;
}

bool isOn(const char* setting)
{
    const Result<std::string> text = readFile(fmt::format("/proc/sys/net/{}", setting), 16);
    return text && text.value().starts_with('1');
}

/// Sockets of another network than this thread's; a thread goes there for them.
int socketsOf(int network, UniqueFd& questions, UniqueFd& news)
{
    int error = 0;
    std::thread([&] {
        if (::setns(network, CLONE_NEWNET) != 0) {
            error = errno;
            return;
        }
        questions.reset(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
        news.reset(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_SOCK_DIAG));
        if (!questions || !news) error = errno;
    }).join();
    return error;
}

/// The first number that is free, from one on that others hardly begin with.
int makePair(int host, int network, bool carries4, bool carries6, std::optional<WireEnd>& made)
{
    const unsigned first = std::random_device{}();
    constexpr unsigned kTries = 64;
    int error = EEXIST;
    for (unsigned i = 0; i < kTries && error == EEXIST; ++i) {
        const WireEnd wire((first + i) % WireEnd::kMost, carries4, carries6);
        error = exchange(host, pair(wire, network));
        if (error == 0) made = wire;
    }
    return error;
}

}  // namespace

std::string WireEnd::hostName() const
{
    return fmt::format("bj{}", m_number);
}

/// 100.65.0.0 and fd64:1:: on, four for each wire: beside the addresses of the sandboxes' own.
NetworkEndpoint WireEnd::address(bool isIpv6, unsigned end) const
{
    NetworkEndpoint made;
    made.isIpv6 = isIpv6;
    const unsigned place = m_number * 4 + end;
    const auto high = static_cast<std::uint8_t>(place >> 8U);
    const auto low = static_cast<std::uint8_t>(place);
    if (isIpv6) {
        made.address = {0xfd, 0x64, 0, 1};
        made.address[14] = high;
        made.address[15] = low;
    } else {
        made.address = {100, 65, high, low};
    }
    return made;
}

WireEnd::Hardware WireEnd::hardware(bool isHosts) const
{
    constexpr std::uint8_t kOwn = 2;  // locally administered
    return {{kOwn, 'b', 'j', static_cast<std::uint8_t>(m_number >> 8U), static_cast<std::uint8_t>(m_number),
             static_cast<std::uint8_t>(isHosts ? 1 : 2)}};
}

Result<std::unique_ptr<Wire>> Wire::lay(const InsideSockets& sockets)
{
    const bool forwards4 = isOn("ipv4/ip_forward");
    const bool forwards6 = isOn("ipv6/conf/all/forwarding");
    if (!forwards4 && !forwards6)
        return failed("This machine forwards no packets, so the kernel cannot carry connections of a sandbox", {},
                      "Switch forwarding on (sysctl net.ipv4.ip_forward=1, net.ipv6.conf.all.forwarding=1), or leave "
                      "kernelForwarding out");
    // As the sandbox's own setting is taken from it, and would drop what comes by the wire.
    const Result<std::string> strict = readFile("/proc/sys/net/ipv4/conf/all/rp_filter", 16);
    if (strict && strict.value().starts_with('1'))
        return failed("This machine checks the ways of all packets strictly, and every new network with it", {},
                      "Set net.ipv4.conf.all.rp_filter to 0 or 2, or leave kernelForwarding out");
    const UniqueFd host(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
    const UniqueFd network(::ioctl(sockets.route.get(), SIOCGSKNS));
    std::optional<WireEnd> end;
    int error = host && network ? makePair(host.get(), network.get(), forwards4, forwards6, end) : errno;
    if (error == EPERM)
        return failed("Only root can have the kernel forward connections of a sandbox", errnoText(error),
                      "Run as root, or leave kernelForwarding out");
    std::unique_ptr<Wire> wire;
    if (error == 0) {
        wire.reset(new Wire(*end));
        wire->m_filter.reset(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER));
        error = wire->m_filter ? exchange(wire->m_filter.get(), hostRules(*end)) : errno;
    }
    // With its rules, and not before, it comes up.
    if (error == 0)
        error = exchange(host.get(), endOf(*end, true, indexOf(host.get(), end->hostName().c_str()),
                                           {{IPV4_DEVCONF_FORWARDING, 1}, {IPV4_DEVCONF_RP_FILTER, 0}}));
    if (error == 0) error = socketsOf(network.get(), wire->m_questions, wire->m_news);
    if (error != 0)
        return failed("The wire to the sandbox's network could not be laid", errnoText(error),
                      "Use a kernel with CONFIG_VETH, CONFIG_NFT_NAT, CONFIG_NFT_MASQ, CONFIG_NFT_CT and "
                      "CONFIG_INET_DIAG_DESTROY, or leave kernelForwarding out");
    return wire;
}

Wire::~Wire()
{
    // An error is that of a table that was never made.
    if (m_filter) static_cast<void>(exchange(m_filter.get(), nftTableRemoval(tableOf(m_end).c_str())));
}

int configureWire(const InsideSockets& sockets, const WireEnd& wire)
{
    const unsigned index = indexOf(sockets.route.get(), WireEnd::kInside);
    if (index == 0) return ENODEV;
    // A peer's address is a local one here, see addRoute().
    const int error = exchange(
        sockets.route.get(), endOf(wire, false, index, {{IPV4_DEVCONF_ACCEPT_LOCAL, 1}, {IPV4_DEVCONF_RP_FILTER, 0}}));
    return error != 0 ? error : exchange(sockets.route.get(), waysOut(wire, index));
}

}  // namespace belljar::linux_platform
