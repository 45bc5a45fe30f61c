#include "app/cli/events_printer.h"

#include <array>
#include <cerrno>
#include <ctime>

#include <spdlog/fmt/fmt.h>

#include "app/cli/output.h"
#include "core/base/visible.h"
#include "core/events/recording_lines.h"

namespace belljar::cli {
namespace {

constexpr std::size_t kWriteSize = 1U << 16U;

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
        .number("startedUnixNs", header.startedUnixNs)
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

std::string endText(const OpenRecording& recording, std::size_t shown)
{
    std::string text = fmt::format("\n{} of {} events shown\n", shown, recording.events.size());
    text += recording.outcome ? "outcome   " + visible(describe(*recording.outcome)) + "\n"
                              : std::string("outcome   none: the session did not end in an orderly way\n");
    if (recording.losses.total() != 0) text += "lost      " + lossesText(recording.losses) + "\n";
    return text;
}

}  // namespace

std::string endJson(const OpenRecording& recording)
{
    JsonObject json;
    json.raw("outcome", recording.outcome ? outcomeJson(*recording.outcome) : "null");
    json.raw("losses", lossesJson(recording.losses));
    json.text("damage", recording.damage);
    return json.str();
}

void EventsPrinter::handOn()
{
    if (m_file == nullptr) {
        printOut(m_text);
    } else if (m_failure == 0) {
        errno = 0;
        if (std::fwrite(m_text.data(), 1, m_text.size(), m_file) != m_text.size()) m_failure = errno != 0 ? errno : EIO;
    }
    m_text.clear();
}

void EventsPrinter::add(std::string_view text)
{
    m_text += text;
    if (m_text.size() >= kWriteSize) handOn();
}

int EventsPrinter::finish()
{
    handOn();
    errno = 0;
    if (m_file != nullptr && m_failure == 0 && std::fflush(m_file) != 0) m_failure = errno != 0 ? errno : EIO;
    return m_failure;
}

void EventsPrinter::print(const OpenRecording& recording, const std::vector<std::uint32_t>& chosen, EventsFormat format)
{
    if (format == EventsFormat::text) add(headerText(recording.header));
    if (format == EventsFormat::jsonl) add(JsonObject().raw("header", headerJson(recording.header)).str() + "\n");
    if (format == EventsFormat::json) add("{\"header\":" + headerJson(recording.header) + ",\"events\":[");
    if (format == EventsFormat::csv) add(RecordingLines::csvHead() + std::string(kCsvLineEnd));

    RecordingLines lines(recording);
    std::string line;
    std::size_t shown = 0;
    for (const std::uint32_t event : chosen) {
        line = format == EventsFormat::json && shown++ != 0 ? "," : "";
        if (format == EventsFormat::text) lines.text(event, line);
        else if (format == EventsFormat::csv) lines.csv(event, line);
        else lines.json(event, line);
        if (format != EventsFormat::json) line += format == EventsFormat::csv ? kCsvLineEnd : "\n";
        add(line);
        if (format != EventsFormat::text || m_notes.empty()) continue;
        if (const auto note = m_notes.find(recording.events.sequence(event)); note != m_notes.end())
            add(fmt::format("{:11}bookmark at event {}{}{}\n", "", note->first, note->second.empty() ? "" : ": ",
                            visible(note->second)));
    }

    if (format == EventsFormat::text) add(endText(recording, chosen.size()));
    if (format == EventsFormat::jsonl && !m_notes.empty()) add("{\"bookmarks\":" + notesJson() + "}\n");
    if (format == EventsFormat::jsonl) add(endJson(recording) + "\n");
    if (format == EventsFormat::json) add("],\"bookmarks\":" + notesJson() + "," + endJson(recording).substr(1) + "\n");
}

std::string EventsPrinter::notesJson() const
{
    std::vector<std::string> notes;
    for (const auto& [event, note] : m_notes)
        notes.push_back(JsonObject().number("event", event).text("note", note).str());
    return jsonArray(notes);
}

void EventsPrinter::printCounts(const OpenRecording& recording, const EventSet& chosen, QueryFieldId field,
                                EventsFormat format)
{
    const QueryContext context{recording.header.rules, recording.header.startedUnixNs, nullptr};
    const std::string_view name = queryField(field).name;
    if (format == EventsFormat::csv) add(fmt::format("{},count,denied,firstNs,lastNs{}", name, kCsvLineEnd));
    if (format == EventsFormat::json) add(fmt::format(R"({{"field":"{}","groups":[)", name));
    bool first = true;
    for (const EventGroup& group : countEvents(recording.events, context, chosen, field)) {
        const std::string object = JsonObject()
                                       .text("value", group.value)
                                       .number("count", group.count)
                                       .number("denied", group.denied)
                                       .number("firstNs", group.firstNs)
                                       .number("lastNs", group.lastNs)
                                       .str();
        if (format == EventsFormat::text) add(fmt::format("{:>10}  {}\n", group.count, visible(group.value)));
        if (format == EventsFormat::jsonl) add(object + "\n");
        if (format == EventsFormat::csv)
            add(fmt::format("{},{},{},{},{}{}", csvCell(group.value), group.count, group.denied, group.firstNs,
                            group.lastNs, kCsvLineEnd));
        if (format == EventsFormat::json) add((first ? "" : ",") + object);
        first = false;
    }
    if (format == EventsFormat::json) add("]," + endJson(recording).substr(1) + "\n");
}

}  // namespace belljar::cli
