// From single entries to one tree: at one object the strictest entry wins, deeper entries override their parents, the
// profile overrides the system tree, and everything that can only be masked by changing the host is refused.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <utility>

#include "core/base/path_text.h"
#include "core/policy/path_lookup.h"
#include "core/policy/resolve_context.h"

namespace belljar {
namespace {

/// Where sandboxes can or could write.
std::vector<std::string> writableForSandboxes(const ResolveContext& context)
{
    const bool hasLinks = std::any_of(context.entries.begin(), context.entries.end(),
                                      [](const PathEntry& entry) { return !entry.links.empty(); });
    if (!hasLinks) return {};
    std::vector<std::string> folders = context.facts.formerlyWritable();
    for (const PathEntry& entry : context.entries) {
        if (entry.access == PathAccess::readWrite) folders.push_back(entry.canonical);
    }
    return folders;
}

/// A sandbox may have planted the link there. "/" stands for any folder that the user, and so a sandbox, may write.
bool isPlantable(const ResolveContext& context, const LinkRule& link, const std::string& folder)
{
    if (folder == link.path || !isAtOrBelow(link.path, folder)) return false;
    return folder != "/" ||
           (!context.links.contains(link.path) && context.facts.mayAccess(parentPath(link.path), true));
}

/// Refuses entries whose meaning a sandbox could have changed: a link that stands where sandboxes can write may have
/// been planted by an earlier one, perhaps under another policy, to be followed by this run.
void refusePlantableLinks(ResolveContext& context)
{
    const std::vector<std::string> writable = writableForSandboxes(context);
    for (const PathEntry& entry : context.entries) {
        for (const LinkRule& link : entry.links) {
            const auto folder = std::find_if(writable.begin(), writable.end(),
                                             [&](const std::string& path) { return isPlantable(context, link, path); });
            if (folder == writable.end()) continue;
            const std::string place =
                *folder == "/" ? fmt::format(
                                     "; which folders sandboxes could write is not known, because the file in {} "
                                     "is damaged or out of reach",
                                     quoted(context.facts.memoryFolder()))
                               : fmt::format(" inside {}, which sandboxes can write", quoted(*folder));
            context.report(Severity::error, "link-in-writable",
                           fmt::format("{} goes through the link {}{}: one of them may have planted it",
                                       quoted(entry.written), quoted(link.path), place),
                           entry.rule,
                           fmt::format("Name the real path {} if that is what you mean", quoted(entry.canonical)));
            break;
        }
    }
}

/// A link that this user could have made may be changed between runs by another program. Ordinary people have such
/// links too, so it is said, not refused.
void warnOfOwnLinks(ResolveContext& context)
{
    for (const PathEntry& entry : context.entries) {
        if (entry.access == PathAccess::denied) continue;
        for (const LinkRule& link : entry.links) {
            if (context.links.contains(link.path)) continue;  // Of the system tree.
            if (!context.facts.mayAccess(parentPath(link.path), true)) continue;
            context.report(Severity::warning, "path-through-link",
                           fmt::format("{} leads to {} through the link {}; a program that may write in its folder can "
                                       "point it elsewhere before the next run",
                                       quoted(entry.written), quoted(entry.canonical), quoted(link.path)),
                           entry.rule, fmt::format("Name the real path {}", quoted(entry.canonical)));
            break;
        }
    }
}

void noteShadowed(ResolveContext& context, const PathEntry& loser, RuleId winner)
{
    context.report(
        Severity::note, "shadowed",
        fmt::format("{} has no effect: the stricter {} is about the same object",
                    quoted(context.policy.rules[loser.rule].text), quoted(context.policy.rules[winner].text)),
        loser.rule);
}

/// Two names of one object, whether by spelling, by link or by (device, inode), get the strictest of their rules.
void tightenSameObjects(ResolveContext& context)
{
    using Key = std::pair<std::uint64_t, std::uint64_t>;
    std::map<std::string, std::pair<PathAccess, RuleId>> byPath;
    std::map<Key, std::pair<PathAccess, RuleId>> byObject;
    const auto tighten = [](auto& table, const auto& key, const PathEntry& entry) {
        const auto [at, fresh] = table.try_emplace(key, entry.access, entry.rule);
        if (!fresh && entry.access < at->second.first) at->second = {entry.access, entry.rule};
    };
    const auto keyOf = [](const PathEntry& entry) { return Key{entry.facts.device, entry.facts.inode}; };
    const auto exists = [](const PathEntry& entry) { return entry.facts.type != FileType::missing; };
    for (const PathEntry& entry : context.entries) {
        tighten(byPath, entry.canonical, entry);
        if (exists(entry)) tighten(byObject, keyOf(entry), entry);
    }
    for (PathEntry& entry : context.entries) {
        auto strictest = byPath.at(entry.canonical);
        if (exists(entry)) strictest = std::min(strictest, byObject.at(keyOf(entry)));
        if (strictest.first == entry.access) continue;
        noteShadowed(context, entry, strictest.second);
        std::tie(entry.access, entry.rule) = strictest;
    }
}

/// The profile is about the whole subtree that it names: what the system tree grants below is gone, what it hides
/// stays.
void dropOverriddenBase(ResolveContext& context, const std::string& path)
{
    const auto strictlyBelow = [&](const std::string& other) { return other != path && isAtOrBelow(other, path); };
    const auto isBase = [&](RuleId rule) {
        return rule < builtin_rule::kCount || context.policy.rules[rule].source == RuleSource::base;
    };
    std::erase_if(context.paths, [&](const auto& item) {
        return strictlyBelow(item.first) && item.second.access != PathAccess::denied && isBase(item.second.rule);
    });
    std::erase_if(context.links,
                  [&](const auto& item) { return strictlyBelow(item.first) && isBase(item.second.rule); });
}

void placeEntries(ResolveContext& context)
{
    for (const PathEntry& entry : context.entries) dropOverriddenBase(context, entry.canonical);
    for (const PathEntry& entry : context.entries) {
        const auto standing = context.paths.find(entry.canonical);
        const bool hidden = standing != context.paths.end() && standing->second.access == PathAccess::denied;
        if (hidden && entry.access != PathAccess::denied) {
            noteShadowed(context, entry, standing->second.rule);
            continue;
        }
        const PathKind kind = entry.access == PathAccess::denied ? PathKind::mask : PathKind::bind;
        const bool folder = entry.facts.type == FileType::directory || entry.facts.type == FileType::missing;
        context.paths[entry.canonical] = {entry.canonical, entry.access, kind, folder, entry.rule};
        if (kind == PathKind::mask) continue;
        for (LinkRule link : entry.links) {
            link.rule = entry.rule;
            context.links.try_emplace(link.path, std::move(link));
        }
    }
}

/// Links that need not or cannot be made: inside a bound folder the host's own link shows, and at or below something
/// that replaces the folder there is no place for one.
void dropUnneededLinks(ResolveContext& context)
{
    std::erase_if(context.policy.links, [&](const LinkRule& link) {
        const PathRule* rule = governingRule(context.policy, link.path);
        if (!rule) return false;
        if (rule->path == link.path) return true;
        return rule->kind == PathKind::bind || rule->kind == PathKind::deviceTree || rule->kind == PathKind::procTree;
    });
}

/// Whether a denied path can be and has to be masked; false when the sandbox does not have it anyway.
bool maskIsNeeded(ResolveContext& context, const PathRule& mask, bool exists)
{
    const PathRule* parent = governingRule(context.policy, parentPath(mask.path));
    if (parent) {
        switch (parent->kind) {
            case PathKind::privateTmp: return true;  // The mount point is made in the sandbox's own memory.
            case PathKind::procTree: return exists;
            case PathKind::deviceTree: return deviceEntry(mask.path) == DeviceEntry::node;
            case PathKind::bind:
                if (exists) return true;
                if (parent->access == PathAccess::readWrite) {
                    context.report(
                        Severity::error, "denied-missing",
                        fmt::format("{} does not exist, and in a writable folder it can only be denied when it does",
                                    quoted(mask.path)),
                        mask.rule, "Create it, or remove the entry");
                }
                return false;
            case PathKind::mask: break;
        }
    }
    // In a folder that is masked or absent, only a deeper grant makes the path exist.
    return hasVisibleBelow(context.policy, mask.path);
}

void settleMasks(ResolveContext& context)
{
    const auto isDenial = [](const PathRule& rule) { return rule.access == PathAccess::denied; };
    // Parents first, so that a mask inside a mask is judged by what stands above it. All denials start as absent: only
    // grants make a folder visible.
    std::vector<PathRule*> masks;
    for (PathRule& rule : context.policy.paths) {
        if (!isDenial(rule)) continue;
        rule.present = false;
        masks.push_back(&rule);
    }
    for (PathRule* mask : masks) {
        const bool exists = context.facts.lstat(mask->path).type != FileType::missing;
        mask->present = maskIsNeeded(context, *mask, exists);
        const bool written = context.policy.rules[mask->rule].source != RuleSource::base;
        if (!mask->present && written && !exists) {
            context.report(
                Severity::note, "denied-absent",
                fmt::format("{} does not exist, so nothing is masked; if it appears while the sandbox runs, a "
                            "read-only folder around it shows it",
                            quoted(mask->path)),
                mask->rule);
        } else if (!mask->present && written) {
            context.report(Severity::note, "denied-ungranted",
                           fmt::format("Nothing grants a folder around {}, so it is absent anyway", quoted(mask->path)),
                           mask->rule);
        }
    }
    // Base denials of objects that the sandbox does not have are of no interest to any reader.
    std::erase_if(context.policy.paths, [&](const PathRule& rule) {
        return !rule.present && context.policy.rules[rule.rule].source == RuleSource::base;
    });
}

}  // namespace

void assemblePaths(ResolveContext& context)
{
    refusePlantableLinks(context);
    warnOfOwnLinks(context);
    tightenSameObjects(context);
    placeEntries(context);
    context.publishTables();
    dropUnneededLinks(context);
    settleMasks(context);
}

}  // namespace belljar
