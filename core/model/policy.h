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

#include "core/model/bus_policy.h"
#include "core/model/network_policy.h"
#include "core/model/program_facts.h"
#include "core/model/rule.h"
#include "core/model/ui_policy.h"

namespace belljar {

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
    /// What stands here can neither be executed nor mapped as code, because the sandbox may write it.
    bool noExec = false;
};

/// A symbolic link that the sandbox gets because the host has it: merged-/usr links, and the links on the way to a
/// path that the profile names through a link.
struct LinkRule {
    std::string path;
    std::string target;  ///< As readlink(2) gives it.
    RuleId rule = 0;
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

/// A program that may be executed, or a folder with such.
struct ProgramRule {
    std::string path;  ///< Canonical, the same on the host and in the sandbox.
    bool isDirectory = false;
    RuleId rule = 0;
    std::optional<FileIdentity> identity;  ///< Of a program with a hash: what the hash was taken of.
};

/// With a list, the kernel executes nothing else.
struct ProgramPolicy {
    bool listed = false;
    RuleId rule = 0;                   ///< The list; decides about what is not in it.
    std::vector<ProgramRule> allowed;  ///< Sorted by path, unique.
    /// Loaders that the kernel starts together with these programs, and never by themselves. Canonical.
    std::vector<std::string> loaders;
};

struct Policy {
    std::string containment;  ///< Backend id, e.g. "bubblewrap".
    std::vector<Rule> rules;
    std::vector<PathRule> paths;  ///< Sorted by path, unique; parents before children.
    std::vector<LinkRule> links;  ///< Sorted by path.
    NetworkPolicy network;
    UiPolicy ui;
    BusPolicy bus;
    ProgramPolicy programs;
    std::vector<SyscallRule> syscalls;  ///< Sorted by name, unique; all of them exist on this machine.
    bool nestedSandboxes = false;       ///< Programs may make namespaces for sandboxes of their own.
    Limits limits;
    ProcessPolicy process;
};

}  // namespace belljar
