#include "core/platform/linux/network/packet_rules.h"

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/xt_NFQUEUE.h>
#include <linux/netlink.h>
#include <netinet/in.h>

#include <array>
#include <string>

#include "core/platform/linux/network/inside_network.h"

namespace belljar::linux_platform {
namespace {

constexpr const char* kTable = "belljar";
constexpr const char* kOut = "out";
constexpr const char* kIn = "in";
constexpr const char* kQueueTarget = "NFQUEUE";
constexpr std::uint8_t kTcpFlags = 13;  // offset in the header
constexpr std::uint8_t kSyn = 0x02;
constexpr std::uint8_t kSynAck = 0x12;

/// Prerouting before everything that looks at a packet's socket, as the kernel's own documentation has it for TPROXY.
constexpr std::int32_t kManglePriority = -150;

unsigned typeOf(unsigned message)
{
    return (NFNL_SUBSYS_NFTABLES << 8U) | message;
}

nfgenmsg general(unsigned char family, std::uint16_t resource = 0)
{
    return {family, NFNETLINK_V0, ::htons(resource)};
}

/// One rule, put together expression by expression; each compares or acts on what the one before has loaded.
class Rule {
public:
    Rule(NetlinkMessages& messages, const char* chain, unsigned flags = 0) : m_messages(messages)
    {
        m_messages.begin(typeOf(NFT_MSG_NEWRULE), NLM_F_CREATE | NLM_F_APPEND | flags);
        m_messages.fixed(general(NFPROTO_INET));
        m_messages.text(NFTA_RULE_TABLE, kTable);
        m_messages.text(NFTA_RULE_CHAIN, chain);
        m_all = m_messages.open(NFTA_RULE_EXPRESSIONS);
    }
    ~Rule() { m_messages.close(m_all); }
    Rule(const Rule&) = delete;
    Rule& operator=(const Rule&) = delete;

    Rule& family(bool isIpv6) { return meta(NFT_META_NFPROTO).equals8(isIpv6 ? NFPROTO_IPV6 : NFPROTO_IPV4); }
    Rule& protocol(std::uint8_t protocol) { return meta(NFT_META_L4PROTO).equals8(protocol); }
    Rule& notProtocol(std::uint8_t protocol)
    {
        return meta(NFT_META_L4PROTO).compare(NFT_CMP_NEQ, &protocol, sizeof protocol);
    }
    Rule& mark(std::uint32_t mark) { return meta(NFT_META_MARK).compare(NFT_CMP_EQ, &mark, sizeof mark); }
    Rule& mark(RefusalMark refusal) { return mark(static_cast<std::uint32_t>(refusal)); }
    /// The first packet of a TCP connection, or all others.
    Rule& isFirst() { return flags(NFT_CMP_EQ); }
    Rule& isLater() { return flags(NFT_CMP_NEQ); }
    Rule& destination(const NetworkEndpoint& address)
    {
        return addressAt(address, address.isIpv6 ? 24 : 16, NFT_CMP_EQ);
    }
    Rule& notSource(const NetworkEndpoint& address) { return addressAt(address, address.isIpv6 ? 8 : 12, NFT_CMP_NEQ); }
    Rule& toLoopback4()
    {
        load(NFT_PAYLOAD_NETWORK_HEADER, 16, 1);
        return equals8(127);
    }
    /// Of TCP or UDP.
    Rule& toPort(std::uint16_t port)
    {
        const std::uint16_t swapped = ::htons(port);
        return load(NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2).compare(NFT_CMP_EQ, &swapped, sizeof swapped);
    }
    /// Multicast, and IPv4's upper end with the broadcast.
    Rule& toMany(bool isIpv6)
    {
        const std::uint8_t first = isIpv6 ? 0xff : 224;
        return load(NFT_PAYLOAD_NETWORK_HEADER, isIpv6 ? 24 : 16, 1).compare(NFT_CMP_GTE, &first, sizeof first);
    }

