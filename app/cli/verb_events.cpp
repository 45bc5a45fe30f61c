// belljar events: what a recording holds.
#include <array>
#include <cstdlib>
#include <ctime>

#include <spdlog/fmt/fmt.h>

#include "app/cli/option_parser.h"
#include "app/cli/output.h"
#include "app/cli/verb.h"
#include "core/base/visible.h"
#include "core/events/event_table.h"
#include "core/events/query.h"
#include "core/events/recording.h"

namespace belljar::cli {
namespace {

constexpr std::size_t kWriteSize = 1U << 16U;

/// Collects text and prints it in large pieces.
class Printer {
public:
    ~Printer() { printOut(m_text); }
    Printer() = default;
    Printer(const Printer&) = delete;
    Printer& operator=(const Printer&) = delete;
    void add(std::string_view text)
    {
        m_text += text;
        if (m_text.size() < kWriteSize) return;
        printOut(m_text);
        m_text.clear();
    }

private:
    std::string m_text;
};

/// "2026-01-31 12:34:56 UTC".
std::string dateText(std::int64_t unixNs)
{
    const std::time_t seconds = static_cast<std::time_t>(unixNs / 1'000'000'000);
    std::array<char, 40> text{};
    const std::tm* time = std::gmtime(&seconds);
    if (time == nullptr || std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", time) == 0) return "?";
    return text.data();
}

std::string commandLine(const std::vector<std::string>& argv)
{
    std::string line;
    for (const std::string& argument : argv) line += (line.empty() ? "" : " ") + shellQuote(argument);
    return visible(line);
}

std::string headerJson(const RecordingHeader& header)
{
    std::vector<std::string> rules;
    for (RuleId id = 0; id < header.rules.size(); ++id) rules.push_back(ruleJson(id, header.rules[id]));
    return JsonObject()
        .text("belljarVersion", header.belljarVersion)
        .text("sessionId", header.sessionId)
        .number("startedUnixNs", static_cast<std::int64_t>(header.startedUnixNs))
        .text("profileName", header.profileName)
        .text("profileText", header.profileText)
        .text("containment", header.backend)
        .raw("source", sourceJson(header.source))
        .text("trace", header.trace)
        .text("system", header.system)
        .text("kernel", header.kernel)
        .text("distribution", header.distribution)
        .number("uid", header.uid)
        .raw("argv", jsonTexts(header.argv))
        .text("cwd", header.cwd)
        .raw("rules", jsonArray(rules))
        .str();
}

std::string endJson(const Recording& recording)
{
    JsonObject json;
    json.raw("outcome", recording.outcome ? outcomeJson(*recording.outcome) : "null");
    json.raw("losses", lossesJson(recording.losses));
    json.text("damage", recording.damage);
    return json.str();
}

std::string headerText(const RecordingHeader& header)
{
    std::string text = fmt::format("session   {} of {}, Belljar {}\n", visible(header.sessionId),
                                   dateText(header.startedUnixNs), visible(header.belljarVersion));
    text += fmt::format("command   {}\n", commandLine(header.argv));
    text += fmt::format("folder    {}\n", visible(header.cwd));
    if (!header.profileName.empty()) text += fmt::format("profile   {}\n", visible(header.profileName));
    text += fmt::format("jar       {}\n", visible(header.backend));
    text += fmt::format("watched   {}, {} trace\n", visible(header.source.mechanism), visible(header.trace));
    for (const std::string& blind : header.source.blindSpots) text += fmt::format("          {}\n", visible(blind));
    text += fmt::format("machine   {}, {} {}, user {}\n\n", visible(header.distribution), visible(header.system),
                        visible(header.kernel), header.uid);
    return text;
}

std::string endText(const Recording& recording, std::size_t shown)
{
    std::string text = fmt::format("\n{} of {} events shown\n", shown, recording.events.size());
    text += recording.outcome ? "outcome   " + visible(describe(*recording.outcome)) + "\n"
                              : std::string("outcome   none: the session did not end in an orderly way\n");
    if (recording.losses.total() != 0) text += "lost      " + lossesText(recording.losses) + "\n";
    return text;
}

/// One cell. Spreadsheets take what begins with these characters for a formula, so it gets an apostrophe.
std::string cell(std::string_view text)
{
    std::string shown = visible(text);
    if (!shown.empty() && std::string_view("=+-@").find(shown.front()) != std::string_view::npos)
        shown.insert(0, 1, '\'');
    if (shown.find_first_of("\",'") == std::string::npos) return shown;
    std::string quoted = "\"";
    for (const char c : shown) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

std::string csvLine(const Event& event, const std::vector<Rule>& rules)
{
    const bool judged = event.verdict != EventVerdict::none && event.rule < rules.size();
    return fmt::format("{},{}.{:09},{},{},{},{},{},{},{},{},{},{}\n", event.sequence, event.timeNs / 1'000'000'000,
                       event.timeNs < 0 ? 0 : event.timeNs % 1'000'000'000, event.pid, event.parentPid,
                       cell(event.processName), eventRow(event.kind).name, cell(event.object), cell(event.detail),
                       cell(resultText(event)), verdictText(event), cell(judged ? rules[event.rule].text : ""),
                       judged ? rules[event.rule].place.line : 0);
}

enum class Format { pretty, jsonl, csv, json };

/// Which events are shown, and how.
struct Choice {
    Format format = Format::pretty;
    bool deniedOnly = false;
    Query query;
    std::optional<QueryFieldId> countBy;

    [[nodiscard]] bool takes(const Event& event, const QueryContext& context) const
    {
        if (deniedOnly && (event.verdict != EventVerdict::denied || event.absentOnHost)) return false;
        return query.matches(event, context);
    }
};

ProcessTree processTree(const Recording& recording)
{
    ProcessTree tree;
    for (const Event& event : recording.events) tree.add(event);
    return tree;
}

std::size_t printEvents(const Recording& recording, const Choice& choice, Printer& out)
{
    std::size_t shown = 0;
    const std::vector<Rule>& rules = recording.header.rules;
    const ProcessTree processes = processTree(recording);
    const QueryContext context{rules, recording.header.startedUnixNs, &processes};
    for (const Event& event : recording.events) {
        if (!choice.takes(event, context)) continue;
        if (choice.format == Format::pretty) out.add(eventLine(event, rules) + "\n");
        if (choice.format == Format::jsonl) out.add(eventJson(event, rules) + "\n");
        if (choice.format == Format::csv) out.add(csvLine(event, rules));
        if (choice.format == Format::json) out.add((shown == 0 ? "" : ",") + eventJson(event, rules));
        ++shown;
    }
    return shown;
}

void print(const Recording& recording, const Choice& choice)
{
    Printer out;
    const Format format = choice.format;
    if (format == Format::pretty) out.add(headerText(recording.header));
    if (format == Format::jsonl) out.add(JsonObject().raw("header", headerJson(recording.header)).str() + "\n");
    if (format == Format::json) out.add("{\"header\":" + headerJson(recording.header) + ",\"events\":[");
    if (format == Format::csv)
        out.add("sequence,seconds,pid,parentPid,process,kind,object,detail,result,verdict,rule,line\n");
    const std::size_t shown = printEvents(recording, choice, out);
    if (format == Format::pretty) out.add(endText(recording, shown));
    if (format == Format::jsonl) out.add(endJson(recording) + "\n");
    if (format == Format::json) out.add("]," + endJson(recording).substr(1) + "\n");
}

void printCounts(const Recording& recording, const Choice& choice)
{
    EventCounter counter(*choice.countBy);
    const ProcessTree processes = processTree(recording);
    const QueryContext context{recording.header.rules, recording.header.startedUnixNs, &processes};
    for (const Event& event : recording.events)
        if (choice.takes(event, context)) counter.add(event, context);

    Printer out;
    const std::string_view name = queryField(*choice.countBy).name;
    if (choice.format == Format::csv) out.add(fmt::format("{},count\n", name));
    if (choice.format == Format::json) out.add(fmt::format(R"({{"field":"{}","groups":[)", name));
    bool first = true;
    for (const EventGroup& group : counter.groups()) {
        const std::string object = JsonObject().text("value", group.value).number("count", group.count).str();
        if (choice.format == Format::pretty) out.add(fmt::format("{:>10}  {}\n", group.count, visible(group.value)));
        if (choice.format == Format::jsonl) out.add(object + "\n");
        if (choice.format == Format::csv) out.add(fmt::format("{},{}\n", cell(group.value), group.count));
        if (choice.format == Format::json) out.add((first ? "" : ",") + object);
        first = false;
    }
    if (choice.format == Format::json) out.add("]," + endJson(recording).substr(1) + "\n");
}

/// False: it was no query, and that has been said.
bool parseFilter(const std::string& text, Query& query, bool json)
{
    const char* home = std::getenv("HOME");
    auto parsed = parseQuery(text, home == nullptr ? "" : home);
    const QueryError* error = std::get_if<QueryError>(&parsed);
    if (error == nullptr) {
        query = std::move(std::get<Query>(parsed));
        return true;
    }
    const std::string where = fmt::format("--filter, column {}", queryColumn(text, error->offset));
    if (json) {
        reportError({ErrorCode::malformedRequest, error->message, where, {}, error->hint}, json);
        return false;
    }
    printErr(fmt::format("belljar: {}: {}\n{}\n", where, visible(error->message), queryCaret(text, *error)));
    if (!error->hint.empty()) printErr("  fix: " + error->hint + "\n");
    return false;
}

/// False: events cannot be counted by that, and that has been said.
bool parseCountBy(const std::string& name, std::optional<QueryFieldId>& field, bool json)
{
    std::vector<std::string> names;
    for (const QueryFieldRow& row : queryFields())
        if (countable(row.id)) names.emplace_back(row.name);
    const QueryFieldRow* row = findQueryField(name);
    if (row != nullptr && countable(row->id)) {
        field = row->id;
        return true;
    }
    const std::string nearest = nearestName(name, names);
    reportError(
        {ErrorCode::malformedRequest,
         "Events cannot be counted by '" + name + "'",
         "--count-by",
         {},
         nearest.empty() ? fmt::format("write one of {}", fmt::join(names, ", ")) : "did you mean '" + nearest + "'?"},
        json);
    return false;
}

}  // namespace

int eventsVerb(const Arguments& arguments)
{
    std::optional<std::string> file;
    std::optional<std::string> formatName;
    std::optional<std::string> filter;
    std::optional<std::string> countBy;
    Choice choice;
    bool json = false;
    OptionParser parser(
        "events RECORDING [OPTIONS]",
        "Shows a recording. Exit code 0: read to its end, 1: damaged (what is readable is shown) or unreadable, "
        "2: the command line or a query is wrong.");
    parser.positional("RECORDING", file, "A file made with belljar run --record", true);
    parser.choice("--format", formatName, {"pretty", "jsonl", "csv"},
                  "For people (default), one JSON object a line, a table");
    parser.flag("--denied", choice.deniedOnly, "Only what was denied and exists on this machine");
    parser.option("--filter", filter, "QUERY",
                  "Only events that fit, such as 'verdict=denied path:/etc/* not proc=ls'; see queries.md");
    parser.option("--count-by", countBy, "FIELD", "Only how many events have each value of a field, such as path");
    parser.flag("--json", json, "Print one JSON document");
    if (const std::optional<int> code = parser.parse(arguments, kUsage)) return *code;

    if (filter && !parseFilter(*filter, choice.query, json)) return kUsage;
    if (countBy && !parseCountBy(*countBy, choice.countBy, json)) return kUsage;
    const Result<Recording> recording = readRecording(*file);
    if (!recording) {
        reportError(recording.error(), json);
        return kProblem;
    }
    if (formatName == "jsonl") choice.format = Format::jsonl;
    if (formatName == "csv") choice.format = Format::csv;
    if (json) choice.format = Format::json;
    if (choice.countBy) printCounts(*recording, choice);
    else print(*recording, choice);
    if (recording->damage.empty()) return kOk;
    if (!json)
        printErr("belljar: " + visible(*file) + ": the recording is damaged at " + visible(recording->damage) +
                 "; everything before it was shown\n");
    return kProblem;
}

}  // namespace belljar::cli
