#include "core/events/event_summary.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <string_view>
#include <tuple>
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
        case AccessKind::connect:
        case AccessKind::resolve: return &EventSummary::connects;
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

    /// After the last event: processes change their names.
    [[nodiscard]] std::string_view name(std::size_t place) const
    {
        if (m_kind != SummaryKind::processes) return m_names[place];
        return m_events.texts[m_events.processTable[m_lastRows[place]].name];
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
        const Event& event = m_scratch.ofObject(row, m_textKind);
        const auto part = textOf(event, {}, field, buffer);
        if (!part) return kNoPlace;
        // The same part of the table's text, which stays where it is.
        const auto begin = static_cast<std::size_t>(part->data() - event.object.data());
        const std::string_view name = m_events.texts[row].substr(begin, part->size());
        const auto [known, isNew] = m_byName.try_emplace(name, static_cast<std::uint32_t>(rows.size()));
        if (isNew) {
            rows.emplace_back();
            m_names.push_back(name);
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
    std::unordered_map<std::string_view, std::uint32_t> m_byName;
    std::vector<std::string_view> m_names;
};

/// What the arguments of events say of bytes; each text is read once.
class Bytes {
public:
    explicit Bytes(const EventColumns& events) : m_scratch(events), m_known(events.texts.size(), kUnknown) {}

    void add(std::uint32_t text, EventKind kind, std::uint64_t& sum)
    {
        std::int64_t& known = m_known[text];
        if (known == kUnknown) known = numberOf(m_scratch.ofDetail(text, kind), {}, QueryFieldId::bytes).value_or(0);
        const auto more = static_cast<std::uint64_t>(known);
        // A hostile recording may add up to more than there is.
        sum = std::numeric_limits<std::uint64_t>::max() - more < sum ? std::numeric_limits<std::uint64_t>::max()
                                                                     : sum + more;
    }

private:
    static constexpr std::int64_t kUnknown = -1;
    ScratchEvent m_scratch;
    std::vector<std::int64_t> m_known;
};

}  // namespace

std::vector<EventSummary> summarize(const EventColumns& events, const EventSet& set, SummaryKind kind)
{
    std::vector<Increment> increments;
    for (const EventShape& shape : events.shapeTable) increments.push_back(incrementOf(shape, kind));
    std::vector<EventSummary> rows;
    Places places(events, kind);
    Bytes bytes(events);
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
        if (increment.bytes != nullptr)
            bytes.add(events.details[event], events.shapeTable[events.shapes[event]].kind, row.*increment.bytes);
    });
    std::vector<std::uint32_t> order(rows.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](std::uint32_t left, std::uint32_t right) {
        const EventSummary& a = rows[left];
        const EventSummary& b = rows[right];
        if (a.events != b.events) return a.events > b.events;
        const int names = places.name(left).compare(places.name(right));
        return names != 0 ? names < 0 : std::tie(a.pid, a.processStart) < std::tie(b.pid, b.processStart);
    });
    std::vector<EventSummary> sorted;
    sorted.reserve(rows.size());
    for (const std::uint32_t place : order) {
        sorted.push_back(std::move(rows[place]));
        sorted.back().name = places.name(place);
    }
    return sorted;
}

}  // namespace belljar
