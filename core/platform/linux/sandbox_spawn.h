// Turns a launch plan into a running sandbox with belljar-shim as its process 1, and the descriptors to talk to it.
#pragma once

#include <sys/types.h>

#include <string>

#include "core/base/result.h"
#include "core/model/launch_plan.h"
#include "core/platform/linux/terminal_bridge.h"
#include "core/platform/platform.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

struct SpawnedSandbox {
    pid_t toolPid = -1;  ///< Our direct child: the shim, or bubblewrap.
    UniqueFd toolPidfd;
    bool toolIsInit = false;  ///< It is the shim, and so process 1 of the sandbox.
    UniqueFd control;         ///< SOCK_SEQPACKET to the shim; messages carry credentials.
    UniqueFd toolMessages;    ///< What the tool writes to its standard error.
    UniqueFd input;           ///< pipes: the write end of stdin; terminal: the terminal's own side (read and write).
    UniqueFd bridged;         ///< screened: that side, where one of our streams is a terminal.
    UniqueFd output;          ///< pipes: read end of stdout.
    UniqueFd errors;          ///< pipes: read end of stderr.
    ScreenedStreams screened;
};

/// Who carries out the plan's bubblewrap options.
enum class TreeMaker {
    shim,  ///< The shim itself where the system lets us make namespaces and it knows all options, else bubblewrap.
    bubblewrap,  ///< It may be allowed what we are not: set-user-ID, or a security module that knows it by name.
};

/// Starts the plan. The child dies with the calling thread.
[[nodiscard]] Result<SpawnedSandbox> spawnSandbox(const LaunchPlan& plan, const StdioPlan& stdio, TreeMaker maker);

}  // namespace belljar::linux_platform
