// One `field op value` of a query, checked and ready to be asked of events.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/events/query_error.h"
#include "core/events/query_field.h"
#include "core/events/query_pattern.h"

namespace belljar {

/// As the lexer found it; the views point into the query.
struct WrittenCondition {
    std::string_view field;  ///< Empty: a bare word.
    std::size_t fieldOffset = 0;
    std::string_view op;  ///< One of : = != < <= > >=
    std::size_t opOffset = 0;
    QueryPattern value;
    std::size_t valueOffset = 0;
};

struct QueryCondition {
    enum class Match : std::uint8_t { equal, contains, glob, between };

    QueryFieldId field = QueryFieldId::text;
    Match match = Match::equal;
    bool negated = false;                                         ///< Then an event without the field holds.
    std::string text;                                             ///< For equal and contains.
    QueryPattern pattern;                                         ///< For glob.
    std::int64_t low = std::numeric_limits<std::int64_t>::min();  ///< For between, both inclusive.
    std::int64_t high = std::numeric_limits<std::int64_t>::max();

    [[nodiscard]] bool holds(const Event& event, const std::vector<Rule>& rules) const;
};

struct CheckedCondition {
    QueryCondition condition;
    std::string text;  ///< How it is written canonically.
};

/// Unknown fields, operators that a field does not have, values that it never is: errors with the place and a fix.
[[nodiscard]] std::variant<CheckedCondition, QueryError> checkCondition(const WrittenCondition& written);

}  // namespace belljar
