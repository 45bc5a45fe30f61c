// Where the host would send a packet: the sandbox's way to the host itself is a matter of its own.
#pragma once

#include <cstdint>

#include "core/model/network_attempt.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

enum class RouteKind : std::uint8_t {
    elsewhere,  ///< Somebody else, or nobody.
    host,       ///< The host takes the address for its own, now.
    many,       ///< Broadcast, multicast: nothing that is relayed.
};

/// Asks the kernel's own tables each time, so an address that the host got a moment ago counts.
class HostRoutes {
public:
    HostRoutes();
    /// What cannot be found out is `host`.
    [[nodiscard]] RouteKind kindOf(const NetworkEndpoint& peer);

private:
    UniqueFd m_socket;
};

}  // namespace belljar::linux_platform
