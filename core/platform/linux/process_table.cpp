#include "core/platform/linux/process_table.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string_view>

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

}  // namespace

std::int32_t processOf(std::int32_t tid)
{
    const std::string status = readSmall("/proc/%d/status", tid);
    const std::size_t at = status.find("\nTgid:");
    return at == std::string::npos ? 0 : std::atoi(status.c_str() + at + 6);
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

ProcessEntry* ProcessTable::find(std::int32_t tid)
{
    if (ProcessEntry* known = byPid(tid)) return known;
    if (const auto thread = m_threads.find(tid); thread != m_threads.end()) {
        if (threadBelongsTo(tid, thread->second)) return byPid(thread->second);
        m_threads.erase(thread);
    }
    const std::int32_t pid = processOf(tid);
    if (pid <= 0) return nullptr;
    if (pid != tid) m_threads[tid] = pid;
    if (ProcessEntry* known = byPid(pid)) return known;
    const std::optional<StatFields> fields = parseStat(readSmall("/proc/%d/stat", pid));
    if (!fields) return nullptr;
    ProcessEntry entry;
    entry.pid = pid;
    entry.parentPid = fields->parent;
    entry.startTicks = fields->startTicks;
    entry.name = fields->name;
    entry.pidfd = UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    return &m_processes.emplace(pid, std::move(entry)).first->second;
}

void ProcessTable::remove(std::int32_t pid)
{
    m_processes.erase(pid);
    std::erase_if(m_threads, [pid](const auto& pair) { return pair.second == pid; });
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
