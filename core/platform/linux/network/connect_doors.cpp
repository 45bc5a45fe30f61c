#include "core/platform/linux/network/connect_doors.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "core/platform/linux/network/socket_address.h"
#include "core/platform/posix/errno_text.h"

namespace belljar::linux_platform {

ConnectDoors::ConnectDoors(const InsideSockets& sockets, Poller& poller, std::function<void(int)> onVisitor)
    : m_onVisitor(std::move(onVisitor)),
      m_door4(poller, sockets.stream4.get(), m_onVisitor),
      m_door6(poller, sockets.stream6.get(), m_onVisitor)
{
}

bool ConnectDoors::Door::open(bool isIpv6)
{
    constexpr int kBacklog = 1024;
    NetworkEndpoint place;
    place.isIpv6 = isIpv6;
    place.port = kOwnProxyPort;
    if (isIpv6) place.address[15] = 1;
    else place.address = {127, 0, 0, 1};
    const int yes = 1;
    if (isIpv6) ::setsockopt(m_socket, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
    ::setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    const SocketAddress address(place);
    if (::bind(m_socket, address.get(), address.length()) != 0 || ::listen(m_socket, kBacklog) != 0) return false;
    m_poller.want(m_socket, EPOLLIN, m_wanted, *this);
    return true;
}

Result<void> ConnectDoors::open()
{
    if (m_door4.open(false) && (m_door6.open(true) || errno == EADDRNOTAVAIL)) return {};
    return Error{ErrorCode::backendError,
                 "the proxy of the sandbox's network could not listen",
                 {},
                 errnoText(errno),
                 "run without a network"};
}

}  // namespace belljar::linux_platform
