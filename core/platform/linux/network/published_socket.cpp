#include "core/platform/linux/network/published_socket.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

#include "core/base/ip_network.h"
#include "core/platform/linux/network/socket_address.h"
#include "core/platform/posix/errno_text.h"

namespace belljar::linux_platform {
namespace {

constexpr int kBacklog = 128;

bool setOption(int socket, int level, int name)
{
    const int yes = 1;
    return ::setsockopt(socket, level, name, &yes, sizeof yes) == 0;
}

Error notOffered(const PublishedPort& port, const NetworkEndpoint& place, int error)
{
    const char* hint = "Choose another hostPort";
    if (error == EADDRINUSE) hint = "Choose another hostPort, or end the program that listens there";
    else if (error == EACCES) hint = "Choose a hostPort from 1024 on";
    else if (error == EADDRNOTAVAIL) hint = "Write an address that this computer has";
    const char* const protocol = port.protocol == IpProtocol::udp ? "UDP port " : "port ";
    return {ErrorCode::backendError,
            "the sandbox's " + (protocol + std::to_string(port.port)) + " cannot be offered at " + textOf(place),
            "/experimental/belljar/network/publish", errnoText(error), hint};
}

/// Where a visitor has come to is told with each datagram: an answer has to come from there.
bool tellsPlace(int socket, bool isIpv6)
{
    return isIpv6 ? setOption(socket, IPPROTO_IPV6, IPV6_RECVPKTINFO) : setOption(socket, IPPROTO_IP, IP_PKTINFO);
}

}  // namespace

Result<UniqueFd> listenFor(const PublishedPort& port)
{
    const Result<IpNetwork> address = parseIpNetwork(port.hostAddress);
    NetworkEndpoint place;
    if (address) place = {address->address, port.hostPort, address->isIpv6};
    const bool isUdp = port.protocol == IpProtocol::udp;
    const int kind = isUdp ? SOCK_DGRAM : SOCK_STREAM;
    UniqueFd made(::socket(place.isIpv6 ? AF_INET6 : AF_INET, kind | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!address || !made) return notOffered(port, place, address ? errno : EINVAL);
    // Connections that have ended keep nobody from listening; a listener does. Of UDP even that would not.
    if (!isUdp) setOption(made.get(), SOL_SOCKET, SO_REUSEADDR);
    if (place.isIpv6) setOption(made.get(), IPPROTO_IPV6, IPV6_V6ONLY);
    const SocketAddress bound(place);
    const bool listens = (!isUdp || tellsPlace(made.get(), place.isIpv6)) &&
                         ::bind(made.get(), bound.get(), bound.length()) == 0 &&
                         (isUdp || ::listen(made.get(), kBacklog) == 0);
    if (!listens) return notOffered(port, place, errno);
    return made;
}

}  // namespace belljar::linux_platform
