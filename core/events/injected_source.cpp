#include "core/events/injected_source.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace belljar {

InjectedSource::InjectedSource(std::size_t bound) : m_bound(bound) {}

void InjectedSource::inject(std::vector<Event> events)
{
    const std::lock_guard lock(m_mutex);
    const std::size_t room = m_bound - std::min(m_bound, m_waiting.size());
    const std::size_t taken = std::min(room, events.size());
    const auto end = events.begin() + static_cast<std::ptrdiff_t>(taken);
    m_waiting.insert(m_waiting.end(), std::make_move_iterator(events.begin()), std::make_move_iterator(end));
    m_lost += events.size() - taken;
    m_news.notify_one();
}

void InjectedSource::end()
{
    const std::lock_guard lock(m_mutex);
    m_ended = true;
    m_news.notify_one();
}

Result<bool> InjectedSource::next(std::vector<Event>& batch, std::chrono::milliseconds patience)
{
    std::unique_lock lock(m_mutex);
    m_news.wait_for(lock, patience, [this] { return m_ended || !m_waiting.empty(); });
    const std::vector<Event> taken = std::exchange(m_waiting, {});
    const bool more = !m_ended;
    lock.unlock();
    batch.insert(batch.end(), taken.begin(), taken.end());
    return more;
}

std::uint64_t InjectedSource::lost() const
{
    const std::lock_guard lock(m_mutex);
    return m_lost;
}

}  // namespace belljar
