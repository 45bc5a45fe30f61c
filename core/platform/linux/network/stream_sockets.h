// What relays do with TCP sockets that do not block.
#pragma once

#include "core/platform/linux/network/socket_address.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

/// The peer of this socket is told so, instead of an end.
void resetAtClose(int socket);

/// What has become of a connect(2): 0 is made, EINPROGRESS not yet; another errno is why not.
[[nodiscard]] int dialResult(int socket);

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
