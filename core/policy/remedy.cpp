#include "core/policy/remedy.h"

#include <spdlog/fmt/fmt.h>

#include <optional>
#include <set>

#include "core/base/path_text.h"
#include "core/policy/network_remedy.h"
#include "core/policy/path_lookup.h"
#include "core/policy/resolve_context.h"

namespace belljar {
namespace {

Remedy nothing(std::string sentence)
{
    Remedy remedy;
    remedy.sentence = std::move(sentence);
    return remedy;
}

bool changesFolder(AccessKind kind)
{
    return kind == AccessKind::create || kind == AccessKind::remove;
}

bool needsWriting(AccessKind kind)
{
    return kind == AccessKind::write || changesFolder(kind);
}

bool belongsToKernel(const std::string& path)
{
    return isAtOrBelow(path, "/proc") || isAtOrBelow(path, "/dev");
}

/// What has to be granted: what is made or removed needs its folder, the nearest that is there.
std::string grantTarget(const Access& access, const HostFacts& facts)
{
    if (!changesFolder(access.kind)) return access.path;
    std::string folder = parentPath(access.path);
    while (folder.size() > 1 && facts.lstat(folder).type == FileType::missing) folder = parentPath(folder);
    return folder;
}

/// What Belljar hides from every sandbox.
bool isNeverShown(const Rule& rule, const Verdict& verdict, const std::string& target, const HostFacts& facts)
{
    const std::string memory = facts.memoryFolder();
    return (rule.source == RuleSource::base && verdict.mechanism == Mechanism::mask) ||
           (!memory.empty() && isAtOrBelow(target, memory));
}

/// Why no entry can grant `target`; nullopt when one can.
std::optional<std::string> obstacle(const Rule& rule, const Access& access, const Verdict& verdict,
                                    const std::string& target, const HostFacts& facts)
{
    if (belongsToKernel(access.path))
        return "Every sandbox has its own /dev and /proc, and no profile shows it the host's";
    if (target == "/") return "The top folder itself can never be granted";
    if (isNeverShown(rule, verdict, target, facts)) return "It is never shown to a sandbox, whatever a profile says";
    const FileType type = facts.lstat(target).type;
    if (changesFolder(access.kind) && type != FileType::directory && type != FileType::missing)
        return fmt::format("{} is no folder, so nothing can be made in it", quoted(target));
    if (type == FileType::missing)
        return fmt::format("{} does not exist on this machine, so granting it would not help", quoted(target));
    if (facts.mayAccess(target, needsWriting(access.kind))) return std::nullopt;
    return fmt::format("You may not {} {} yourself, so you cannot grant it",
                       needsWriting(access.kind) ? "write" : "read", quoted(target));
}

/// The rule's own entry is in the way: it denies, or it is about the very object, and of two the stricter wins.
bool standsInTheWay(const Policy& policy, RuleId rule, const Access& access, const std::string& target)
{
    const PathRule* at = governingRule(policy, access.path);
    while (at && at->rule != rule) at = at->path == "/" ? nullptr : governingRule(policy, parentPath(at->path));
    if (!at) return false;
    return at->access == PathAccess::denied || at->path == target || at->path == access.path;
}

/// More than one rule keeps a mount point where it is.
bool isHeldByMany(const Policy& policy, const std::string& path)
{
    std::set<RuleId> holders;
    for (const PathRule& rule : policy.paths)
        if (rule.present && isAtOrBelow(rule.path, path) && policy.rules[rule.rule].source != RuleSource::base)
            holders.insert(rule.rule);
    if (const PathRule* at = ruleAt(policy, path); at && path != "/") {
        const PathRule* around = governingRule(policy, parentPath(path));
        if (around && around->rule == at->rule) holders.erase(at->rule);
    }
    return holders.size() > 1;
}

Remedy pathRemedy(const Policy& policy, const Access& access, const Verdict& verdict, const HostFacts& facts)
{
    const Rule& rule = policy.rules[verdict.rule];
    if (verdict.expectedErrno == linux_errno::kNotDirectory && verdict.mechanism == Mechanism::mount)
        return nothing("What it takes for a folder is a file");
    if (verdict.expectedErrno == linux_errno::kBusy && isHeldByMany(policy, access.path))
        return nothing("Several entries of the profile are about it or something in it, which keeps it in its place");
    const std::string target = grantTarget(access, facts);
    if (auto why = obstacle(rule, access, verdict, target, facts)) return nothing(std::move(*why));

    Remedy remedy;
    remedy.kind = Remedy::Kind::paths;
    remedy.path = target;
    remedy.access = needsWriting(access.kind) ? PathAccess::readWrite : PathAccess::readOnly;
    const bool written = rule.source == RuleSource::profile || rule.source == RuleSource::commandLine;
    const bool inTheWay = written && (verdict.expectedErrno == linux_errno::kBusy ||
                                      standsInTheWay(policy, verdict.rule, access, target));
    if (inTheWay) remedy.removePointer = rule.place.pointer;
    const char* list = remedy.access == PathAccess::readWrite ? "readwritePaths" : "readonlyPaths";
    remedy.sentence = inTheWay ? fmt::format("Remove {} and add {} to {}", quoted(rule.text), quoted(target), list)
                               : fmt::format("Add {} to {}", quoted(target), list);
    return remedy;
}

Remedy callRemedy(const Rule& rule)
{
    if (rule.source != RuleSource::profile)
        return nothing("No profile opens system calls that reach outside a sandbox");
    Remedy remedy;
    remedy.kind = Remedy::Kind::paths;
    remedy.removePointer = rule.place.pointer;
    remedy.sentence = fmt::format("Remove {}", quoted(rule.text));
    return remedy;
}

Remedy clipboardRemedy(const Policy& policy, bool isWrite)
{
    const ClipboardRights& has = policy.ui.clipboard;
    const bool both = isWrite ? has.read : has.write;
    return nothing(fmt::format("Set {}ui.clipboard to {}", policy.ui.display ? "" : "ui.disable to false and ",
                               both      ? "all"
                               : isWrite ? "write"
                                         : "read"));
}

}  // namespace

Remedy remedyFor(const Policy& policy, const Access& access, const Verdict& verdict, const HostFacts& facts)
{
    if (verdict.allowed || verdict.rule >= policy.rules.size()) return nothing({});
    if (verdict.mechanism == Mechanism::syscallFilter || access.kind == AccessKind::systemCall)
        return callRemedy(policy.rules[verdict.rule]);
    if (access.kind == AccessKind::clipboardRead || access.kind == AccessKind::clipboardWrite)
        return clipboardRemedy(policy, access.kind == AccessKind::clipboardWrite);
    if (verdict.mechanism == Mechanism::programList)
        return nothing(fmt::format("Add {{ \"path\": \"{}\" }} to experimental.belljar.programs", access.path));
    const bool network =
        access.kind == AccessKind::connect || access.kind == AccessKind::bind || access.kind == AccessKind::resolve;
    if (!network) return pathRemedy(policy, access, verdict, facts);
    if (access.path.empty()) return networkRemedy(policy, access, verdict);
    // A socket file that an entry names itself may be connected to, and one is made like any file.
    const AccessKind kind = access.kind == AccessKind::bind ? AccessKind::create : AccessKind::read;
    return pathRemedy(policy, {kind, access.path, {}, 0}, verdict, facts);
}

}  // namespace belljar
