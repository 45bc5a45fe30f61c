// What relays do with TCP sockets that do not block.
#pragma once

#include "core/platform/linux/network/socket_address.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

/// The peer of this socket is told so, instead of an end.
void resetAtClose(int socket);

/// What has become of a connect(2): 0 is made, EINPROGRESS not yet; another errno is why not.
[[nodiscard]] int dialResult(int socket);

/// How many connections can be relayed at once: two descriptors each, and enough left for everything else.
[[nodiscard]] std::size_t mostFlows();

/// A TCP socket of each family that is asked for, made before it is: that takes as long as a system call or two more.
class StreamStock {
public:
    /// Does not block; none when there are no more descriptors.
    [[nodiscard]] UniqueFd take(bool isIpv6);
    void refill();

private:
    struct Place {
        UniqueFd socket;
        bool isAskedFor = false;
    };
    Place m_places[2];
};

/// One descriptor in reserve, to turn connections away when there is none left.
class DescriptorReserve {
public:
    DescriptorReserve();
    /// accept(2), not blocking. Without descriptors a connection that nobody takes would wake its listener's thread for
    /// ever, so then one is reset, and none returned.
    [[nodiscard]] UniqueFd accept(int listener, SocketAddress& client);

private:
    UniqueFd m_spare;
};

}  // namespace belljar::linux_platform
