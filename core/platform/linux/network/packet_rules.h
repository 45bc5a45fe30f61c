// The rules of the sandbox's network for the kernel's packet filter (nf_tables), as netlink messages.
//
// They know no rule of a profile: they only see to it that nothing passes the relay by. Who may go where is decided
// by the relay at each first packet, so that a changed rule needs no new rules here.
#pragma once

#include "core/model/network_attempt.h"
#include "core/platform/linux/network/netlink.h"

namespace belljar::linux_platform {

class WireEnd;

/// The table of the sandbox's network, and the one that is there with a wire.
inline constexpr const char* kPacketTable = "belljar";
inline constexpr const char* kForwardingTable = "belljar-forwarding";
/// The set of connections that the kernel forwards.
[[nodiscard]] constexpr const char* forwardedSet(bool isIpv6)
{
    return isIpv6 ? "forwarded6" : "forwarded4";
}

/// Where the rules hand foreign connections and datagrams to.
[[nodiscard]] NetworkEndpoint relayAddress(bool isIpv6);

/// Numbers of the queues: first packets of connections, and ICMP that the relay has to see.
inline constexpr std::uint16_t kConnectionQueue = 0;
inline constexpr std::uint16_t kMessageQueue = 1;

/// What the kernel knows to put a packet into a queue.
enum class QueueWay : std::uint8_t {
    expression,  ///< CONFIG_NFT_QUEUE
    target,      ///< CONFIG_NFT_COMPAT with CONFIG_NETFILTER_XT_TARGET_NFQUEUE
};

/// Asks whether the kernel has the target, and else hopes for the expression. Rules that name what is not there are a
/// batch that is taken back, and that takes the kernel 10 ms (it waits for all processors).
[[nodiscard]] QueueWay queueWay(int filterSocket);

/// One atomic batch for a fresh namespace. `proxyPort`: see LaunchPlan::localProxyPort; `wire`: nullptr when there is
/// none.
[[nodiscard]] NetlinkMessages packetRules(QueueWay way, std::uint16_t proxyPort, const WireEnd* wire);

/// What is in the sets goes by the wire; the relay puts it there. The table is gone with the socket that has sent this,
/// the only one that can change it: then the kernel resets what was forwarded, and nothing holds the namespace.
[[nodiscard]] NetlinkMessages forwardingRules(const WireEnd& wire);

}  // namespace belljar::linux_platform
