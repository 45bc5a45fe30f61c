// A sandbox's X display: the nested server, and the broker between its clipboard and the user's.
#pragma once

#include "core/model/ui_policy.h"
#include "core/platform/linux/display/nested_server.h"

namespace belljar::linux_platform {

/// Serves until the launcher, the user's display or the sandbox's is gone; returns the exit code.
int serveX(const NestedServerOptions& options, ClipboardRights rights);

}  // namespace belljar::linux_platform
