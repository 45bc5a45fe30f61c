// One thing that the sandboxee tried, as a plain value.
//
// Sources fill in what the kernel told them; the pipeline adds the verdict. What each kind means, and which arguments
// it carries, is one row of the table in core/events/event_table.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/model/mechanism.h"
#include "core/model/policy.h"

namespace belljar {

/// Values are stored in recordings: append only, never renumber.
enum class EventKind : std::uint16_t {
    processFork = 1,
    processExec = 2,
    processExit = 3,
    processSignal = 4,  ///< A signal to another process.
    processLimit = 5,   ///< A resource limit of the sandbox was hit.
    fileOpen = 10,
    fileCreate = 11,
    fileStat = 12,
    fileReadLink = 13,
    fileUnlink = 14,
    fileRename = 15,
    fileLink = 16,
    fileMkdir = 17,
    fileRmdir = 18,
    fileChmod = 19,
    fileChown = 20,
    fileTruncate = 21,
    fileSymlink = 22,
    fileMknod = 23,
    fileTimes = 24,
    fileXattr = 25,
    fileOpenWrite = 26,  ///< An existing file opened for writing.
    fileReadFolder = 27,
    fileBytesRead = 28,     ///< Summary of one open file, when it is closed.
    fileBytesWritten = 29,  ///< The same for writing.
    fileMapExec = 30,       ///< Mapped with the right to execute: a library.
    netConnect = 40,
    netBind = 41,
    netSend = 42,
    netSocket = 43,
    netListen = 44,
    netAccept = 45,
    netDns = 46,   ///< A name was asked for.
    netFlow = 47,  ///< Summary of what was let out to one peer, when it is over.
    privMount = 60,
    privNamespace = 61,
    privPtrace = 62,
    privKeyring = 63,
    privKernel = 64,    ///< bpf, perf, kexec, modules, reboot, clock and the like.
    privTerminal = 65,  ///< TIOCSTI, TIOCLINUX.
    privSyscall = 66,   ///< A system call that the profile denies; `object` is its name.
    uiClipboardRead = 80,
    uiClipboardWrite = 81,
    uiInjection = 82,     ///< Synthetic input to another window.
    uiBusCall = 83,       ///< A call to a service on a message bus.
    sessionPolicy = 100,  ///< A rule of the running session was changed.
    sessionFreeze = 101,
    sessionThaw = 102,
    sessionKill = 103,
    sessionGap = 104,  ///< Events were lost here; `detail` has how many and where.
};

/// Begins `Event::detail` of rename, link and symlink; the new name (or the link's content) follows.
inline constexpr std::string_view kTargetPrefix = "→ ";

/// `Event::detail` of attempts to reach a peer, where it is known.
inline constexpr std::string_view kTcpDetail = "tcp";
inline constexpr std::string_view kUdpDetail = "udp";
/// Begins the part of it that is the peer's name, where that is known; parts have ", " between.
inline constexpr std::string_view kNameDetail = "name ";

enum class EventVerdict : std::uint8_t {
    none,  ///< No rule applies (a process ended).
    allowed,
    denied,
};

/// How we know the result.
enum class ResultTrust : std::uint8_t {
    unknown,
    derived,  ///< Looked up in the sandbox's own tree at the time of the call; the call's own result was not seen.
    seen,     ///< The kernel's answer, or our own refusal.
};

inline constexpr std::int32_t kResultUnknown = -1;

/// Who saw it. Stored in recordings: append only.
enum class EventOrigin : std::uint8_t {
    none,
    notify,    ///< Seccomp user notification: the call waited for us.
    kernel,    ///< A program in the kernel (eBPF), after the call.
    belljar,   ///< Belljar itself: what it did to the session.
    injected,  ///< Made up by a test.
};

struct Event {
    std::uint64_t sequence = 0;  ///< 1, 2, 3 ... in one session.
    std::int64_t timeNs = 0;     ///< Monotonic nanoseconds since the session started.
    std::int32_t pid = 0;        ///< Process id on the host.
    std::int32_t parentPid = 0;
    std::int32_t insidePid = 0;      ///< Process id as the sandbox sees it; 0: not known.
    std::uint64_t processStart = 0;  ///< Start time of `pid` in clock ticks since boot: (pid, processStart) is unique.
    std::string processName;         ///< comm, hostile text.
    EventKind kind = EventKind::fileOpen;
    std::string object;  ///< Full path, or address as "host:port" / "[v6]:port" / "unix:/path"; hostile text.
    /// Arguments as text: open flags, "→ new name", "code 0". A run of a program has three JSON values with a blank
    /// between: argv, the working folder, and the names (never the values) of the environment; the last two may be
    /// missing.
    std::string detail;
    std::int32_t result = kResultUnknown;  ///< 0 is success, otherwise an errno value.
    ResultTrust trust = ResultTrust::unknown;
    EventVerdict verdict = EventVerdict::none;
    RuleId rule = 0;  ///< Valid when verdict is not `none`.
    EventOrigin origin = EventOrigin::none;
    Mechanism mechanism = Mechanism::none;  ///< Of the verdict.
    bool absentOnHost = false;              ///< Denied, but the host has no such object either: an ordinary miss.
};

/// Events that a source or a queue had to throw away, with the hop where it happened.
struct Losses {
    std::uint64_t source = 0;     ///< Before or in the kernel / the notification reader.
    std::uint64_t recording = 0;  ///< Could not be written (disk full ...).
    std::uint64_t queue = 0;      ///< Between the source and those who asked for the events.
    [[nodiscard]] std::uint64_t total() const { return source + recording + queue; }
};

}  // namespace belljar
