// The real sessions: programs of core/platform/linux/kernel.
#pragma once

#include <memory>

#include "app/monitord/session_maker.h"

namespace belljar::monitord {

/// Loads and attaches them. Everything that needs files or more than CAP_BPF happens here.
Result<std::unique_ptr<SessionMaker>> loadKernelSessions();

}  // namespace belljar::monitord
