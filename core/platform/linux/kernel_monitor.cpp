#include "core/platform/platform.h"

namespace belljar {

Result<std::unique_ptr<KernelMonitor>> openKernelMonitor(TraceLevel)
{
    return Error{ErrorCode::backendUnavailable, "this build has no kernel source", {}, {}, {}};
}

}  // namespace belljar
