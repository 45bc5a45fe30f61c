// A plan's bubblewrap options as steps that belljar-shim makes itself (shim/tree.c), without a process of bubblewrap.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/launch_plan.h"
#include "core/platform/linux/shim/protocol.h"

namespace belljar::linux_platform {

struct TreeStep {
    ShimStepKind kind = kStepFolder;
    std::uint32_t mode = 0755;
    std::uint64_t size = 0;  ///< Bytes; 0: no limit.
    std::string source;      ///< Empty: none. kStepData: the bytes.
    std::string target;
};

struct OwnTree {
    unsigned long namespaces = 0;  ///< CLONE_NEW... flags.
    std::string hostName;
    std::vector<TreeStep> steps;
};

/// nullopt when the plan asks for something that only bubblewrap itself does, or for less isolation than the shim
/// makes.
[[nodiscard]] std::optional<OwnTree> ownTree(const LaunchPlan& plan);

}  // namespace belljar::linux_platform
