// A launch as data: what a backend decided, what `belljar plan` prints, what the platform's launcher executes.
//
// Nothing here touches the machine, so plans for any system are made and compared with golden files anywhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "core/model/policy.h"
#include "core/model/ui_policy.h"

namespace belljar {

/// Who shall watch the run.
enum class Monitor : std::uint8_t {
    automatic,  ///< kernel where it loads, else notify.
    kernel,     ///< eBPF; refused where it does not load.
    notify,     ///< Seccomp user notification.
    off,
};

/// How much is watched.
enum class TraceLevel : std::uint8_t {
    standard,  ///< What changes something or leaves the process: writes, programs, network, privileged tries.
    full,      ///< Reads and looks, too.
};

struct WatchPlan {
    Monitor monitor = Monitor::automatic;
    TraceLevel level = TraceLevel::standard;
    bool operator==(const WatchPlan&) const = default;
};

/// Which calls the filter reports to the supervisor (SECCOMP_RET_USER_NOTIF).
enum class FilterWatch : std::uint8_t { none, standard, full };

/// What the filter has to report so that `notify` sees what is to be watched.
[[nodiscard]] constexpr FilterWatch filterWatch(const WatchPlan& watch)
{
    if (watch.monitor == Monitor::off) return FilterWatch::none;
    return watch.level == TraceLevel::full ? FilterWatch::full : FilterWatch::standard;
}

/// Which system calls the filter closes and which it reports.
struct SyscallFilterPlan {
    bool closeDangerous = true;  ///< The list in core/platform/linux/syscall_table.cpp: EPERM or ENOSYS.
    FilterWatch watch = FilterWatch::none;
    bool hostNetwork = false;  ///< The sandbox shares the host's network: packet sockets stay closed all the same.
    /// Without a network, calls that name a socket's address are performed by the supervisor, so that unix sockets of
    /// the host's programs in granted folders are out of reach.
    [[nodiscard]] bool guardsSockets() const { return closeDangerous && !hostNetwork; }
    [[nodiscard]] bool needsListener() const { return watch != FilterWatch::none || guardsSockets(); }
    std::vector<std::string> deny{};  ///< Names of further calls to close, with EPERM.
    /// Memory files only with MFD_NOEXEC_SEAL, else ENOSYS: no list of paths has them, and they could be executed.
    bool sealMemoryFiles = false;
    /// Programs may make user, process and network namespaces, and chroot(2). In exchange there are no datagram unix
    /// sockets and no netlink but for routes, and sendmsg(2) is neither guarded nor seen: the kernel has to say who
    /// sends.
    bool nestsSandboxes = false;
    bool opensEchoes = false;  ///< Sockets for ICMP echo requests are open, in a network of the sandbox's own, too.
    bool operator==(const SyscallFilterPlan&) const = default;
};

/// What the launcher needs to hand to a program as an open descriptor; arguments name it as "{fd:NAME}".
struct PlanDescriptor {
    enum class Kind : std::uint8_t {
        bytes,      ///< A read-only memory file holding `bytes`.
        emptyFile,  ///< Something that reads as empty (for unreadable masks).
    };
    std::string name;
    Kind kind = Kind::bytes;
    std::string bytes;
};

/// Keeps everything but listed programs from being executed, by Landlock and mounts. Needs our own tree.
struct ProgramFence {
    bool on = false;
    std::vector<ProgramRule> allowed;
    std::vector<std::string> loaders;  ///< Replaced by copies that cannot be run by themselves.
    std::vector<std::string> noExec;   ///< Mount points, with everything mounted below before the next one is made.
};

/// What belljar-shim does inside the sandbox before the program starts.
struct ShimPlan {
    std::vector<std::string> argv;
    std::vector<std::string> env;
    std::string cwd;
    SyscallFilterPlan filter;
    Limits limits;  ///< Those enforced by rlimits; tmpBytes is the backend's.
    /// Processes and threads alive at once, by the sandbox's own range of process numbers (Linux 6.14); 0: no limit.
    /// Binds root, too, and needs no control group. Older kernels, and tools that do not let us, leave it out.
    std::uint32_t processNumbers = 0;
    ProgramFence programs;
    bool scopeAbstractSockets = false;  ///< Landlock scope: no abstract unix sockets or signals to the outside.
    /// Files that the profile names itself; where one is a unix socket, it may be connected to without a network too.
    std::vector<std::string> grantedFiles;
};

/// Limits of the whole tree through control groups, where we may make them.
struct CgroupPlan {
    std::uint64_t memoryBytes = 0;  ///< 0: no memory group.
    std::uint32_t processes = 0;    ///< 0: no pids group.
    [[nodiscard]] bool empty() const { return memoryBytes == 0 && processes == 0; }
};

/// A display of the sandbox's own: an X server that draws into one window on the user's display, or a proxy before the
/// user's Wayland compositor.
struct DisplayPlan {
    std::string socket;      ///< Where programs inside find it; empty: the sandbox has no display.
    std::string compositor;  ///< The socket of the user's; empty: it is an X display.
    std::string number;      ///< X: their DISPLAY.
    std::string program;     ///< X: Xephyr.
    std::string helper;      ///< belljar-display.
    std::string title;       ///< X: of the window. Wayland: what stands before the title of each.
    std::string size;        ///< X: of the window, e.g. "1280x800".
    ClipboardRights clipboard;
    bool inputTools = false;  ///< Programs inside may send input to each other's windows (XTEST).
    [[nodiscard]] bool on() const { return !socket.empty(); }
};

/// One message bus as the sandbox sees it.
struct FilteredBus {
    std::string address;             ///< Of the host's.
    std::string socket;              ///< Name of the sandbox's, in BusPlan::folder.
    std::vector<std::string> rules;  ///< Words for the proxy.
};

/// Message buses with a proxy before them.
struct BusPlan {
    std::string program;  ///< xdg-dbus-proxy.
    std::string helper;   ///< belljar-display, which starts it where it sees nothing of the host.
    std::string folder;   ///< In the sandbox.
    std::vector<FilteredBus> filtered;
    [[nodiscard]] bool on() const { return !filtered.empty(); }
};

struct LaunchPlan {
    std::string backend;
    std::string program;  ///< Absolute path of the tool, e.g. /usr/bin/bwrap.
    std::vector<std::string>
        arguments;  ///< Without argv[0]; ends before the shim. The launcher may do what they say itself.
    std::vector<PlanDescriptor> descriptors;
    ShimPlan shim;
    /// Who watches; the filter's part of it stands for `notify`, which the launcher changes when the kernel watches.
    WatchPlan watch;
    CgroupPlan cgroup;
    /// The sandbox's own network namespace leads out through the launcher's relay, as its NetworkHooks decide.
    bool relaysNetwork = false;
    /// With that: the kernel forwards TCP connections that are allowed. Only for root; without the power it is a failed
    /// set-up.
    bool kernelForwards = false;
    /// With that: through an HTTP proxy inside alone, for a kernel that cannot hand packets to the relay.
    bool relaysByProxy = false;
    /// With that: this port of the sandbox's own loopback is that of the host's, where a proxy listens; 0: none is.
    std::uint16_t localProxyPort = 0;
    /// With that: what of the sandbox the launcher offers on the host. A place that is not free is a failed set-up.
    std::vector<PublishedPort> published;
    DisplayPlan display;
    BusPlan buses;
    std::chrono::milliseconds timeout{0};
    /// Folders of the host that the sandbox can write, which the launcher remembers: later runs follow no link in them.
    std::vector<std::string> writableFolders;
    std::vector<std::string> notes;  ///< What the reader should know: per-process limits, skipped denied paths ...
};

}  // namespace belljar
