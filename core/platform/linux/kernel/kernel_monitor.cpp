// openKernelMonitor(): the programs of belljar-monitord, which are loaded already, else programs in this process, where
// it may load them.
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <future>

#include "core/platform/linux/kernel/kernel_programs.h"
#include "core/platform/linux/kernel/session_monitor.h"
#include "core/platform/linux/monitord/helper_client.h"

namespace belljar {
namespace {

using namespace linux_platform;

/// Only spares who has no chance the time that a trial takes, some 70 ms.
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
        : m_programs(std::move(programs)),
          m_level(level),
          m_facts(kernelFacts(m_programs->programs(), m_programs->whyNoGuard())),
          m_prepared(std::async(std::launch::async, [this] { return m_programs->prepareSession(kOnlySlot); }))
    {
    }

    Result<KernelSession> begin(std::int32_t init) override
    {
        const std::uint32_t pidNamespace = pidNamespaceOf(init);
        if (pidNamespace == 0)
            return Error{ErrorCode::backendError, "the sandbox ended before it could be watched", {}, {}, {}};
        Result<KernelSession> session = m_prepared.get();
        if (!session) return session;
        if (Result<void> begun = m_programs->beginSession(kOnlySlot, pidNamespace, m_level); !begun)
            return std::move(begun).error();
        return session;
    }

    [[nodiscard]] const SourceFacts& facts() const override { return m_facts; }

private:
    static constexpr std::uint32_t kOnlySlot = 0;
    /// Their only session ends with them; to take it out of their tables before would only wait, some 20 ms.
    const std::unique_ptr<KernelPrograms> m_programs;
    const TraceLevel m_level;
    const SourceFacts m_facts;
    std::future<Result<KernelSession>> m_prepared;  ///< Waits for the kernel while the sandbox is made.
};

}  // namespace

Result<std::unique_ptr<KernelMonitor>> openKernelMonitor(TraceLevel level)
{
    Result<std::unique_ptr<SessionMonitor>> helper = connectToHelper(level);
    if (helper) return std::unique_ptr<KernelMonitor>(std::move(helper).value());
    if (!mayTry()) return std::move(helper).error();
    Result<std::unique_ptr<KernelPrograms>> programs = KernelPrograms::load();
    if (!programs) return std::move(programs).error();
    return std::unique_ptr<KernelMonitor>(std::make_unique<OwnMonitor>(std::move(programs).value(), level));
}

}  // namespace belljar
