// belljar events: what a recording holds.
#include <charconv>

#include <spdlog/fmt/fmt.h>

#include "app/cli/events_printer.h"
#include "app/cli/expectations.h"
#include "app/cli/option_parser.h"
#include "app/cli/output.h"
#include "app/cli/query_option.h"
#include "app/cli/verb.h"
#include "core/base/json_object.h"
#include "core/base/visible.h"
#include "core/events/event_order.h"
#include "core/events/query.h"
#include "core/events/recording_file.h"
#include "core/events/recording_notes.h"
#include "core/events/recording_sqlite.h"

namespace belljar::cli {
namespace {

/// What the command line asks for.
struct Choice {
    std::optional<std::string> file;
    std::optional<std::string> formatName;
    std::optional<std::string> output;
    std::optional<std::string> filter;
    std::optional<std::string> countBy;
    std::optional<std::string> summary;
    std::optional<std::string> sort;
    std::optional<std::string> bookmark;
    std::optional<std::string> note;
    std::optional<std::string> removeBookmark;
    bool deniedOnly = false;
    bool bookmarksOnly = false;
    bool masksSecrets = false;
    bool json = false;

    Query query;
    Expectations expected;
    std::optional<QueryFieldId> countField;
    std::optional<QueryFieldId> sortField;
    bool sortDescending = false;

    [[nodiscard]] SummaryKind summaryKind() const
    {
        if (summary == "hosts") return SummaryKind::hosts;
        return summary == "processes" ? SummaryKind::processes : SummaryKind::files;
    }
    [[nodiscard]] bool changesNotes() const { return bookmark || removeBookmark; }
    [[nodiscard]] bool sqlite() const { return formatName == "sqlite"; }
    [[nodiscard]] EventsFormat format() const
    {
        if (json) return EventsFormat::json;
        if (formatName == "jsonl") return EventsFormat::jsonl;
        return formatName == "csv" ? EventsFormat::csv : EventsFormat::text;
    }
};

/// False: events cannot be counted (or, as `option` says, sorted) by that, and that has been said.
bool parseField(const std::string& name, const std::string& option, std::optional<QueryFieldId>& field, bool json)
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
         "Events cannot be " + std::string(option == "--sort" ? "sorted" : "counted") + " by '" + name + "'",
         option,
         {},
         nearest.empty() ? fmt::format("write one of {}", fmt::join(names, ", ")) : "did you mean '" + nearest + "'?"},
        json);
    return false;
}

/// Options that do not go together; false: that has been said.
bool agrees(const Choice& choice)
{
    std::string option = "--expect";
    const auto refuse = [&](std::string message, std::string hint) {
        reportError({ErrorCode::malformedRequest, std::move(message), option, {}, std::move(hint)}, choice.json);
        return false;
    };
    const bool shows = choice.filter || choice.formatName || choice.output || choice.summary || choice.countBy ||
                       choice.changesNotes() || choice.bookmarksOnly || choice.deniedOnly || choice.sort;
    if (!choice.expected.empty() && shows)
        return refuse("Expectations are checked, and nothing is shown", "leave out the other options");
    option = "--summary";
    if (choice.summary && choice.countBy) return refuse("Counts and sums are two answers", "leave out --count-by");
    option = "--note";
    if (choice.note && !choice.bookmark) return refuse("A note stands at an event", "add --bookmark NUMBER");
    option = "--format sqlite";
    if (!choice.sqlite()) return true;
    if (!choice.output) return refuse("A database is not written to standard output", "add --output FILE");
    if (choice.json) return refuse("A database is no JSON document", "leave out --json");
    if (choice.masksSecrets) return refuse("Secrets are masked in texts only", "use --format csv or jsonl");
    if (choice.countBy || choice.summary)
        return refuse("Counts are not written as a database", "use --format csv, or count in SQL");
    return true;
}

