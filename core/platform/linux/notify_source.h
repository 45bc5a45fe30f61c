// Live events from seccomp user notifications: works for every user, sees every attempt of the watched calls.
//
// The sandboxee's call waits while its arguments are read, then the kernel executes it; so attempts are seen, results
// are looked up in the sandbox's own tree ("derived"). Closed calls are answered here with an error, and that is
// "seen", and so are the results of calls that name a socket's address where the socket guard performs them. A recorded
// path can be wrong when another thread changes the argument in that moment; enforcement never
// depends on what is read here.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/model/event_source.h"
#include "core/model/launch_plan.h"
#include "core/platform/linux/network/flow_owners.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

struct NotifyOrigin {
    UniqueFd listener;  ///< The notification descriptor.
    UniqueFd root;      ///< O_PATH descriptor of the sandbox's "/".
    /// Set: calls that name an address are performed by a SocketGuard, which gets this list.
    std::optional<std::vector<std::string>> guardedFiles;
    std::shared_ptr<FlowOwners> owners;           ///< See SocketGuard.
    std::vector<UniqueFd> madeSockets;            ///< The same.
    SyscallFilterPlan filter;                     ///< What the filter was built from.
    std::chrono::steady_clock::time_point start;  ///< Time zero.
    TraceLevel level = TraceLevel::full;          ///< What the filter reports.
};

[[nodiscard]] Result<std::unique_ptr<EventSource>> makeNotifySource(NotifyOrigin origin);

}  // namespace belljar::linux_platform
