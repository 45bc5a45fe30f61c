// The deny list of system calls: every name is looked up on this machine, and what a name does not do is said.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "core/base/nearest.h"
#include "core/policy/path_lookup.h"
#include "core/policy/resolve_context.h"

namespace belljar {
namespace {

/// Made between the filter and the start of the program, so without them nothing starts.
constexpr std::array<std::string_view, 3> kNeededToStart{"execve", "read", "write"};
/// Every ordinary program makes them before its first line runs, or when it ends.
constexpr std::array<std::string_view, 11> kNeededByAll{"brk",        "close",  "exit",        "exit_group",
                                                        "futex",      "mmap",   "mprotect",    "munmap",
                                                        "newfstatat", "openat", "rt_sigreturn"};

/// Calls that can do each other's work: who denies one of them usually means all.
constexpr std::array<std::array<std::string_view, 4>, 14> kFamilies{{
    {"open", "openat", "openat2", "creat"},
    {"unlink", "unlinkat", "rmdir"},
    {"rename", "renameat", "renameat2"},
    {"link", "linkat"},
    {"symlink", "symlinkat"},
    {"mkdir", "mkdirat"},
    {"mknod", "mknodat"},
    {"chmod", "fchmod", "fchmodat", "fchmodat2"},
    {"chown", "fchown", "lchown", "fchownat"},
    {"truncate", "ftruncate"},
    {"fork", "vfork", "clone"},
    {"kill", "tkill", "tgkill", "pidfd_send_signal"},
    {"sendto", "sendmsg", "sendmmsg"},
    {"accept", "accept4"},
}};

template <class Names>
bool holds(const Names& names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

class SyscallResolver {
public:
    explicit SyscallResolver(ResolveContext& context) : m_context(context)
    {
        for (const SystemCallFacts& call : context.facts.closedSystemCalls())
            m_rules[call.name] = {call.name, builtin_rule::kClosedSyscall, call.closedWith};
    }

    /// What a sandbox made inside needs; namespaces are closed by their kinds, not as calls.
    void nestSandboxes()
    {
        m_context.policy.nestedSandboxes = true;
        m_rules.erase("chroot");
    }

    void lookUpNames()
    {
        for (const SystemCallFacts& call : m_context.facts.systemCalls()) m_known[call.name] = call;
    }

    void deny(const std::string& name, const SourcePlace& place)
    {
        const auto call = m_known.find(name);
        if (call == m_known.end() && !m_known.empty()) {
            refuseUnknown(name, place);
            return;
        }
        if (call != m_known.end() && !call->second.native) {
            say(Severity::note, "syscall-foreign",
                fmt::format("The system call {} exists on other processors only: there is nothing to deny here",
                            quoted(name)),
                place, {});
            return;
        }
        if (holds(kNeededToStart, name)) {
            say(Severity::error, "syscall-needed",
                fmt::format("Without the system call {} no program can be started", quoted(name)), place,
                "Remove the entry");
            return;
        }
        if (const auto rule = m_rules.find(name); rule != m_rules.end()) {
            const bool closed = rule->second.rule == builtin_rule::kClosedSyscall;
            say(Severity::note, "syscall-redundant",
                closed ? fmt::format("The system call {} is refused to every sandbox anyway", quoted(name))
                       : fmt::format("The system call {} is denied twice", quoted(name)),
                place, "Remove the entry");
            return;
        }
        if (holds(kNeededByAll, name))
            say(Severity::warning, "syscall-breaks",
                fmt::format("Nearly no program works without the system call {}", quoted(name)), place, {});
        const RuleId rule = m_context.addRule(RuleSource::profile, "syscalls.deny: " + name, place);
        m_rules[name] = {name, rule, linux_errno::kNotPermitted};
        m_denied.push_back(name);
    }

    void finish()
    {
        for (const std::string& name : m_denied) noteSiblings(name);
        for (auto& [name, rule] : m_rules) m_context.policy.syscalls.push_back(std::move(rule));
    }

private:
    void say(Severity severity, const char* id, std::string message, const SourcePlace& place, std::string fix)
    {
        m_context.report(severity, id, std::move(message), place, std::move(fix));
    }

    void refuseUnknown(const std::string& name, const SourcePlace& place)
    {
        std::vector<std::string_view> names;
        for (const auto& [known, call] : m_known) names.push_back(known);
        const std::string_view near = nearest(name, names);
        say(Severity::error, "syscall-unknown", fmt::format("There is no system call {}", quoted(name)), place,
            near.empty() ? "Remove the entry" : fmt::format("Did you mean {}?", quoted(near)));
    }

    void noteSiblings(const std::string& name)
    {
        for (const auto& family : kFamilies) {
            if (!holds(family, name)) continue;
            std::string open;
            for (const std::string_view sibling : family) {
                const auto known = m_known.find(std::string(sibling));
                if (known == m_known.end() || !known->second.native || m_rules.contains(known->first)) continue;
                open += (open.empty() ? "" : ", ") + quoted(sibling);
            }
            if (open.empty()) return;
            say(Severity::note, "syscall-siblings",
                fmt::format("The system call {} is denied, but what can be used in its place is not: {}", quoted(name),
                            open),
                m_context.policy.rules[m_rules[name].rule].place, {});
        }
    }

    ResolveContext& m_context;
    std::map<std::string, SystemCallFacts> m_known;  ///< Empty where nobody knows.
    std::map<std::string, SyscallRule> m_rules;
    std::vector<std::string> m_denied;  ///< By the profile, in its order.
};

}  // namespace

void resolveSyscalls(ResolveContext& context)
{
    const auto& experimental = context.config.experimental;
    const bool given = experimental && experimental->belljar && experimental->belljar->syscalls;
    const auto* deny =
        given && experimental->belljar->syscalls->deny ? &*experimental->belljar->syscalls->deny : nullptr;
    SyscallResolver resolver(context);
    if (given && experimental->belljar->syscalls->nestedSandboxes.value_or(false)) resolver.nestSandboxes();
    if (deny != nullptr && !deny->empty()) resolver.lookUpNames();
    for (std::size_t i = 0; deny != nullptr && i < deny->size(); ++i)
        resolver.deny((*deny)[i], context.place(fmt::format("/experimental/belljar/syscalls/deny/{}", i)));
    resolver.finish();
}

}  // namespace belljar
