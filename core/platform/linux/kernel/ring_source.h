// Live events from the programs in the kernel: reads the ring of one KernelSession. Knows nothing of how the programs
// came there and needs no privilege.
//
// What does not fit into the ring is counted in the kernel and never silent. The source ends when the sandbox's process
// 1 is gone and the ring is empty; with an error when the session's keeper has gone before.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "core/model/event_source.h"
#include "core/platform/linux/kernel/session_monitor.h"

namespace belljar::linux_platform {

struct RingOrigin {
    KernelSession session;
    SandboxTree tree;
    UniqueFd init;                                ///< pidfd of the sandbox's process 1.
    std::chrono::steady_clock::time_point start;  ///< Time zero.
    std::vector<std::string> denied;              ///< Names of the calls that the sandbox's filter closes by name.
};

[[nodiscard]] Result<std::unique_ptr<EventSource>> makeRingSource(RingOrigin origin);

}  // namespace belljar::linux_platform
