// Numbers, times and dates as they stand in a query. Each is a period: `2026-11-22` is a whole day, `5` only itself.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/events/query_field.h"

namespace belljar {

/// Both ends are inside; empty when `high` is less than `low`.
struct QueryRange {
    std::int64_t low = std::numeric_limits<std::int64_t>::min();
    std::int64_t high = std::numeric_limits<std::int64_t>::max();
};

struct QueryPeriod {
    QueryRange range;
    std::string text;  ///< Canonical.
};

/// A number, a time since the start ("1.5", "200ms") or a moment in UTC ("2026-11-22", "2026-11-22T01:55:30.5");
/// times as nanoseconds. nullopt: it is none, or not one that fits.
[[nodiscard]] std::optional<QueryPeriod> parsePeriod(QueryFieldType type, std::string_view text);

/// The second in which a moment lies, as it is written in a query: "2026-11-22T01:55:30".
[[nodiscard]] std::string momentText(std::int64_t unixNs);

/// Sorted, without overlaps, without empty ones.
[[nodiscard]] std::vector<QueryRange> orderedRanges(std::vector<QueryRange> ranges);
/// `ranges` must be ordered.
[[nodiscard]] bool inRanges(const std::vector<QueryRange>& ranges, std::int64_t number);

}  // namespace belljar