/// Bookmarks `number`, or takes its bookmark away when `note` is absent.
Result<void> changeNote(const OpenRecording& recording, const std::string& number, const std::string* note,
                        EventNotes& notes)
{
    std::uint64_t sequence = 0;
    const auto read = std::from_chars(number.data(), number.data() + number.size(), sequence);
    const bool isNumber = read.ec == std::errc() && read.ptr == number.data() + number.size();
    const bool known =
        note != nullptr ? recording.events.eventOf(sequence) < recording.events.size() : notes.contains(sequence);
    if (!isNumber || !known)
        return Error{
            ErrorCode::malformedRequest,
            note != nullptr ? "There is no event '" + number + "'" : "There is no bookmark at '" + number + "'",
            {},
            {},
            "With --format jsonl each event says its number, as \"sequence\"."};
    if (note != nullptr) notes[sequence] = *note;
    else notes.erase(sequence);
    return {};
}

/// The bookmarks, changed as asked.
Result<EventNotes> notesOf(const OpenRecording& recording, const Choice& choice)
{
    Result<EventNotes> notes = readNotes(*choice.file, recording.header.sessionId);
    if (!notes || !choice.changesNotes()) return notes;
    const std::string text = choice.note.value_or("");
    Result<void> changed;
    if (choice.bookmark) changed = changeNote(recording, *choice.bookmark, &text, *notes);
    if (changed && choice.removeBookmark) changed = changeNote(recording, *choice.removeBookmark, nullptr, *notes);
    if (!changed) return std::move(changed).error();
    if (Result<void> written = writeNotes(*choice.file, recording.header.sessionId, *notes); !written)
        return std::move(written).error();
    return notes;
}

EventSet chosenEvents(const OpenRecording& recording, const Choice& choice, const EventNotes& notes)
{
    const EventColumns& events = recording.events;
    const QueryContext context{recording.header.rules, recording.header.startedUnixNs, nullptr};
    EventSet chosen = selectEvents(events, context, choice.query);
    if (choice.bookmarksOnly || choice.changesNotes()) {
        EventSet noted(events.size());
        for (const auto& [sequence, note] : notes)
            if (const std::size_t event = events.eventOf(sequence); event < events.size() && chosen.has(event))
                noted.words()[event / EventSet::kWordBits] |= std::uint64_t{1} << event % EventSet::kWordBits;
        chosen = std::move(noted);
    }
    if (!choice.deniedOnly) return chosen;
    for (std::size_t event = 0; event < events.size(); ++event) {
        const EventShape& shape = events.shapeTable[events.shapes[event]];
        if (shape.verdict == EventVerdict::denied && !shape.absentOnHost) continue;
        chosen.words()[event / EventSet::kWordBits] &= ~(std::uint64_t{1} << event % EventSet::kWordBits);
    }
    return chosen;
}

std::vector<std::uint32_t> sorted(const OpenRecording& recording, const EventSet& chosen, const Choice& choice)
{
    const QueryContext context{recording.header.rules, recording.header.startedUnixNs, nullptr};
    return sortedEvents(recording.events, context, chosen, *choice.sortField, choice.sortDescending);
}

/// Whether the recording shows what was expected, which is said.
bool isAsExpected(const OpenRecording& recording, Choice& choice)
{
    choice.expected.see(recording.events, {recording.header.rules, recording.header.startedUnixNs, nullptr});
    // What is missing at a recording's end may be one event or many.
    const bool isWhole = recording.damage.empty() && recording.outcome;
    const std::uint64_t lost = recording.losses.total() + (isWhole ? 0 : 1);
    if (choice.json) printOut(JsonObject().raw("expectations", choice.expected.json(lost)).str() + "\n");
    else printErr(choice.expected.text(lost));
    if (!choice.json && recording.header.trace == "standard")
        printErr("belljar: recorded with the standard trace, which sees no reads\n");
    return choice.expected.areMet(lost);
}

