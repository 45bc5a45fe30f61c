#include "core/events/event_summary.h"

#include <algorithm>
#include <limits>
#include <map>
#include <unordered_map>
#include <utility>

#include "core/events/column_condition.h"
#include "core/events/event_table.h"

namespace belljar {
namespace {

constexpr std::uint32_t kNoPlace = std::numeric_limits<std::uint32_t>::max();

/// What one event of a shape adds.
struct Increment {
    bool counts = false;  ///< False: such events have no part in this summary.
    std::uint64_t EventSummary::*access = nullptr;
    bool opens = false;
    bool denied = false;
    bool absent = false;
    std::uint64_t EventSummary::*bytes = nullptr;
};

std::uint64_t EventSummary::*accessMember(EventKind kind)
{
    if (kind == EventKind::netListen || kind == EventKind::netAccept) return &EventSummary::listens;
    const auto access = eventRow(kind).access;
    if (!access) return nullptr;
    switch (*access) {
        case AccessKind::read:
        case AccessKind::list:
        case AccessKind::execute: return &EventSummary::reads;
        case AccessKind::write:
        case AccessKind::create:
        case AccessKind::remove: return &EventSummary::writes;
        case AccessKind::stat: return &EventSummary::looks;
        case AccessKind::connect: return &EventSummary::connects;
        case AccessKind::bind: return &EventSummary::listens;
        default: return nullptr;
    }
}

Increment incrementOf(const EventShape& shape, SummaryKind summary)
{
    Increment increment;
    const EventKind kind = shape.kind;
    increment.counts = summary != SummaryKind::hosts || kindHasField(kind, QueryFieldId::host);
    increment.access = accessMember(kind);
    increment.opens = kind == EventKind::fileOpen || kind == EventKind::fileOpenWrite || kind == EventKind::fileCreate;
    increment.denied = shape.verdict == EventVerdict::denied && !shape.absentOnHost;
    increment.absent = shape.verdict == EventVerdict::denied && shape.absentOnHost;
    if (kind == EventKind::fileBytesRead) increment.bytes = &EventSummary::bytesRead;
    if (kind == EventKind::fileBytesWritten) increment.bytes = &EventSummary::bytesWritten;
    return increment;
}

/// Finds the place of what an event belongs to; each row of a table is looked at once.
class Places {
public:
    Places(const EventColumns& events, SummaryKind kind)
        : m_events(events),
          m_kind(kind),
          m_scratch(events),
          m_textKind(kindWith(QueryFieldId::host)),
          m_places(kind == SummaryKind::processes ? events.processTable.size() : events.texts.size(), kUnknown)
    {
    }

    /// kNoPlace: it belongs to nothing (a file's event whose object is no path).
    std::uint32_t of(std::size_t event, std::vector<EventSummary>& rows)
    {
        const bool processes = m_kind == SummaryKind::processes;
        const std::uint32_t row = processes ? m_events.processes[event] : m_events.objects[event];
        std::uint32_t& place = m_places[row];
        if (place == kUnknown) place = processes ? placeOfProcess(row, rows) : placeOfObject(row, rows);
        if (processes) m_lastRows[place] = row;
        return place;
    }

    /// Processes change their names: after the last event.
    void nameProcesses(std::vector<EventSummary>& rows) const
    {
        for (std::size_t place = 0; place < m_lastRows.size(); ++place)
            rows[place].name = m_events.texts[m_events.processTable[m_lastRows[place]].name];
    }

private:
    static constexpr std::uint32_t kUnknown = kNoPlace - 1;

    std::uint32_t placeOfProcess(std::uint32_t row, std::vector<EventSummary>& rows)
    {
        const RecordedProcess& process = m_events.processTable[row];
        const auto [known, isNew] =
            m_byProcess.try_emplace({process.pid, process.start}, static_cast<std::uint32_t>(rows.size()));
        if (isNew) {
            EventSummary summary;
            summary.pid = process.pid;
            summary.parentPid = process.parentPid;
            summary.processStart = process.start;
            rows.push_back(std::move(summary));
            m_lastRows.push_back(row);
        }
        return known->second;
    }

    std::uint32_t placeOfObject(std::uint32_t row, std::vector<EventSummary>& rows)
    {
        const QueryFieldId field = m_kind == SummaryKind::files ? QueryFieldId::path : QueryFieldId::host;
        std::string buffer;
        const auto name = textOf(m_scratch.ofObject(row, m_textKind), {}, field, buffer);
        if (!name) return kNoPlace;
        const auto [known, isNew] = m_byName.try_emplace(std::string(*name), static_cast<std::uint32_t>(rows.size()));
        if (isNew) {
            EventSummary summary;
            summary.name = *name;
            rows.push_back(std::move(summary));
        }
        return known->second;
    }

    const EventColumns& m_events;
    SummaryKind m_kind;
    ScratchEvent m_scratch;
    EventKind m_textKind;
    std::vector<std::uint32_t> m_places;    ///< For each row of the table: where in the result.
    std::vector<std::uint32_t> m_lastRows;  ///< For each process of the result: its last row.
    std::map<std::pair<std::int32_t, std::uint64_t>, std::uint32_t> m_byProcess;
    std::unordered_map<std::string, std::uint32_t> m_byName;
};

void addBytes(EventSummary& row, std::uint64_t EventSummary::*member, std::optional<std::int64_t> bytes)
{
    // A hostile recording may add up to more than there is.
    const auto more = static_cast<std::uint64_t>(bytes.value_or(0));
    row.*member = std::numeric_limits<std::uint64_t>::max() - more < row.*member
                      ? std::numeric_limits<std::uint64_t>::max()
                      : row.*member + more;
}

}  // namespace

std::vector<EventSummary> summarize(const EventColumns& events, const EventSet& set, SummaryKind kind)
{
    std::vector<Increment> increments;
    for (const EventShape& shape : events.shapeTable) increments.push_back(incrementOf(shape, kind));
    std::vector<EventSummary> rows;
    Places places(events, kind);
    ScratchEvent scratch(events);
    set.forEach([&](std::size_t event) {
        const Increment& increment = increments[events.shapes[event]];
        const std::uint32_t place = increment.counts ? places.of(event, rows) : kNoPlace;
        if (place == kNoPlace) return;
        EventSummary& row = rows[place];
        const std::int64_t time = events.times[event];
        row.firstNs = row.events == 0 ? time : std::min(row.firstNs, time);
        row.lastNs = row.events == 0 ? time : std::max(row.lastNs, time);
        ++row.events;
        if (increment.access != nullptr) ++(row.*increment.access);
        row.opens += increment.opens ? 1 : 0;
        row.denied += increment.denied ? 1 : 0;
        row.absent += increment.absent ? 1 : 0;
        if (increment.bytes == nullptr) return;
        const EventKind bytesKind = events.shapeTable[events.shapes[event]].kind;
        addBytes(row, increment.bytes,
                 numberOf(scratch.ofDetail(events.details[event], bytesKind), {}, QueryFieldId::bytes));
    });
    places.nameProcesses(rows);
    std::sort(rows.begin(), rows.end(), [](const EventSummary& a, const EventSummary& b) {
        if (a.events != b.events) return a.events > b.events;
        return std::tie(a.name, a.pid, a.processStart) < std::tie(b.name, b.pid, b.processStart);
    });
    return rows;
}

}  // namespace belljar
