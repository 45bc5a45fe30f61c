// Other names of denied objects inside granted folders: the same folder seen through another bind mount, and hard
// links. A path rule alone would leave those open, so each one found gets a mask of its own under the same rule.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "core/base/path_text.h"
#include "core/policy/path_lookup.h"
#include "core/policy/resolve_context.h"

namespace belljar {
namespace {

/// Looking at more entries than this would make every launch slow.
constexpr std::size_t kQuickLook = 1'000;
constexpr std::size_t kLongLook = 100'000;

/// Shown to the sandbox as it is on the host.
bool isVisibleOnHostTree(const Policy& policy, const std::string& path)
{
    const PathRule* rule = governingRule(policy, path);
    return rule && rule->present && rule->kind == PathKind::bind;
}

void addAliasMask(ResolveContext& context, const std::string& path, bool isDirectory, const PathRule& denied)
{
    const PathRule mask{path, PathAccess::denied, PathKind::mask, isDirectory, denied.rule};
    const auto exact = std::find_if(context.policy.paths.begin(), context.policy.paths.end(),
                                    [&](const PathRule& rule) { return rule.path == path; });
    if (exact != context.policy.paths.end()) {
        *exact = mask;
    } else {
        context.policy.paths.push_back(mask);
        sortTables(context.policy);
    }
    context.report(Severity::note, "alias-masked",
                   fmt::format("{} is another name of the denied {} or of a part of it, and is masked as well",
                               quoted(path), quoted(denied.path)),
                   denied.rule);
}

/// The mount that shows what stands at `path`: the longest mount point at or above it, the latest of equals.
const MountFacts* mountOf(const std::vector<MountFacts>& mounts, const std::string& path)
{
    const MountFacts* best = nullptr;
    for (const MountFacts& mount : mounts) {
        if (!isAtOrBelow(path, mount.mountPoint)) continue;
        if (!best || mount.mountPoint.size() >= best->mountPoint.size()) best = &mount;
    }
    return best;
}

/// `path` below `from`, moved below `to`. All normalized and absolute.
std::string rebased(const std::string& path, const std::string& from, const std::string& to)
{
    const std::size_t skip = from == "/" ? 0 : from.size();
    const std::string rest = path.substr(skip);
    if (rest.empty() || rest == "/") return to;
    return to == "/" ? rest : to + rest;
}

/// A place inside a file system, independent of where that is mounted.
struct InnerPlace {
    std::uint64_t device = 0;
    std::string path;
};

/// Where the denied path lies in its file system, and the roots of the file systems that are mounted below it.
std::vector<InnerPlace> innerPlaces(const std::vector<MountFacts>& mounts, const std::string& denied)
{
    std::vector<InnerPlace> places;
    if (const MountFacts* own = mountOf(mounts, denied)) {
        places.push_back({own->device, rebased(denied, own->mountPoint, own->root)});
    }
    for (const MountFacts& mount : mounts) {
        if (mount.mountPoint != denied && isAtOrBelow(mount.mountPoint, denied))
            places.push_back({mount.device, mount.root});
    }
    return places;
}

void maskAliasesOf(ResolveContext& context, const PathRule& denied)
{
    const std::vector<MountFacts>& mounts = context.facts.mounts();
    const auto consider = [&](const std::string& alias, const MountFacts& shownBy, bool exactGrantStays) {
        if (isAtOrBelow(alias, denied.path) || mountOf(mounts, alias) != &shownBy) return;
        if (!isVisibleOnHostTree(context.policy, alias)) return;
        // A part of a denied folder may be granted by its own name, and so it may by its other name.
        const PathRule* exact = ruleAt(context.policy, alias);
        if (exact && exactGrantStays && context.policy.rules[exact->rule].source != RuleSource::base) return;
        const FileType type = context.facts.lstat(alias).type;
        if (type == FileType::missing) return;
        addAliasMask(context, alias, type == FileType::directory, denied);
    };
    for (const InnerPlace& place : innerPlaces(mounts, denied.path)) {
        for (const MountFacts& mount : mounts) {
            if (mount.device != place.device) continue;
            if (isAtOrBelow(place.path, mount.root)) {
                consider(rebased(place.path, mount.root, mount.mountPoint), mount, false);
            } else if (isAtOrBelow(mount.root, place.path)) {
                consider(mount.mountPoint, mount, true);
            }
        }
    }
}

using Object = std::pair<std::uint64_t, std::uint64_t>;

struct LinkedFile {
    std::string path;
    Object object;
    std::uint64_t linkCount = 0;
};

/// Collects files that have more than one name, in several trees with one budget.
class LinkedFileSearch {
public:
    LinkedFileSearch(const ResolveContext& context, std::size_t budget) : m_facts(&context.facts), m_budget(budget) {}

    /// Walks `root`. `skip(path)` leaves out a path and everything below it; it is not asked about `root` itself.
    template <class Skip>
    void walk(const std::string& root, const Skip& skip)
    {
        std::vector<std::string> pending{root};
        while (!pending.empty() && complete()) {
            const std::string path = std::move(pending.back());
            pending.pop_back();
            if (path != root && skip(path)) continue;
            ++m_seen;
            const PathFacts facts = m_facts->lstat(path);
            if (facts.type == FileType::directory) {
                for (const std::string& name : m_facts->list(path)) pending.push_back(joinPath(path, name));
            } else if (facts.type != FileType::missing && facts.type != FileType::symlink && facts.linkCount > 1) {
                m_found.push_back({path, {facts.device, facts.inode}, facts.linkCount});
            }
        }
    }

