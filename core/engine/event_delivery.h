// Hands a session's events to its observer on a thread of its own, so that an observer that stalls (a full pipe, a busy
// window) holds up neither the sandbox nor the recording.
//
// The queue is bounded: what does not fit is dropped, counted, and shown to the observer as one `session.gap` event
// where it is missing. A recording has it all the same.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "core/model/event.h"

namespace belljar {

class EventDelivery {
public:
    using Sink = std::function<void(std::span<const Event> events)>;

    /// Bounds of the queue: whichever is reached first.
    struct Bounds {
        std::size_t events = 262'144;
        std::size_t textBytes = std::size_t{64} << 20U;
    };

    /// `sink` is called on the delivery's own thread, never twice at once.
    explicit EventDelivery(Sink sink) : EventDelivery(std::move(sink), Bounds{}) {}
    EventDelivery(Sink sink, Bounds bounds);
    /// Waits until the sink has everything that was queued.
    ~EventDelivery();
    EventDelivery(const EventDelivery&) = delete;
    EventDelivery& operator=(const EventDelivery&) = delete;

    /// Never waits for the sink. Called from one thread.
    void add(std::vector<Event> events);
    /// Waits until the sink has everything; nothing may be added afterwards.
    void finish();
    /// Events that found no room so far.
    [[nodiscard]] std::uint64_t dropped() const;

private:
    void deliver();

    const Sink m_sink;
    const Bounds m_bounds;
    mutable std::mutex m_mutex;
    std::condition_variable m_news;
    std::vector<Event> m_queue;
    std::size_t m_textBytes = 0;
    std::uint64_t m_dropped = 0;
    std::uint64_t m_inGap = 0;  ///< Dropped since the last event that found room.
    std::int64_t m_gapNs = 0;   ///< Time of the last one of them.
    bool m_finished = false;
    std::thread m_thread;  ///< From the first event on: a run that nobody watches does not pay for it.
};

/// "12 events were lost: <where>" at `timeNs`, as an event without a process.
[[nodiscard]] Event gapEvent(std::uint64_t count, std::int64_t timeNs, std::string_view where);

}  // namespace belljar
