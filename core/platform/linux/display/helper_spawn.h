// Starts belljar-display, which stands between a sandbox and the user's desktop.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "core/base/result.h"

namespace belljar::linux_platform {

/// `descriptors` get the numbers from 3 on in the new process; nothing else of ours is passed on. It ends with the
/// calling thread, which has to reap it.
[[nodiscard]] Result<pid_t> spawnHelper(const std::string& program, std::vector<std::string> words,
                                        std::vector<std::string> environment, const std::vector<int>& descriptors);

}  // namespace belljar::linux_platform
