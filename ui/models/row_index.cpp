#include "ui/models/row_index.h"

#include <algorithm>

#include "core/events/event_order.h"

namespace belljar {

std::optional<std::size_t> RowIndex::rowOf(std::size_t event, bool sorted) const
{
    if (m_all) return event < m_count ? std::optional(event) : std::nullopt;
    const auto place = sorted ? std::find(m_numbers.begin(), m_numbers.end(), event)
                              : std::lower_bound(m_numbers.begin(), m_numbers.end(), event);
    if (place == m_numbers.end() || *place != event) return std::nullopt;
    return static_cast<std::size_t>(place - m_numbers.begin());
}

RowIndex makeRows(const EventColumns& events, const SessionFacts& facts, const EventView& view)
{
    if (view.isAll()) return RowIndex(events.size());
    const EventSet set = selectEvents(events, facts.context(), view.query);
    if (!view.sort) return RowIndex(set.numbers());
    return RowIndex(sortedEvents(events, facts.context(), set, view.sort->field, view.sort->descending));
}

}  // namespace belljar
