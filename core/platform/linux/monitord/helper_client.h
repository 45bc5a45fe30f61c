// Watching in the kernel for who may not load programs: asks belljar-monitord.
#pragma once

#include <memory>

#include "core/platform/linux/kernel/session_monitor.h"

namespace belljar::linux_platform {

/// Connects and hears what is loaded. Its session lasts as long as the object. The error says whether the helper is not
/// there, and how to get it, or what it refused.
[[nodiscard]] Result<std::unique_ptr<SessionMonitor>> connectToHelper(TraceLevel level);

}  // namespace belljar::linux_platform
