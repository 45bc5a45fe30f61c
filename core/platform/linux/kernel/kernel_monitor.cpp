// openKernelMonitor(): the programs in this process, where it may load them.
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/platform/linux/kernel/kernel_programs.h"
#include "core/platform/linux/kernel/session_monitor.h"

namespace belljar {
namespace {

using namespace linux_platform;

/// Only spares who has no chance the tenth of a second that a trial takes.
bool mayTry()
{
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct sets[2] = {};
    if (::syscall(SYS_capget, &header, sets) != 0) return true;
    const auto has = [&](unsigned number) { return (sets[number / 32].effective >> (number % 32) & 1U) != 0; };
    return has(CAP_SYS_ADMIN) || (has(CAP_BPF) && has(CAP_PERFMON));
}

class OwnMonitor final : public SessionMonitor {
public:
    OwnMonitor(std::unique_ptr<KernelPrograms> programs, TraceLevel level)
        : m_programs(std::move(programs)), m_level(level)
    {
    }

    ~OwnMonitor() override { m_programs->endSession(m_namespace); }

    Result<KernelSession> begin(std::int32_t init) override
    {
        m_namespace = pidNamespaceOf(init);
        if (m_namespace == 0)
            return Error{ErrorCode::backendError, "the sandbox ended before it could be watched", {}, {}, {}};
        return m_programs->beginSession(m_namespace, m_level);
    }

    [[nodiscard]] const SourceFacts& facts() const override { return m_programs->facts(); }

private:
    const std::unique_ptr<KernelPrograms> m_programs;
    const TraceLevel m_level;
    std::uint32_t m_namespace = 0;
};

}  // namespace

Result<std::unique_ptr<KernelMonitor>> openKernelMonitor(TraceLevel level)
{
    if (!mayTry())
        return Error{ErrorCode::backendUnavailable,
                     "watching in the kernel takes CAP_BPF and CAP_PERFMON, which this user does not have",
                     {},
                     {},
                     {}};
    Result<std::unique_ptr<KernelPrograms>> programs = KernelPrograms::load();
    if (!programs) return std::move(programs).error();
    return std::unique_ptr<KernelMonitor>(std::make_unique<OwnMonitor>(std::move(programs).value(), level));
}

}  // namespace belljar