Result<void> write(const OpenRecording& recording, const Choice& choice)
{
    const Result<EventNotes> notes = notesOf(recording, choice);
    if (!notes) return notes.error();
    const EventSet chosen = chosenEvents(recording, choice, *notes);
    if (choice.sqlite()) return writeSqlite(recording, chosen, *choice.output);
    const auto order = [&] { return choice.sortField ? sorted(recording, chosen, choice) : chosen.numbers(); };
    const bool isExport = choice.output && !choice.countField && !choice.summary;
    if (isExport)
        return exportEventsTo(*choice.output, recording, order(), *notes, choice.format(), choice.masksSecrets);
    FilePointer file;
    if (choice.output) {
        Result<FilePointer> made = makeNewFile(*choice.output, "the file");
        if (!made) return std::move(made).error();
        file = std::move(made).value();
    }
    EventsPrinter printer(file.get(), *notes, choice.masksSecrets);
    if (choice.countField) printer.printCounts(recording, chosen, *choice.countField, choice.format());
    else if (choice.summary) printer.printSummary(recording, chosen, choice.summaryKind(), choice.format());
    else printer.print(recording, order(), choice.format());
    if (const int failure = printer.finish(); failure != 0)
        return fileError(*choice.output, "the file could not be written in full", failure);
    return {};
}

}  // namespace

int eventsVerb(const Arguments& arguments)
{
    Choice choice;
    OptionParser parser(
        "events RECORDING [OPTIONS]",
        "Shows a recording. Exit code 0: read to its end, 1: damaged (what is readable is shown), unreadable, "
        "or not as expected, 2: the command line or a query is wrong.");
    parser.positional("RECORDING", choice.file, "A file made with belljar run --record", true);
    parser.choice("--format", choice.formatName, {"text", "pretty", "jsonl", "csv", "sqlite"},
                  "For people (default, also called pretty), one JSON object a line, a table, a database");
    parser.option("--output", choice.output, "FILE", "Write to this new file instead of standard output");
    parser.flag("--denied", choice.deniedOnly, "Only what was denied and exists on this machine");
    parser.option("--filter", choice.filter, "QUERY",
                  "Only events that fit, such as 'verdict=denied path:/etc/* not proc=ls'; see queries.md");
    choice.expected.addTo(parser);
    parser.option("--sort", choice.sort, "FIELD", "In the order of a field's values; -FIELD the other way round");
    parser.flag("--bookmarks", choice.bookmarksOnly, "Only events that are bookmarked, with their notes");
    parser.option("--bookmark", choice.bookmark, "NUMBER", "Bookmark this event, then show the bookmarks");
    parser.option("--note", choice.note, "TEXT", "What is noted at that bookmark");
    parser.option("--remove-bookmark", choice.removeBookmark, "NUMBER",
                  "Take this bookmark away, then show the others");
    parser.option("--count-by", choice.countBy, "FIELD",
                  "Only how many events have each value of a field, such as path");
    parser.choice("--summary", choice.summary, {"files", "hosts", "processes"},
                  "Only what the events add up to, for each file, each peer in the network, or each process");
    parser.flag("--mask-secrets", choice.masksSecrets,
                "Write ******** for what looks like a password, key or token, as for somebody else to read");
    parser.flag("--json", choice.json, "Print one JSON document");
    if (const std::optional<int> code = parser.parse(arguments, kUsage)) return *code;

    if (choice.filter && !parseQueryOption("--filter", *choice.filter, choice.query, choice.json)) return kUsage;
    if (!choice.expected.parse(choice.json)) return kUsage;
    if (choice.countBy && !parseField(*choice.countBy, "--count-by", choice.countField, choice.json)) return kUsage;
    if (choice.sort) {
        choice.sortDescending = choice.sort->starts_with('-');
        if (!parseField(choice.sort->substr(choice.sortDescending ? 1 : 0), "--sort", choice.sortField, choice.json))
            return kUsage;
    }
    if (!agrees(choice)) return kUsage;
    const Result<OpenRecording> recording = openRecording(*choice.file);
    if (!recording) {
        reportError(recording.error(), choice.json);
        return kProblem;
    }
    if (!choice.expected.empty()) return isAsExpected(*recording, choice) ? kOk : kProblem;
    if (Result<void> written = write(*recording, choice); !written) {
        reportError(written.error(), choice.json);
        return kProblem;
    }
    if (recording->damage.empty()) return kOk;
    if (!choice.json)
        printErr("belljar: " + visible(*choice.file) + ": the recording is damaged at " + visible(recording->damage) +
                 "; everything before it was shown\n");
    return kProblem;
}

}  // namespace belljar::cli
