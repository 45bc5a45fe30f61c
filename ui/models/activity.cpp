#include "ui/models/activity.h"

#include <algorithm>

#include "core/events/event_table.h"

namespace belljar {

namespace {

constexpr std::int64_t kLatest = std::int64_t{1} << 61;  ///< Recordings may say anything; this leaves room for sums.

void addTo(std::vector<Activity::Bin>& bins, std::uint32_t number, bool denied)
{
    auto at = bins.end();
    if (bins.empty() || bins.back().number < number) {
        at = bins.insert(at, {number, 0, 0});
    } else if (bins.back().number != number) {  // Times mostly grow.
        at = std::lower_bound(bins.begin(), bins.end(), number,
                              [](const Activity::Bin& bin, std::uint32_t wanted) { return bin.number < wanted; });
        if (at->number != number) at = bins.insert(at, {number, 0, 0});
    } else {
        --at;
    }
    ++at->count;
    at->denied += denied ? 1 : 0;
}

void halve(std::vector<Activity::Bin>& bins)
{
    std::size_t kept = 0;
    for (const Activity::Bin& bin : bins) {
        const std::uint32_t number = bin.number / 2;
        if (kept != 0 && bins[kept - 1].number == number) {
            bins[kept - 1].count += bin.count;
            bins[kept - 1].denied += bin.denied;
        } else {
            bins[kept++] = {number, bin.count, bin.denied};
        }
    }
    bins.resize(kept);
}

}  // namespace

void Activity::add(Lane& lane, std::uint32_t finestBin, bool denied)
{
    ++lane.events;
    lane.denied += denied ? 1 : 0;
    for (std::vector<Bin>& bins : lane.bins) {
        addTo(bins, finestBin, denied);
        finestBin /= kLevelFactor;
    }
}

void Activity::widen()
{
    ++m_shift;
    for (std::vector<Bin>& bins : m_total.bins) halve(bins);
    for (Lane& lane : m_lanes)
        for (std::vector<Bin>& bins : lane.bins) halve(bins);
}

void Activity::takeRows(const EventColumns& events)
{
    while (m_laneOfRow.size() < events.processTable.size()) {
        const RecordedProcess& process = events.processTable[m_laneOfRow.size()];
        const auto [known, isNew] =
            m_byProcess.try_emplace({process.pid, process.start}, static_cast<std::uint32_t>(m_lanes.size()));
        if (isNew) {
            Lane lane;
            lane.pid = process.pid;
            lane.start = process.start;
            m_lanes.push_back(std::move(lane));
        }
        if (const std::string_view name = events.texts[process.name]; !name.empty()) m_lanes[known->second].name = name;
        m_laneOfRow.push_back(known->second);
    }
}

void Activity::noteGaps(const EventColumns& events, std::size_t first)
{
    const auto note = [this](std::int64_t from, std::int64_t to) {
        if (m_gaps.size() < kMostGaps) m_gaps.push_back({std::min(from, to), std::max(from, to)});
    };
    const auto noteRun = [&](const SequenceRun& run, std::size_t end) {
        if (run.sequence == 0) return;  // Belljar's own remark about a gap has no number.
        if (run.sequence > m_nextSequence) {
            m_missing += run.sequence - m_nextSequence;
            note(run.event == 0 ? 0 : events.times[run.event - 1], events.times[run.event]);
        }
        m_nextSequence = run.sequence + (end - run.event);
    };
    const auto& runs = events.sequenceRuns;
    // The last run grows: it is looked at again.
    for (std::size_t i = m_seenRuns; i < runs.size(); ++i)
        noteRun(runs[i], i + 1 < runs.size() ? runs[i + 1].event : events.size());
    m_seenRuns = runs.empty() ? 0 : runs.size() - 1;
    for (std::size_t event = first; event < events.size(); ++event)
        if (events.shapeTable[events.shapes[event]].kind == EventKind::sessionGap)
            note(event == 0 ? 0 : events.times[event - 1], events.times[event]);
}

void Activity::extend(const EventColumns& events)
{
    takeRows(events);
    noteGaps(events, m_seen);
    for (; m_seen < events.size(); ++m_seen) {
        const std::int64_t time = std::clamp<std::int64_t>(events.times[m_seen], 0, kLatest);
        const EventShape& shape = events.shapeTable[events.shapes[m_seen]];
        m_endNs = std::max(m_endNs, time);
        while ((time >> m_shift) >= kFinestBins) widen();
        const auto bin = static_cast<std::uint32_t>(time >> m_shift);
        const bool denied = isDenial(shape.verdict, shape.absentOnHost);
        add(m_lanes[m_laneOfRow[events.processes[m_seen]]], bin, denied);
        add(m_total, bin, denied);
    }
}

std::vector<const Activity::Lane*> Activity::busiest(std::size_t most) const
{
    std::vector<const Lane*> lanes;
    for (const Lane& lane : m_lanes)
        if (lane.events != 0) lanes.push_back(&lane);
    const std::size_t count = std::min(most, lanes.size());
    std::partial_sort(lanes.begin(), lanes.begin() + static_cast<std::ptrdiff_t>(count), lanes.end(),
                      [](const Lane* a, const Lane* b) {
                          return a->events != b->events ? a->events > b->events
                                                        : std::pair(a->pid, a->start) < std::pair(b->pid, b->start);
                      });
    lanes.resize(count);
    return lanes;
}

std::int64_t Activity::binNs(std::size_t level) const
{
    std::int64_t width = std::int64_t{1} << m_shift;
    for (std::size_t i = 0; i < level; ++i) width *= kLevelFactor;
    return width;
}

std::size_t Activity::levelFor(std::int64_t ns) const
{
    std::size_t level = kLevels - 1;
    while (level > 0 && binNs(level) > ns) --level;
    return level;
}

Activity::Bin Activity::sum(const std::vector<Bin>& bins, std::uint64_t firstBin, std::uint64_t endBin)
{
    Bin sum;
    const auto first = std::lower_bound(bins.begin(), bins.end(), firstBin,
                                        [](const Bin& bin, std::uint64_t wanted) { return bin.number < wanted; });
    for (auto bin = first; bin != bins.end() && bin->number < endBin; ++bin) {
        sum.count += bin->count;
        sum.denied += bin->denied;
    }
    return sum;
}

}  // namespace belljar
