// Tables, chains, sets and rules of the kernel's packet filter (nf_tables, family inet), as netlink messages of a
// batch.
#pragma once

#include <cstdint>

#include "core/model/network_attempt.h"
#include "core/platform/linux/network/netlink.h"

namespace belljar::linux_platform {

/// The type of a message of nf_tables.
[[nodiscard]] unsigned nftType(unsigned message);

/// All between the two takes effect at once, or not at all.
void beginNftBatch(NetlinkMessages& messages);
void endNftBatch(NetlinkMessages& messages);

/// `flags` are NFT_TABLE_F_…
void addNftTable(NetlinkMessages& messages, const char* table, std::uint32_t flags = 0);
/// With all that is in it, as a batch of its own. Left to the kernel at the end of the owner's socket, it waits for all
/// processors: 10 to 20 ms.
[[nodiscard]] NetlinkMessages nftTableRemoval(const char* table);

struct NftChain {
    const char* table;
    const char* name;
};
/// A chain at a hook of the kernel. `type` is filter, route or nat; `policy` the verdict on what no rule decides about.
void addNftChain(NetlinkMessages& messages, NftChain chain, const char* type, unsigned hook, std::int32_t priority,
                 int policy);

/// A set of connections: the peer's address and port, and the port of who has begun it.
void addNftSet(NetlinkMessages& messages, const char* table, const char* set, bool isIpv6);
/// `message` is NFT_MSG_NEWSETELEM or NFT_MSG_DELSETELEM. To take out what is not there costs ten milliseconds.
void changeNftSet(NetlinkMessages& messages, unsigned message, const char* table, const char* set,
                  const NetworkEndpoint& peer, std::uint16_t clientPort);

/// One rule, put together expression by expression; each compares or acts on what the one before has loaded.
class NftRule {
public:
    /// `flags` are netlink's. The rule is there when the object goes.
    NftRule(NetlinkMessages& messages, NftChain chain, unsigned flags = 0);
    ~NftRule() { m_messages.close(m_all); }
    NftRule(const NftRule&) = delete;
    NftRule& operator=(const NftRule&) = delete;

    NftRule& family(bool isIpv6);
    NftRule& protocol(std::uint8_t protocol);
    NftRule& notProtocol(std::uint8_t protocol);
    NftRule& mark(std::uint32_t mark);
    /// The first packet of a TCP connection, or all others.
    NftRule& isFirst();
    NftRule& isLater();
    NftRule& source(const NetworkEndpoint& address);
    NftRule& notSource(const NetworkEndpoint& address);
    NftRule& destination(const NetworkEndpoint& address);
    NftRule& toLoopback4();
    /// Of TCP or UDP.
    NftRule& toPort(std::uint16_t port);
    /// The type of an ICMP message.
    NftRule& message(std::uint8_t type);
    /// Multicast, and IPv4's upper end with the broadcast.
    NftRule& toMany(bool isIpv6);
    NftRule& arrivesBy(const char* name);
    NftRule& leavesBy(const char* name);
    /// Of a connection that the kernel follows, or about one.
    NftRule& isKnown();
    /// Of a connection of the set, on its way to the peer.
    NftRule& isIn(const char* set, bool isIpv6);
    NftRule& setMark(std::uint32_t mark);

    void verdict(int code);
    /// Without somebody who reads the queue, the kernel drops what should go there. `asTarget`: see QueueWay.
    void queue(bool asTarget, std::uint16_t number = 0);
    void reject(unsigned type, std::uint8_t code);
    /// To a transparent socket at that place (TPROXY).
    void hand(const NetworkEndpoint& place);
    /// The kernel follows no connection that it belongs to.
    void untracked();
    /// In the name of that address, or of the interface by which it leaves.
    void comesFrom(const NetworkEndpoint& address);
    void masquerade();

private:
    std::size_t expression(const char* name);
    void end(std::size_t opened);
    void value(unsigned type, const void* bytes, std::size_t length);
    void set(unsigned reg, const void* bytes, std::size_t length);
    NftRule& meta(unsigned key);
    NftRule& load(unsigned base, unsigned offset, unsigned length, unsigned reg);
    NftRule& compare(unsigned how, const void* bytes, std::size_t length);
    NftRule& masked(const void* mask, std::size_t length);
    NftRule& flags(unsigned how);
    NftRule& equals8(std::uint8_t wanted);
    NftRule& addressAt(const NetworkEndpoint& address, unsigned offset, unsigned how);
    NftRule& interface(unsigned key, const char* name);

    NetlinkMessages& m_messages;
    std::size_t m_all = 0;
    std::size_t m_element = 0;
};

}  // namespace belljar::linux_platform
