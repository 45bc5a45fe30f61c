// belljar events: what a recording holds.
#include <array>
#include <ctime>

#include <spdlog/fmt/fmt.h>

#include "app/cli/option_parser.h"
#include "app/cli/output.h"
#include "app/cli/verb.h"
#include "core/base/visible.h"
#include "core/events/event_table.h"
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
        .text("mechanism", header.mechanism)
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
    text += fmt::format("jar       {}; events by {}\n", visible(header.backend), visible(header.mechanism));
    text += fmt::format("machine   {}, {} {}, user {}\n\n", visible(header.distribution), visible(header.system),
                        visible(header.kernel), header.uid);
    return text;
}

std::string endText(const Recording& recording, std::size_t shown)
{
    std::string text = fmt::format("\n{} of {} events shown\n", shown, recording.events.size());
    text += recording.outcome ? "outcome   " + visible(describe(*recording.outcome)) + "\n"
                              : std::string("outcome   none: the session did not end in an orderly way\n");
    if (recording.losses.total() != 0)
        text += fmt::format("lost      {} events at the source, {} while recording\n", recording.losses.source,
                            recording.losses.recording);
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

std::size_t printEvents(const Recording& recording, Format format, bool deniedOnly, Printer& out)
{
    std::size_t shown = 0;
    for (const Event& event : recording.events) {
        if (deniedOnly && (event.verdict != EventVerdict::denied || event.absentOnHost)) continue;
        const std::vector<Rule>& rules = recording.header.rules;
        if (format == Format::pretty) out.add(eventLine(event, rules) + "\n");
        if (format == Format::jsonl) out.add(eventJson(event, rules) + "\n");
        if (format == Format::csv) out.add(csvLine(event, rules));
        if (format == Format::json) out.add((shown == 0 ? "" : ",") + eventJson(event, rules));
        ++shown;
    }
    return shown;
}

void print(const Recording& recording, Format format, bool deniedOnly)
{
    Printer out;
    if (format == Format::pretty) out.add(headerText(recording.header));
    if (format == Format::jsonl) out.add(JsonObject().raw("header", headerJson(recording.header)).str() + "\n");
    if (format == Format::json) out.add("{\"header\":" + headerJson(recording.header) + ",\"events\":[");
    if (format == Format::csv)
        out.add("sequence,seconds,pid,parentPid,process,kind,object,detail,result,verdict,rule,line\n");
    const std::size_t shown = printEvents(recording, format, deniedOnly, out);
    if (format == Format::pretty) out.add(endText(recording, shown));
    if (format == Format::jsonl) out.add(endJson(recording) + "\n");
    if (format == Format::json) out.add("]," + endJson(recording).substr(1) + "\n");
}

}  // namespace

int eventsVerb(const Arguments& arguments)
{
    std::optional<std::string> file;
    std::optional<std::string> formatName;
    bool deniedOnly = false;
    bool json = false;
    OptionParser parser(
        "events RECORDING [OPTIONS]",
        "Shows a recording. Exit code 0: read to its end, 1: damaged (what is readable is shown) or unreadable.");
    parser.positional("RECORDING", file, "A file made with belljar run --record", true);
    parser.choice("--format", formatName, {"pretty", "jsonl", "csv"},
                  "For people (default), one JSON object a line, a table");
    parser.flag("--denied", deniedOnly, "Only what was denied and exists on this machine");
    parser.flag("--json", json, "Print one JSON document");
    if (const std::optional<int> code = parser.parse(arguments, kUsage)) return *code;

    const Result<Recording> recording = readRecording(*file);
    if (!recording) {
        reportError(recording.error(), json);
        return kProblem;
    }
    Format format = Format::pretty;
    if (formatName == "jsonl") format = Format::jsonl;
    if (formatName == "csv") format = Format::csv;
    if (json) format = Format::json;
    print(*recording, format, deniedOnly);
    if (recording->damage.empty()) return kOk;
    if (!json)
        printErr("belljar: " + visible(*file) + ": the recording is damaged at " + visible(recording->damage) +
                 "; everything before it was shown\n");
    return kProblem;
}

}  // namespace belljar::cli
