#include "app/monitord/kernel_sessions.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>

#include "core/platform/linux/kernel/kernel_programs.h"
#include "core/platform/linux/kernel/map_census.h"
#include "core/platform/posix/errno_text.h"

namespace belljar::monitord {
namespace {

using namespace linux_platform;

/// Keeps other processes of this program out, and is free again when its holder dies. Of the record-lock kind, since
/// the open file itself is shared by fork().
class ProcessLock {
public:
    explicit ProcessLock(int file) : m_file(file) { set(F_WRLCK); }
    ~ProcessLock() { set(F_UNLCK); }
    ProcessLock(const ProcessLock&) = delete;
    ProcessLock& operator=(const ProcessLock&) = delete;

private:
    void set(short type) const
    {
        struct flock range {};
        range.l_type = type;
        while (::fcntl(m_file, F_SETLKW, &range) != 0 && errno == EINTR) {}
    }

    int m_file;
};

class KernelSessions final : public SessionMaker {
public:
    KernelSessions(std::unique_ptr<KernelPrograms> programs, std::unique_ptr<MapCensus> census, UniqueFd lock)
        : m_programs(std::move(programs)), m_census(std::move(census)), m_lock(std::move(lock))
    {
    }

    [[nodiscard]] std::uint32_t programs() const override { return m_programs->programs(); }
    [[nodiscard]] std::string whyNotMore() const override { return m_programs->whyNoGuard(); }

    Result<SessionMaps> prepare(unsigned slot) override
    {
        Result<KernelSession> session = m_programs->prepareSession(slot);
        if (!session) return std::move(session).error();
        SessionMaps maps;
        maps.ringBytes = static_cast<std::uint32_t>(session->ringBytes);
        maps.descriptors[kRingDescriptor] = std::move(session->ring);
        maps.descriptors[kCountersDescriptor] = std::move(session->counters);
        maps.descriptors[kPolicyDescriptor] = std::move(session->policy);
        for (std::size_t i = 0; i < maps.numbers.size(); ++i) {
            if (maps.descriptors[i]) maps.numbers[i] = mapNumber(maps.descriptors[i].get());
        }
        return maps;
    }

    Result<void> begin(unsigned slot, std::uint32_t namespaceNumber, TraceLevel level) override
    {
        const ProcessLock lock(m_lock.get());
        return m_programs->beginSession(slot, namespaceNumber, level);
    }

    /// As KernelPrograms::endSession(), but others need not wait for more than they must.
    void end(unsigned slot) override
    {
        forget(slot);
        m_programs->clearSlot(slot);
        forget(slot);
    }

    bool anyHeld(std::span<const MapNumbers> sets, std::span<bool> held) override
    {
        const Result<std::vector<std::uint32_t>> living = m_census->take();
        if (!living) return false;
        for (std::size_t i = 0; i < held.size(); ++i) {
            held[i] = std::any_of(sets[i].begin(), sets[i].end(), [&](std::uint32_t number) {
                return std::binary_search(living->begin(), living->end(), number);
            });
        }
        return true;
    }

private:
    void forget(unsigned slot)
    {
        const ProcessLock lock(m_lock.get());
        m_programs->forgetSandbox(slot);
    }

    const std::unique_ptr<KernelPrograms> m_programs;
    const std::unique_ptr<MapCensus> m_census;
    const UniqueFd m_lock;
};

}  // namespace

Result<std::unique_ptr<SessionMaker>> loadKernelSessions()
{
    Result<std::unique_ptr<KernelPrograms>> programs = KernelPrograms::load();
    if (!programs) return std::move(programs).error();
    Result<std::unique_ptr<MapCensus>> census = MapCensus::load();
    if (!census) return std::move(census).error();
    UniqueFd lock(::memfd_create("lock", MFD_CLOEXEC));
    if (!lock) return Error{ErrorCode::backendError, "a lock cannot be made", {}, errnoText(errno), {}};
    return std::unique_ptr<SessionMaker>(
        std::make_unique<KernelSessions>(std::move(*programs), std::move(*census), std::move(lock)));
}

}  // namespace belljar::monitord
