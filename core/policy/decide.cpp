#include "core/policy/decide.h"

#include <algorithm>

#include "core/base/path_text.h"
#include "core/policy/decide_network.h"
#include "core/policy/path_lookup.h"

namespace belljar {
namespace {

using namespace linux_errno;

Verdict allowedBy(RuleId rule, Mechanism mechanism, std::string how)
{
    return {true, rule, 0, mechanism, std::move(how)};
}

Verdict deniedBy(RuleId rule, int error, Mechanism mechanism, std::string how)
{
    return {false, rule, error, mechanism, std::move(how)};
}

bool changesFolder(AccessKind kind)
{
    return kind == AccessKind::create || kind == AccessKind::remove;
}

bool onlyLooks(AccessKind kind)
{
    return kind == AccessKind::stat || kind == AccessKind::list || kind == AccessKind::read;
}

/// Entries of this folder can be made and removed.
bool folderIsWritable(const Policy& policy, std::string_view folder)
{
    const PathRule* rule = governingRule(policy, folder);
    if (!rule || !rule->present || rule->access != PathAccess::readWrite) return false;
    return rule->kind == PathKind::bind || rule->kind == PathKind::privateTmp;
}

/// The folder exists in the sandbox, although this path in it does not: the kernel then complains about a read-only
/// file system before it looks for the name.
bool folderExists(const Policy& policy, std::string_view folder)
{
    if (const PathRule* rule = governingRule(policy, folder)) return rule->present && rule->kind != PathKind::mask;
    return isBareAncestor(policy, folder);
}

constexpr const char* kReadOnlyRoot = "the sandbox's root is read-only";

Verdict decideUngranted(const Policy& policy, AccessKind kind, const std::string& path)
{
    if (isBareAncestor(policy, path)) {
        const RuleId rule = builtin_rule::kAncestor;
        if (onlyLooks(kind)) return allowedBy(rule, Mechanism::privateTree, "a folder made for the mounts below it");
        if (kind == AccessKind::execute) return deniedBy(rule, kAccess, Mechanism::privateTree, "a folder");
        return deniedBy(rule, kReadOnly, Mechanism::privateTree, kReadOnlyRoot);
    }
    const RuleId rule = builtin_rule::kNotGranted;
    if (changesFolder(kind) && folderExists(policy, parentPath(path))) {
        return deniedBy(rule, kReadOnly, Mechanism::notMounted, kReadOnlyRoot);
    }
    return deniedBy(rule, kNoEntry, Mechanism::notMounted, "not mounted in the sandbox");
}

/// The rule that made a mount point of `pin`, a folder with the access that is around it anyway: something in it must
/// stay in its place. The folder's own rule where it is no such folder.
RuleId pinnedFor(const Policy& policy, const PathRule& pin)
{
    const PathRule* around = pin.path == "/" ? nullptr : governingRule(policy, parentPath(pin.path));
    if (!around || around->rule != pin.rule || around->access != pin.access) return pin.rule;
    const auto held = std::find_if(policy.paths.begin(), policy.paths.end(), [&](const PathRule& rule) {
        return rule.present && rule.rule != pin.rule && isAtOrBelow(rule.path, pin.path);
    });
    return held == policy.paths.end() ? pin.rule : held->rule;
}

Verdict decideMount(const Policy& policy, const PathRule& rule)
{
    const bool busy = folderIsWritable(policy, parentPath(rule.path));
    if (busy) return deniedBy(pinnedFor(policy, rule), kBusy, Mechanism::mount, "a mount point");
    const PathRule* around = rule.path == "/" ? nullptr : governingRule(policy, parentPath(rule.path));
    return deniedBy(around ? around->rule : builtin_rule::kAncestor, kReadOnly, Mechanism::readOnlyMount,
                    "its folder is read-only");
}

Verdict decideMasked(const Policy& policy, AccessKind kind, const std::string& path, const PathRule& rule)
{
    const char* const kMask = "masked by something unreadable";
    if (path == rule.path) {
        if (kind == AccessKind::stat)
            return allowedBy(rule.rule, Mechanism::mask, "the mask can be seen but not opened");
        if (kind == AccessKind::remove) return decideMount(policy, rule);
        return deniedBy(rule.rule, kAccess, Mechanism::mask, kMask);
    }
    if (!rule.isDirectory) return deniedBy(rule.rule, kNotDirectory, Mechanism::mask, kMask);
    if (!hasVisibleBelow(policy, rule.path)) return deniedBy(rule.rule, kAccess, Mechanism::mask, kMask);
    // Something deeper is granted, so the mask can be walked through; it holds nothing but the way to it.
    const bool onTheWay = hasVisibleBelow(policy, path);
    if (onTheWay && kind == AccessKind::stat)
        return allowedBy(rule.rule, Mechanism::mask, "a folder on the way to a deeper grant");
    if (kind == AccessKind::create || kind == AccessKind::remove) {
        const std::string parent = parentPath(path);
        const bool exists = parent == rule.path || hasVisibleBelow(policy, parent);
        return deniedBy(rule.rule, exists ? kReadOnly : kNoEntry, Mechanism::mask, kMask);
    }
    return deniedBy(rule.rule, onTheWay ? kAccess : kNoEntry, Mechanism::mask, kMask);
}

/// A denied path at which nothing is mounted, because the sandbox lacks it anyway.
Verdict decideAbsent(const Policy& policy, AccessKind kind, const std::string& path, const PathRule& rule)
{
    const PathRule* around = &rule;
    while (around && !around->present)
        around = around->path == "/" ? nullptr : governingRule(policy, parentPath(around->path));
    if (around && around->kind == PathKind::mask) {
        Verdict verdict = decideMasked(policy, kind, path, *around);
        verdict.rule = rule.rule;
        return verdict;
    }
    const bool inFolder = changesFolder(kind) && path == rule.path && folderExists(policy, parentPath(path));
    return deniedBy(rule.rule, inFolder ? kReadOnly : kNoEntry, Mechanism::notMounted, "not mounted in the sandbox");
}

Verdict decideBound(const Policy& policy, AccessKind kind, const std::string& path, const PathRule& rule)
{
    const bool exact = path == rule.path;
    if (!rule.isDirectory && !exact)
        return deniedBy(rule.rule, kNotDirectory, Mechanism::mount, "a file, not a folder");
    if (kind == AccessKind::remove && exact) return decideMount(policy, rule);
    const bool writable = rule.access == PathAccess::readWrite;
    const bool changes = kind == AccessKind::write || changesFolder(kind);
    if (changes && !writable) return deniedBy(rule.rule, kReadOnly, Mechanism::readOnlyMount, "read-only bind mount");
    return allowedBy(rule.rule, Mechanism::mount, writable ? "read-write bind mount" : "read-only bind mount");
}

Verdict decideDevice(AccessKind kind, const std::string& path)
{
    const RuleId rule = builtin_rule::kPrivateDevice;
    const DeviceEntry entry = deviceEntry(path);
    if (changesFolder(kind)) return deniedBy(rule, kReadOnly, Mechanism::privateTree, "the private /dev is read-only");
    if (entry == DeviceEntry::absent)
        return deniedBy(rule, kNoEntry, Mechanism::privateTree, "not in the private /dev");
    if (kind == AccessKind::execute) return deniedBy(rule, kAccess, Mechanism::privateTree, "not a program");
    if (kind == AccessKind::write && entry == DeviceEntry::folder) {
        return deniedBy(rule, kReadOnly, Mechanism::privateTree, "the private /dev is read-only");
    }
    return allowedBy(rule, Mechanism::privateTree, "the private /dev");
}

Verdict decideProc(AccessKind kind)
{
    const RuleId rule = builtin_rule::kPrivateProc;
    if (kind == AccessKind::create)
        return deniedBy(rule, kNoEntry, Mechanism::privateTree, "the private /proc takes no new names");
    if (kind == AccessKind::write || kind == AccessKind::remove)
        return deniedBy(rule, kReadOnly, Mechanism::privateTree, "the private /proc is read-only");
    return allowedBy(rule, Mechanism::privateTree, "/proc of the sandbox's own processes");
}

Verdict decideFile(const Policy& policy, AccessKind kind, const std::string& path)
{
    if (const LinkRule* link = linkAt(policy, path)) {
        // In the private /tmp the sandboxee owns the link like everything else there.
        const bool own = folderIsWritable(policy, parentPath(path));
        if (own || onlyLooks(kind) || kind == AccessKind::execute)
            return allowedBy(link->rule, Mechanism::mount, "a symbolic link");
        return deniedBy(link->rule, kReadOnly, Mechanism::readOnlyMount, "a symbolic link on a read-only file system");
    }
    const PathRule* rule = governingRule(policy, path);
    if (!rule) return decideUngranted(policy, kind, path);
    if (!rule->present) return decideAbsent(policy, kind, path, *rule);
    switch (rule->kind) {
        case PathKind::mask: return decideMasked(policy, kind, path, *rule);
        case PathKind::bind: return decideBound(policy, kind, path, *rule);
        case PathKind::deviceTree: return decideDevice(kind, path);
        case PathKind::procTree: return decideProc(kind);
        case PathKind::privateTmp: break;
    }
    if (kind == AccessKind::remove && path == rule->path) return decideMount(policy, *rule);
    return allowedBy(rule->rule, Mechanism::privateTree, "the sandbox's own memory file system");
}

/// A unix socket with a name in the file system is an object in the tree. A read-only mount does not stop connect(2):
/// the kernel asks for write permission on the socket, not on the mount. So without the host's network Belljar does,
/// except for sockets that the sandbox has bound itself, which no policy can know, and those that the profile names.
Verdict decideUnixSocket(const Policy& policy, const Access& access)
{
    if (access.path.front() == '@')
        return allowedBy(builtin_rule::kOwnProcesses, Mechanism::network, "abstract sockets of the sandbox only");
    if (access.kind == AccessKind::bind) return decideFile(policy, AccessKind::create, access.path);
    const PathRule* rule = governingRule(policy, access.path);
    const bool bound = rule && rule->present && rule->kind == PathKind::bind;
    const bool named = bound && !rule->isDirectory && rule->path == access.path;
    if (bound && !named && policy.network.mode != NetworkMode::host) {
        return deniedBy(policy.network.rule, kAccess, Mechanism::socketGuard,
                        "a unix socket of a program outside; those that the sandbox binds can be reached");
    }
    return decideFile(policy, bound ? AccessKind::read : AccessKind::write, access.path);
}

Verdict decideSystemCall(const Policy& policy, const std::string& name)
{
    const auto denied = std::lower_bound(policy.syscalls.begin(), policy.syscalls.end(), name,
                                         [](const SyscallRule& rule, const std::string& n) { return rule.name < n; });
    if (denied != policy.syscalls.end() && denied->name == name)
        return deniedBy(denied->rule, denied->error, Mechanism::syscallFilter, "the system-call filter");
    return allowedBy(builtin_rule::kOpenSyscall, Mechanism::syscallFilter, "the system-call filter lets it through");
}

/// The listed program or folder that `path` is or lies in, or nullptr.
const ProgramRule* listedProgram(const Policy& policy, const std::string& path)
{
    const std::vector<ProgramRule>& allowed = policy.programs.allowed;
    for (std::string at = path;; at = parentPath(at)) {
        const auto found =
            std::lower_bound(allowed.begin(), allowed.end(), at,
                             [](const ProgramRule& rule, const std::string& p) { return rule.path < p; });
        const bool here = found != allowed.end() && found->path == at;
        if (here && (found->isDirectory || at == path)) return &*found;
        if (at == "/" || at.empty()) return nullptr;
    }
}

Verdict decideExecution(const Policy& policy, const std::string& path)
{
    Verdict verdict = decideFile(policy, AccessKind::execute, path);
    if (!verdict.allowed || !policy.programs.listed) return verdict;
    if (const ProgramRule* program = listedProgram(policy, path))
        return allowedBy(program->rule, Mechanism::programList, "a listed program");
    return deniedBy(policy.programs.rule, kAccess, Mechanism::programList, "no listed program");
}

Verdict decideClipboard(const Policy& policy, bool isWrite)
{
    const UiPolicy& ui = policy.ui;
    if (!ui.display) return deniedBy(ui.displayRule, kAccess, Mechanism::display, "no display is in reach");
    if (isWrite ? ui.clipboard.write : ui.clipboard.read)
        return allowedBy(ui.clipboardRule, Mechanism::display, "passed on by the clipboard's broker");
    return deniedBy(ui.clipboardRule, kAccess, Mechanism::display, "the clipboard's broker");
}

}  // namespace

Verdict decide(const Policy& policy, const Access& access)
{
    if (access.kind == AccessKind::systemCall) return decideSystemCall(policy, access.path);
    if (access.kind == AccessKind::connect || access.kind == AccessKind::bind || access.kind == AccessKind::resolve)
        return access.path.empty() ? decideNetwork(policy, access) : decideUnixSocket(policy, access);
    if (access.kind == AccessKind::clipboardRead || access.kind == AccessKind::clipboardWrite)
        return decideClipboard(policy, access.kind == AccessKind::clipboardWrite);
    if (access.kind == AccessKind::execute) return decideExecution(policy, access.path);
    return decideFile(policy, access.kind, access.path);
}

}  // namespace belljar
