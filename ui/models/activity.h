// How much each process did when: counts in bins of time for the timeline, at three resolutions, while events come.
//
// Bins become twice as wide whenever the session outgrows them, so memory depends on what happened and not on how long.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/events/recording_columns.h"

namespace belljar {

class Activity {
public:
    static constexpr std::uint32_t kFinestBins = 65'536;  ///< Of the whole session, at the finest level.
    static constexpr std::size_t kLevels = 3;
    static constexpr std::uint32_t kLevelFactor = 16;  ///< Bins of a level that are one of the next.
    static constexpr std::size_t kMostGaps = 10'000;

    struct Bin {
        std::uint32_t number = 0;  ///< It begins at `number` x width of its level.
        std::uint32_t count = 0;
        std::uint32_t denied = 0;
    };
    struct Lane {
        std::int32_t pid = 0;
        std::uint64_t start = 0;
        std::string name;  ///< Hostile text.
        std::uint64_t events = 0;
        std::uint64_t denied = 0;
        std::array<std::vector<Bin>, kLevels> bins;  ///< Ascending; only bins with events.
    };
    /// Where events are missing, in nanoseconds since the start.
    struct Gap {
        std::int64_t fromNs = 0;
        std::int64_t toNs = 0;
    };

    void reset() { *this = {}; }
    /// `events` begin as those before.
    void extend(const EventColumns& events);

    [[nodiscard]] const std::vector<Lane>& lanes() const { return m_lanes; }
    /// Everything together.
    [[nodiscard]] const Lane& total() const { return m_total; }
    /// Those with the most events, the most first.
    [[nodiscard]] std::vector<const Lane*> busiest(std::size_t most) const;
    [[nodiscard]] const std::vector<Gap>& gaps() const { return m_gaps; }
    /// Events whose numbers are missing in between.
    [[nodiscard]] std::uint64_t missing() const { return m_missing; }
    [[nodiscard]] std::int64_t endNs() const { return m_endNs; }
    [[nodiscard]] std::int64_t binNs(std::size_t level) const;
    /// The coarsest level with bins of at most `ns`; 0 when there is none.
    [[nodiscard]] std::size_t levelFor(std::int64_t ns) const;
    /// Sum of the bins of a lane that begin in a period.
    [[nodiscard]] static Bin sum(const std::vector<Bin>& bins, std::uint64_t firstBin, std::uint64_t endBin);

private:
    void widen();
    void takeRows(const EventColumns& events);
    void noteGaps(const EventColumns& events, std::size_t first);
    static void add(Lane& lane, std::uint32_t finestBin, bool denied);

    std::vector<Lane> m_lanes;
    Lane m_total;
    std::map<std::pair<std::int32_t, std::uint64_t>, std::uint32_t> m_byProcess;
    std::vector<std::uint32_t> m_laneOfRow;
    std::vector<Gap> m_gaps;
    std::size_t m_seen = 0;
    std::size_t m_seenRuns = 0;
    std::uint64_t m_nextSequence = 1;  ///< Expected after the last numbered run that was seen.
    std::uint64_t m_missing = 0;
    std::int64_t m_endNs = 0;
    int m_shift = 20;  ///< The finest bins are 2^shift ns wide: at first about a millisecond.
};

}  // namespace belljar
