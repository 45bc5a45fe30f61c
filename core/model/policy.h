// The effective policy of one session: the configuration resolved against this machine.
//
// Every path is absolute, canonical and ordered; every rule knows where it was written. The evaluator
// (core/policy/decide.h), the backends and the explanations all read this one value.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace belljar {

/// Who wrote a rule. Stored in recordings: append only.
enum class RuleSource {
    builtIn,      ///< Belljar's own default ("what no rule grants is absent").
    base,         ///< The system tree that every sandbox gets (MXC's base mounts).
    profile,      ///< The profile file.
    commandLine,  ///< --ro, --rw, --deny, --net, --set.
    live,         ///< A change while the program ran.
};

/// Where a line of the profile stands; line and column count from 1, 0 is "nowhere" (not written in a file).
struct SourcePlace {
    std::string pointer;  ///< RFC 6901 JSON pointer, e.g. "/filesystem/deniedPaths/0".
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

/// One rule as a reader sees it. `Policy::rules` holds all of them and a rule's index there is its id.
struct Rule {
    RuleSource source = RuleSource::builtIn;
    std::string text;  ///< e.g. `deniedPaths: ~/.ssh`; quotes hostile text, show through visible().
    SourcePlace place;
};

using RuleId = std::uint32_t;

/// Rules that every policy has, at these ids.
namespace builtin_rule {
inline constexpr RuleId kNotGranted = 0;     ///< No rule grants the path: it is absent in the sandbox.
inline constexpr RuleId kAncestor = 1;       ///< A folder on the way to a granted path: can be listed, shows only that.
inline constexpr RuleId kPrivateDevice = 2;  ///< The sandbox's own /dev.
inline constexpr RuleId kPrivateProc = 3;    ///< The sandbox's own /proc.
inline constexpr RuleId kPrivateTmp = 4;     ///< The sandbox's own /tmp.
inline constexpr RuleId kClosedSyscall = 5;  ///< Mount, ptrace, keyring ...: closed by the system-call filter.
inline constexpr RuleId kNetworkOff = 6;  ///< No rule allows the network; replaced by the profile's line if it has one.
inline constexpr RuleId kOwnLoopback = 7;   ///< The sandbox's own loopback interface.
inline constexpr RuleId kOwnProcesses = 8;  ///< Processes inside the sandbox may start and end.
inline constexpr RuleId kOpenSyscall = 9;   ///< No rule denies the system call.
inline constexpr RuleId kCount = 10;
}  // namespace builtin_rule

enum class PathAccess : std::uint8_t { denied, readOnly, readWrite };

/// What stands at a path rule's place in the sandbox.
enum class PathKind : std::uint8_t {
    bind,        ///< The host's file or folder itself.
    mask,        ///< Something unreadable instead of the host's object (access == denied).
    privateTmp,  ///< A fresh empty tmpfs.
    deviceTree,  ///< A minimal /dev.
    procTree,    ///< /proc of the sandbox's own pid namespace.
};

/// One mount of the sandbox. A deeper rule overrides its parent, whatever either says.
struct PathRule {
    std::string path;  ///< Canonical absolute path: the same on the host and in the sandbox.
    PathAccess access = PathAccess::denied;
    PathKind kind = PathKind::bind;
    bool isDirectory = true;
    RuleId rule = 0;
    /// False: nothing is mounted here. Only for denied paths that the sandbox would not have anyway (missing on the
    /// host, or in a folder that nothing grants); the rule stays so that verdicts can name it. Backends skip it.
    bool present = true;
};

/// A symbolic link that the sandbox gets because the host has it: merged-/usr links, and the links on the way to a
/// path that the profile names through a link.
struct LinkRule {
    std::string path;
    std::string target;  ///< As readlink(2) gives it.
    RuleId rule = 0;
};

enum class NetworkMode : std::uint8_t {
    off,   ///< Own network namespace with nothing but its own loopback.
    host,  ///< The host's network, unfiltered. Only when the profile names both outbound and local network.
};

struct NetworkPolicy {
    NetworkMode mode = NetworkMode::off;
    RuleId rule = builtin_rule::kNetworkOff;
};

/// 0 is "no limit".
struct Limits {
    /// Not asked for by the profile. A default of memory is that of each process, and a default that this machine
    /// cannot enforce is left out, which the plan says; what the profile asks for is enforced or refused.
    bool defaultMemory = false;
    bool defaultProcesses = false;
    std::uint64_t memoryBytes = 0;
    std::uint32_t processes = 0;
    std::uint32_t cpuSeconds = 0;
    std::uint64_t tmpBytes = 0;
};

/// What runs. `argv` is already a list: a profile's commandLine has become {"sh", "-c", line}.
struct ProcessPolicy {
    std::vector<std::string> argv;
    std::vector<std::string> env;  ///< "KEY=VALUE", complete: nothing is inherited.
    std::string cwd;               ///< Absolute path in the sandbox.
    std::chrono::milliseconds timeout{0};
};

/// A system call that the sandbox is refused, whatever its arguments.
struct SyscallRule {
    std::string name;
    RuleId rule = builtin_rule::kClosedSyscall;  ///< kClosedSyscall: refused to every sandbox; else the profile's line.
    int error = 0;                               ///< As Linux numbers errno values.
};

struct Policy {
    std::string containment;  ///< Backend id, e.g. "bubblewrap".
    std::vector<Rule> rules;
    std::vector<PathRule> paths;  ///< Sorted by path, unique; parents before children.
    std::vector<LinkRule> links;  ///< Sorted by path.
    NetworkPolicy network;
    std::vector<SyscallRule> syscalls;  ///< Sorted by name, unique; all of them exist on this machine.
    Limits limits;
    ProcessPolicy process;
};

}  // namespace belljar
