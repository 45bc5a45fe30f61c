// The way of a session's events: source → verdict → recording → observer. Whatever the source is - the kernel, a
// recording that is played again, a test -, what follows is the same.
#pragma once

#include <mutex>
#include <vector>

#include "core/engine/event_delivery.h"
#include "core/engine/event_judge.h"
#include "core/events/recording.h"
#include "core/model/event_source.h"

namespace belljar {

class EventPipeline {
public:
    /// `judge` and `recording` (nullptr: none) must outlive the pipeline. `observer` is called on a thread of its own.
    EventPipeline(EventJudge& judge, RecordingWriter* recording, EventDelivery::Sink observer,
                  EventDelivery::Bounds bounds = {});

    /// Takes everything from the source until it ends; blocks. What the source lost becomes a `session.gap` event. A
    /// source that breaks is one, too, and its error is returned: nothing is seen from then on.
    Result<void> run(EventSource& source);
    /// An event of Belljar's own, in its order among the others; from any thread.
    void add(Event event);
    /// What happens from `note`'s time on is judged by `policy`; `note` says so.
    void changePolicy(std::shared_ptr<const Policy> policy, Event note);
    /// Waits until the observer has everything. Nothing may be added afterwards.
    [[nodiscard]] Losses finish();

private:
    void process(std::vector<Event> batch);
    void noteBreak(const Error& error, std::vector<Event>& batch);
    void noteLosses(const EventSource& source, std::vector<Event>& batch);

    std::mutex m_mutex;  ///< Judging, recording and delivering keep one order.
    EventJudge& m_judge;
    RecordingWriter* const m_recording;
    Losses m_losses;
    std::uint64_t m_lostAtSource = 0;
    std::int64_t m_lastNs = 0;
    EventDelivery m_delivery;
};

}  // namespace belljar
