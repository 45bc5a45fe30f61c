#include "core/engine/event_delivery.h"

#include <iterator>
#include <utility>

#include <spdlog/fmt/fmt.h>

namespace belljar {
namespace {

constexpr std::string_view kTooSlow = "they were not taken in time";

std::size_t textBytesOf(std::span<const Event> events)
{
    std::size_t bytes = 0;
    for (const Event& event : events) bytes += event.processName.size() + event.object.size() + event.detail.size();
    return bytes;
}

}  // namespace

Event gapEvent(std::uint64_t count, std::int64_t timeNs, std::string_view where)
{
    Event gap;
    gap.timeNs = timeNs;
    gap.kind = EventKind::sessionGap;
    gap.origin = EventOrigin::belljar;
    gap.detail = fmt::format("{} events lost: {}", count, where);
    return gap;
}

EventDelivery::EventDelivery(Sink sink, Bounds bounds) : m_sink(std::move(sink)), m_bounds(bounds) {}

EventDelivery::~EventDelivery()
{
    finish();
}

void EventDelivery::add(std::vector<Event> events)
{
    if (events.empty()) return;
    const std::size_t bytes = textBytesOf(events);
    const std::lock_guard lock(m_mutex);
    // A batch alone always fits, however large: sources bound their batches.
    const bool fits = m_queue.empty() ||
                      (m_queue.size() + events.size() <= m_bounds.events && m_textBytes + bytes <= m_bounds.textBytes);
    if (!fits) {
        m_dropped += events.size();
        m_inGap += events.size();
        m_gapNs = events.back().timeNs;
        return;
    }
    if (m_inGap != 0) m_queue.push_back(gapEvent(std::exchange(m_inGap, 0), m_gapNs, kTooSlow));
    if (!m_thread.joinable()) m_thread = std::thread([this] { deliver(); });
    m_textBytes += bytes;
    m_queue.insert(m_queue.end(), std::make_move_iterator(events.begin()), std::make_move_iterator(events.end()));
    m_news.notify_one();
}

void EventDelivery::finish()
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_inGap != 0) m_queue.push_back(gapEvent(std::exchange(m_inGap, 0), m_gapNs, kTooSlow));
        m_finished = true;
        m_news.notify_one();
    }
    if (m_thread.joinable()) m_thread.join();
}

std::uint64_t EventDelivery::dropped() const
{
    const std::lock_guard lock(m_mutex);
    return m_dropped;
}

void EventDelivery::deliver()
{
    std::unique_lock lock(m_mutex);
    while (true) {
        m_news.wait(lock, [this] { return m_finished || !m_queue.empty(); });
        if (m_queue.empty()) return;
        const std::vector<Event> taken = std::exchange(m_queue, {});
        m_textBytes = 0;
        lock.unlock();
        m_sink(taken);
        lock.lock();
    }
}

}  // namespace belljar
