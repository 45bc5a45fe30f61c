// Messages of belljar-shim as the launcher gets them.
#pragma once

#include <sys/types.h>

#include <optional>
#include <utility>
#include <vector>

#include "core/platform/linux/shim/protocol.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

/// One message of the shim with what came along.
struct Received {
    ShimMessage message{};
    pid_t sender = 0;
    std::vector<UniqueFd> files;

    /// The descriptor at that place; none where it is missing.
    [[nodiscard]] UniqueFd file(std::size_t index)
    {
        return index < files.size() ? std::move(files[index]) : UniqueFd();
    }
};

/// Does not wait; nullopt when the other end is gone or nothing is there.
[[nodiscard]] std::optional<Received> receive(int socket);

}  // namespace belljar::linux_platform
