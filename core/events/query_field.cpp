#include "core/events/query_field.h"

#include <algorithm>
#include <charconv>

#include "core/events/event_table.h"

namespace belljar {
namespace {

constexpr int kErrnoCount = 134;
constexpr std::string_view kUnixPrefix = "unix:";

/// Where "host:port" and "[v6]:port" end their host; npos for what is no such address.
std::size_t portColon(const Event& event)
{
    if (eventRow(event.kind).category != EventCategory::network || event.object.starts_with(kUnixPrefix))
        return std::string::npos;
    return event.object.rfind(':');
}

std::optional<std::int64_t> portOf(const Event& event)
{
    const std::size_t colon = portColon(event);
    if (colon == std::string::npos) return std::nullopt;
    std::uint16_t port = 0;
    const char* end = event.object.data() + event.object.size();
    const auto [stop, error] = std::from_chars(event.object.data() + colon + 1, end, port);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return port;
}

std::optional<std::string_view> hostOf(const Event& event)
{
    const std::size_t colon = portColon(event);
    if (colon == std::string::npos) return std::nullopt;
    const std::string_view host = std::string_view(event.object).substr(0, colon);
    return host.size() >= 2 && host.front() == '[' && host.back() == ']' ? host.substr(1, host.size() - 2) : host;
}

std::optional<std::string_view> pathOf(const Event& event)
{
    std::string_view path = event.object;
    if (path.starts_with(kUnixPrefix)) path.remove_prefix(kUnixPrefix.size());
    if (!path.starts_with('/')) return std::nullopt;
    return path;
}

/// The rule that decided; nullptr when none did, or a recording names one that is not there.
const Rule* ruleOf(const Event& event, const std::vector<Rule>& rules)
{
    return event.verdict != EventVerdict::none && event.rule < rules.size() ? &rules[event.rule] : nullptr;
}

std::string_view trustWord(ResultTrust trust)
{
    if (trust == ResultTrust::seen) return "seen";
    return trust == ResultTrust::derived ? "derived" : "unknown";
}

std::string_view resultWord(const Event& event, std::string& buffer)
{
    if (event.result == kResultUnknown || event.trust == ResultTrust::unknown) return "unknown";
    buffer = errnoName(event.result);
    return buffer;
}

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
    static const std::vector<QueryFieldRow> kTable{
        {Id::sequence, "seq", "sequence", number, "Number of the event in its session, from 1."},
        {Id::time, "time", "", QueryFieldType::time, "Since the session started: 2, 1.5s, 200ms, 3us, 40ns or 2m."},
        {Id::pid, "pid", "", number, "Process id on the host."},
        {Id::parent, "ppid", "parentPid", number, "Process id of the parent."},
        {Id::process, "proc", "process", QueryFieldType::text, "Name of the process."},
        {Id::kind, "kind", "", word, "What was tried, such as file.open."},
        {Id::category, "category", "", word, "process, file, network or privileged."},
        {Id::object, "object", "", QueryFieldType::text, "Path or address, as it is shown."},
        {Id::path, "path", "", QueryFieldType::text, "The object, if it is a path or a socket file."},
        {Id::host, "host", "", QueryFieldType::text, "The address of a network event, without the port."},
        {Id::port, "port", "", number, "The port of a network event."},
        {Id::detail, "detail", "", QueryFieldType::text, "Arguments: open flags, argv, the new name."},
        {Id::result, "res", "result", word, "ok, unknown, or the error's name or number: ENOENT, 2."},
        {Id::trust, "trust", "", word, "How the result is known: seen, derived or unknown."},
        {Id::verdict, "verdict", "", word, "allowed, denied, absent (denied, and not on this machine either) or none."},
        {Id::rule, "rule", "", QueryFieldType::text, "Text of the rule that decided."},
        {Id::line, "line", "", number, "Line of the profile in which that rule stands."},
        {Id::source, "source", "", word, "Who wrote that rule: builtIn, base, profile or commandLine."},
        {Id::text, "text", "", QueryFieldType::text, "Process name, object, detail or rule; what a bare word asks."},
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
    switch (id) {
        case QueryFieldId::kind:
            for (const EventKindRow& row : eventTable()) words.emplace_back(row.name);
            words.emplace_back(eventRow(EventKind{}).name);
            return words;
        case QueryFieldId::result:
            for (int value = 0; value < kErrnoCount; ++value)
                if (std::string name = errnoName(value); name.find(' ') == std::string::npos)
                    words.push_back(std::move(name));
            words.emplace_back("unknown");
            return words;
        case QueryFieldId::category: return {"process", "file", "network", "privileged"};
        case QueryFieldId::trust: return {"seen", "derived", "unknown"};
        case QueryFieldId::verdict: return {"allowed", "denied", "absent", "none"};
        case QueryFieldId::source: return {"builtIn", "base", "profile", "commandLine"};
        default: return words;
    }
}

std::optional<std::int64_t> numberOf(const Event& event, const std::vector<Rule>& rules, QueryFieldId id)
{
    switch (id) {
        case QueryFieldId::sequence: return static_cast<std::int64_t>(event.sequence);
        case QueryFieldId::time: return event.timeNs;
        case QueryFieldId::pid: return event.pid;
        case QueryFieldId::parent: return event.parentPid;
        case QueryFieldId::port: return portOf(event);
        case QueryFieldId::line: {
            const Rule* rule = ruleOf(event, rules);
            if (rule == nullptr || rule->place.line == 0) return std::nullopt;
            return rule->place.line;
        }
        default: return std::nullopt;
    }
}

std::optional<std::string_view> textOf(const Event& event, const std::vector<Rule>& rules, QueryFieldId id,
                                       std::string& buffer)
{
    const Rule* rule = ruleOf(event, rules);
    switch (id) {
        case QueryFieldId::process: return event.processName;
        case QueryFieldId::kind: return eventRow(event.kind).name;
        case QueryFieldId::category: return categoryName(eventRow(event.kind).category);
        case QueryFieldId::object: return event.object;
        case QueryFieldId::path: return pathOf(event);
        case QueryFieldId::host: return hostOf(event);
        case QueryFieldId::detail: return event.detail;
        case QueryFieldId::result: return resultWord(event, buffer);
        case QueryFieldId::trust: return trustWord(event.trust);
        case QueryFieldId::verdict: return event.verdict == EventVerdict::none ? "none" : verdictText(event);
        case QueryFieldId::rule: return rule == nullptr ? std::nullopt : std::optional<std::string_view>(rule->text);
        case QueryFieldId::source:
            return rule == nullptr ? std::nullopt : std::optional<std::string_view>(ruleSourceName(rule->source));
        default: return std::nullopt;
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
