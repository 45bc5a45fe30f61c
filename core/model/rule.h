// One rule as a reader sees it: who wrote it, where, and the rules that every policy has.
#pragma once

#include <cstdint>
#include <string>

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
    std::string file{};  ///< Of a base profile that the profile extends; "": the profile itself.
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
inline constexpr RuleId kNoInterface = 10;  ///< No rule grants a display, a clipboard, or input.
inline constexpr RuleId kCount = 11;
}  // namespace builtin_rule

}  // namespace belljar
