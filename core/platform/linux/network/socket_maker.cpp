#include "core/platform/linux/network/socket_maker.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include "core/platform/linux/network/socket_address.h"
#include "core/platform/posix/errno_text.h"

namespace belljar::linux_platform {
namespace {

/// Others may have connected to the listener meanwhile.
constexpr int kBacklog = 16;

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
    NetworkEndpoint any;
    any.isIpv6 = true;
    const SocketAddress address(any);
    if (::bind(m_listener, address.get(), address.length()) != 0 || ::listen(m_listener, kBacklog) != 0)
        return Error{ErrorCode::backendError,
                     "ports of the sandbox cannot be offered: nothing can listen in its network",
                     {},
                     errnoText(errno),
                     {}};
    m_port = ownEnd(m_listener).port;
    return {};
}

UniqueFd SocketMaker::make() const
{
    NetworkEndpoint loopback;
    loopback.isIpv6 = true;
    loopback.address[15] = 1;
    loopback.port = m_port;
    const SocketAddress address(loopback);
    UniqueFd made;
    if (::connect(m_dialer, address.get(), address.length()) == 0 || errno == EINPROGRESS) made = acceptOwn();
    dissolve(m_dialer);
    if (made && !dissolve(made.get())) made.reset();
    return made;
}

/// The other end of our own connection; strangers before it are let go.
UniqueFd SocketMaker::acceptOwn() const
{
    constexpr int kPatienceMs = 100;
    const std::uint16_t wanted = ownEnd(m_dialer).port;
    for (int tries = 0; tries <= kBacklog + 1; ++tries) {
        SocketAddress peer;
        UniqueFd made(::accept4(m_listener, peer.room(), peer.lengthRoom(), SOCK_NONBLOCK | SOCK_CLOEXEC));
        // Loopback handshakes are done by now, unless the processor has put them off.
        pollfd wait{m_listener, POLLIN, 0};
        if (!made && (errno != EAGAIN || ::poll(&wait, 1, kPatienceMs) <= 0)) return made;
        if (made && peer.endpoint().port == wanted) return made;
    }
    return UniqueFd();
}

}  // namespace belljar::linux_platform
