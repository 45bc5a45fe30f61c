#include "core/policy/lint.h"

#include <algorithm>
#include <array>

#include "core/policy/lint_context.h"

namespace belljar {
namespace {

using enum Severity;

constexpr std::array kRules{
    LintRule{"path-twice", note, "a path stands in a list once"},
    LintRule{"path-conflict", warning, "a path stands in one list"},
    LintRule{"path-redundant", note, "an entry says something else than what holds above it"},
    LintRule{"denied-ungranted", note, "only what something grants needs to be denied"},
    LintRule{"path-through-link", warning, "a path names the object itself, not a link to it"},
    LintRule{"tmp-shared", warning, "a sandbox has a /tmp of its own"},
    LintRule{"home-writable", error, "the home folder as a whole is not writable"},
    LintRule{"secret-granted", error, "keys, passwords and tokens are not granted"},
    LintRule{"secret-below", warning, "a granted folder holds no keys, passwords and tokens"},
    LintRule{"root-socket", error, "sockets that make their users administrators are out of reach"},
    LintRule{"session-socket", error, "sockets that act for the user outside the sandbox are out of reach"},
    LintRule{"system-writable", error, "programs and settings of the system are not writable"},
    LintRule{"startup-writable", warning, "files that run at the next login are not writable"},
    LintRule{"search-path-writable", warning, "folders in which programs are looked for are not writable"},
    LintRule{"git-hooks-writable", warning, "hooks that Git runs outside the sandbox are not writable"},
    LintRule{"network-open", warning, "the network is filtered or off"},
    LintRule{"network-anywhere", warning, "who reaches the world does not reach the local network"},
    LintRule{"metadata-address", error, "the address where clouds hand out credentials is out of reach"},
    LintRule{"loopback-services", warning, "services of this machine are out of reach"},
    LintRule{"network-shadowed", warning, "a rule that allows is not denied as a whole"},
    LintRule{"network-redundant", note, "a network rule adds something to the others"},
    LintRule{"network-no-effect", warning, "a network rule names what can be reached at all"},
    LintRule{"proxy-cooperative", warning, "a proxy is the only way out"},
    LintRule{"env-secret", warning, "variables hold no keys, passwords and tokens"},
    LintRule{"env-twice", note, "a variable is set once"},
    LintRule{"env-loader", warning, "variables that load code name no folder that the sandbox can write"},
    LintRule{"unlimited", warning, "memory and processes have limits"},
    LintRule{"syscall-twice", note, "a system call is denied once"},
    LintRule{"nested-sandboxes", warning, "programs make no namespaces"},
    LintRule{"clipboard-readable", warning, "programs cannot read the clipboard"},
};

}  // namespace

std::span<const LintRule> lintRules()
{
    return kRules;
}

void LintContext::report(std::string_view id, std::string message, const std::string& pointer, std::string fix,
                         std::vector<ProfileChange> changes)
{
    const auto row = std::find_if(kRules.begin(), kRules.end(), [&](const LintRule& rule) { return rule.id == id; });
    const SourcePlace place = request.place ? request.place(pointer) : SourcePlace{pointer, 0, 0};
    if (!place.file.empty()) changes.clear();
    findings.push_back({row->severity, std::string(id), std::move(message), place, std::move(fix), std::move(changes)});
}

void LintContext::report(std::string_view id, std::string message, const PathEntry& entry, std::string fix,
                         std::vector<ProfileChange> changes)
{
    const SourcePlace& place = placeOf(entry);
    report(id, std::move(message), place.pointer, std::move(fix), std::move(changes));
    findings.back().place = place;
    // Entries of options and of base profiles are not this profile's to change.
    if (place.pointer.empty() || !place.file.empty()) findings.back().changes.clear();
}

std::string LintContext::written(const PathEntry& entry) const
{
    const std::string text = request.written ? request.written(placeOf(entry).pointer) : std::string();
    return text.empty() ? entry.written : text;
}

std::vector<Finding> lintPolicy(const LintRequest& request, const HostFacts& facts)
{
    LintContext context(request, facts);
    lintPathLists(context);
    lintGrants(context);
    lintSettings(context);
    return std::move(context.findings);
}

}  // namespace belljar
