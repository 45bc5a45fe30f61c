#include "core/platform/linux/kernel/session_monitor.h"

#include <fcntl.h>

#include <cerrno>

#include <spdlog/fmt/fmt.h>

#include "core/platform/linux/kernel/ring_source.h"
#include "core/platform/posix/errno_text.h"

namespace belljar::linux_platform {

Result<std::unique_ptr<EventSource>> sourceOf(KernelSession session, std::int32_t init, const UniqueFd& initHandle,
                                              const UniqueFd& root, std::chrono::steady_clock::time_point origin,
                                              const std::vector<std::string>& denied)
{
    RingOrigin from{std::move(session), {}, {}, origin, denied};
    const std::string path = fmt::format("/proc/{}/root", init);
    from.root.reset(root ? ::fcntl(root.get(), F_DUPFD_CLOEXEC, 3)
                         : ::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    from.init.reset(::fcntl(initHandle.get(), F_DUPFD_CLOEXEC, 3));
    if (!from.root || !from.init)
        return Error{ErrorCode::backendError, "the sandbox's root could not be opened", path, errnoText(errno), {}};
    return makeRingSource(std::move(from));
}

}  // namespace belljar::linux_platform
