#include "core/platform/linux/kernel/session_monitor.h"

#include <fcntl.h>

#include <cerrno>

#include "core/platform/linux/kernel/ring_source.h"
#include "core/platform/posix/errno_text.h"

namespace belljar::linux_platform {

Result<std::unique_ptr<EventSource>> sourceOf(KernelSession session, const UniqueFd& init, SandboxTree tree,
                                              std::chrono::steady_clock::time_point origin,
                                              const std::vector<std::string>& denied)
{
    RingOrigin from{std::move(session), std::move(tree), {}, origin, denied};
    from.init.reset(::fcntl(init.get(), F_DUPFD_CLOEXEC, 3));
    if (!from.init || !from.tree.root)
        return Error{ErrorCode::backendError, "no descriptor is left", errnoText(errno), {}, {}};
    return makeRingSource(std::move(from));
}

}  // namespace belljar::linux_platform
