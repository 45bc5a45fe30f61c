// New sockets of the sandbox's network, for a relay that may not enter it.
#pragma once

#include <cstdint>

#include "core/base/result.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

/// A socket that accept(2) makes belongs to the network of its listener. So two sockets that process 1 has made connect
/// inside, and the accepted half, dissolved again, is a new one; that takes about 10 µs. The sandbox can reach the
/// listener, too, but gains nothing from it.
class SocketMaker {
public:
    /// TCP sockets over IPv6 and IPv4, not blocking, which must outlive it.
    SocketMaker(int listener, int dialer) : m_listener(listener), m_dialer(dialer) {}

    Result<void> open();
    /// A TCP socket over IPv6 and IPv4, not blocking; none when descriptors or the sandbox's memory are used up.
    [[nodiscard]] UniqueFd make() const;

private:
    [[nodiscard]] UniqueFd acceptOwn() const;

    const int m_listener;
    const int m_dialer;
    std::uint16_t m_port = 0;
};

}  // namespace belljar::linux_platform
