// What a running session forbids by object, in the kernel: through a KernelSession's policy descriptor. A change is one
// system call and holds from the next open or exec on.
#pragma once

#include <compare>
#include <cstdint>

#include "core/base/result.h"
#include "core/model/rule.h"

namespace belljar::linux_platform {

/// An object of a file system, as stat(2) numbers it.
struct ObjectNumber {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    auto operator<=>(const ObjectNumber&) const = default;
};

/// Whether the kernel's rules know objects of this file system by the numbers that stat(2) tells; `type` is that of
/// statfs(2). Others (btrfs, overlays) have other numbers inside, and a rule would silently forbid nothing, or
/// something else.
[[nodiscard]] bool hasObjectNumbers(std::int64_t type);

/// Forbids, or (both false) allows again, to open or to run an object; `rule` is told with each refusal. All names of
/// the object are forbidden with it, and another file that is moved to such a name is not.
[[nodiscard]] Result<void> forbidObject(int policy, const ObjectNumber& object, RuleId rule, bool open, bool execute);

}  // namespace belljar::linux_platform
