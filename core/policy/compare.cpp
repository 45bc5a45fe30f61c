// Paths and settings of two policies; networks are in compare_network.cpp.
#include "core/policy/compare.h"

#include <algorithm>
#include <array>
#include <set>

#include <spdlog/fmt/fmt.h>

#include "core/base/path_text.h"
#include "core/base/visible.h"
#include "core/policy/compare_parts.h"
#include "core/policy/decide.h"
#include "core/policy/path_lookup.h"

namespace belljar {
namespace {

/// What may be done at a path and to an entry in it that no rule names.
struct Rights {
    static constexpr std::array kKinds{AccessKind::stat,   AccessKind::list,   AccessKind::read,   AccessKind::write,
                                       AccessKind::create, AccessKind::remove, AccessKind::execute};
    std::uint32_t bits = 0;
    RuleId rule = 0;  ///< That decides about reading.

    [[nodiscard]] bool has(AccessKind kind, bool inside) const
    {
        const auto at = static_cast<std::size_t>(std::find(kKinds.begin(), kKinds.end(), kind) - kKinds.begin());
        return ((bits >> (at + (inside ? kKinds.size() : 0))) & 1U) != 0;
    }
    [[nodiscard]] std::string words() const
    {
        const bool reads = has(AccessKind::read, false) || has(AccessKind::read, true);
        const bool changes =
            has(AccessKind::write, false) || has(AccessKind::write, true) || has(AccessKind::create, true);
        const bool runs = has(AccessKind::execute, false) || has(AccessKind::execute, true);
        std::string text = changes ? (reads ? "read and write" : "write") : reads ? "read only" : "";
        if (text.empty()) return has(AccessKind::stat, false) ? "can be seen" : "nothing";
        return runs ? text : text + ", no programs";
    }
};

Rights rightsAt(const Policy& policy, const std::string& path)
{
    Rights rights;
    const std::string inside = joinPath(path, "\x01");  // In no rule.
    for (std::size_t i = 0; i < Rights::kKinds.size(); ++i) {
        const Verdict here = decide(policy, {Rights::kKinds[i], path, {}, 0});
        const Verdict below = decide(policy, {Rights::kKinds[i], inside, {}, 0});
        rights.bits |= (here.allowed ? 1U : 0U) << i;
        rights.bits |= (below.allowed ? 1U : 0U) << (i + Rights::kKinds.size());
        if (Rights::kKinds[i] == AccessKind::read) rights.rule = here.rule;
    }
    return rights;
}

AccessChange changeOf(std::uint32_t before, std::uint32_t after)
{
    if ((before & ~after) == 0) return AccessChange::more;
    return (after & ~before) == 0 ? AccessChange::less : AccessChange::other;
}

void note(AccessComparison& out, AccessChange change, std::string subject, std::string before, std::string after)
{
    out.differences.push_back(
        {change, std::move(subject), std::move(before), std::move(after), std::nullopt, std::nullopt});
}

void compareLimit(AccessComparison& out, const char* what, std::uint64_t before, std::uint64_t after)
{
    if (before == after) return;
    const auto text = [](std::uint64_t value) { return value == 0 ? std::string("no limit") : std::to_string(value); };
    const bool more = after == 0 || (before != 0 && after > before);
    note(out, more ? AccessChange::more : AccessChange::less, what, text(before), text(after));
}

void compareFlag(AccessComparison& out, const char* what, bool before, bool after)
{
    if (before == after) return;
    note(out, after ? AccessChange::more : AccessChange::less, what, before ? "allowed" : "denied",
         after ? "allowed" : "denied");
}

void compareCalls(const Policy& before, const Policy& after, AccessComparison& out)
{
    std::set<std::string> names;
    for (const Policy* policy : {&before, &after})
        for (const SyscallRule& call : policy->syscalls) names.insert(call.name);
    for (const std::string& name : names) {
        const Access access{AccessKind::systemCall, name, {}, 0};
        ++out.questions;
        compareFlag(out, ("system call " + name).c_str(), decide(before, access).allowed,
                    decide(after, access).allowed);
    }
}

/// Without a list everything that can be seen may be executed, which the paths say; with one, what is in it.
void comparePrograms(const Policy& before, const Policy& after, AccessComparison& out)
{
    const auto listed = [](const Policy& policy) {
        std::set<std::string> paths;
        for (const ProgramRule& program : policy.programs.allowed) paths.insert(program.path);
        return paths;
    };
    if (before.programs.listed != after.programs.listed)
        note(out, after.programs.listed ? AccessChange::less : AccessChange::more, "programs that may be executed",
             before.programs.listed ? "a list" : "all that can be seen",
             after.programs.listed ? "a list" : "all that can be seen");
    if (!before.programs.listed || !after.programs.listed) return;
    const std::set<std::string> first = listed(before);
    const std::set<std::string> second = listed(after);
    for (const std::string& path : first)
        if (!second.contains(path)) note(out, AccessChange::less, "program " + path, "may run", "may not run");
    for (const std::string& path : second)
        if (!first.contains(path)) note(out, AccessChange::more, "program " + path, "may not run", "may run");
}

std::string shellLine(const std::vector<std::string>& words)
{
    std::string line;
    for (const std::string& word : words) line += (line.empty() ? "" : " ") + shellQuote(word);
    return line;
}

void compareProcess(const ProcessPolicy& before, const ProcessPolicy& after, AccessComparison& out)
{
    const auto other = [&](const char* what, const std::string& first, const std::string& second) {
        if (first != second) note(out, AccessChange::other, what, first, second);
    };
    other("command", shellLine(before.argv), shellLine(after.argv));
    other("working folder", before.cwd, after.cwd);
    compareLimit(out, "time (ms)", static_cast<std::uint64_t>(before.timeout.count()),
                 static_cast<std::uint64_t>(after.timeout.count()));
    const std::set<std::string> first(before.env.begin(), before.env.end());
    const std::set<std::string> second(after.env.begin(), after.env.end());
    const auto name = [](const std::string& entry) { return "variable " + entry.substr(0, entry.find('=')); };
    for (const std::string& entry : first)
        if (!second.contains(entry)) note(out, AccessChange::other, name(entry), "set", "not set to this");
    for (const std::string& entry : second)
        if (!first.contains(entry)) note(out, AccessChange::other, name(entry), "not set to this", "set");
}

}  // namespace

void comparePaths(const Policy& before, const Policy& after, AccessComparison& out)
{
    std::set<std::string> paths;
    for (const Policy* policy : {&before, &after}) {
        for (const PathRule& rule : policy->paths)
            for (std::string path = rule.path; paths.insert(path).second && path != "/";) path = parentPath(path);
        for (const LinkRule& link : policy->links) paths.insert(link.path);
    }
    std::vector<AccessDifference> found;
    for (const std::string& path : paths) {
        const Rights first = rightsAt(before, path);
        const Rights second = rightsAt(after, path);
        out.questions += 2 * Rights::kKinds.size();
        if (first.bits == second.bits) continue;
        found.push_back(
            {changeOf(first.bits, second.bits), path, first.words(), second.words(), first.rule, second.rule});
    }
    const std::size_t kept = out.differences.size();
    for (std::size_t i = 0; i < found.size(); ++i) {
        const AccessDifference& difference = found[i];
        // A folder that is only seen because of something below it that is told by itself.
        const bool named =
            ruleAt(before, difference.subject) != nullptr || ruleAt(after, difference.subject) != nullptr;
        const bool saidBelow = i + 1 < found.size() && isAtOrBelow(found[i + 1].subject, difference.subject);
        if (!named && saidBelow) continue;
        // The same as around it, which was told.
        const bool saidAbove = std::any_of(out.differences.begin() + static_cast<std::ptrdiff_t>(kept),
                                           out.differences.end(), [&](const AccessDifference& above) {
                                               return isAtOrBelow(difference.subject, above.subject) &&
                                                      above.before == difference.before &&
                                                      above.after == difference.after;
                                           });
        if (!saidAbove) out.differences.push_back(difference);
    }
}

void compareSettings(const Policy& before, const Policy& after, AccessComparison& out)
{
    comparePrograms(before, after, out);
    compareCalls(before, after, out);
    compareFlag(out, "a display", before.ui.display, after.ui.display);
    compareFlag(out, "reading the clipboard", before.ui.clipboard.read, after.ui.clipboard.read);
    compareFlag(out, "writing the clipboard", before.ui.clipboard.write, after.ui.clipboard.write);
    compareFlag(out, "sending input", before.ui.inputTools, after.ui.inputTools);
    compareLimit(out, "memory (bytes)", before.limits.memoryBytes, after.limits.memoryBytes);
    compareLimit(out, "processes", before.limits.processes, after.limits.processes);
    compareLimit(out, "processor time (s)", before.limits.cpuSeconds, after.limits.cpuSeconds);
    compareLimit(out, "temporary files (bytes)", before.limits.tmpBytes, after.limits.tmpBytes);
    compareProcess(before.process, after.process, out);
}

bool AccessComparison::isNotWider() const
{
    return complete && std::none_of(differences.begin(), differences.end(), [](const AccessDifference& difference) {
               return difference.change == AccessChange::more;
           });
}

AccessComparison compareAccess(const Policy& before, const Policy& after)
{
    AccessComparison out;
    comparePaths(before, after, out);
    compareNetworks(before, after, out);
    compareSettings(before, after, out);
    const auto rank = [](AccessChange change) {
        return change == AccessChange::more ? 0 : change == AccessChange::other ? 1 : 2;
    };
    std::stable_sort(
        out.differences.begin(), out.differences.end(),
        [&](const AccessDifference& a, const AccessDifference& b) { return rank(a.change) < rank(b.change); });
    return out;
}

std::string_view accessChangeName(AccessChange change)
{
    switch (change) {
        case AccessChange::more: return "more";
        case AccessChange::less: return "less";
        case AccessChange::other: return "other";
    }
    return "other";
}

}  // namespace belljar
