// The order in which a list shows events: by a field, millions at once.
//
// Rows of tables are put into order, and the events by the places of their rows: that takes one pass over the events.
#pragma once

#include <cstdint>
#include <vector>

#include "core/events/event_selection.h"

namespace belljar {

/// The numbers of the events in `set` by the values of `field`, which must be countable or `sequence`; equal values in
/// the order of recording, events without a value last in both directions.
[[nodiscard]] std::vector<std::uint32_t> sortedEvents(const EventColumns& events, const QueryContext& context,
                                                      const EventSet& set, QueryFieldId field, bool descending);

}  // namespace belljar
