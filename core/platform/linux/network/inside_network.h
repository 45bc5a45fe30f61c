// The network of a sandbox, as it is seen from inside: one interface, on which everything that a program sends arrives
// again, to be relayed by us. Nothing leads out of it by itself.
//
// Every first packet of a TCP connection waits in a queue for the relay's decision (connection_queue.h); connections
// and datagrams to foreign addresses are handed to the relay's own sockets, which were made inside by process 1.
// Programs inside have no power over any of it: the namespace belongs to a user namespace above theirs.
#pragma once

#include <cstdint>

#include "core/base/result.h"
#include "core/model/network_attempt.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

class WireEnd;

/// Sockets of the sandbox's network, in the order in which belljar-shim sends them.
struct InsideSockets {
    UniqueFd route;    ///< NETLINK_ROUTE
    UniqueFd filter;   ///< NETLINK_NETFILTER
    UniqueFd queue;    ///< NETLINK_NETFILTER
    UniqueFd stream4;  ///< TCP
    UniqueFd stream6;
    UniqueFd datagram4;  ///< UDP
    UniqueFd datagram6;
    UniqueFd raw4;  ///< Packets with headers of ours.
    UniqueFd raw6;
    UniqueFd makerListener;  ///< TCP over IPv6 and IPv4; see SocketMaker.
    UniqueFd makerDialer;
    UniqueFd messages;  ///< NETLINK_NETFILTER, for the queue of ICMP.
};

/// What the relay's verdict on a first packet makes of it: marks of a packet that comes by again.
enum class RefusalMark : std::uint32_t {
    refused = 0x426a0001,  ///< TCP reset: ECONNREFUSED.
    hostUnreachable,       ///< EHOSTUNREACH
    networkUnreachable,    ///< ENETUNREACH
    prohibited,            ///< ICMP: a filter is in the way. EHOSTUNREACH
};

/// Of packets of our own, which go where they want to (SO_MARK). Programs may not set marks.
inline constexpr std::uint32_t kOwnMark = 0x426a0010;

/// The addresses of the sandbox, and those that stand for the host's own loopback where it may be reached.
[[nodiscard]] NetworkEndpoint insideAddress(bool isIpv6);
[[nodiscard]] NetworkEndpoint hostLoopbackAddress(bool isIpv6);
/// As whom visitors of published UDP ports come (UdpIngress).
[[nodiscard]] NetworkEndpoint visitorsAddress(bool isIpv6);

/// Whether a program of the sandbox may take the address for its own: loopback, the sandbox's, or any. `bytes` is a
/// sockaddr_in or sockaddr_in6; other families are for the kernel to judge.
[[nodiscard]] bool isInsideAddress(const void* bytes, std::size_t length);

/// Gives the interface its addresses, routes and rules, and makes the relay's sockets listen. After an error nothing
/// of the namespace may be used. `proxyPort`: see LaunchPlan::localProxyPort; `wire`: nullptr when there is none.
Result<void> setUpInside(const InsideSockets& sockets, std::uint16_t proxyPort, const WireEnd* wire);

}  // namespace belljar::linux_platform
