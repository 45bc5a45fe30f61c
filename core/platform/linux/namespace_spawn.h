// Starts a static program as process 1 of new namespaces, without copying our own memory's tables first.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

struct SpawnedInit {
    pid_t pid = -1;
    UniqueFd pidfd;
};

/// `namespaces` are CLONE_NEW... flags and hold the user's, in which our user and group are 0. `program` is open for
/// reading, `words` its argv; its environment is empty, all signals are blocked, and of our descriptors only
/// `inherited` and 0 - 2 are open. An error when this system refuses.
[[nodiscard]] Result<SpawnedInit> spawnInNamespaces(unsigned long namespaces, int program,
                                                    std::vector<std::string> words, const std::vector<int>& inherited);

}  // namespace belljar::linux_platform
