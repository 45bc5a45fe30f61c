// A source that gives what somebody puts in: tests, benches, and whoever has events from elsewhere.
#pragma once

#include <condition_variable>
#include <mutex>

#include "core/model/event_source.h"

namespace belljar {

class InjectedSource final : public EventSource {
public:
    /// More than `bound` waiting events are dropped and counted, as a kernel buffer does.
    explicit InjectedSource(std::size_t bound);

    /// From any thread. Ends any wait in next().
    void inject(std::vector<Event> events);
    /// What was injected is still given; then the source has ended.
    void end();

    [[nodiscard]] Result<bool> next(std::vector<Event>& batch, std::chrono::milliseconds patience) override;
    void stop() override { end(); }
    [[nodiscard]] std::uint64_t lost() const override;
    [[nodiscard]] const SourceFacts& facts() const override { return m_facts; }

private:
    const std::size_t m_bound;
    const SourceFacts m_facts{"test", "injected", {"Nothing of this has happened."}, {}};
    mutable std::mutex m_mutex;
    std::condition_variable m_news;
    std::vector<Event> m_waiting;
    std::uint64_t m_lost = 0;
    bool m_ended = false;
};

}  // namespace belljar
