#include "core/events/recording_columns.h"

#include <algorithm>
#include <tuple>

namespace belljar {

std::uint64_t EventColumns::sequence(std::size_t event) const
{
    const auto* const after = std::upper_bound(sequenceRuns.begin(), sequenceRuns.end(), event,
                                               [](std::size_t e, const SequenceRun& run) { return e < run.event; });
    if (after == sequenceRuns.begin()) return 0;
    const SequenceRun& run = *std::prev(after);
    return run.sequence + (event - run.event);
}

std::size_t EventColumns::eventOf(std::uint64_t wanted) const
{
    for (std::size_t run = 0; run < sequenceRuns.size(); ++run) {
        const SequenceRun& begin = sequenceRuns[run];
        const std::size_t end = run + 1 < sequenceRuns.size() ? sequenceRuns[run + 1].event : size();
        if (wanted >= begin.sequence && wanted - begin.sequence < end - begin.event)
            return begin.event + static_cast<std::size_t>(wanted - begin.sequence);
    }
    return size();
}

EventColumns EventColumns::from(std::size_t first) const
{
    EventColumns rest(*this);
    rest.times = times.from(first);
    for (auto column :
         {&EventColumns::processes, &EventColumns::objects, &EventColumns::details, &EventColumns::shapes})
        rest.*column = (this->*column).from(first);
    rest.sequenceRuns = {};
    if (first < size()) rest.sequenceRuns.push_back({0, sequence(first)});
    for (const SequenceRun& run : sequenceRuns)
        if (run.event > first) rest.sequenceRuns.push_back({run.event - first, run.sequence});
    return rest;
}

void show(const RecordedProcess& process, const TextTable& texts, Event& into)
{
    into.pid = process.pid;
    into.parentPid = process.parentPid;
    into.insidePid = process.insidePid;
    into.processStart = process.start;
    into.processName = texts[process.name];
}

void show(const EventShape& shape, Event& into)
{
    into.kind = shape.kind;
    into.result = shape.result;
    into.trust = shape.trust;
    into.verdict = shape.verdict;
    into.rule = shape.rule;
    into.origin = shape.origin;
    into.mechanism = shape.mechanism;
    into.absentOnHost = shape.absentOnHost;
}

void EventColumns::read(std::size_t event, Event& into) const
{
    into.sequence = sequence(event);
    into.timeNs = times[event];
    show(processTable[processes[event]], texts, into);
    show(shapeTable[shapes[event]], into);
    into.object = texts[objects[event]];
    into.detail = texts[details[event]];
}

Event EventColumns::event(std::size_t event) const
{
    Event out;
    read(event, out);
    return out;
}

std::vector<std::uint32_t> parentRows(std::span<const RecordedProcess> table)
{
    const auto count = static_cast<std::uint32_t>(table.size());
    const auto keyOf = [&](std::uint32_t row) { return std::tuple(table[row].pid, table[row].start, row); };
    std::vector<std::uint32_t> sorted(count);
    for (std::uint32_t row = 0; row < count; ++row) sorted[row] = row;
    std::sort(sorted.begin(), sorted.end(), [&](std::uint32_t a, std::uint32_t b) { return keyOf(a) < keyOf(b); });

    std::vector<std::uint32_t> parents(count, kNoProcess);
    for (std::uint32_t row = 0; row < count; ++row) {
        const RecordedProcess& child = table[row];
        // The last state of that id that is not younger than the child. States seen after the child's count only when
        // there is no earlier one of the same process.
        const auto after =
            std::upper_bound(sorted.begin(), sorted.end(), std::tuple(child.parentPid, child.start, kNoProcess),
                             [&](const auto& wanted, std::uint32_t candidate) { return wanted < keyOf(candidate); });
        if (after == sorted.begin()) continue;
        const RecordedProcess& parent = table[*std::prev(after)];
        if (parent.pid != child.parentPid || (parent.pid == child.pid && parent.start == child.start)) continue;
        const auto first =
            std::lower_bound(sorted.begin(), after, std::tuple(parent.pid, parent.start, std::uint32_t{0}),
                             [&](std::uint32_t candidate, const auto& wanted) { return keyOf(candidate) < wanted; });
        const auto later = std::upper_bound(first, after, row);
        parents[row] = later == first ? *first : *std::prev(later);
    }
    return parents;
}

std::vector<std::uint32_t> processChain(const std::vector<std::uint32_t>& parents, std::uint32_t row)
{
    constexpr std::size_t kLongest = 256;
    std::vector<std::uint32_t> chain;
    while (row != kNoProcess && chain.size() < kLongest && std::find(chain.begin(), chain.end(), row) == chain.end()) {
        chain.push_back(row);
        row = parents[row];
    }
    return chain;
}

}  // namespace belljar
