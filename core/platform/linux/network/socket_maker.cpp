#include "core/platform/linux/network/socket_maker.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "core/platform/linux/network/inside_network.h"
#include "core/platform/linux/network/socket_address.h"
#include "core/platform/posix/errno_text.h"

namespace belljar::linux_platform {
namespace {

/// One at a time; a late one of before may still be there.
constexpr int kBacklog = 4;

NetworkEndpoint ownEnd(int socket)
{
    SocketAddress own;
    return ::getsockname(socket, own.room(), own.lengthRoom()) == 0 ? own.endpoint() : NetworkEndpoint{};
}

bool dissolve(int socket)
{
    const sockaddr none{AF_UNSPEC, {}};
    return ::connect(socket, &none, sizeof none) == 0;
}

}  // namespace

Result<void> SocketMaker::open()
{
    m_place.isIpv6 = true;
    m_place.address = {0xfd, 0x64};
    m_place.address[15] = 4;
    const SocketAddress address(m_place);
    const int yes = 1;
    const bool listens = ::setsockopt(m_listener, IPPROTO_IPV6, IPV6_FREEBIND, &yes, sizeof yes) == 0 &&
                         ::bind(m_listener, address.get(), address.length()) == 0 &&
                         ::listen(m_listener, kBacklog) == 0;
    if (!listens || ::setsockopt(m_dialer, SOL_SOCKET, SO_MARK, &kOwnMark, sizeof kOwnMark) != 0)
        return Error{ErrorCode::backendError,
                     "ports of the sandbox cannot be offered: no sockets can be made in its network",
                     {},
                     errnoText(errno),
                     {}};
    m_place.port = ownEnd(m_listener).port;
    return {};
}

UniqueFd SocketMaker::make() const
{
    const SocketAddress address(m_place);
    UniqueFd made;
    if (::connect(m_dialer, address.get(), address.length()) == 0 || errno == EINPROGRESS) {
        // Loopback handshakes are done by now, unless the processor has put them off.
        constexpr int kPatienceMs = 100;
        pollfd wait{m_listener, POLLIN, 0};
        if (::poll(&wait, 1, kPatienceMs) > 0)
            made.reset(::accept4(m_listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    }
    dissolve(m_dialer);
    // Like its listener's, which has an IPv6 address.
    const int no = 0;
    const bool isNew =
        made && dissolve(made.get()) && ::setsockopt(made.get(), IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no) == 0;
    return isNew ? std::move(made) : UniqueFd();
}

}  // namespace belljar::linux_platform
