// One `field op value` of a query, checked and ready to be asked of events.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/ip_network.h"
#include "core/events/query_error.h"
#include "core/events/query_field.h"
#include "core/events/query_number.h"
#include "core/events/query_pattern.h"
#include "core/events/query_regex.h"

namespace belljar {

/// One of the values between commas.
struct WrittenValue {
    QueryPattern pattern;
    std::size_t offset = 0;  ///< In the query.
};

/// As the lexer found it; the views point into the query.
struct WrittenCondition {
    std::string_view field;  ///< Empty: a bare word.
    std::size_t fieldOffset = 0;
    std::string_view op;  ///< One of : = != < <= > >= ~ !~
    std::size_t opOffset = 0;
    std::vector<WrittenValue> values;  ///< At least one, unless there is an expression.
    std::string expression;            ///< Of ~ and !~.
    std::vector<std::size_t> places;   ///< For each byte of `expression` its offset in the query.
    std::size_t valueOffset = 0;
};

/// What a text must be.
struct QueryText {
    enum class Match : std::uint8_t { equal, contains, glob };
    Match match = Match::equal;
    std::string text;      ///< For equal and contains.
    QueryPattern pattern;  ///< For glob.

    [[nodiscard]] bool holds(std::string_view value) const;
};

/// Holds when one of its values does.
struct QueryCondition {
    QueryFieldId field = QueryFieldId::text;
    bool negated = false;                  ///< Then an event without the field holds.
    std::vector<QueryRange> ranges;        ///< Of numbers, times and moments; ordered.
    std::vector<QueryText> texts;          ///< Of texts and words.
    std::vector<IpNetwork> networks;       ///< Of addresses.
    std::optional<QueryRegex> expression;  ///< Of texts and words, instead of `texts`.

    [[nodiscard]] bool holds(const Event& event, const QueryContext& context) const;

private:
    [[nodiscard]] bool found(const Event& event, const QueryContext& context, QueryFieldId id) const;
    [[nodiscard]] bool foundPeer(const Event& event) const;
    [[nodiscard]] bool fits(std::string_view value) const;
};

struct CheckedCondition {
    QueryCondition condition;
    std::string text;  ///< How it is written canonically.
};

/// Unknown fields, operators that a field does not have, values that it never is: errors with the place and a fix.
/// `home` is what a '~' at the beginning of a path stands for; empty: for nothing.
[[nodiscard]] std::variant<CheckedCondition, QueryError> checkCondition(const WrittenCondition& written,
                                                                        const std::string& home);

}  // namespace belljar
