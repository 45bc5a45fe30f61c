#include "app/monitord/session_ledger.h"

#include <algorithm>

namespace belljar::monitord {

using linux_platform::MonitorRefusal;

SessionLedger::Admission SessionLedger::admit(std::uint32_t user)
{
    const auto ofUser = std::count(m_running.begin(), m_running.end(), std::optional(user)) +
                        std::count_if(m_held.begin(), m_held.end(), [&](const Held& one) { return one.user == user; });
    if (ofUser >= m_limits.ofUser) return {MonitorRefusal::tooManyOfUser, 0};
    const auto free = std::find(m_running.begin(), m_running.end(), std::nullopt);
    if (free == m_running.end() || running() + m_held.size() >= m_limits.sessions) return {MonitorRefusal::tooMany, 0};
    *free = user;
    return {MonitorRefusal::none, static_cast<unsigned>(free - m_running.begin())};
}

void SessionLedger::ended(unsigned slot, const MapNumbers& numbers)
{
    if (slot >= m_running.size() || !m_running[slot]) return;
    if (numbers != MapNumbers{}) m_held.push_back({*m_running[slot], numbers});
    m_running[slot].reset();
}

std::vector<MapNumbers> SessionLedger::leftBehind() const
{
    std::vector<MapNumbers> sets;
    for (const Held& one : m_held) sets.push_back(one.numbers);
    return sets;
}

void SessionLedger::forget(std::span<const bool> held)
{
    std::size_t index = 0;
    std::erase_if(m_held, [&](const Held&) { return index < held.size() ? !held[index++] : false; });
}

unsigned SessionLedger::running() const
{
    return static_cast<unsigned>(
        std::count_if(m_running.begin(), m_running.end(), [](const auto& user) { return user.has_value(); }));
}

}  // namespace belljar::monitord
