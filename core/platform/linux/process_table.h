// Who is who among the processes of one sandbox, seen from outside.
//
// A notification names a thread; people think in processes. The table maps threads to processes, keeps name, parent and
// start time, and holds a pidfd for each, so that an end is noticed and a reused number is never taken for the old one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

struct ProcessEntry {
    std::int32_t pid = 0;  ///< On the host.
    std::int32_t parentPid = 0;
    std::uint64_t startTicks = 0;  ///< Clock ticks since boot.
    std::string name;
    bool nameIsStale = false;     ///< It has run another program since.
    bool isNew = true;            ///< Not yet reported as forked.
    std::optional<int> exitCode;  ///< From exit_group, before the end is seen.
    UniqueFd pidfd;
};

class ProcessTable {
public:
    /// The process that thread `tid` belongs to; nullptr when it is gone already. The entry stays valid until remove().
    ProcessEntry* find(std::int32_t tid);
    [[nodiscard]] ProcessEntry* byPid(std::int32_t pid);
    void remove(std::int32_t pid);
    [[nodiscard]] std::unordered_map<std::int32_t, ProcessEntry>& all() { return m_processes; }

private:
    std::unordered_map<std::int32_t, ProcessEntry> m_processes;
    std::unordered_map<std::int32_t, std::int32_t> m_threads;  ///< tid → pid, for threads that are not the first.
};

/// The process of thread `tid`; 0 when it is gone.
[[nodiscard]] std::int32_t processOf(std::int32_t tid);

/// How an ended process ended, from its pidfd: the wait status, when the kernel tells (PIDFD_GET_INFO, Linux 6.15).
[[nodiscard]] std::optional<int> waitStatusOf(int pidfd);

}  // namespace belljar::linux_platform
