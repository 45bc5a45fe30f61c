// Turns a launch plan into a running bubblewrap with belljar-shim inside, and the descriptors to talk to it.
#pragma once

#include <sys/types.h>

#include <string>

#include "core/base/result.h"
#include "core/model/launch_plan.h"
#include "core/platform/platform.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

struct SpawnedSandbox {
    pid_t toolPid = -1;  ///< The containment tool, our direct child.
    UniqueFd toolPidfd;
    UniqueFd control;       ///< SOCK_SEQPACKET to the shim; messages carry credentials.
    UniqueFd toolMessages;  ///< What the tool writes to its standard error.
    UniqueFd input;         ///< pipes: the write end of stdin; terminal: the terminal's own side (read and write).
    UniqueFd output;        ///< pipes: read end of stdout.
    UniqueFd errors;        ///< pipes: read end of stderr.
};

/// Starts the plan. The child dies with the calling thread.
[[nodiscard]] Result<SpawnedSandbox> spawnSandbox(const LaunchPlan& plan, const StdioPlan& stdio);

}  // namespace belljar::linux_platform
