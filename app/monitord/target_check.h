// Whether a descriptor that a client sent is a pid namespace which that client may watch.
//
// Not a process number, which could be used again, and no pidfd: to ask which namespaces a process has takes the right
// to trace it, which belljar-monitord does not have. The descriptor is the proof itself: only who may trace the process
// can open /proc/PID/ns/pid, and the kernel says without any privilege whose user namespace made it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <variant>

#include "core/platform/linux/monitord/protocol.h"

namespace belljar::monitord {

/// The user that the kernel shows for all that have no number in our user namespace: many users, so never a match.
[[nodiscard]] uid_t userWithoutNumber();

/// The namespace's inode number, or why not. May wait for ever when the descriptor is that of a file system made to
/// wait: only for a process that serves one client.
[[nodiscard]] std::variant<std::uint32_t, linux_platform::MonitorRefusal> checkTarget(int descriptor, uid_t peer);

}  // namespace belljar::monitord
