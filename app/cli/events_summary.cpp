// belljar events --summary: what the chosen events add up to.
#include <array>

#include <spdlog/fmt/fmt.h>

#include "app/cli/events_printer.h"
#include "app/cli/output.h"
#include "core/base/visible.h"
#include "core/events/recording_lines.h"

namespace belljar::cli {
namespace {

struct Column {
    std::string_view key;    ///< In JSON and CSV.
    std::string_view title;  ///< For people.
    std::uint64_t EventSummary::*member;
};

constexpr std::array<Column, 11> kColumns{{{"events", "events", &EventSummary::events},
                                           {"denied", "denied", &EventSummary::denied},
                                           {"absent", "absent", &EventSummary::absent},
                                           {"opens", "opens", &EventSummary::opens},
                                           {"reads", "reads", &EventSummary::reads},
                                           {"writes", "writes", &EventSummary::writes},
                                           {"looks", "looks", &EventSummary::looks},
                                           {"connects", "connects", &EventSummary::connects},
                                           {"listens", "listens", &EventSummary::listens},
                                           {"bytesRead", "bytes read", &EventSummary::bytesRead},
                                           {"bytesWritten", "written", &EventSummary::bytesWritten}}};

/// People do not need columns that have only zeros.
std::vector<Column> columnsFor(const std::vector<EventSummary>& rows)
{
    std::vector<Column> columns;
    for (const Column& column : kColumns) {
        bool used = column.member == &EventSummary::events || column.member == &EventSummary::denied;
        for (std::size_t i = 0; i < rows.size() && !used; ++i) used = rows[i].*column.member != 0;
        if (used) columns.push_back(column);
    }
    return columns;
}

std::string seconds(std::int64_t ns)
{
    return fmt::format("{:.3f}", static_cast<double>(ns) / 1e9);
}

std::string rowJson(const EventSummary& row, SummaryKind kind)
{
    JsonObject json;
    json.text("name", row.name);
    if (kind == SummaryKind::processes)
        json.number("pid", row.pid).number("parentPid", row.parentPid).number("processStart", row.processStart);
    for (const Column& column : kColumns) json.number(column.key, row.*column.member);
    return json.number("firstNs", row.firstNs).number("lastNs", row.lastNs).str();
}

std::string rowText(const EventSummary& row, SummaryKind kind, const std::vector<Column>& columns)
{
    std::string line;
    for (const Column& column : columns) line += fmt::format("{:>11}", row.*column.member);
    line += fmt::format("{:>11}{:>11}  {}", seconds(row.firstNs), seconds(row.lastNs), visible(row.name));
    if (kind == SummaryKind::processes) line += fmt::format("[{}]", row.pid);
    return line + "\n";
}

std::string rowCsv(const EventSummary& row, SummaryKind kind)
{
    std::string line = csvCell(row.name);
    if (kind == SummaryKind::processes) line += fmt::format(",{},{},{}", row.pid, row.parentPid, row.processStart);
    for (const Column& column : kColumns) line += fmt::format(",{}", row.*column.member);
    return line + fmt::format(",{},{}", row.firstNs, row.lastNs);
}

std::string headText(const std::vector<Column>& columns)
{
    std::string line;
    for (const Column& column : columns) line += fmt::format("{:>11}", column.title);
    return line + fmt::format("{:>11}{:>11}  name\n", "first s", "last s");
}

std::string headCsv(SummaryKind kind)
{
    std::string line = kind == SummaryKind::processes ? "name,pid,parentPid,processStart" : "name";
    for (const Column& column : kColumns) line += "," + std::string(column.key);
    return line + ",firstNs,lastNs";
}

}  // namespace

void EventsPrinter::printSummary(const OpenRecording& recording, const EventSet& chosen, SummaryKind kind,
                                 EventsFormat format)
{
    const std::vector<EventSummary> rows = summarize(recording.events, chosen, kind);
    const std::vector<Column> columns = columnsFor(rows);
    if (format == EventsFormat::text) add(headText(columns));
    if (format == EventsFormat::csv) add(headCsv(kind) + std::string(kCsvLineEnd));
    if (format == EventsFormat::json) add("{\"rows\":[");
    bool first = true;
    for (const EventSummary& row : rows) {
        if (format == EventsFormat::text) add(rowText(row, kind, columns));
        if (format == EventsFormat::jsonl) add(rowJson(row, kind) + "\n");
        if (format == EventsFormat::csv) add(rowCsv(row, kind) + std::string(kCsvLineEnd));
        if (format == EventsFormat::json) add((first ? "" : ",") + rowJson(row, kind));
        first = false;
    }
    if (format == EventsFormat::json) add("]," + sessionEndJson(recording).substr(1) + "\n");
}

}  // namespace belljar::cli
