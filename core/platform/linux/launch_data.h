// The memory file that belljar-shim reads: shim/protocol.h filled from a plan.
#pragma once

#include <string>

#include "core/model/launch_plan.h"
#include "core/platform/linux/tree_steps.h"

namespace belljar::linux_platform {

/// `filter` is a BPF program; `tree` is nullptr when bubblewrap makes it; `terminal`: standard input is to become the
/// controlling terminal.
[[nodiscard]] std::string launchData(const LaunchPlan& plan, const std::string& filter, const OwnTree* tree,
                                     bool terminal);

}  // namespace belljar::linux_platform
