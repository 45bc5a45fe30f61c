#include "app/monitord/session_ledger.h"

#include <algorithm>

namespace belljar::monitord {

using linux_platform::MonitorRefusal;

SessionLedger::Admission SessionLedger::admit(std::uint32_t user, std::optional<unsigned> spare)
{
    const auto ofUser = std::count_if(m_slots.begin(), m_slots.end(),
                                      [&](const Slot& one) { return one.use == Use::session && one.user == user; }) +
                        std::count_if(m_held.begin(), m_held.end(), [&](const Held& one) { return one.user == user; });
    if (ofUser >= m_limits.ofUser) return {MonitorRefusal::tooManyOfUser, 0};
    const std::optional<unsigned> slot = spare ? spare : freeSlot();
    if (!slot) return {MonitorRefusal::tooMany, 0};
    m_slots[*slot] = {Use::session, user};
    return {MonitorRefusal::none, *slot};
}

std::optional<unsigned> SessionLedger::reserve()
{
    const std::optional<unsigned> slot = freeSlot();
    if (slot) m_slots[*slot].use = Use::spare;
    return slot;
}

std::optional<unsigned> SessionLedger::freeSlot() const
{
    const auto used =
        std::count_if(m_slots.begin(), m_slots.end(), [](const Slot& one) { return one.use != Use::none; });
    if (static_cast<std::size_t>(used) + m_held.size() >= m_limits.sessions) return std::nullopt;
    const auto free =
        std::find_if(m_slots.begin(), m_slots.end(), [](const Slot& one) { return one.use == Use::none; });
    return static_cast<unsigned>(free - m_slots.begin());
}

void SessionLedger::ended(unsigned slot, const MapNumbers& numbers)
{
    if (slot >= m_slots.size() || m_slots[slot].use == Use::none) return;
    if (numbers != MapNumbers{}) m_held.push_back({m_slots[slot].user, numbers});
    m_slots[slot] = {};
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
        std::count_if(m_slots.begin(), m_slots.end(), [](const Slot& one) { return one.use == Use::session; }));
}

}  // namespace belljar::monitord
