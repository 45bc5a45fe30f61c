// Which events to show: one line such as `verdict=denied path:/etc/* -proc:npm`, the same for the CLI and the app.
//
// A query is parsed once into a flat program: neither parsing nor asking recurses, and an event is asked in at most
// (query x texts of the event) steps. The language is described in resources/help/queries.md.
#pragma once

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

/// One that is made by the default constructor fits every event.
class Query {
public:
    /// `rules` are those of the event's session.
    [[nodiscard]] bool matches(const Event& event, const std::vector<Rule>& rules) const;

    /// The canonical text. Where it is not too long to be parsed, it gives the same query and the same text again.
    [[nodiscard]] const std::string& text() const { return m_text; }

private:
    friend class QueryParser;

    /// The program has one register: the answer so far.
    struct Step {
        enum class Kind : std::uint8_t { ask, jumpIfTrue, jumpIfFalse, negate };
        Kind kind = Kind::ask;
        std::size_t operand = 0;  ///< ask: which condition; jumps: the step to go on with.
    };

    std::vector<QueryCondition> m_conditions;
    std::vector<Step> m_steps;
    std::string m_text;
};

[[nodiscard]] std::variant<Query, QueryError> parseQuery(std::string_view query);

/// How many events have the same value in one field.
struct EventGroup {
    std::string value;  ///< Hostile text; "" also for events that have no such field.
    std::uint64_t count = 0;
};

/// Counts events by a field: time by whole seconds, everything else by its value. `field` may not be `text`.
class EventCounter {
public:
    explicit EventCounter(QueryFieldId field) : m_field(field) {}
    void add(const Event& event, const std::vector<Rule>& rules);
    /// The largest first, equal ones by value.
    [[nodiscard]] std::vector<EventGroup> groups() const;

private:
    QueryFieldId m_field;
    std::unordered_map<std::string, std::uint64_t> m_counts;
};

}  // namespace belljar
