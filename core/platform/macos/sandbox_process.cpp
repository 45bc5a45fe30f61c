// Running sandboxes on macOS: said plainly until it is there.
#include "core/platform/platform.h"

namespace belljar {

Result<std::unique_ptr<SandboxProcess>> makeSandboxProcess(const LaunchPlan&, const StdioPlan&,
                                                           std::chrono::steady_clock::time_point,
                                                           std::unique_ptr<KernelMonitor>, NetworkHooks,
                                                           DesktopListener)
{
    return Error{ErrorCode::backendUnavailable,
                 "running sandboxes on macOS is not built yet",
                 {},
                 {},
                 "Run it on Linux; check, explain, export and events work here."};
}

SourceFacts notifyFacts(TraceLevel)
{
    return {"off", "none", {}, {}};
}

Result<std::unique_ptr<KernelMonitor>> openKernelMonitor(TraceLevel)
{
    return Error{ErrorCode::backendUnavailable, "the kernel source is for Linux", {}, {}, {}};
}

}  // namespace belljar
