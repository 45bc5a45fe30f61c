// Who is who among the processes of one sandbox, seen from outside.
//
// A notification names a thread; people think in processes. The table maps threads to processes, keeps name, parent,
// numbers, start time and working folder, and holds a pidfd for each, so that an end is noticed and a reused number is
// never taken for the old one. Files of /proc are read when a process is new, not for each call.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

struct ProcessEntry {
    std::int32_t pid = 0;  ///< On the host.
    std::int32_t parentPid = 0;
    std::int32_t insidePid = 0;    ///< In the sandbox; 0: not known.
    std::uint64_t startTicks = 0;  ///< Clock ticks since boot.
    std::string name;
    bool nameIsStale = false;  ///< It has run another program since.
    bool isNew = true;         ///< Not yet reported as forked.
    bool hasEnded = false;     ///< Its end has been reported.
    UniqueFd pidfd;

    std::string folder;  ///< Working folder, as far as it holds:
    std::chrono::steady_clock::time_point folderUntil;
    std::int32_t folderChanger = 0;  ///< The thread that is changing it; 0: none.
};

class ProcessTable {
public:
    using Clock = std::chrono::steady_clock;

    /// The process that thread `tid` belongs to; nullptr when it is gone already. The entry stays valid until remove().
    ProcessEntry* find(std::int32_t tid, Clock::time_point now);
    [[nodiscard]] ProcessEntry* byPid(std::int32_t pid);
    void remove(std::int32_t pid);
    [[nodiscard]] std::unordered_map<std::int32_t, ProcessEntry>& all() { return m_processes; }

    /// The working folder of `tid`, a thread of `process`; empty when it cannot be told. Read anew after
    /// kFolderTrusted, since others may rename it, and while it is being changed.
    static constexpr std::chrono::milliseconds kFolderTrusted{200};
    [[nodiscard]] const std::string& workingFolder(ProcessEntry& process, std::int32_t tid, Clock::time_point now);
    /// Thread `tid` is about to change it.
    static void changesFolder(ProcessEntry& process, std::int32_t tid);
    /// From now on working folders may have several owners: all are read each time.
    void sharesFolders() { m_foldersAreShared = true; }
    /// Folders have been renamed.
    void forgetFolders();

private:
    struct Thread {
        std::int32_t pid;
        Clock::time_point until;  ///< Sooner no number comes round again.
    };
    ProcessEntry* addProcess(std::int32_t pid, std::int32_t insidePid);

    std::unordered_map<std::int32_t, ProcessEntry> m_processes;
    std::unordered_map<std::int32_t, Thread> m_threads;  ///< Threads that are not the first.
    bool m_foldersAreShared = false;
};

/// The process of thread `tid`; 0 when it is gone.
[[nodiscard]] std::int32_t processOf(std::int32_t tid);

/// What a process that still lives has used so far: "cpu 12 ms, peak 3456 KB"; empty when it cannot be told.
[[nodiscard]] std::string usageOf(std::int32_t pid);

/// How an ended process ended, from its pidfd: the wait status, when the kernel tells (PIDFD_GET_INFO, Linux 6.15).
[[nodiscard]] std::optional<int> waitStatusOf(int pidfd);

}  // namespace belljar::linux_platform
