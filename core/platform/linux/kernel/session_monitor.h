// Who gives the launcher a KernelSession for a sandbox: programs in this process, or the privileged helper.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/platform/linux/kernel/kernel_session.h"
#include "core/platform/platform.h"

namespace belljar::linux_platform {

/// Every KernelMonitor on Linux is one. Ends its session when it is destroyed.
class SessionMonitor : public KernelMonitor {
public:
    /// Watches the sandbox whose process 1 is `init`; called once, before anything runs in it.
    [[nodiscard]] virtual Result<KernelSession> begin(std::int32_t init) = 0;
};

/// What can be looked up of a sandbox until its last event is told, also when its processes are gone.
struct SandboxTree {
    UniqueFd root;    ///< O_PATH descriptor of its "/".
    UniqueFd mounts;  ///< Its mount namespace: without it the paths of what is mounted would be cut at the end.
};

/// The source of a session. `init`: pidfd of process 1. `denied`: names of the calls that its filter closes by name.
[[nodiscard]] Result<std::unique_ptr<EventSource>> sourceOf(KernelSession session, const UniqueFd& init,
                                                            SandboxTree tree,
                                                            std::chrono::steady_clock::time_point origin,
                                                            const std::vector<std::string>& denied);

}  // namespace belljar::linux_platform
