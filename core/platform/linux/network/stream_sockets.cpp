#include "core/platform/linux/network/stream_sockets.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>

namespace belljar::linux_platform {
namespace {

UniqueFd nothing()
{
    return UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

}  // namespace

void resetAtClose(int socket)
{
    const linger now{1, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

int dialResult(int socket)
{
    SocketAddress peer;
    if (::getpeername(socket, peer.room(), peer.lengthRoom()) == 0) return 0;
    int error = 0;
    socklen_t length = sizeof error;
    if (::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length) != 0) return errno;
    return error == 0 ? EINPROGRESS : error;
}

DescriptorReserve::DescriptorReserve() : m_spare(nothing()) {}

UniqueFd DescriptorReserve::accept(int listener, SocketAddress& client)
{
    UniqueFd made(::accept4(listener, client.room(), client.lengthRoom(), SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (made || (errno != EMFILE && errno != ENFILE)) return made;
    m_spare.reset();
    const UniqueFd refused(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
    if (refused) resetAtClose(refused.get());
    m_spare = nothing();
    return made;
}

}  // namespace belljar::linux_platform