    [[nodiscard]] bool complete() const { return m_seen <= m_budget; }
    [[nodiscard]] const std::vector<LinkedFile>& found() const { return m_found; }

private:
    const HostFacts* m_facts;
    std::size_t m_budget;
    std::size_t m_seen = 0;
    std::vector<LinkedFile> m_found;
};

LinkedFileSearch searchDenied(const ResolveContext& context, const PathRule& denied, std::size_t budget)
{
    LinkedFileSearch search(context, budget);
    search.walk(denied.path, [&](const std::string& path) {
        const PathRule* rule = ruleAt(context.policy, path);
        return rule && rule->access != PathAccess::denied;
    });
    return search;
}

/// Only what the profile grants is searched: making a hard link in the system tree takes an administrator.
LinkedFileSearch searchGranted(const ResolveContext& context)
{
    LinkedFileSearch search(context, kLongLook);
    std::string covered;
    for (const PathRule& rule : context.policy.paths) {
        const bool base =
            rule.rule < builtin_rule::kCount || context.policy.rules[rule.rule].source == RuleSource::base;
        if (base || rule.kind != PathKind::bind || (!covered.empty() && isAtOrBelow(rule.path, covered))) continue;
        covered = rule.path;
        search.walk(rule.path, [&](const std::string& path) {
            const PathRule* at = ruleAt(context.policy, path);
            return at && at->access == PathAccess::denied && !hasVisibleBelow(context.policy, path);
        });
    }
    return search;
}

/// Objects with a name outside the denied path.
std::set<Object> reachableElsewhere(const std::vector<LinkedFile>& files)
{
    std::map<Object, std::uint64_t> names;
    for (const LinkedFile& file : files) ++names[file.object];
    std::set<Object> wanted;
    for (const LinkedFile& file : files) {
        if (names[file.object] < file.linkCount) wanted.insert(file.object);
    }
    return wanted;
}

/// "`/a`, `/b` and 3 more": the files that have another name.
std::string listOf(const std::vector<LinkedFile>& files, const std::set<Object>& wanted)
{
    constexpr std::size_t kMostShown = 5;
    std::string list;
    std::size_t count = 0;
    for (const LinkedFile& file : files) {
        if (!wanted.contains(file.object) || ++count > kMostShown) continue;
        list += (list.empty() ? "" : ", ") + quoted(file.path);
    }
    return count > kMostShown ? fmt::format("{} and {} more", list, count - kMostShown) : list;
}

void refuseSearch(ResolveContext& context, const PathRule& denied, const std::string& why)
{
    context.report(Severity::error, "alias-search-limit",
                   fmt::format("Whether a granted folder holds hard links to files in {} cannot be told: {}",
                               quoted(denied.path), why),
                   denied.rule, "Grant smaller folders, or deny the smaller folder that matters");
}

/// `granted` is the search of the granted folders, made when the first denial needs it.
void maskLinksTo(ResolveContext& context, const PathRule& denied, std::optional<LinkedFileSearch>& granted)
{
    LinkedFileSearch inside = searchDenied(context, denied, kQuickLook);
    if (inside.complete() && reachableElsewhere(inside.found()).empty()) return;
    if (!granted) granted = searchGranted(context);
    const LinkedFileSearch& outside = *granted;
    if (outside.complete() && outside.found().empty()) return;
    if (!inside.complete()) inside = searchDenied(context, denied, kLongLook);
    if (!inside.complete()) {
        refuseSearch(context, denied, "it holds more than 100,000 entries and a granted folder holds hard links");
        return;
    }
    const std::set<Object> wanted = reachableElsewhere(inside.found());
    if (wanted.empty()) return;
    if (!outside.complete()) {
        refuseSearch(context, denied,
                     fmt::format("it holds files with another name somewhere ({}), and the granted folders hold more "
                                 "than 100,000 entries",
                                 listOf(inside.found(), wanted)));
        return;
    }
    for (const LinkedFile& file : outside.found()) {
        if (!wanted.contains(file.object) || isAtOrBelow(file.path, denied.path)) continue;
        if (isVisibleOnHostTree(context.policy, file.path)) addAliasMask(context, file.path, false, denied);
    }
}

/// The denials as they stood before any alias was added.
std::vector<PathRule> denials(const ResolveContext& context)
{
    std::vector<PathRule> denied;
    for (const PathRule& rule : context.policy.paths) {
        if (rule.access == PathAccess::denied) denied.push_back(rule);
    }
    return denied;
}

bool anythingIsBound(const Policy& policy)
{
    return std::any_of(policy.paths.begin(), policy.paths.end(),
                       [](const PathRule& r) { return r.kind == PathKind::bind; });
}

}  // namespace

void maskBindAliases(ResolveContext& context)
{
    for (const PathRule& denied : denials(context)) maskAliasesOf(context, denied);
}

void maskHardLinks(ResolveContext& context)
{
    if (!anythingIsBound(context.policy)) return;
    std::optional<LinkedFileSearch> granted;
    for (const PathRule& denied : denials(context)) maskLinksTo(context, denied, granted);
}

void pinProtectedFolders(ResolveContext& context)
{
    std::map<std::string, PathRule> pins;
    for (const PathRule& rule : context.policy.paths) {
        if (!rule.present || rule.access == PathAccess::readWrite) continue;
        for (std::string folder = parentPath(rule.path); folder != "/"; folder = parentPath(folder)) {
            const PathRule* around = governingRule(context.policy, folder);
            if (!around || around->kind != PathKind::bind || around->access != PathAccess::readWrite) break;
            if (around->path == folder) continue;  // A mount point already.
            pins[folder] = {folder, PathAccess::readWrite, PathKind::bind, true, around->rule};
        }
    }
    for (auto& [path, rule] : pins) context.policy.paths.push_back(std::move(rule));
    sortTables(context.policy);
}

}  // namespace belljar
