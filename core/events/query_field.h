// What a query can ask of an event, and events can be counted by: one row for each field.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/event.h"

namespace belljar {

enum class QueryFieldId : std::uint8_t {
    sequence,
    time,
    pid,
    parent,
    process,
    kind,
    category,
    object,
    path,
    host,
    port,
    detail,
    result,
    trust,
    verdict,
    rule,
    line,
    source,
    text,
};

enum class QueryFieldType : std::uint8_t {
    number,
    time,  ///< A number, too: nanoseconds.
    text,
    word,  ///< Text out of a list that is known: anything else is a mistake in the query.
};

struct QueryFieldRow {
    QueryFieldId id;
    std::string_view name;
    std::string_view alias;  ///< The key of the JSON form, where that differs; may be empty.
    QueryFieldType type;
    std::string_view help;
};

[[nodiscard]] const std::vector<QueryFieldRow>& queryFields();
[[nodiscard]] const QueryFieldRow& queryField(QueryFieldId id);
/// nullptr: there is no field of this name or alias.
[[nodiscard]] const QueryFieldRow* findQueryField(std::string_view name);

/// What a field of type `word` can be; empty for other types.
[[nodiscard]] std::vector<std::string> queryWords(QueryFieldId id);

/// A field of type number or time; nullopt when the event has none.
[[nodiscard]] std::optional<std::int64_t> numberOf(const Event& event, const std::vector<Rule>& rules, QueryFieldId id);
/// A field of type text (but `text`, which is several) or word; nullopt when the event has none. `buffer` may hold
/// what the result points to; otherwise that is the event or the rules.
[[nodiscard]] std::optional<std::string_view> textOf(const Event& event, const std::vector<Rule>& rules,
                                                     QueryFieldId id, std::string& buffer);

/// The candidate that `word` was probably meant to be: at most two slips apart. "" when there is none.
[[nodiscard]] std::string nearestName(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace belljar
