#include "core/events/recording_lines.h"

#include <chrono>
#include <iterator>

#include <spdlog/fmt/fmt.h>

#include "core/base/visible.h"
#include "core/events/event_table.h"

namespace belljar {
namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;

}  // namespace

std::string csvCell(std::string_view text)
{
    std::string shown = visible(text);
    const bool formula = !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
    if (formula) shown.insert(0, 1, '\'');
    if (shown.find_first_of("\",'") == std::string::npos) return shown;
    std::string quoted = "\"";
    for (const char c : shown) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

std::string secondsText(std::int64_t nanoseconds)
{
    const bool negative = nanoseconds < 0;
    const auto bits = static_cast<std::uint64_t>(nanoseconds);
    const std::uint64_t size = negative ? ~bits + 1 : bits;
    return fmt::format("{}{}.{:09}", negative ? "-" : "", size / kNsPerSecond, size % kNsPerSecond);
}

std::string wallTimeText(std::int64_t unixNs)
{
    using namespace std::chrono;
    // Rounded down, as times before 1970 must be; by hand, since floor() of the least value overflows.
    const std::int64_t rest = unixNs % 1'000'000'000;
    const std::int64_t second = unixNs / 1'000'000'000 - (rest < 0 ? 1 : 0);
    const std::int64_t day = second / 86400 - (second % 86400 < 0 ? 1 : 0);
    const year_month_day date{sys_days{days{day}}};
    const std::int64_t inDay = second - day * 86400;
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), inDay / 3600,
                       inDay / 60 % 60, inDay % 60, rest < 0 ? rest + 1'000'000'000 : rest);
}

RecordingLines::RecordingLines(const OpenRecording& recording)
    : m_recording(recording), m_parents(parentRows(recording.events.processTable))
{
}

std::int64_t RecordingLines::wallNs(std::size_t event) const
{
    // Both numbers are the file's: their sum may wrap around, but must not be undefined.
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(m_recording.header.startedUnixNs) +
                                     static_cast<std::uint64_t>(m_recording.events.times[event]));
}

void RecordingLines::readAncestors(std::uint32_t row)
{
    if (row == m_ancestorsOf) return;
    m_ancestorsOf = row;
    m_ancestorsCsv.clear();
    m_ancestorsJson.clear();
    std::string chain;
    const EventColumns& events = m_recording.events;
    const std::vector<std::uint32_t> rows = processChain(m_parents, row);
    for (auto at = std::next(rows.begin()); at != rows.end(); ++at) {
        const RecordedProcess& process = events.processTable[*at];
        const std::string_view name = events.texts[process.name];
        fmt::format_to(std::back_inserter(chain), "{}{}[{}]", chain.empty() ? "" : " < ", visible(name), process.pid);
        fmt::format_to(std::back_inserter(m_ancestorsJson), R"({}{{"pid":{},"processStart":{},"process":{}}})",
                       m_ancestorsJson.empty() ? "" : ",", process.pid, process.start, jsonQuote(name));
    }
    if (chain.empty()) return;
    // Escaped above; escaping it again would double its backslashes.
    const bool formula = std::string_view("=+-@").find(chain.front()) != std::string_view::npos;
    m_ancestorsCsv = formula ? "\"'" : "\"";
    for (const char c : chain) m_ancestorsCsv += c == '"' ? std::string("\"\"") : std::string(1, c);
    m_ancestorsCsv += '"';
}

void RecordingLines::text(std::size_t event, std::string& out)
{
    m_recording.events.read(event, m_event);
    out += eventLine(m_event, m_recording.header.rules);
}

void RecordingLines::json(std::size_t event, std::string& out)
{
    m_recording.events.read(event, m_event);
    readAncestors(m_recording.events.processes[event]);
    out += eventJson(m_event, m_recording.header.rules);
    out.pop_back();
    out += fmt::format(R"(,"wallTime":"{}","ancestors":[{}]}})", wallTimeText(wallNs(event)), m_ancestorsJson);
}

std::string RecordingLines::csvHead()
{
    return "sequence,seconds,pid,parentPid,process,kind,object,detail,result,verdict,rule,line,"
           "wallTime,insidePid,processStart,category,trust,origin,mechanism,absentOnHost,ancestors";
}

void RecordingLines::csv(std::size_t number, std::string& out)
{
    m_recording.events.read(number, m_event);
    const Event& event = m_event;
    readAncestors(m_recording.events.processes[number]);
    const std::vector<Rule>& rules = m_recording.header.rules;
    const Rule* rule = event.verdict != EventVerdict::none ? &rules[event.rule] : nullptr;
    const EventKindRow& row = eventRow(event.kind);
    fmt::format_to(std::back_inserter(out), "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}",
                   event.sequence, secondsText(event.timeNs), event.pid, event.parentPid, csvCell(event.processName),
                   row.name, csvCell(event.object), csvCell(event.detail), csvCell(resultText(event)),
                   verdictText(event), csvCell(rule != nullptr ? rule->text : std::string()),
                   rule != nullptr ? rule->place.line : 0, wallTimeText(wallNs(number)), event.insidePid,
                   event.processStart, categoryName(row.category), trustName(event.trust), originName(event.origin),
                   mechanismName(event.mechanism), event.absentOnHost ? 1 : 0, m_ancestorsCsv);
}

}  // namespace belljar
