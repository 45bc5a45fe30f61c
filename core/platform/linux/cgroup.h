// Control groups of one session: limits for the whole tree, on version 1 and version 2 hierarchies.
//
// The folders are removed when the session ends; after a SIGKILL of Belljar a janitor process removes them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/launch_plan.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

class SessionCgroup {
public:
    /// Makes the groups and starts the janitor (`shimPath janitor ...`). Nothing stays behind on failure.
    static Result<std::unique_ptr<SessionCgroup>> create(const CgroupPlan& plan, const std::string& shimPath);
    ~SessionCgroup();
    SessionCgroup(const SessionCgroup&) = delete;
    SessionCgroup& operator=(const SessionCgroup&) = delete;

    [[nodiscard]] Result<void> add(int pid) const;
    /// "memoryMb" or "processes" when the kernel has enforced that limit, else "". For memory: something was killed.
    [[nodiscard]] std::string limitThatStruck() const;

private:
    SessionCgroup() = default;
    std::vector<std::string> m_folders;
    UniqueFd m_janitor;  ///< The janitor waits for its closing.
};

/// The folder below which we may make groups for `controller` ("pids", "memory"), or "".
[[nodiscard]] std::string writableCgroup(const std::string& controller);

}  // namespace belljar::linux_platform