    void verdict(int code)
    {
        const std::size_t opened = expression("immediate");
        m_messages.number32(NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
        const std::size_t data = m_messages.open(NFTA_IMMEDIATE_DATA);
        const std::size_t inner = m_messages.open(NFTA_DATA_VERDICT);
        m_messages.number32(NFTA_VERDICT_CODE, static_cast<std::uint32_t>(code));
        m_messages.close(inner);
        m_messages.close(data);
        end(opened);
    }
    /// To queue 0. Without somebody who reads it, the kernel drops what should go there.
    void queue(QueueWay way)
    {
        const bool isTarget = way == QueueWay::target;
        const std::size_t opened = expression(isTarget ? "target" : "queue");
        if (isTarget) {
            const xt_NFQ_info zero{};
            m_messages.text(NFTA_TARGET_NAME, kQueueTarget);
            m_messages.number32(NFTA_TARGET_REV, 0);
            m_messages.attribute(NFTA_TARGET_INFO, &zero, sizeof zero);
        } else {
            const std::uint16_t zero = 0;
            m_messages.attribute(NFTA_QUEUE_NUM, &zero, sizeof zero);
        }
        end(opened);
    }
    void reject(unsigned type, std::uint8_t code)
    {
        const std::size_t opened = expression("reject");
        m_messages.number32(NFTA_REJECT_TYPE, type);
        m_messages.number8(NFTA_REJECT_ICMP_CODE, code);
        end(opened);
    }
    /// To the relay's socket.
    void hand(bool isIpv6)
    {
        const NetworkEndpoint relay = relayAddress(isIpv6);
        const std::uint16_t port = ::htons(relay.port);
        set(NFT_REG_1, relay.address.data(), isIpv6 ? 16 : 4);
        set(NFT_REG_2, &port, sizeof port);
        const std::size_t opened = expression("tproxy");
        m_messages.number32(NFTA_TPROXY_FAMILY, isIpv6 ? NFPROTO_IPV6 : NFPROTO_IPV4);
        m_messages.number32(NFTA_TPROXY_REG_ADDR, NFT_REG_1);
        m_messages.number32(NFTA_TPROXY_REG_PORT, NFT_REG_2);
        end(opened);
    }

private:
    std::size_t expression(const char* name)
    {
        m_element = m_messages.open(NFTA_LIST_ELEM);
        m_messages.text(NFTA_EXPR_NAME, name);
        return m_messages.open(NFTA_EXPR_DATA);
    }
    void end(std::size_t opened)
    {
        m_messages.close(opened);
        m_messages.close(m_element);
    }
    void value(unsigned type, const void* bytes, std::size_t length)
    {
        const std::size_t opened = m_messages.open(type);
        m_messages.attribute(NFTA_DATA_VALUE, bytes, length);
        m_messages.close(opened);
    }
    void set(unsigned reg, const void* bytes, std::size_t length)
    {
        const std::size_t opened = expression("immediate");
        m_messages.number32(NFTA_IMMEDIATE_DREG, reg);
        value(NFTA_IMMEDIATE_DATA, bytes, length);
        end(opened);
    }
    Rule& meta(unsigned key)
    {
        const std::size_t opened = expression("meta");
        m_messages.number32(NFTA_META_KEY, key);
        m_messages.number32(NFTA_META_DREG, NFT_REG_1);
        end(opened);
        return *this;
    }
    Rule& load(unsigned base, unsigned offset, unsigned length)
    {
        const std::size_t opened = expression("payload");
        m_messages.number32(NFTA_PAYLOAD_DREG, NFT_REG_1);
        m_messages.number32(NFTA_PAYLOAD_BASE, base);
        m_messages.number32(NFTA_PAYLOAD_OFFSET, offset);
        m_messages.number32(NFTA_PAYLOAD_LEN, length);
        end(opened);
        return *this;
    }
    Rule& compare(unsigned how, const void* bytes, std::size_t length)
    {
        const std::size_t opened = expression("cmp");
        m_messages.number32(NFTA_CMP_SREG, NFT_REG_1);
        m_messages.number32(NFTA_CMP_OP, how);
        value(NFTA_CMP_DATA, bytes, length);
        end(opened);
        return *this;
    }
    Rule& flags(unsigned how)
    {
        protocol(IPPROTO_TCP);
        load(NFT_PAYLOAD_TRANSPORT_HEADER, kTcpFlags, 1);
        const std::size_t opened = expression("bitwise");
        m_messages.number32(NFTA_BITWISE_SREG, NFT_REG_1);
        m_messages.number32(NFTA_BITWISE_DREG, NFT_REG_1);
        m_messages.number32(NFTA_BITWISE_LEN, 1);
        value(NFTA_BITWISE_MASK, &kSynAck, 1);
        const std::uint8_t none = 0;
        value(NFTA_BITWISE_XOR, &none, 1);
        end(opened);
        return compare(how, &kSyn, sizeof kSyn);
    }
    Rule& equals8(std::uint8_t wanted) { return compare(NFT_CMP_EQ, &wanted, sizeof wanted); }
    Rule& addressAt(const NetworkEndpoint& address, unsigned offset, unsigned how)
    {
        const unsigned length = address.isIpv6 ? 16 : 4;
        return load(NFT_PAYLOAD_NETWORK_HEADER, offset, length).compare(how, address.address.data(), length);
    }

    NetlinkMessages& m_messages;
    std::size_t m_all = 0;
    std::size_t m_element = 0;
};

void addChain(NetlinkMessages& messages, const char* name, unsigned hook, std::int32_t priority, int policy)
{
    messages.begin(typeOf(NFT_MSG_NEWCHAIN), NLM_F_CREATE);
    messages.fixed(general(NFPROTO_INET));
    messages.text(NFTA_CHAIN_TABLE, kTable);
    messages.text(NFTA_CHAIN_NAME, name);
    const std::size_t opened = messages.open(NFTA_CHAIN_HOOK);
    messages.number32(NFTA_HOOK_HOOKNUM, hook);
    messages.number32(NFTA_HOOK_PRIORITY, static_cast<std::uint32_t>(priority));
    messages.close(opened);
    messages.number32(NFTA_CHAIN_POLICY, static_cast<std::uint32_t>(policy));
    messages.text(NFTA_CHAIN_TYPE, "filter");
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
void addOwn(NetlinkMessages& messages, const char* chain)
{
    Rule(messages, chain).family(false).toLoopback4().verdict(NF_ACCEPT);
    Rule(messages, chain).family(false).destination(insideAddress(false)).verdict(NF_ACCEPT);
    Rule(messages, chain).family(true).destination(loopback(true)).verdict(NF_ACCEPT);
    Rule(messages, chain).family(true).destination(insideAddress(true)).verdict(NF_ACCEPT);
}

void addOut(NetlinkMessages& messages, QueueWay way, std::uint16_t proxyPort)
{
    constexpr std::uint8_t kAdmin = NFT_REJECT_ICMPX_ADMIN_PROHIBITED;
    // Connections have been decided about at their first packet, and most packets are not the first.
    Rule(messages, kOut).isLater().verdict(NF_ACCEPT);
    Rule(messages, kOut).mark(kOwnMark).verdict(NF_ACCEPT);
    // The relay's refusals come by again.
    Rule(messages, kOut).protocol(IPPROTO_TCP).mark(RefusalMark::refused).reject(NFT_REJECT_TCP_RST, 0);
    Rule(messages, kOut)
        .mark(RefusalMark::hostUnreachable)
        .reject(NFT_REJECT_ICMPX_UNREACH, NFT_REJECT_ICMPX_HOST_UNREACH);
    Rule(messages, kOut)
        .mark(RefusalMark::networkUnreachable)
        .reject(NFT_REJECT_ICMPX_UNREACH, NFT_REJECT_ICMPX_NO_ROUTE);
    if (proxyPort != 0)
        for (const bool isIpv6 : {false, true})
            Rule(messages, kOut).family(isIpv6).destination(loopback(isIpv6)).isFirst().toPort(proxyPort).queue(way);
    addOwn(messages, kOut);
    // Every address is one of the interface, so a program could send in the name of any.
    for (const bool isIpv6 : {false, true}) {
        Rule(messages, kOut).family(isIpv6).toMany(isIpv6).reject(NFT_REJECT_ICMPX_UNREACH, kAdmin);
        Rule(messages, kOut).family(isIpv6).notSource(insideAddress(isIpv6)).reject(NFT_REJECT_ICMPX_UNREACH, kAdmin);
    }
    Rule(messages, kOut).isFirst().queue(way);
    Rule(messages, kOut).protocol(IPPROTO_UDP).verdict(NF_ACCEPT);
    // The kernel's own messages about packets of ours have nowhere to go.
    Rule(messages, kOut).notProtocol(IPPROTO_ICMP).notProtocol(IPPROTO_ICMPV6).reject(NFT_REJECT_ICMPX_UNREACH, kAdmin);
}

void addIn(NetlinkMessages& messages, std::uint16_t proxyPort)
{
    Rule(messages, kIn).isLater().verdict(NF_ACCEPT);
    Rule(messages, kIn).mark(kOwnMark).verdict(NF_ACCEPT);
    if (proxyPort != 0)
        for (const bool isIpv6 : {false, true})
            Rule(messages, kIn).family(isIpv6).destination(loopback(isIpv6)).isFirst().toPort(proxyPort).hand(isIpv6);
    addOwn(messages, kIn);
    for (const bool isIpv6 : {false, true}) {
        Rule(messages, kIn).family(isIpv6).isFirst().hand(isIpv6);
        // The answer to the very last one says that all are there.
        Rule(messages, kIn, isIpv6 ? NLM_F_ACK : 0).family(isIpv6).protocol(IPPROTO_UDP).hand(isIpv6);
    }
}

}  // namespace

QueueWay queueWay(int filterSocket)
{
    NetlinkMessages question;
    question.begin((NFNL_SUBSYS_NFT_COMPAT << 8U) | NFNL_MSG_COMPAT_GET, NLM_F_ACK);
    question.fixed(general(NFPROTO_IPV4));
    constexpr std::uint32_t kTarget = 1;  // 0 would be a match
    question.text(NFTA_COMPAT_NAME, kQueueTarget);
    question.number32(NFTA_COMPAT_REV, 0);
    question.number32(NFTA_COMPAT_TYPE, kTarget);
    return exchange(filterSocket, question) == 0 ? QueueWay::target : QueueWay::expression;
}

NetlinkMessages packetRules(QueueWay way, std::uint16_t proxyPort)
{
    NetlinkMessages messages;
    messages.begin(NFNL_MSG_BATCH_BEGIN, 0);
    messages.fixed(general(AF_UNSPEC, NFNL_SUBSYS_NFTABLES));
    messages.begin(typeOf(NFT_MSG_NEWTABLE), NLM_F_CREATE);
    messages.fixed(general(NFPROTO_INET));
    messages.text(NFTA_TABLE_NAME, kTable);
    addChain(messages, kOut, NF_INET_LOCAL_OUT, 0, NF_DROP);
    addChain(messages, kIn, NF_INET_PRE_ROUTING, kManglePriority, NF_ACCEPT);
    addOut(messages, way, proxyPort);
    addIn(messages, proxyPort);
    messages.begin(NFNL_MSG_BATCH_END, 0);
    messages.fixed(general(AF_UNSPEC, NFNL_SUBSYS_NFTABLES));
    return messages;
}

}  // namespace belljar::linux_platform
