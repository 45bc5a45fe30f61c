#include "core/platform/linux/process_table.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string_view>

#include <spdlog/fmt/fmt.h>

#include "core/platform/linux/target_memory.h"

namespace belljar::linux_platform {
namespace {

/// A small /proc file as text; empty when it cannot be read.
std::string readSmall(const char* format, std::int32_t id)
{
    char path[48];
    std::snprintf(path, sizeof path, format, id);
    const UniqueFd file(::open(path, O_RDONLY | O_CLOEXEC));
    if (!file) return {};
    char text[2048];
    const ssize_t length = ::read(file.get(), text, sizeof text);
    return length > 0 ? std::string(text, static_cast<std::size_t>(length)) : std::string();
}

struct StatFields {
    std::string name;
    std::int32_t parent = 0;
    std::uint64_t startTicks = 0;
};

/// /proc/PID/stat: "pid (comm) state ppid ...", start time is field 22. comm may hold anything, even ") ".
std::optional<StatFields> parseStat(const std::string& text)
{
    const std::size_t open = text.find('(');
    const std::size_t close = text.rfind(')');
    if (open == std::string::npos || close == std::string::npos || close < open) return std::nullopt;
    StatFields fields;
    fields.name = text.substr(open + 1, close - open - 1);
    constexpr int kParentField = 4;
    constexpr int kStartField = 22;
    int field = 3;  // the state follows the name
    std::size_t at = close + 2;
    while (at < text.size()) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        if (field == kParentField) std::from_chars(text.data() + at, text.data() + end, fields.parent);
        if (field == kStartField) {
            std::from_chars(text.data() + at, text.data() + end, fields.startTicks);
            return fields;
        }
        at = end + 1;
        ++field;
    }
    return std::nullopt;
}

bool threadBelongsTo(std::int32_t tid, std::int32_t pid)
{
    char path[64];
    std::snprintf(path, sizeof path, "/proc/%d/task/%d", pid, tid);
    return ::access(path, F_OK) == 0;
}

/// The number at the end of a line of /proc/PID/status; 0 when there is none.
std::int64_t statusNumber(const std::string& status, const char* key)
{
    const std::size_t at = status.find(key);
    if (at == std::string::npos) return 0;
    const std::size_t end = std::min(status.find('\n', at + 1), status.size());
    std::size_t begin = at + std::strlen(key);
    // The last of several: NStgid has one for each namespace. Sizes have their unit behind.
    for (std::size_t i = begin; i + 1 < end; ++i)
        if (status[i] == '\t' && status[i + 1] >= '0' && status[i + 1] <= '9') begin = i + 1;
    return std::strtoll(status.c_str() + begin, nullptr, 10);
}

constexpr std::size_t kMostProcesses = 20000;
constexpr std::chrono::milliseconds kThreadTrusted{50};

}  // namespace

std::int32_t processOf(std::int32_t tid)
{
    return static_cast<std::int32_t>(statusNumber(readSmall("/proc/%d/status", tid), "\nTgid:"));
}

ProcessEntry* ProcessTable::byPid(std::int32_t pid)
{
    const auto found = m_processes.find(pid);
    if (found == m_processes.end()) return nullptr;
    ProcessEntry& entry = found->second;
    if (entry.nameIsStale) {
        std::string name = readSmall("/proc/%d/comm", pid);
        if (!name.empty() && name.back() == '\n') name.pop_back();
        if (!name.empty()) entry.name = std::move(name);
        entry.nameIsStale = false;
    }
    return &entry;
}

