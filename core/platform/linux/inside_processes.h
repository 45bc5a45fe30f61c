// The processes of a sandbox, looked at from outside.
#pragma once

#include <sys/types.h>

#include <set>
#include <string>
#include <vector>

#include "core/model/path_change.h"

namespace belljar::linux_platform {

/// All in the pid namespace of `init` and in those made inside, without itself; a moment's picture unless they are
/// stopped.
[[nodiscard]] std::vector<pid_t> processesInside(pid_t init);

/// True when no thread of these processes runs, or will before it is told to go on: each is stopped, ended, or waits in
/// the kernel for a child that is.
[[nodiscard]] bool allStopped(const std::vector<pid_t>& processes);

/// One line of a mount table.
struct InsideMount {
    std::uint64_t id = 0;
    std::string point;
};

/// The mounts of the sandbox with this process 1, in their order.
[[nodiscard]] std::vector<InsideMount> mountsInside(pid_t init);

/// Who holds something of the mounts `known` whose name leads elsewhere now.
[[nodiscard]] std::vector<TreeHolder> holdersInside(pid_t init, const std::set<std::uint64_t>& known);

}  // namespace belljar::linux_platform
