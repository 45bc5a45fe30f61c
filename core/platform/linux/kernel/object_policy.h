// What a running session forbids by object, in the kernel: through a KernelSession's policy descriptor. A change is one
// system call and holds from the next open or exec on.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/result.h"

namespace belljar::linux_platform {

/// Forbids, or (both false) allows again, to open or to run the object at `path`; `root` is an O_PATH descriptor of the
/// tree in which the path is meant. It is the object that counts: all its names are forbidden with it, and another file
/// moved to the path is not. File systems that show another device or inode than they have inside (btrfs, overlays)
/// cannot be told so.
[[nodiscard]] Result<void> forbidObject(int policy, int root, const std::string& path, bool open, bool execute);

/// The same for an object that is known.
[[nodiscard]] Result<void> forbidObject(int policy, std::uint64_t device, std::uint64_t inode, bool open, bool execute);

}  // namespace belljar::linux_platform
