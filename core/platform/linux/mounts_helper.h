// The process that changes the mounts of a running sandbox: `belljar-shim mounts` (shim/mounts.c), seen from Belljar.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/platform/linux/shim/protocol.h"
#include "core/platform/linux/tree_steps.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

class MountsHelper {
public:
    MountsHelper() = default;
    ~MountsHelper() { stop(); }
    MountsHelper(const MountsHelper&) = delete;
    MountsHelper& operator=(const MountsHelper&) = delete;

    /// Starts it for the mount namespace of process `init` and waits until it is ready.
    Result<void> start(pid_t init);
    /// Nothing of the sandbox's namespaces is held afterwards.
    void stop();
    [[nodiscard]] bool runs() const { return m_pid > 0; }

    /// Has the steps made. The answer is kShimChanged; kShimFailed: nothing was changed; otherwise a part was, or that
    /// is not known. After any other answer than kShimChanged the helper is gone.
    ShimMessage change(const std::vector<TreeStep>& steps);

private:
    [[nodiscard]] ShimMessage answer();

    pid_t m_pid = -1;
    UniqueFd m_socket;
};

}  // namespace belljar::linux_platform