ProcessEntry* ProcessTable::find(std::int32_t tid, Clock::time_point now)
{
    if (ProcessEntry* known = byPid(tid)) return known;
    if (const auto thread = m_threads.find(tid); thread != m_threads.end()) {
        Thread& of = thread->second;
        if (now < of.until || threadBelongsTo(tid, of.pid)) {
            of.until = now + kThreadTrusted;
            return byPid(of.pid);
        }
        m_threads.erase(thread);
    }
    const std::string status = readSmall("/proc/%d/status", tid);
    const auto pid = static_cast<std::int32_t>(statusNumber(status, "\nTgid:"));
    if (pid <= 0) return nullptr;
    if (pid != tid) {
        if (m_threads.size() >= kMostProcesses) m_threads.clear();
        m_threads[tid] = {pid, now + kThreadTrusted};
    }
    if (ProcessEntry* known = byPid(pid)) return known;
    return addProcess(pid, static_cast<std::int32_t>(statusNumber(status, "\nNStgid:")));
}

ProcessEntry* ProcessTable::addProcess(std::int32_t pid, std::int32_t insidePid)
{
    const std::optional<StatFields> fields = parseStat(readSmall("/proc/%d/stat", pid));
    if (!fields) return nullptr;
    // Only those whose end could not be awaited pile up, when we have no descriptors left.
    if (m_processes.size() >= kMostProcesses)
        std::erase_if(m_processes, [](const auto& pair) { return !pair.second.pidfd; });
    ProcessEntry entry;
    entry.pid = pid;
    entry.parentPid = fields->parent;
    entry.insidePid = insidePid;
    entry.startTicks = fields->startTicks;
    entry.name = fields->name;
    entry.pidfd = UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    return &m_processes.emplace(pid, std::move(entry)).first->second;
}

void ProcessTable::remove(std::int32_t pid)
{
    m_processes.erase(pid);
    std::erase_if(m_threads, [pid](const auto& pair) { return pair.second.pid == pid; });
}

const std::string& ProcessTable::workingFolder(ProcessEntry& process, std::int32_t tid, Clock::time_point now)
{
    const bool mine = process.folderChanger == 0 || process.folderChanger == tid;
    if (mine && now < process.folderUntil) return process.folder;
    char link[48];
    std::snprintf(link, sizeof link, "/proc/%d/cwd", tid);
    process.folder = linkedPath(link);
    process.folderUntil = {};
    if (!mine || m_foldersAreShared) return process.folder;
    process.folderChanger = 0;
    process.folderUntil = now + kFolderTrusted;
    return process.folder;
}

void ProcessTable::changesFolder(ProcessEntry& process, std::int32_t tid)
{
    constexpr std::int32_t kSeveral = -1;
    const bool alone = process.folderChanger == 0 || process.folderChanger == tid;
    process.folderChanger = alone ? tid : kSeveral;
    process.folderUntil = {};
}

void ProcessTable::forgetFolders()
{
    for (auto& [pid, entry] : m_processes) entry.folderUntil = {};
}

std::string usageOf(std::int32_t pid)
{
    clockid_t clock = 0;
    timespec used{};
    if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &used) != 0) return {};
    const std::int64_t milliseconds = used.tv_sec * 1000 + used.tv_nsec / 1'000'000;
    return fmt::format("cpu {} ms, peak {} KB", milliseconds,
                       statusNumber(readSmall("/proc/%d/status", pid), "\nVmHWM:"));
}

std::optional<int> waitStatusOf(int pidfd)
{
    // struct pidfd_info of Linux 6.15; the headers of Debian 12 do not have it. Older kernels refuse the ioctl.
    struct PidfdInfo {
        std::uint64_t mask;
        std::uint64_t cgroupId;
        std::uint32_t pid, tgid, ppid, ruid, rgid, euid, egid, suid, sgid, fsuid, fsgid;
        std::int32_t exitCode;
    };
    constexpr std::uint64_t kInfoExit = 1U << 3U;
    constexpr unsigned long kGetInfo = _IOWR(0xFF, 11, PidfdInfo);
    PidfdInfo info{};
    info.mask = kInfoExit;
    if (::ioctl(pidfd, kGetInfo, &info) != 0 || (info.mask & kInfoExit) == 0) return std::nullopt;
    return info.exitCode;
}

}  // namespace belljar::linux_platform
