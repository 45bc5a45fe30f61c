// What is known when a sandbox is gone, and what that says about how the run ended.
#pragma once

#include <optional>
#include <string>

#include "core/model/launch_plan.h"
#include "core/model/outcome.h"
#include "core/platform/linux/shim/protocol.h"

namespace belljar::linux_platform {

struct RunEvidence {
    const LaunchPlan& plan;
    std::optional<ShimMessage> exit;  ///< Of the program; absent when the tree was killed.
    std::optional<int> execError;     ///< errno
    std::optional<Error> setupError;
    std::string toolText;         ///< What the containment tool wrote.
    std::string limitThatStruck;  ///< Of the control groups, as in cgroup.h.
    std::optional<std::string> stopReason;
    bool started = false;
    bool timedOut = false;
};

/// Where and why the shim could not go on. It is part of Belljar, but closer to hostile programs: its text is bounded.
[[nodiscard]] Error setupError(const LaunchPlan& plan, const ShimMessage& failed);

[[nodiscard]] Ending endingOf(const RunEvidence& seen);

/// A limit that may have been the cause; empty: none. Memory that a process is refused shows only in what it had by
/// then, so this is said as what it is, a hint.
[[nodiscard]] std::string limitNote(const RunEvidence& seen, const Ending& ending);

}  // namespace belljar::linux_platform
