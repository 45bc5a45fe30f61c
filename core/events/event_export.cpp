#include "core/events/event_export.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>

#include <spdlog/fmt/fmt.h>

#include "core/base/json_object.h"
#include "core/base/secret_text.h"
#include "core/base/visible.h"
#include "core/events/recording_file.h"
#include "core/events/recording_lines.h"
#include "core/events/session_json.h"

namespace belljar {
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

std::string exportedHeader(const RecordingHeader& header)
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

std::string notesJson(const EventNotes& bookmarks)
{
    std::vector<std::string> notes;
    for (const auto& [event, note] : bookmarks)
        notes.push_back(JsonObject().number("event", event).text("note", note).str());
    return jsonArray(notes);
}

}  // namespace

std::string sessionEndJson(const OpenRecording& recording)
{
    JsonObject json;
    json.raw("outcome", recording.outcome ? outcomeJson(*recording.outcome) : "null");
    json.raw("losses", lossesJson(recording.losses));
    json.text("damage", recording.damage);
    return json.str();
}

void exportEvents(const OpenRecording& recording, std::span<const std::uint32_t> chosen, const EventNotes& notes,
                  EventsFormat format, const TextSink& add)
{
    if (format == EventsFormat::text) add(headerText(recording.header));
    if (format == EventsFormat::jsonl) add(JsonObject().raw("header", exportedHeader(recording.header)).str() + "\n");
    if (format == EventsFormat::json) add("{\"header\":" + exportedHeader(recording.header) + ",\"events\":[");
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
        if (format != EventsFormat::text || notes.empty()) continue;
        if (const auto note = notes.find(recording.events.sequence(event)); note != notes.end())
            add(fmt::format("{:11}bookmark at event {}{}{}\n", "", note->first, note->second.empty() ? "" : ": ",
                            visible(note->second)));
    }

    if (format == EventsFormat::text) add(endText(recording, chosen.size()));
    if (format == EventsFormat::jsonl && !notes.empty()) add("{\"bookmarks\":" + notesJson(notes) + "}\n");
    if (format == EventsFormat::jsonl) add(sessionEndJson(recording) + "\n");
    if (format == EventsFormat::json)
        add("],\"bookmarks\":" + notesJson(notes) + "," + sessionEndJson(recording).substr(1) + "\n");
}

Result<void> exportEventsTo(const std::string& path, const OpenRecording& recording,
                            std::span<const std::uint32_t> chosen, const EventNotes& notes, EventsFormat format,
                            bool masksSecrets)
{
    const Result<FilePointer> file = makeNewFile(path, "the file");
    if (!file) return file.error();
    int failure = 0;
    std::string text;
    const auto handOn = [&] {
        errno = 0;
        if (failure == 0 && std::fwrite(text.data(), 1, text.size(), file->get()) != text.size())
            failure = errno != 0 ? errno : EIO;
        text.clear();
    };
    exportEvents(recording, chosen, notes, format, [&](std::string_view more) {
        if (masksSecrets) text += withoutSecrets(more);
        else text += more;
        if (text.size() >= kWriteSize) handOn();
    });
    handOn();
    errno = 0;
    if (failure == 0 && std::fflush(file->get()) != 0) failure = errno != 0 ? errno : EIO;
    if (failure != 0) return fileError(path, "the file could not be written in full", failure);
    return {};
}

}  // namespace belljar
