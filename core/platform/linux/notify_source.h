// Live events from seccomp user notifications: works for every user, sees every attempt of the watched calls.
//
// The sandboxee's call waits while its arguments are read, then the kernel executes it; so attempts are seen, results
// are looked up in the sandbox's own tree ("derived"). Closed calls are answered here with an error, and that is
// "seen". A recorded path can be wrong when another thread changes the argument in that moment; enforcement never
// depends on what is read here.
#pragma once

#include <chrono>
#include <memory>

#include "core/model/event_source.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

/// `listener` is the notification descriptor, `root` an O_PATH descriptor of the sandbox's "/", `origin` time zero.
[[nodiscard]] Result<std::unique_ptr<EventSource>> makeNotifySource(UniqueFd listener, UniqueFd root,
                                                                    std::chrono::steady_clock::time_point origin);

}  // namespace belljar::linux_platform
