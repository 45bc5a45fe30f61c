// Packets with descriptors over a SOCK_SEQPACKET socket, as both ends of belljar-monitord's protocol use them.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

/// What one receive() brought.
struct ReceivedPacket {
    enum class State {
        packet,
        ended,  ///< The other end is gone.
        none,   ///< Nothing is there yet.
    };
    State state = State::ended;
    std::size_t length = 0;             ///< Of the packet as it was sent, which may be more than fitted.
    std::vector<UniqueFd> descriptors;  ///< Close-on-exec.
    bool cut = false;                   ///< More came along than `mostDescriptors`: the kernel has dropped the rest.
};

/// Takes one packet without waiting.
[[nodiscard]] ReceivedPacket receivePacket(int socket, std::span<std::byte> room, std::size_t mostDescriptors);

/// False when the other end is gone or takes no more: never waits.
[[nodiscard]] bool sendPacket(int socket, std::span<const std::byte> bytes, std::span<const int> descriptors = {});

}  // namespace belljar::linux_platform
