#include "core/platform/linux/sandbox_watch.h"

#include <fcntl.h>

#include <utility>

#include <spdlog/fmt/fmt.h>

#include "core/platform/linux/notify_source.h"
#include "core/platform/posix/errno_text.h"

namespace belljar::linux_platform {

SandboxWatch::SandboxWatch(std::unique_ptr<KernelMonitor> monitor, const LaunchPlan& plan,
                           std::chrono::steady_clock::time_point origin)
    : m_monitor(std::move(monitor)), m_plan(plan), m_origin(origin)
{
}

Result<void> SandboxWatch::begin(pid_t init)
{
    if (!m_monitor) return {};
    Result<KernelSession> begun = static_cast<SessionMonitor&>(*m_monitor).begin(init);
    if (!begun) return std::move(begun).error();
    m_watched = std::move(begun).value();
    const std::string mounts = fmt::format("/proc/{}/ns/mnt", init);
    m_mounts.reset(::open(mounts.c_str(), O_RDONLY | O_CLOEXEC));
    if (!m_mounts)
        return Error{ErrorCode::backendError, "the sandbox's mounts cannot be held", mounts, errnoText(errno), {}};
    return {};
}

UniqueFd SandboxWatch::takePolicy()
{
    return m_watched ? std::move(m_watched->policy) : UniqueFd();
}

Result<std::unique_ptr<EventSource>> SandboxWatch::source(UniqueFd listener, const UniqueFd& init,
                                                          const SandboxNetwork& network, SandboxDesktop& desktop)
{
    if (m_watched) {
        SandboxTree tree{UniqueFd(::fcntl(m_root.get(), F_DUPFD_CLOEXEC, 3)), std::move(m_mounts)};
        Result<std::unique_ptr<EventSource>> made =
            sourceOf(*std::exchange(m_watched, std::nullopt), init, std::move(tree), m_origin, m_plan.shim.filter.deny);
        if (made) guardSockets(std::move(listener), network, desktop);
        return made;
    }
    const SyscallFilterPlan& filter = m_plan.shim.filter;
    if (!listener || filter.watch == FilterWatch::none) {
        guardSockets(std::move(listener), network, desktop);
        return std::unique_ptr<EventSource>();
    }
    NotifyOrigin from{std::move(listener),
                      std::move(m_root),
                      std::nullopt,
                      network.owners(),
                      desktop.socketObjects(),
                      filter,
                      m_origin,
                      m_plan.watch.level};
    if (filter.guardsSockets()) from.guardedFiles = m_plan.shim.grantedFiles;
    return makeNotifySource(std::move(from));
}

void SandboxWatch::guardSockets(UniqueFd listener, const SandboxNetwork& network, SandboxDesktop& desktop)
{
    if (listener)
        m_guard.emplace(std::move(listener), std::move(m_root), m_plan.shim.grantedFiles, network.owners(),
                        desktop.socketObjects());
}

}  // namespace belljar::linux_platform
