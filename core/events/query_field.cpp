#include "core/events/query_field.h"

#include <algorithm>

#include "core/events/event_table.h"

namespace belljar {
namespace {

constexpr int kErrnoCount = 134;

/// How many letters to change, add, leave out or swap with the next; both are short.
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::vector<std::size_t>> steps(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                steps[i][j] = i + j;
                continue;
            }
            const std::size_t change = steps[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            steps[i][j] = std::min({steps[i - 1][j] + 1, steps[i][j - 1] + 1, change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                steps[i][j] = std::min(steps[i][j], steps[i - 2][j - 2] + 1);
        }
    }
    return steps.back().back();
}

}  // namespace

const std::vector<QueryFieldRow>& queryFields()
{
    using enum QueryFieldType;
    using Id = QueryFieldId;
    using Part = QueryPart;
    using Type = QueryFieldType;
    static const std::vector<QueryFieldRow> kTable{
        {Id::sequence, "seq", "sequence", number, Part::sequence, "Number of the event in its session, from 1."},
        {Id::time, "time", "", Type::time, Part::time,
         "Since the session started: 2, 1.5s, 200ms, 3us, 40ns, 2m or 1h."},
        {Id::wall, "wall", "", moment, Part::time,
         "When by the clock, in UTC: 2026-11-22 is that day, 2026-11-22T01:55 that minute."},
        {Id::pid, "pid", "", number, Part::process, "Process id on the host."},
        {Id::parent, "ppid", "parentPid", number, Part::process, "Process id of the parent."},
        {Id::insidePid, "ipid", "insidePid", number, Part::process, "Process id as the sandbox sees it."},
        {Id::start, "start", "processStart", number, Part::process,
         "Start of the process in clock ticks since boot: with pid it is unique."},
        {Id::tree, "tree", "", number, Part::process,
         "Process id of the process or of one above it: the process and all that it started."},
        {Id::process, "proc", "process", Type::text, Part::process, "Name of the process."},
        {Id::kind, "kind", "", word, Part::shape, "What was tried, such as file.open."},
        {Id::category, "category", "", word, Part::shape, "process, file, network, privileged, ui or session."},
        {Id::operation, "op", "", word, Part::shape, "The kind without its category, such as open."},
        {Id::object, "object", "", Type::text, Part::object, "Path or address, as it is shown."},
        {Id::path, "path", "", Type::text, Part::object, "The object, if it is a path or a socket file."},
        {Id::target, "target", "", Type::text, Part::detail, "The new name of rename, link and symlink."},
        {Id::host, "host", "", Type::text, Part::object,
         "The address of a network event without the port, or the name of its peer."},
        {Id::ip, "ip", "", network, Part::object,
         "The address of a network event: 10.0.0.1, 10.0.0.0/8, 2001:db8::/32."},
        {Id::port, "port", "", number, Part::object, "The port of a network event."},
        {Id::bytes, "bytes", "size", number, Part::detail, "How much was read or written."},
        {Id::detail, "detail", "", Type::text, Part::detail, "Arguments: open flags, argv, the new name."},
        {Id::argv, "argv", "", Type::text, Part::detail, "Arguments of a program that was run, with a blank between."},
        {Id::folder, "cwd", "", Type::text, Part::detail, "Folder in which a program was run."},
        {Id::environment, "env", "", Type::text, Part::detail, "Names in the environment of a program that was run."},
        {Id::result, "res", "result", word, Part::shape, "ok, unknown, or the error's name or number: ENOENT, 2."},
        {Id::trust, "trust", "", word, Part::shape, "How the result is known: seen, derived or unknown."},
        {Id::verdict, "verdict", "", word, Part::shape,
         "allowed, denied, absent (denied, and not on this machine either) or none."},
        {Id::rule, "rule", "", Type::text, Part::shape, "Text of the rule that decided."},
        {Id::line, "line", "", number, Part::shape, "Line of the profile in which that rule stands."},
        {Id::source, "source", "", word, Part::shape, "Who wrote that rule: builtIn, base, profile or commandLine."},
        {Id::mechanism, "mechanism", "", word, Part::shape,
         "What makes the verdict so, such as notMounted or syscallFilter."},
        {Id::origin, "origin", "", word, Part::shape, "Who saw it: notify, kernel, belljar, injected or none."},
        {Id::text, "text", "", Type::text, Part::several,
         "Process name, object, detail or rule; what a bare word asks."},
    };
    return kTable;
}

const QueryFieldRow& queryField(QueryFieldId id)
{
    return queryFields()[static_cast<std::size_t>(id)];
}

const QueryFieldRow* findQueryField(std::string_view name)
{
    for (const QueryFieldRow& row : queryFields())
        if (row.name == name || (!row.alias.empty() && row.alias == name)) return &row;
    return nullptr;
}

std::vector<std::string> queryWords(QueryFieldId id)
{
    std::vector<std::string> words;
    const auto addOnce = [&](std::string_view word) {
        if (std::find(words.begin(), words.end(), word) == words.end()) words.emplace_back(word);
    };
    switch (id) {
        case QueryFieldId::kind:
            for (const EventKindRow& row : eventTable()) words.emplace_back(row.name);
            words.emplace_back(eventRow(EventKind{}).name);
            return words;
        case QueryFieldId::operation:
            for (const EventKindRow& row : eventTable()) addOnce(operationName(row.kind));
            addOnce(operationName(EventKind{}));
            return words;
        case QueryFieldId::result:
            for (int value = 0; value < kErrnoCount; ++value)
                if (std::string name = errnoName(value); name.find(' ') == std::string::npos)
                    words.push_back(std::move(name));
            words.emplace_back("unknown");
            return words;
        case QueryFieldId::category:
            for (const EventKindRow& row : eventTable()) addOnce(categoryName(row.category));
            return words;
        case QueryFieldId::trust: return {"seen", "derived", "unknown"};
        case QueryFieldId::verdict: return {"allowed", "denied", "absent", "none"};
        case QueryFieldId::source: return {"builtIn", "base", "profile", "commandLine"};
        case QueryFieldId::mechanism: return {mechanismNames().begin(), mechanismNames().end()};
        case QueryFieldId::origin: return {originNames().begin(), originNames().end()};
        default: return words;
    }
}

std::string nearestName(std::string_view word, const std::vector<std::string>& candidates)
{
    constexpr std::size_t kLongest = 32;
    std::string best;
    std::size_t bestDistance = 3;
    if (word.size() > kLongest) return best;
    for (const std::string& candidate : candidates) {
        const std::size_t steps = distance(word, candidate);
        if (steps >= bestDistance || steps >= candidate.size()) continue;
        bestDistance = steps;
        best = candidate;
    }
    return best;
}

}  // namespace belljar
