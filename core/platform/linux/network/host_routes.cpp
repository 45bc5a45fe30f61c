#include "core/platform/linux/network/host_routes.h"

#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "core/platform/linux/network/netlink.h"

namespace belljar::linux_platform {
namespace {

/// Addresses that are the host's whatever its tables say: loopback, "this host", and IPv4 written as IPv6.
bool isHostByNature(const NetworkEndpoint& peer)
{
    const auto& bytes = peer.address;
    if (!peer.isIpv6) return bytes[0] == 0 || bytes[0] == 127;
    constexpr std::size_t kPrefix = 10;
    if (!std::all_of(bytes.begin(), bytes.begin() + kPrefix, [](std::uint8_t byte) { return byte == 0; })) return false;
    return (bytes[10] == 0 && bytes[11] == 0) || (bytes[10] == 0xff && bytes[11] == 0xff);
}

RouteKind kindOfType(unsigned char type)
{
    switch (type) {
        case RTN_LOCAL: return RouteKind::host;
        case RTN_BROADCAST:
        case RTN_MULTICAST:
        case RTN_ANYCAST: return RouteKind::many;
        default: return RouteKind::elsewhere;
    }
}

}  // namespace

HostRoutes::HostRoutes() : m_socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)) {}

RouteKind HostRoutes::kindOf(const NetworkEndpoint& peer)
{
    if (isHostByNature(peer)) return RouteKind::host;
    if (peer.isIpv6 && peer.address[0] == 0xff) return RouteKind::many;
    NetlinkMessages question;
    question.begin(RTM_GETROUTE, 0);
    rtmsg what{};
    what.rtm_family = peer.isIpv6 ? AF_INET6 : AF_INET;
    what.rtm_dst_len = peer.isIpv6 ? 128 : 32;
    question.fixed(what);
    question.attribute(RTA_DST, peer.address.data(), peer.isIpv6 ? 16 : 4);
    const std::string& bytes = question.bytes();
    if (::send(m_socket.get(), bytes.data(), bytes.size(), 0) < 0) return RouteKind::host;
    std::array<char, 2048> room{};
    const ssize_t length = ::recv(m_socket.get(), room.data(), room.size(), MSG_DONTWAIT);
    nlmsghdr header{};
    if (length < static_cast<ssize_t>(sizeof header)) return RouteKind::host;
    std::memcpy(&header, room.data(), sizeof header);
    if (header.nlmsg_type == NLMSG_ERROR) {
        nlmsgerr answer{};
        std::memcpy(&answer, &room[sizeof header], sizeof answer);
        // No way, or none that is open: dialling says so again.
        const bool isNoWay = answer.error == -ENETUNREACH || answer.error == -EHOSTUNREACH || answer.error == -EACCES ||
                             answer.error == -EINVAL;
        return isNoWay ? RouteKind::elsewhere : RouteKind::host;
    }
    rtmsg found{};
    if (header.nlmsg_type != RTM_NEWROUTE || header.nlmsg_len < NLMSG_LENGTH(sizeof found)) return RouteKind::host;
    std::memcpy(&found, &room[NLMSG_HDRLEN], sizeof found);
    return kindOfType(found.rtm_type);
}

}  // namespace belljar::linux_platform
