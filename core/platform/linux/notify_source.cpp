#include "core/platform/linux/notify_source.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "core/platform/linux/notify_courier.h"
#include "core/platform/platform.h"

namespace belljar::linux_platform {
namespace {

class NotifySource final : public EventSource {
public:
    explicit NotifySource(TraceLevel level)
        : m_facts(notifyFacts(level)),
          m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
          m_ends(::epoll_create1(EPOLL_CLOEXEC))
    {
    }

    Result<void> begin(NotifyOrigin origin)
    {
        if (!m_wake || !m_ends)
            return Error{ErrorCode::backendError, "the event source could not be set up", {}, std::strerror(errno), {}};
        m_courier.emplace(std::move(origin), m_wake.get(), m_ends.get());
        m_courier->start();
        return {};
    }

    /// Whole `patience` passes unless many events wait: to be woken for each would cost more than the events.
    Result<bool> next(std::vector<Event>& batch, std::chrono::milliseconds patience) override
    {
        pollfd wait{m_wake.get(), POLLIN, 0};
        if (::poll(&wait, 1, static_cast<int>(patience.count())) < 0 && errno != EINTR)
            return Error{ErrorCode::backendError, "waiting for events failed", {}, std::strerror(errno), {}};
        std::uint64_t count = 0;
        // Fails when nobody has woken us.
        [[maybe_unused]] const ssize_t got = ::read(m_wake.get(), &count, sizeof count);
        return m_courier->take(batch, endedProcesses());
    }

    void stop() override { m_courier->stop(); }

    /// The sandboxee waits for us, so nothing is ever dropped.
    [[nodiscard]] std::uint64_t lost() const override { return 0; }

    [[nodiscard]] const SourceFacts& facts() const override { return m_facts; }

private:
    [[nodiscard]] std::vector<std::int32_t> endedProcesses() const
    {
        std::vector<std::int32_t> pids;
        std::array<epoll_event, 256> ready{};
        const int count = ::epoll_wait(m_ends.get(), ready.data(), static_cast<int>(ready.size()), 0);
        for (int i = 0; i < count; ++i)
            pids.push_back(static_cast<std::int32_t>(ready[static_cast<std::size_t>(i)].data.u64));
        return pids;
    }

    const SourceFacts m_facts;
    UniqueFd m_wake;
    UniqueFd m_ends;
    std::optional<NotifyCourier> m_courier;
};

}  // namespace

Result<std::unique_ptr<EventSource>> makeNotifySource(NotifyOrigin origin)
{
    auto source = std::make_unique<NotifySource>(origin.level);
    if (Result<void> begun = source->begin(std::move(origin)); !begun) return std::move(begun).error();
    return std::unique_ptr<EventSource>(std::move(source));
}

}  // namespace belljar::linux_platform

namespace belljar {

SourceFacts notifyFacts(TraceLevel level)
{
    SourceFacts facts{"notify", "seccomp user notification", {}, {}};
    const auto blind = [&facts](const char* sentence) { facts.blindSpots.emplace_back(sentence); };
    blind(
        "Results are derived from the sandbox's own tree just before a call, not seen; what Belljar refuses or "
        "performs itself is seen.");
    blind("How much was read or written, and which files were mapped as libraries, is not reported.");
    blind("A process that never starts a program, opens a file or the like appears only when it ends by itself.");
    if (level == TraceLevel::standard) blind("Opening to read, looking at files and listing folders is not reported.");
    return facts;
}

}  // namespace belljar
