#include "core/events/event_order.h"

#include <algorithm>
#include <optional>
#include <string>

#include "core/events/column_condition.h"

namespace belljar {
namespace {

/// The places of the rows of a table in a list of its values.
struct Places {
    static constexpr std::uint32_t kNone = 0xffffffffU;
    std::vector<std::uint32_t> ofRow;  ///< Equal values share a place; kNone: the row has no value.
    std::uint32_t count = 0;
};

template <class Value>
Places placesOf(const std::vector<std::optional<Value>>& values)
{
    std::vector<std::uint32_t> rows;
    for (std::uint32_t row = 0; row < values.size(); ++row)
        if (values[row]) rows.push_back(row);
    std::sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) { return *values[a] < *values[b]; });
    Places places;
    places.ofRow.assign(values.size(), Places::kNone);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i != 0 && *values[rows[i - 1]] < *values[rows[i]]) ++places.count;
        places.ofRow[rows[i]] = places.count;
    }
    if (!rows.empty()) ++places.count;
    return places;
}

/// `eventOf(row)` is an event that has what the row says.
template <class EventOf>
Places placesOfRows(std::size_t rows, const QueryContext& context, QueryFieldId field, const EventOf& eventOf)
{
    const QueryFieldType type = queryField(field).type;
    if (type == QueryFieldType::number) {
        std::vector<std::optional<std::int64_t>> values;
        for (std::uint32_t row = 0; row < rows; ++row) values.push_back(numberOf(eventOf(row), context, field));
        return placesOf(values);
    }
    std::vector<std::optional<std::string>> values;
    std::string buffer;
    for (std::uint32_t row = 0; row < rows; ++row) {
        const auto text = textOf(eventOf(row), context, field, buffer);
        values.push_back(text ? std::optional<std::string>(*text) : std::nullopt);
    }
    return placesOf(values);
}

/// One pass to count, one to place. `placeOf(event)` may be Places::kNone.
template <class PlaceOf>
std::vector<std::uint32_t> placed(const EventSet& set, std::uint32_t places, bool descending, const PlaceOf& placeOf)
{
    const auto keyOf = [&](std::size_t event) {
        const std::uint32_t place = placeOf(event);
        if (place == Places::kNone) return places;
        return descending ? places - 1 - place : place;
    };
    std::vector<std::uint32_t> next(places + 2U);
    set.forEach([&](std::size_t event) { ++next[keyOf(event) + 1]; });
    for (std::size_t key = 1; key < next.size(); ++key) next[key] += next[key - 1];
    std::vector<std::uint32_t> sorted(next.back());
    set.forEach([&](std::size_t event) { sorted[next[keyOf(event)]++] = static_cast<std::uint32_t>(event); });
    return sorted;
}

std::vector<std::uint32_t> byTime(const EventColumns& events, const EventSet& set, bool bySequence, bool descending)
{
    std::vector<std::uint32_t> numbers = set.numbers();
    const auto earlier = [&](std::uint32_t a, std::uint32_t b) { return events.times[a] < events.times[b]; };
    if (!bySequence && !std::is_sorted(numbers.begin(), numbers.end(), earlier))
        std::stable_sort(numbers.begin(), numbers.end(), earlier);
    if (descending) std::reverse(numbers.begin(), numbers.end());
    return numbers;
}

}  // namespace

std::vector<std::uint32_t> sortedEvents(const EventColumns& events, const QueryContext& context, const EventSet& set,
                                        QueryFieldId field, bool descending)
{
    const QueryPart part = queryField(field).part;
    if (part == QueryPart::time || part == QueryPart::sequence)
        return byTime(events, set, part == QueryPart::sequence, descending);
    ScratchEvent scratch(events);
    if (part == QueryPart::process) {
        const Places places = placesOfRows(events.processTable.size(), context, field,
                                           [&](std::uint32_t row) -> const Event& { return scratch.ofProcess(row); });
        return placed(set, places.count, descending,
                      [&](std::size_t event) { return places.ofRow[events.processes[event]]; });
    }
    if (part == QueryPart::shape) {
        const Places places = placesOfRows(events.shapeTable.size(), context, field,
                                           [&](std::uint32_t row) -> const Event& { return scratch.ofShape(row); });
        return placed(set, places.count, descending,
                      [&](std::size_t event) { return places.ofRow[events.shapes[event]]; });
    }
    const bool isObject = part == QueryPart::object;
    const EventKind kind = kindWith(field);
    const Places places = placesOfRows(events.texts.size(), context, field, [&](std::uint32_t row) -> const Event& {
        return isObject ? scratch.ofObject(row, kind) : scratch.ofDetail(row, kind);
    });
    std::vector<std::uint8_t> has;
    for (const EventShape& shape : events.shapeTable) has.push_back(kindHasField(shape.kind, field) ? 1 : 0);
    const SharedColumn<std::uint32_t>& texts = isObject ? events.objects : events.details;
    return placed(set, places.count, descending, [&](std::size_t event) {
        return has[events.shapes[event]] != 0 ? places.ofRow[texts[event]] : Places::kNone;
    });
}

}  // namespace belljar
