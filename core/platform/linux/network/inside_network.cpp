#include "core/platform/linux/network/inside_network.h"

#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/platform/linux/network/netlink.h"
#include "core/platform/linux/network/packet_rules.h"
#include "core/platform/linux/network/socket_address.h"
#include "core/platform/linux/network/wire.h"
#include "core/platform/posix/errno_text.h"

namespace belljar::linux_platform {
namespace {

constexpr unsigned kLoopback = 1;  // the number of "lo" in every network namespace
constexpr int kBacklog = 1024;

Error failed(const char* what, int error)
{
    return {ErrorCode::backendUnavailable,
            what,
            {},
            errnoText(error),
            "run without a network, or use a kernel with nf_tables (CONFIG_NF_TABLES, CONFIG_NFT_TPROXY, "
            "CONFIG_NFT_REJECT_INET and CONFIG_NETFILTER_NETLINK_QUEUE)"};
}

/// 100.64.0.N and fd64::N: no network of a host that one meets often.
NetworkEndpoint numbered(bool isIpv6, std::uint8_t number)
{
    NetworkEndpoint made;
    made.isIpv6 = isIpv6;
    if (isIpv6) {
        made.address = {0xfd, 0x64};
        made.address[15] = number;
    } else {
        made.address = {100, 64, 0, number};
    }
    return made;
}

void addAddress(NetlinkMessages& messages, bool isIpv6)
{
    const NetworkEndpoint own = insideAddress(isIpv6);
    messages.begin(RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
    ifaddrmsg what{};
    what.ifa_family = familyOf(isIpv6);
    what.ifa_prefixlen = isIpv6 ? 128 : 32;
    what.ifa_flags = isIpv6 ? IFA_F_NODAD : 0;
    what.ifa_scope = RT_SCOPE_UNIVERSE;
    what.ifa_index = kLoopback;
    messages.fixed(what);
    messages.attribute(IFA_LOCAL, own.address.data(), addressLength(isIpv6));
    messages.attribute(IFA_ADDRESS, own.address.data(), addressLength(isIpv6));
}

/// Every address is the interface's own: what is sent there arrives there. Without the source of our own a refusal
/// would come from nowhere and be dropped.
void addRoute(NetlinkMessages& messages, bool isIpv6)
{
    const NetworkEndpoint own = insideAddress(isIpv6);
    messages.begin(RTM_NEWROUTE, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
    rtmsg what{};
    what.rtm_family = familyOf(isIpv6);
    what.rtm_table = RT_TABLE_LOCAL;
    what.rtm_protocol = RTPROT_STATIC;
    what.rtm_scope = isIpv6 ? RT_SCOPE_UNIVERSE : RT_SCOPE_HOST;
    what.rtm_type = RTN_LOCAL;
    messages.fixed(what);
    messages.attribute(RTA_OIF, &kLoopback, sizeof kLoopback);
    messages.attribute(RTA_PREFSRC, own.address.data(), addressLength(isIpv6));
}

bool setOption(int socket, int level, int name)
{
    const int yes = 1;
    return ::setsockopt(socket, level, name, &yes, sizeof yes) == 0;
}

/// At an address and port of the relay's own, where the rules hand foreign connections and datagrams to.
bool listenAt(int socket, bool isIpv6, bool isStream)
{
    NetworkEndpoint place = relayAddress(isIpv6);
    if (isIpv6 && !setOption(socket, IPPROTO_IPV6, IPV6_V6ONLY)) return false;
    const bool open =
        isIpv6 ? setOption(socket, IPPROTO_IPV6, IPV6_TRANSPARENT) : setOption(socket, IPPROTO_IP, IP_TRANSPARENT);
    if (!open) return false;
    if (isStream && !setOption(socket, IPPROTO_TCP, TCP_NODELAY)) return false;
    if (!isStream) {
        const bool told = isIpv6 ? setOption(socket, IPPROTO_IPV6, IPV6_RECVORIGDSTADDR)
                                 : setOption(socket, IPPROTO_IP, IP_RECVORIGDSTADDR);
        if (!told) return false;
    }
    const SocketAddress address(place);
    if (::bind(socket, address.get(), address.length()) != 0) return false;
    return !isStream || ::listen(socket, kBacklog) == 0;
}

}  // namespace

NetworkEndpoint insideAddress(bool isIpv6)
{
    return numbered(isIpv6, 2);
}

NetworkEndpoint hostLoopbackAddress(bool isIpv6)
{
    return numbered(isIpv6, 1);
}

NetworkEndpoint visitorsAddress(bool isIpv6)
{
    return numbered(isIpv6, 5);
}

NetworkEndpoint relayAddress(bool isIpv6)
{
    constexpr std::uint16_t kRelayPort = 65531;  // above those that the kernel gives to programs
    NetworkEndpoint place = numbered(isIpv6, 3);
    place.port = kRelayPort;
    return place;
}

bool isInsideAddress(const void* bytes, std::size_t length)
{
    SocketAddress address;
    std::memcpy(address.room(), bytes, std::min<std::size_t>(length, sizeof(sockaddr_in6)));
    if (address.get()->sa_family != AF_INET && address.get()->sa_family != AF_INET6) return true;
    NetworkEndpoint own = address.endpoint();
    const auto isZero = [](std::uint8_t byte) { return byte == 0; };
    constexpr std::size_t kMapped = 12;
    if (own.isIpv6 && std::all_of(own.address.begin(), own.address.begin() + 10, isZero) && own.address[10] == 0xff &&
        own.address[11] == 0xff) {
        std::copy(own.address.begin() + kMapped, own.address.end(), own.address.begin());
        std::fill(own.address.begin() + 4, own.address.end(), std::uint8_t{0});
        own.isIpv6 = false;
    }
    if (own.address == insideAddress(own.isIpv6).address) return true;
    if (!own.isIpv6) return own.address[0] == 127 || std::all_of(own.address.begin(), own.address.end(), isZero);
    return std::all_of(own.address.begin(), own.address.end() - 1, isZero) && own.address[15] <= 1;
}

Result<void> setUpInside(const InsideSockets& sockets, std::uint16_t proxyPort, const WireEnd* wire)
{
    NetlinkMessages interface;
    addAddress(interface, false);
    addAddress(interface, true);
    addRoute(interface, false);
    addRoute(interface, true);
    if (const int error = exchange(sockets.route.get(), interface); error != 0)
        return failed("the sandbox's network could not be given addresses", error);
    const int filter = sockets.filter.get();
    if (const int error = exchange(filter, packetRules(queueWay(filter), proxyPort, wire)); error != 0)
        return failed("the rules of the sandbox's network could not be set", error);
    int error = wire != nullptr ? configureWire(sockets, *wire) : 0;
    if (wire != nullptr && error == 0) error = exchange(filter, forwardingRules(*wire));
    if (error != 0) return failed("the sandbox's end of the wire could not be set up", error);
    const bool listening =
        listenAt(sockets.stream4.get(), false, true) && listenAt(sockets.stream6.get(), true, true) &&
        listenAt(sockets.datagram4.get(), false, false) && listenAt(sockets.datagram6.get(), true, false);
    if (!listening) return failed("the relay of the sandbox's network could not listen", errno);
    return {};
}

}  // namespace belljar::linux_platform
