// Whether this kernel can hand a sandbox's packets to the relay: tried out, because nothing else tells.
#pragma once

#include <string>

namespace belljar::linux_platform {

/// Why it cannot, a clause; empty: it can, or nobody knows (then a launch says). The rules are set in a network of
/// their own, which takes some milliseconds; that they could be is remembered in `memoryFolder` ("": nowhere) until the
/// machine starts again.
[[nodiscard]] std::string packetObstacle(const std::string& memoryFolder);

}  // namespace belljar::linux_platform
