#include "core/platform/linux/network/packet_rules.h"

#include <arpa/inet.h>  // before the kernel's, which then leaves its own out
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include "core/platform/linux/network/inside_network.h"
#include "core/platform/linux/network/nft_messages.h"
#include "core/platform/linux/network/wire.h"

namespace belljar::linux_platform {
namespace {

constexpr NftChain kOut{kPacketTable, "out"};
constexpr NftChain kIn{kPacketTable, "in"};
constexpr NftChain kForward{kForwardingTable, "forward"};
constexpr NftChain kName{kForwardingTable, "name"};
constexpr std::uint8_t kIcmp4 = IPPROTO_ICMP;
constexpr std::uint8_t kIcmp6 = IPPROTO_ICMPV6;
constexpr std::uint8_t kEcho4 = 8;
constexpr std::uint8_t kEcho6 = 128;

/// Prerouting before everything that looks at a packet's socket, as the kernel's own documentation has it for TPROXY.
constexpr std::int32_t kManglePriority = -150;
/// Before the kernel follows connections (-200).
constexpr std::int32_t kRawPriority = -300;
constexpr std::int32_t kBeforeRawPriority = -310;
constexpr std::int32_t kSourcePriority = 100;

std::uint32_t number(RefusalMark mark)
{
    return static_cast<std::uint32_t>(mark);
}

NetworkEndpoint loopback(bool isIpv6)
{
    NetworkEndpoint made;
    made.isIpv6 = isIpv6;
    if (isIpv6) made.address[15] = 1;
    else made.address = {127, 0, 0, 1};
    return made;
}

/// What stays inside, the relay's answers among it.
void addOwn(NetlinkMessages& messages, NftChain chain)
{
    NftRule(messages, chain).family(false).toLoopback4().verdict(NF_ACCEPT);
    NftRule(messages, chain).family(false).destination(insideAddress(false)).verdict(NF_ACCEPT);
    NftRule(messages, chain).family(true).destination(loopback(true)).verdict(NF_ACCEPT);
    NftRule(messages, chain).family(true).destination(insideAddress(true)).verdict(NF_ACCEPT);
}

/// Answers to visitors, also of programs that listen on their loopback only; and what the kernel says of visits.
void addVisitors(NetlinkMessages& messages, bool asTarget)
{
    for (const bool isIpv6 : {false, true}) {
        const NetworkEndpoint visitors = visitorsAddress(isIpv6);
        const std::uint8_t icmp = isIpv6 ? kIcmp6 : kIcmp4;
        NftRule(messages, kOut).family(isIpv6).destination(visitors).protocol(IPPROTO_UDP).verdict(NF_ACCEPT);
        NftRule(messages, kOut).family(isIpv6).destination(visitors).protocol(icmp).queue(asTarget, kMessageQueue);
    }
}

void addOut(NetlinkMessages& messages, QueueWay way, std::uint16_t proxyPort)
{
    constexpr std::uint8_t kAdmin = NFT_REJECT_ICMPX_ADMIN_PROHIBITED;
    const bool asTarget = way == QueueWay::target;
    // Connections have been decided about at their first packet, and most packets are not the first.
    NftRule(messages, kOut).isLater().verdict(NF_ACCEPT);
    NftRule(messages, kOut).mark(kOwnMark).verdict(NF_ACCEPT);
    // The relay's refusals come by again.
    NftRule(messages, kOut).protocol(IPPROTO_TCP).mark(number(RefusalMark::refused)).reject(NFT_REJECT_TCP_RST, 0);
    NftRule(messages, kOut)
        .mark(number(RefusalMark::hostUnreachable))
        .reject(NFT_REJECT_ICMPX_UNREACH, NFT_REJECT_ICMPX_HOST_UNREACH);
    NftRule(messages, kOut)
        .mark(number(RefusalMark::networkUnreachable))
        .reject(NFT_REJECT_ICMPX_UNREACH, NFT_REJECT_ICMPX_NO_ROUTE);
    NftRule(messages, kOut).mark(number(RefusalMark::prohibited)).reject(NFT_REJECT_ICMPX_UNREACH, kAdmin);
    if (proxyPort != 0)
        for (const bool isIpv6 : {false, true})
            NftRule(messages, kOut)
                .family(isIpv6)
                .destination(loopback(isIpv6))
                .isFirst()
                .toPort(proxyPort)
                .queue(asTarget);
    addOwn(messages, kOut);
    addVisitors(messages, asTarget);
    // Every address is one of the interface, so a program could send in the name of any.
    for (const bool isIpv6 : {false, true}) {
        NftRule(messages, kOut).family(isIpv6).toMany(isIpv6).reject(NFT_REJECT_ICMPX_UNREACH, kAdmin);
        NftRule(messages, kOut)
            .family(isIpv6)
            .notSource(insideAddress(isIpv6))
            .reject(NFT_REJECT_ICMPX_UNREACH, kAdmin);
    }
    for (const bool isIpv6 : {false, true})
        NftRule(messages, kOut)
            .family(isIpv6)
            .protocol(isIpv6 ? kIcmp6 : kIcmp4)
            .message(isIpv6 ? kEcho6 : kEcho4)
            .queue(asTarget, kMessageQueue);
    NftRule(messages, kOut).isFirst().queue(asTarget);
    NftRule(messages, kOut).protocol(IPPROTO_UDP).verdict(NF_ACCEPT);
    // The kernel's own messages about packets of ours have nowhere to go.
    NftRule(messages, kOut)
        .notProtocol(IPPROTO_ICMP)
        .notProtocol(IPPROTO_ICMPV6)
        .reject(NFT_REJECT_ICMPX_UNREACH, kAdmin);
}

void addIn(NetlinkMessages& messages, std::uint16_t proxyPort, bool hasWire)
{
    if (hasWire) {
        // Answers, and nothing else.
        NftRule(messages, kIn).arrivesBy(WireEnd::kInside).isKnown().verdict(NF_ACCEPT);
        NftRule(messages, kIn).arrivesBy(WireEnd::kInside).verdict(NF_DROP);
    }
    NftRule(messages, kIn).isLater().verdict(NF_ACCEPT);
    NftRule(messages, kIn).mark(kOwnMark).verdict(NF_ACCEPT);
    if (proxyPort != 0)
        for (const bool isIpv6 : {false, true})
            NftRule(messages, kIn)
                .family(isIpv6)
                .destination(loopback(isIpv6))
                .isFirst()
                .toPort(proxyPort)
                .hand(relayAddress(isIpv6));
    addOwn(messages, kIn);
    for (const bool isIpv6 : {false, true}) {
        NftRule(messages, kIn).family(isIpv6).isFirst().hand(relayAddress(isIpv6));
        // The answer to the very last one says that all are there.
        NftRule(messages, kIn, isIpv6 ? NLM_F_ACK : 0).family(isIpv6).protocol(IPPROTO_UDP).hand(relayAddress(isIpv6));
    }
}

}  // namespace

QueueWay queueWay(int filterSocket)
{
    NetlinkMessages question;
    question.begin((NFNL_SUBSYS_NFT_COMPAT << 8U) | NFNL_MSG_COMPAT_GET, NLM_F_ACK);
    question.fixed(nfgenmsg{NFPROTO_IPV4, NFNETLINK_V0, 0});
    constexpr std::uint32_t kTarget = 1;  // 0 would be a match
    question.text(NFTA_COMPAT_NAME, "NFQUEUE");
    question.number32(NFTA_COMPAT_REV, 0);
    question.number32(NFTA_COMPAT_TYPE, kTarget);
    return exchange(filterSocket, question) == 0 ? QueueWay::target : QueueWay::expression;
}

NetlinkMessages packetRules(QueueWay way, std::uint16_t proxyPort, const WireEnd* wire)
{
    NetlinkMessages messages;
    beginNftBatch(messages);
    addNftTable(messages, kPacketTable);
    // Who goes by the wire is decided about before the kernel looks where packets go.
    addNftChain(messages, kOut, "filter", NF_INET_LOCAL_OUT, wire != nullptr ? kBeforeRawPriority : 0, NF_DROP);
    addNftChain(messages, kIn, "filter", NF_INET_PRE_ROUTING, kManglePriority, NF_ACCEPT);
    addOut(messages, way, proxyPort);
    addIn(messages, proxyPort, wire != nullptr);
    endNftBatch(messages);
    return messages;
}

NetlinkMessages forwardingRules(const WireEnd& wire)
{
    NetlinkMessages messages;
    beginNftBatch(messages);
    addNftTable(messages, kForwardingTable, NFT_TABLE_F_OWNER);
    addNftChain(messages, kForward, "route", NF_INET_LOCAL_OUT, kRawPriority, NF_ACCEPT);
    addNftChain(messages, kName, "nat", NF_INET_POST_ROUTING, kSourcePriority, NF_ACCEPT);
    for (const bool isIpv6 : {false, true}) {
        if (!wire.carries(isIpv6)) continue;
        addNftSet(messages, kForwardingTable, forwardedSet(isIpv6), isIpv6);
        NftRule(messages, kForward).isIn(forwardedSet(isIpv6), isIpv6).setMark(kWireMark).verdict(NF_ACCEPT);
        NftRule(messages, kName).family(isIpv6).mark(kWireMark).comesFrom(wire.own(isIpv6));
    }
    // What the relay carries needs no following.
    NftRule(messages, kForward, NLM_F_ACK).untracked();
    endNftBatch(messages);
    return messages;
}

}  // namespace belljar::linux_platform
