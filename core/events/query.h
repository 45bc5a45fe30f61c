// Which events to show: one line such as `verdict=denied path:/etc/* -proc:npm`, the same for the CLI and the app.
//
// A query is parsed once into a flat program: neither parsing nor asking recurses, and an event is asked in at most
// (query x texts of the event) steps. The language is described in resources/help/queries.md.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "core/events/query_condition.h"
#include "core/events/query_error.h"

namespace belljar {

inline constexpr std::size_t kLongestQuery = 32768;  ///< Bytes.
inline constexpr std::size_t kMostConditions = 1000;
inline constexpr std::size_t kMostNested = 64;  ///< Parts that wait for others: each is a set of events at once.

/// The program has one register: the answer so far.
struct QueryStep {
    enum class Kind : std::uint8_t { ask, jumpIfTrue, jumpIfFalse, negate };
    Kind kind = Kind::ask;
    std::size_t operand = 0;  ///< ask: which condition; jumps: the step to go on with.
};

/// One that is made by the default constructor fits every event.
class Query {
public:
    [[nodiscard]] bool matches(const Event& event, const QueryContext& context) const;

    /// The canonical text. Where it is not too long to be parsed, it gives the same query and the same text again.
    [[nodiscard]] const std::string& text() const { return m_text; }

    /// For asking many events at once (event_selection.h).
    /// Whether matches() needs to be told the processes.
    [[nodiscard]] bool asksTree() const;
    [[nodiscard]] const std::vector<QueryCondition>& conditions() const { return m_conditions; }
    [[nodiscard]] const std::vector<QueryStep>& steps() const { return m_steps; }

private:
    friend class QueryParser;

    std::vector<QueryCondition> m_conditions;
    std::vector<QueryStep> m_steps;
    std::string m_text;
};

/// `home` is the folder that a '~' at the beginning of a path stands for; empty: '~' is a mistake.
[[nodiscard]] std::variant<Query, QueryError> parseQuery(std::string_view query, const std::string& home = {});

/// What events add up to that have something in common.
struct EventTally {
    std::uint64_t count = 0;
    std::uint64_t denied = 0;  ///< And not merely absent on this machine.
    std::int64_t firstNs = 0;  ///< Since the session started, as the next; valid unless `count` is 0.
    std::int64_t lastNs = 0;

    void add(std::int64_t timeNs, bool isDenied)
    {
        firstNs = count == 0 ? timeNs : std::min(firstNs, timeNs);
        lastNs = count == 0 ? timeNs : std::max(lastNs, timeNs);
        ++count;
        denied += isDenied ? 1 : 0;
    }
    void add(const EventTally& other);
};

/// How many events have the same value in one field.
struct EventGroup : EventTally {
    std::string value;  ///< Hostile text; "" also for events that have no such field.
};

/// Whether events can be counted by a field: not by what each has for itself, nor by several values at once.
[[nodiscard]] bool countable(QueryFieldId field);
/// The value by which an event is counted: time and wall clock in whole seconds. `buffer` may hold the result.
[[nodiscard]] std::string_view groupValue(const Event& event, const QueryContext& context, QueryFieldId field,
                                          std::string& buffer);

/// Counts events by a field, which must be countable.
class EventCounter {
public:
    explicit EventCounter(QueryFieldId field) : m_field(field) {}
    void add(const Event& event, const QueryContext& context);
    void add(std::string_view value, const EventTally& tally);
    /// The largest first, equal ones by value.
    [[nodiscard]] std::vector<EventGroup> groups() const;

private:
    QueryFieldId m_field;
    std::unordered_map<std::string, EventTally> m_tallies;
};

}  // namespace belljar
