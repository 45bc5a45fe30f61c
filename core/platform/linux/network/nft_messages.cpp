#include "core/platform/linux/network/nft_messages.h"

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/xt_NFQUEUE.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "core/platform/linux/network/socket_address.h"

namespace belljar::linux_platform {
namespace {

constexpr std::uint8_t kTcpFlags = 13;  // offset in the header
constexpr std::uint8_t kSyn = 0x02;
constexpr std::uint8_t kSynAck = 0x12;

nfgenmsg general(std::uint16_t resource = 0)
{
    const bool isOfTable = resource == 0;
    return {static_cast<unsigned char>(isOfTable ? NFPROTO_INET : NFPROTO_UNSPEC), NFNETLINK_V0, ::htons(resource)};
}

/// In a set's key each part begins at four bytes of its own, as in the registers.
unsigned keyLength(bool isIpv6)
{
    return addressLength(isIpv6) + 8;
}

}  // namespace

unsigned nftType(unsigned message)
{
    return (NFNL_SUBSYS_NFTABLES << 8U) | message;
}

void beginNftBatch(NetlinkMessages& messages)
{
    messages.begin(NFNL_MSG_BATCH_BEGIN, 0);
    messages.fixed(general(NFNL_SUBSYS_NFTABLES));
}

void endNftBatch(NetlinkMessages& messages)
{
    messages.begin(NFNL_MSG_BATCH_END, 0);
    messages.fixed(general(NFNL_SUBSYS_NFTABLES));
}

void addNftTable(NetlinkMessages& messages, const char* table, std::uint32_t flags)
{
    messages.begin(nftType(NFT_MSG_NEWTABLE), NLM_F_CREATE);
    messages.fixed(general());
    messages.text(NFTA_TABLE_NAME, table);
    if (flags != 0) messages.number32(NFTA_TABLE_FLAGS, flags);
}

NetlinkMessages nftTableRemoval(const char* table)
{
    NetlinkMessages messages;
    beginNftBatch(messages);
    messages.begin(nftType(NFT_MSG_DELTABLE), NLM_F_ACK);
    messages.fixed(general());
    messages.text(NFTA_TABLE_NAME, table);
    endNftBatch(messages);
    return messages;
}

void addNftChain(NetlinkMessages& messages, NftChain chain, const char* type, unsigned hook, std::int32_t priority,
                 int policy)
{
    messages.begin(nftType(NFT_MSG_NEWCHAIN), NLM_F_CREATE);
    messages.fixed(general());
    messages.text(NFTA_CHAIN_TABLE, chain.table);
    messages.text(NFTA_CHAIN_NAME, chain.name);
    const std::size_t opened = messages.open(NFTA_CHAIN_HOOK);
    messages.number32(NFTA_HOOK_HOOKNUM, hook);
    messages.number32(NFTA_HOOK_PRIORITY, static_cast<std::uint32_t>(priority));
    messages.close(opened);
    messages.number32(NFTA_CHAIN_POLICY, static_cast<std::uint32_t>(policy));
    messages.text(NFTA_CHAIN_TYPE, type);
}

void addNftSet(NetlinkMessages& messages, const char* table, const char* set, bool isIpv6)
{
    messages.begin(nftType(NFT_MSG_NEWSET), NLM_F_CREATE);
    messages.fixed(general());
    messages.text(NFTA_SET_TABLE, table);
    messages.text(NFTA_SET_NAME, set);
    messages.number32(NFTA_SET_FLAGS, 0);
    // What nft(8) shows: ipv4_addr or ipv6_addr, inet_service twice.
    messages.number32(NFTA_SET_KEY_TYPE, (isIpv6 ? 8U : 7U) << 12U | 13U << 6U | 13U);
    messages.number32(NFTA_SET_KEY_LEN, keyLength(isIpv6));
    messages.number32(NFTA_SET_ID, isIpv6 ? 6 : 4);
}

void changeNftSet(NetlinkMessages& messages, unsigned message, const char* table, const char* set,
                  const NetworkEndpoint& peer, std::uint16_t clientPort)
{
    std::array<std::uint8_t, 24> key{};
    const unsigned length = addressLength(peer.isIpv6);
    std::copy_n(peer.address.begin(), length, key.begin());
    const std::uint16_t ports[] = {::htons(peer.port), 0, ::htons(clientPort)};
    std::memcpy(&key[length], ports, sizeof ports);
    messages.begin(nftType(message), NLM_F_ACK | (message == NFT_MSG_NEWSETELEM ? NLM_F_CREATE : 0U));
    messages.fixed(general());
    messages.text(NFTA_SET_ELEM_LIST_TABLE, table);
    messages.text(NFTA_SET_ELEM_LIST_SET, set);
    const std::size_t all = messages.open(NFTA_SET_ELEM_LIST_ELEMENTS);
    const std::size_t element = messages.open(NFTA_LIST_ELEM);
    const std::size_t opened = messages.open(NFTA_SET_ELEM_KEY);
    messages.attribute(NFTA_DATA_VALUE, key.data(), keyLength(peer.isIpv6));
    messages.close(opened);
    messages.close(element);
    messages.close(all);
}

NftRule::NftRule(NetlinkMessages& messages, NftChain chain, unsigned flags) : m_messages(messages)
{
    m_messages.begin(nftType(NFT_MSG_NEWRULE), NLM_F_CREATE | NLM_F_APPEND | flags);
    m_messages.fixed(general());
    m_messages.text(NFTA_RULE_TABLE, chain.table);
    m_messages.text(NFTA_RULE_CHAIN, chain.name);
    m_all = m_messages.open(NFTA_RULE_EXPRESSIONS);
}

NftRule& NftRule::family(bool isIpv6)
{
    return meta(NFT_META_NFPROTO).equals8(isIpv6 ? NFPROTO_IPV6 : NFPROTO_IPV4);
}

NftRule& NftRule::protocol(std::uint8_t protocol)
{
    return meta(NFT_META_L4PROTO).equals8(protocol);
}

NftRule& NftRule::notProtocol(std::uint8_t protocol)
{
    return meta(NFT_META_L4PROTO).compare(NFT_CMP_NEQ, &protocol, sizeof protocol);
}

NftRule& NftRule::mark(std::uint32_t mark)
{
    return meta(NFT_META_MARK).compare(NFT_CMP_EQ, &mark, sizeof mark);
}

NftRule& NftRule::isFirst()
{
    return flags(NFT_CMP_EQ);
}

NftRule& NftRule::isLater()
{
    return flags(NFT_CMP_NEQ);
}

NftRule& NftRule::source(const NetworkEndpoint& address)
{
    return addressAt(address, address.isIpv6 ? 8 : 12, NFT_CMP_EQ);
}

NftRule& NftRule::notSource(const NetworkEndpoint& address)
{
    return addressAt(address, address.isIpv6 ? 8 : 12, NFT_CMP_NEQ);
}

NftRule& NftRule::destination(const NetworkEndpoint& address)
{
    return addressAt(address, address.isIpv6 ? 24 : 16, NFT_CMP_EQ);
}

NftRule& NftRule::toLoopback4()
{
    return load(NFT_PAYLOAD_NETWORK_HEADER, 16, 1, NFT_REG_1).equals8(127);
}

NftRule& NftRule::toPort(std::uint16_t port)
{
    const std::uint16_t swapped = ::htons(port);
    return load(NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2, NFT_REG_1).compare(NFT_CMP_EQ, &swapped, sizeof swapped);
}

NftRule& NftRule::message(std::uint8_t type)
{
    return load(NFT_PAYLOAD_TRANSPORT_HEADER, 0, 1, NFT_REG_1).equals8(type);
}

NftRule& NftRule::toMany(bool isIpv6)
{
    const std::uint8_t first = isIpv6 ? 0xff : 224;
    return load(NFT_PAYLOAD_NETWORK_HEADER, isIpv6 ? 24 : 16, 1, NFT_REG_1).compare(NFT_CMP_GTE, &first, sizeof first);
}

NftRule& NftRule::arrivesBy(const char* name)
{
    return interface(NFT_META_IIFNAME, name);
}

NftRule& NftRule::leavesBy(const char* name)
{
    return interface(NFT_META_OIFNAME, name);
}

NftRule& NftRule::isKnown()
{
    const std::size_t opened = expression("ct");
    m_messages.number32(NFTA_CT_KEY, NFT_CT_STATE);
    m_messages.number32(NFTA_CT_DREG, NFT_REG_1);
    end(opened);
    const std::uint32_t known = NF_CT_STATE_BIT(IP_CT_ESTABLISHED) | NF_CT_STATE_BIT(IP_CT_RELATED);
    const std::uint32_t none = 0;
    return masked(&known, sizeof known).compare(NFT_CMP_NEQ, &none, sizeof none);
}

NftRule& NftRule::isIn(const char* set, bool isIpv6)
{
    const unsigned length = addressLength(isIpv6);
    const unsigned ports = NFT_REG32_00 + length / 4;
    family(isIpv6).protocol(IPPROTO_TCP);
    load(NFT_PAYLOAD_NETWORK_HEADER, isIpv6 ? 24 : 16, length, NFT_REG32_00);
    load(NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2, ports);
    load(NFT_PAYLOAD_TRANSPORT_HEADER, 0, 2, ports + 1);
    const std::size_t opened = expression("lookup");
    m_messages.text(NFTA_LOOKUP_SET, set);
    m_messages.number32(NFTA_LOOKUP_SREG, NFT_REG32_00);
    end(opened);
    return *this;
}

NftRule& NftRule::setMark(std::uint32_t mark)
{
    set(NFT_REG_1, &mark, sizeof mark);
    const std::size_t opened = expression("meta");
    m_messages.number32(NFTA_META_KEY, NFT_META_MARK);
    m_messages.number32(NFTA_META_SREG, NFT_REG_1);
    end(opened);
    return *this;
}

void NftRule::verdict(int code)
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

void NftRule::queue(bool asTarget, std::uint16_t number)
{
    const std::size_t opened = expression(asTarget ? "target" : "queue");
    if (asTarget) {
        const xt_NFQ_info target{number};
        m_messages.text(NFTA_TARGET_NAME, "NFQUEUE");
        m_messages.number32(NFTA_TARGET_REV, 0);
        m_messages.attribute(NFTA_TARGET_INFO, &target, sizeof target);
    } else {
        const std::uint16_t swapped = ::htons(number);
        m_messages.attribute(NFTA_QUEUE_NUM, &swapped, sizeof swapped);
    }
    end(opened);
}

void NftRule::reject(unsigned type, std::uint8_t code)
{
    const std::size_t opened = expression("reject");
    m_messages.number32(NFTA_REJECT_TYPE, type);
    m_messages.number8(NFTA_REJECT_ICMP_CODE, code);
    end(opened);
}

void NftRule::hand(const NetworkEndpoint& place)
{
    const std::uint16_t port = ::htons(place.port);
    set(NFT_REG_1, place.address.data(), addressLength(place.isIpv6));
    set(NFT_REG_2, &port, sizeof port);
    const std::size_t opened = expression("tproxy");
    m_messages.number32(NFTA_TPROXY_FAMILY, place.isIpv6 ? NFPROTO_IPV6 : NFPROTO_IPV4);
    m_messages.number32(NFTA_TPROXY_REG_ADDR, NFT_REG_1);
    m_messages.number32(NFTA_TPROXY_REG_PORT, NFT_REG_2);
    end(opened);
}

void NftRule::untracked()
{
    end(expression("notrack"));
}

void NftRule::comesFrom(const NetworkEndpoint& address)
{
    set(NFT_REG_1, address.address.data(), addressLength(address.isIpv6));
    const std::size_t opened = expression("nat");
    m_messages.number32(NFTA_NAT_TYPE, NFT_NAT_SNAT);
    m_messages.number32(NFTA_NAT_FAMILY, address.isIpv6 ? NFPROTO_IPV6 : NFPROTO_IPV4);
    m_messages.number32(NFTA_NAT_REG_ADDR_MIN, NFT_REG_1);
    end(opened);
}

void NftRule::masquerade()
{
    end(expression("masq"));
}

std::size_t NftRule::expression(const char* name)
{
    m_element = m_messages.open(NFTA_LIST_ELEM);
    m_messages.text(NFTA_EXPR_NAME, name);
    return m_messages.open(NFTA_EXPR_DATA);
}

void NftRule::end(std::size_t opened)
{
    m_messages.close(opened);
    m_messages.close(m_element);
}

void NftRule::value(unsigned type, const void* bytes, std::size_t length)
{
    const std::size_t opened = m_messages.open(type);
    m_messages.attribute(NFTA_DATA_VALUE, bytes, length);
    m_messages.close(opened);
}

void NftRule::set(unsigned reg, const void* bytes, std::size_t length)
{
    const std::size_t opened = expression("immediate");
    m_messages.number32(NFTA_IMMEDIATE_DREG, reg);
    value(NFTA_IMMEDIATE_DATA, bytes, length);
    end(opened);
}

NftRule& NftRule::meta(unsigned key)
{
    const std::size_t opened = expression("meta");
    m_messages.number32(NFTA_META_KEY, key);
    m_messages.number32(NFTA_META_DREG, NFT_REG_1);
    end(opened);
    return *this;
}

NftRule& NftRule::load(unsigned base, unsigned offset, unsigned length, unsigned reg)
{
    const std::size_t opened = expression("payload");
    m_messages.number32(NFTA_PAYLOAD_DREG, reg);
    m_messages.number32(NFTA_PAYLOAD_BASE, base);
    m_messages.number32(NFTA_PAYLOAD_OFFSET, offset);
    m_messages.number32(NFTA_PAYLOAD_LEN, length);
    end(opened);
    return *this;
}

NftRule& NftRule::compare(unsigned how, const void* bytes, std::size_t length)
{
    const std::size_t opened = expression("cmp");
    m_messages.number32(NFTA_CMP_SREG, NFT_REG_1);
    m_messages.number32(NFTA_CMP_OP, how);
    value(NFTA_CMP_DATA, bytes, length);
    end(opened);
    return *this;
}

NftRule& NftRule::masked(const void* mask, std::size_t length)
{
    constexpr std::uint32_t kNone = 0;
    const std::size_t opened = expression("bitwise");
    m_messages.number32(NFTA_BITWISE_SREG, NFT_REG_1);
    m_messages.number32(NFTA_BITWISE_DREG, NFT_REG_1);
    m_messages.number32(NFTA_BITWISE_LEN, static_cast<std::uint32_t>(length));
    value(NFTA_BITWISE_MASK, mask, length);
    value(NFTA_BITWISE_XOR, &kNone, length);
    end(opened);
    return *this;
}

NftRule& NftRule::flags(unsigned how)
{
    protocol(IPPROTO_TCP);
    return load(NFT_PAYLOAD_TRANSPORT_HEADER, kTcpFlags, 1, NFT_REG_1)
        .masked(&kSynAck, sizeof kSynAck)
        .compare(how, &kSyn, sizeof kSyn);
}

NftRule& NftRule::equals8(std::uint8_t wanted)
{
    return compare(NFT_CMP_EQ, &wanted, sizeof wanted);
}

NftRule& NftRule::addressAt(const NetworkEndpoint& address, unsigned offset, unsigned how)
{
    const unsigned length = addressLength(address.isIpv6);
    return load(NFT_PAYLOAD_NETWORK_HEADER, offset, length, NFT_REG_1).compare(how, address.address.data(), length);
}

NftRule& NftRule::interface(unsigned key, const char* name)
{
    std::array<char, IFNAMSIZ> wanted{};
    std::string_view(name).copy(wanted.data(), wanted.size() - 1);
    return meta(key).compare(NFT_CMP_EQ, wanted.data(), wanted.size());
}

}  // namespace belljar::linux_platform
