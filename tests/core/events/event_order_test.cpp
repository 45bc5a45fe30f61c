#include "core/events/event_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "tests/core/events/query_maker.h"

namespace belljar {
namespace {

using query_maker::columnsOf;
using query_maker::Maker;

/// What an event is put in order by, asked of it alone.
std::optional<std::string> keyOf(const Event& event, const QueryContext& context, QueryFieldId field)
{
    const QueryFieldType type = queryField(field).type;
    if (type == QueryFieldType::number || type == QueryFieldType::time || type == QueryFieldType::moment) {
        const auto number = numberOf(event, context, field);
        if (!number) return std::nullopt;
        std::string digits = std::to_string(static_cast<std::uint64_t>(*number) + (std::uint64_t{1} << 63U));
        return std::string(20 - digits.size(), '0') + digits;
    }
    std::string buffer;
    const auto text = textOf(event, context, field, buffer);
    return text ? std::optional<std::string>(*text) : std::nullopt;
}

TEST(SortedEvents, StandAsSortingThemOneByOneWouldPutThem)
{
    Maker maker(3);
    const std::vector<Event> events = maker.events(700);
    const std::vector<Rule> rules = maker.rules();
    const EventColumns columns = columnsOf(events);
    const QueryContext context{rules, 1'000'000'000, nullptr};
    const auto parsed = parseQuery("-kind=file.stat");
    const EventSet set = selectEvents(columns, context, std::get<Query>(parsed));
    for (const QueryFieldRow& row : queryFields()) {
        if (!countable(row.id)) continue;
        for (const bool descending : {false, true}) {
            std::vector<std::uint32_t> expected = set.numbers();
            std::stable_sort(expected.begin(), expected.end(), [&](std::uint32_t a, std::uint32_t b) {
                const auto left = keyOf(events[a], context, row.id);
                const auto right = keyOf(events[b], context, row.id);
                if (!left || !right) return left && !right;  // Without a value: last, in both directions.
                return descending ? *right < *left : *left < *right;
            });
            std::vector<std::uint32_t> sorted = sortedEvents(columns, context, set, row.id, descending);
            if (row.part == QueryPart::time && descending) {  // Backwards, also among equal times.
                ASSERT_EQ(sorted.size(), expected.size());
                for (std::size_t i = 1; i < sorted.size(); ++i)
                    EXPECT_GE(events[sorted[i - 1]].timeNs, events[sorted[i]].timeNs);
                continue;
            }
            EXPECT_EQ(sorted, expected) << row.name << (descending ? " descending" : "");
        }
    }
    std::vector<std::uint32_t> backwards = set.numbers();
    std::reverse(backwards.begin(), backwards.end());
    EXPECT_EQ(sortedEvents(columns, context, set, QueryFieldId::sequence, true), backwards);
    EXPECT_TRUE(sortedEvents(columns, context, EventSet(columns.size()), QueryFieldId::path, false).empty());
}

}  // namespace
}  // namespace belljar
