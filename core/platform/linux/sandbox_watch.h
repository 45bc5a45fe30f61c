// Who sees what a sandbox does: the kernel's programs or the filter's notifications; and who performs the calls that
// the filter stops where nobody watches.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <optional>

#include "core/base/result.h"
#include "core/model/launch_plan.h"
#include "core/platform/linux/display/sandbox_desktop.h"
#include "core/platform/linux/kernel/session_monitor.h"
#include "core/platform/linux/network/sandbox_network.h"
#include "core/platform/linux/socket_guard.h"
#include "core/platform/platform.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

/// Of one run; the supervisor's.
class SandboxWatch {
public:
    /// `monitor` may be none; `plan` must outlive this. Times of events count from `origin`.
    SandboxWatch(std::unique_ptr<KernelMonitor> monitor, const LaunchPlan& plan,
                 std::chrono::steady_clock::time_point origin);

    /// Before the first program: what it does from its start on is to be seen. `init` is process 1.
    Result<void> begin(pid_t init);
    /// An O_PATH descriptor of the sandbox's "/".
    void setRoot(UniqueFd root) { m_root = std::move(root); }
    /// What forbids objects, see KernelSession; none where the kernel does not watch.
    [[nodiscard]] UniqueFd takePolicy();
    /// The program starts: what is seen of it; none in runs that nobody watches. `listener` is the filter's, `init` a
    /// pidfd of process 1.
    Result<std::unique_ptr<EventSource>> source(UniqueFd listener, const UniqueFd& init, const SandboxNetwork& network,
                                                SandboxDesktop& desktop);
    /// Nobody is left whose calls would have to be performed.
    void end() { m_guard.reset(); }

private:
    void guardSockets(UniqueFd listener, const SandboxNetwork& network, SandboxDesktop& desktop);

    const std::unique_ptr<KernelMonitor> m_monitor;
    const LaunchPlan& m_plan;
    const std::chrono::steady_clock::time_point m_origin;
    std::optional<KernelSession> m_watched;  ///< Until its source is made.
    UniqueFd m_root;                         ///< Until its reader is made.
    UniqueFd m_mounts;                       ///< The sandbox's mount namespace; the same.
    std::optional<GuardThread> m_guard;      ///< In runs that nobody watches, and where the kernel does.
};

}  // namespace belljar::linux_platform
