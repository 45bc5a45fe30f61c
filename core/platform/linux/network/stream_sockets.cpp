#include "core/platform/linux/network/stream_sockets.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace belljar::linux_platform {
namespace {

UniqueFd nothing()
{
    return UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

UniqueFd newStream(bool isIpv6)
{
    return UniqueFd(::socket(isIpv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
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

std::size_t mostFlows()
{
    constexpr std::size_t kMost = 1024;
    constexpr rlim_t kOthers = 256;
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur <= kOthers + 16) return 8;
    return std::min<std::size_t>(kMost, (files.rlim_cur - kOthers) / 2);
}

UniqueFd StreamStock::take(bool isIpv6)
{
    Place& place = m_places[isIpv6 ? 1 : 0];
    place.isAskedFor = true;
    return place.socket ? std::exchange(place.socket, {}) : newStream(isIpv6);
}

void StreamStock::refill()
{
    for (const bool isIpv6 : {false, true})
        if (Place& place = m_places[isIpv6 ? 1 : 0]; place.isAskedFor && !place.socket)
            place.socket = newStream(isIpv6);
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
