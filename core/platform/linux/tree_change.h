// What has to be done to a running sandbox's tree so that it becomes that of another plan. Pure: it does nothing.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/platform/linux/tree_steps.h"

namespace belljar::linux_platform {

/// The tree as it stands.
struct TreeState {
    OwnTree tree;
    /// Mount points inside, as the kernel lists them; those of what was buried are not among them.
    std::vector<std::string> mountPoints;
    /// Folders and files in file systems of the sandbox's own that stand there only for mounts, now or earlier.
    std::set<std::string> made;
};

/// Steps for `belljar-shim mounts`, of the kinds kStepToggle and above, each kStepPlace followed by the steps of its
/// tree. `size` of bind steps is not filled in. Whatever changes takes effect in one step, except that what is mounted
/// in a folder that stops being a mount is gone for a moment. Without `mayToggle`, mounts are replaced instead; the
/// kernel refuses to make one read-only in which a file is open for writing.
[[nodiscard]] std::vector<TreeStep> treeChange(const TreeState& state, const OwnTree& after, bool mayToggle);

/// What `state.made` is after treeChange() to `after`.
[[nodiscard]] std::set<std::string> madeAfter(const TreeState& state, const OwnTree& after);

}  // namespace belljar::linux_platform
