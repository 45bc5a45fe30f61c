// Running sandboxes on Windows: said plainly until it is there.
#include "core/platform/platform.h"

namespace belljar {

Result<std::unique_ptr<SandboxProcess>> makeSandboxProcess(const LaunchPlan&, const StdioPlan&,
                                                           std::chrono::steady_clock::time_point)
{
    return Error{ErrorCode::backendUnavailable,
                 "running sandboxes on Windows is not built yet",
                 {},
                 {},
                 "Run it on Linux; check, explain, export and events work here."};
}

}  // namespace belljar
