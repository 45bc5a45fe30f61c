// A sandbox that runs, for those who change or stop it meanwhile: its tree, and all of its processes at once.
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "core/base/result.h"
#include "core/model/launch_plan.h"
#include "core/platform/linux/kernel/object_rules.h"
#include "core/platform/linux/mounts_helper.h"
#include "core/platform/linux/tree_change.h"
#include "core/platform/platform.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

/// All methods are safe from any thread.
class RunningTree {
public:
    /// The program of `plan` is about to start. `init` is process 1, a child of ours or of one; `control` leads to it.
    /// `policy`: see KernelSession; may be none.
    void begin(pid_t init, int control, const LaunchPlan& plan, UniqueFd policy);
    /// Process 1 may be gone: everything else is refused from now on, and nothing of the sandbox is held.
    void end();

    /// See SandboxProcess::changeTree.
    Result<TreeChanged> change(const LaunchPlan& plan, const std::vector<DeniedPath>& denied);
    /// See SandboxProcess::setFrozen.
    Result<void> setFrozen(bool frozen);
    /// Process 1 has sent kShimObeyed with this errno.
    void obeyed(int error);

private:
    [[nodiscard]] std::optional<Error> notRunning() const;
    Result<void> ready();
    void lookAtMounts();
    Result<void> remember(const std::vector<std::string>& folders);
    Result<void> apply(const OwnTree& after, bool& broken);

    mutable std::mutex m_mutex;  ///< One change at a time; not held while process 1 is waited for.
    pid_t m_init = -1;
    bool m_hasBegun = false;
    UniqueFd m_control;
    const LaunchPlan* m_plan = nullptr;
    std::optional<TreeState> m_state;  ///< From the first change on.
    std::set<std::uint64_t> m_mounts;  ///< Their numbers, of all that were seen.
    MountsHelper m_helper;
    ObjectRules m_objects;
    std::vector<std::string> m_remembered;  ///< See LaunchPlan::writableFolders.

    std::mutex m_answerMutex;
    std::condition_variable m_answered;
    std::optional<int> m_answer;
};

}  // namespace belljar::linux_platform
