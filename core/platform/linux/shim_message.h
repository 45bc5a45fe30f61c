// Messages of belljar-shim as the launcher gets them.
#pragma once

#include <sys/types.h>

#include <optional>

#include "core/platform/linux/shim/protocol.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

/// One message of the shim with what came along.
struct Received {
    ShimMessage message{};
    pid_t sender = 0;
    UniqueFd first;
    UniqueFd second;
};

/// Does not wait; nullopt when the other end is gone or nothing is there.
[[nodiscard]] std::optional<Received> receive(int socket);

}  // namespace belljar::linux_platform
