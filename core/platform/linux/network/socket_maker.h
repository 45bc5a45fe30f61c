// New sockets of the sandbox's network, for a relay that may not enter it.
#pragma once

#include "core/base/result.h"
#include "core/model/network_attempt.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

/// A socket that accept(2) makes belongs to the network of its listener. So two sockets that process 1 has made connect
/// inside, and the accepted half, dissolved again, is a new one; that takes about 10 µs. The listener stands at an
/// address that no program of the sandbox reaches.
class SocketMaker {
public:
    /// TCP sockets over IPv6 and IPv4, not blocking, which must outlive it.
    SocketMaker(int listener, int dialer) : m_listener(listener), m_dialer(dialer) {}

    Result<void> open();
    /// A TCP socket over IPv6 and IPv4, not blocking, to be bound (to whatever address) before it is used; none when
    /// descriptors are used up.
    [[nodiscard]] UniqueFd make() const;

private:
    [[nodiscard]] UniqueFd acceptOwn() const;

    const int m_listener;
    const int m_dialer;
    NetworkEndpoint m_place;
};

}  // namespace belljar::linux_platform
