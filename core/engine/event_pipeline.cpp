#include "core/engine/event_pipeline.h"

#include <chrono>
#include <span>
#include <utility>

namespace belljar {
namespace {

constexpr std::chrono::milliseconds kPatience{20};  ///< Longest time between an event and its appearance.

}  // namespace

EventPipeline::EventPipeline(EventJudge& judge, RecordingWriter* recording, EventDelivery::Sink observer,
                             EventDelivery::Bounds bounds)
    : m_judge(judge), m_recording(recording), m_delivery(std::move(observer), bounds)
{
}

Result<void> EventPipeline::run(EventSource& source)
{
    for (;;) {
        std::vector<Event> batch;
        Result<bool> next = source.next(batch, kPatience);
        noteLosses(source, batch);
        if (!next) noteBreak(next.error(), batch);
        if (!batch.empty()) process(std::move(batch));
        if (!next) return std::move(next).error();
        if (!*next) return {};
    }
}

void EventPipeline::add(Event event)
{
    std::vector<Event> one;
    one.push_back(std::move(event));
    process(std::move(one));
}

void EventPipeline::changePolicy(std::shared_ptr<const Policy> policy, Event note)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_recording != nullptr && policy->rules.size() > m_recording->rules()) {
            // What cannot be written now goes before the next events.
            const std::span<const Rule> added = std::span(policy->rules).subspan(m_recording->rules());
            static_cast<void>(m_recording->addRules(added));
        }
        m_judge.changePolicy(std::move(policy), note.timeNs);
    }
    add(std::move(note));
}

Losses EventPipeline::finish()
{
    m_delivery.finish();
    const std::lock_guard lock(m_mutex);
    m_losses.queue = m_delivery.dropped();
    return m_losses;
}

void EventPipeline::process(std::vector<Event> batch)
{
    const std::lock_guard lock(m_mutex);
    m_judge.judge(batch);
    if (m_recording != nullptr) {
        if (Result<void> written = m_recording->append(batch); !written) m_losses.recording = m_recording->lost();
    }
    m_delivery.add(std::move(batch));
}

void EventPipeline::noteBreak(const Error& error, std::vector<Event>& batch)
{
    Event gap = gapEvent(0, m_lastNs, {});
    gap.detail = "nothing is seen from here on: " + error.message;
    batch.push_back(std::move(gap));
    // How many are missing cannot be known.
    const std::lock_guard lock(m_mutex);
    ++m_losses.source;
}

void EventPipeline::noteLosses(const EventSource& source, std::vector<Event>& batch)
{
    if (!batch.empty()) m_lastNs = batch.back().timeNs;
    const std::uint64_t lost = source.lost();
    if (lost == m_lostAtSource) return;
    const std::uint64_t more = lost - std::exchange(m_lostAtSource, lost);
    batch.push_back(gapEvent(more, m_lastNs, "the source's buffer was full"));
    const std::lock_guard lock(m_mutex);
    m_losses.source += more;
}

}  // namespace belljar
