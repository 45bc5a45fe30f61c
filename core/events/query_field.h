// What a query can ask of an event, and events can be counted by: one row for each field.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/events/process_tree.h"
#include "core/model/event.h"

namespace belljar {

enum class QueryFieldId : std::uint8_t {
    sequence,
    time,
    wall,
    pid,
    parent,
    insidePid,
    start,
    tree,
    process,
    kind,
    category,
    operation,
    object,
    path,
    target,
    host,
    ip,
    port,
    bytes,
    detail,
    argv,
    folder,
    environment,
    result,
    trust,
    verdict,
    rule,
    line,
    source,
    mechanism,
    origin,
    text,
};

enum class QueryFieldType : std::uint8_t {
    number,
    time,    ///< A number, too: nanoseconds since the start.
    moment,  ///< A number, too: nanoseconds since 1970.
    text,
    word,     ///< Text out of a list that is known: anything else is a mistake in the query.
    network,  ///< Text that is an address; asked for by blocks of addresses.
};

/// What of an event a field is made of. Fields of one part are told by it alone, but for the kind of the event.
enum class QueryPart : std::uint8_t { sequence, time, process, shape, object, detail, several };

struct QueryFieldRow {
    QueryFieldId id;
    std::string_view name;
    std::string_view alias;  ///< The key of the JSON form, where that differs; may be empty.
    QueryFieldType type;
    QueryPart part;
    std::string_view help;
};

/// What fields are made of besides the event.
struct QueryContext {
    std::span<const Rule> rules;             ///< Of the event's session.
    std::int64_t startedUnixNs = 0;          ///< Wall clock at the session's start.
    const ProcessTree* processes = nullptr;  ///< Without it `tree` knows of parents only.
};

[[nodiscard]] const std::vector<QueryFieldRow>& queryFields();
[[nodiscard]] const QueryFieldRow& queryField(QueryFieldId id);
/// nullptr: there is no field of this name or alias.
[[nodiscard]] const QueryFieldRow* findQueryField(std::string_view name);

/// What a field of type `word` can be; empty for other types.
[[nodiscard]] std::vector<std::string> queryWords(QueryFieldId id);

/// False: events of this kind never have this field, whatever they hold.
[[nodiscard]] bool kindHasField(EventKind kind, QueryFieldId id);
/// A field of type number, time or moment (but `tree`, which is several); nullopt when the event has none.
[[nodiscard]] std::optional<std::int64_t> numberOf(const Event& event, const QueryContext& context, QueryFieldId id);
/// What `host` is asked of in the object and in the detail of a network event: an address, or the name of a peer.
[[nodiscard]] std::optional<std::string_view> peerIn(std::string_view text);
/// A field of another type (but `text`, which is several); nullopt when the event has none. `buffer` may hold what the
/// result points to; otherwise that is the event or the rules.
[[nodiscard]] std::optional<std::string_view> textOf(const Event& event, const QueryContext& context, QueryFieldId id,
                                                     std::string& buffer);

/// The candidate that `word` was probably meant to be: at most two slips apart. "" when there is none.
[[nodiscard]] std::string nearestName(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace belljar
