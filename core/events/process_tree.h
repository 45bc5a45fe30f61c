// Who started whom, as the events of a session tell it: for conditions on a process and everything below it.
//
// A process is known by its id and start time, since ids are reused. Its parent is the one that its first event names,
// so that a process whose parent has ended, and which then belongs to another, stays where it was started.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>

#include "core/model/event.h"

namespace belljar {

class ProcessTree {
public:
    /// How far up is looked: what a sandbox makes up must not cost more.
    static constexpr int kMostSteps = 256;
    /// How many are remembered, the first that come: about 64 MB. Of later ones only the parent that each event names.
    static constexpr std::size_t kMostProcesses = 1'000'000;

    /// Events must come in their order. Takes memory for each process, not for each event.
    void add(const Event& event) { add(event.pid, event.processStart, event.parentPid); }
    void add(std::int32_t pid, std::uint64_t start, std::int32_t parentPid);

    /// Calls `fits(pid)` for the process, its parent and so on up, until one fits. Works also for processes that were
    /// never added; where nothing is known of a parent, its id is the last.
    template <class Fits>
    [[nodiscard]] bool anyUpwards(std::int32_t pid, std::uint64_t start, std::int32_t parentPid, Fits&& fits) const
    {
        if (fits(pid)) return true;
        const auto known = m_parents.find({pid, start});
        std::int32_t next = known == m_parents.end() ? parentPid : known->second;
        for (int step = 0; step < kMostSteps && next > 0; ++step) {
            if (fits(next)) return true;
            // The process of that id that was started last before the one below it.
            auto above = m_parents.upper_bound({next, start});
            if (above == m_parents.begin() || (--above)->first.first != next) return false;
            start = above->first.second;
            next = above->second;
        }
        return false;
    }

private:
    std::map<std::pair<std::int32_t, std::uint64_t>, std::int32_t> m_parents;  ///< (pid, start) → its parent's pid.
};

}  // namespace belljar
