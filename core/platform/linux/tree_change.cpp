#include "core/platform/linux/tree_change.h"

#include <algorithm>
#include <map>

#include "core/base/path_text.h"

namespace belljar::linux_platform {
namespace {

bool isBelow(const std::string& path, const std::string& folder)
{
    return path != folder && isAtOrBelow(path, folder);
}

bool isBind(const TreeStep& step)
{
    return step.kind == kStepBind || step.kind == kStepReadOnlyBind;
}

/// A plan's steps by their targets.
class Nodes {
public:
    explicit Nodes(const OwnTree& tree) : m_tree(tree)
    {
        for (const TreeStep& step : tree.steps) {
            if (step.kind == kStepReadOnly) m_sealed.insert(step.target);
            else m_byTarget[step.target] = &step;
        }
    }

    [[nodiscard]] const TreeStep* at(const std::string& path) const
    {
        const auto found = m_byTarget.find(path);
        return found == m_byTarget.end() ? nullptr : found->second;
    }

    /// The mount that shows what stands in the folder above `path`; nullptr: the sandbox's root.
    [[nodiscard]] const TreeStep* around(const std::string& path) const
    {
        for (std::string folder = path; folder != "/";) {
            folder = parentPath(folder);
            const TreeStep* node = at(folder);
            if (node && node->kind != kStepLink && node->kind != kStepFolder) return node;
        }
        return nullptr;
    }

    /// A file system in memory that shows nothing and that nobody may change.
    [[nodiscard]] bool isMask(const TreeStep* node) const
    {
        return node && node->kind == kStepTmpfs && m_sealed.contains(node->target);
    }

    /// In the sandbox's root or a memory file system of its own, places for mounts are made.
    [[nodiscard]] bool placesAreMade(const std::string& path) const
    {
        const TreeStep* node = around(path);
        return !node || (node->kind == kStepTmpfs && !isMask(node));
    }

    /// Those strictly below `path`.
    [[nodiscard]] std::vector<const TreeStep*> below(const std::string& path) const
    {
        std::vector<const TreeStep*> found;
        for (auto node = m_byTarget.upper_bound(path); node != m_byTarget.end(); ++node) {
            if (isBelow(node->first, path)) found.push_back(node->second);
            else if (node->first > path + "0") break;  // '0' follows '/'
        }
        return found;
    }

    /// The uppermost of those strictly below `path`.
    [[nodiscard]] std::vector<const TreeStep*> firstBelow(const std::string& path) const
    {
        std::vector<const TreeStep*> found;
        for (const TreeStep* node : below(path))
            if (found.empty() || !isBelow(node->target, found.back()->target)) found.push_back(node);
        return found;
    }

    /// Steps at or below `path` in the plan's order.
    [[nodiscard]] std::vector<TreeStep> stepsOf(const std::string& path) const
    {
        std::vector<TreeStep> steps;
        std::copy_if(m_tree.steps.begin(), m_tree.steps.end(), std::back_inserter(steps),
                     [&](const TreeStep& step) { return isAtOrBelow(step.target, path); });
        return steps;
    }

    /// All places that are made for this plan.
    [[nodiscard]] std::set<std::string> places() const
    {
        std::set<std::string> made;
        for (const auto& [target, node] : m_byTarget)
            for (std::string path = target; path != "/" && placesAreMade(path); path = parentPath(path))
                if (path == target || !at(path)) made.insert(path);
        return made;
    }

    [[nodiscard]] const std::map<std::string, const TreeStep*>& all() const { return m_byTarget; }

private:
    const OwnTree& m_tree;
    std::map<std::string, const TreeStep*> m_byTarget;
    std::set<std::string> m_sealed;
};

bool same(const TreeStep* one, const TreeStep* other)
{
    if (!one || !other) return one == other;
    return one->kind == other->kind && one->mode == other->mode && one->size == other->size &&
           (one->source == other->source || one->kind == kStepEmptyFile);
}

class Changer {
public:
    Changer(const TreeState& state, const OwnTree& after, bool mayToggle)
        : m_state(state), m_before(state.tree), m_after(after), m_mayToggle(mayToggle)
    {
        for (const auto& [path, node] : m_before.all())
            if (!same(node, m_after.at(path))) m_changed.insert(path);
        for (const auto& [path, node] : m_after.all())
            if (!same(m_before.at(path), node)) m_changed.insert(path);
    }

    std::vector<TreeStep> steps()
    {
        dropLinks();
        for (const std::string& root : roots()) change(root);
        dropPlaces();
        return std::move(m_steps);
    }

private:
    /// What is in a mask is made anew together with it.
    [[nodiscard]] std::string rootOf(std::string path) const
    {
        for (;;) {
            const TreeStep* after = m_after.around(path);
            const TreeStep* before = m_before.around(path);
            if (m_after.isMask(after)) path = after->target;
            else if (m_before.isMask(before)) path = before->target;
            else return path;
        }
    }

    [[nodiscard]] std::vector<std::string> roots() const
    {
        std::set<std::string> all;
        for (const std::string& path : m_changed) all.insert(rootOf(path));
        std::vector<std::string> uppermost;
        for (const std::string& path : all) {
            const auto above = [&](const std::string& other) { return isBelow(path, other); };
            if (std::none_of(all.begin(), all.end(), above)) uppermost.push_back(path);
        }
        return uppermost;
    }

    void add(std::uint32_t kind, const std::string& target, std::uint32_t mode = 0, std::uint64_t size = 0,
             const std::string& source = {})
    {
        m_steps.push_back({static_cast<ShimStepKind>(kind), mode, size, source, target});
    }

    /// Links that go, or that a mount is about to cover: they would be there again when it goes.
    void dropLinks()
    {
        for (const auto& [path, node] : m_before.all()) {
            if (node->kind != kStepLink || !m_before.placesAreMade(path)) continue;
            if (!same(node, m_after.at(path))) add(kStepUnmake, path, 0);
        }
    }

    void change(const std::string& root)
    {
        const TreeStep* before = m_before.at(root);
        const TreeStep* after = m_after.at(root);
        if (before && before->kind == kStepLink) before = nullptr;
        if (after && after->kind == kStepLink) {
            if (before) takeAway(root, *before);
            add(kStepMakeLink, root, 0, 0, after->source);
            return;
        }
        if (after && before) replace(root, *before, *after);
        else if (after) placeNew(root);
        else if (before) takeAway(root, *before);
    }

    [[nodiscard]] std::uint32_t goingFlags(const std::string& root, const TreeStep& before, bool staysWritable) const
    {
        const auto below = [&](const std::string& point) { return isBelow(point, root); };
        const bool buries =
            !m_before.below(root).empty() || std::any_of(m_state.mountPoints.begin(), m_state.mountPoints.end(), below);
        const bool narrows = before.kind == kStepBind && !staysWritable;
        return (buries ? std::uint32_t{kPlaceBuries} : 0U) | (narrows ? std::uint32_t{kPlaceNarrows} : 0U);
    }

    void replace(const std::string& root, const TreeStep& before, const TreeStep& after)
    {
        if (toggles(root, before, after)) {
            add(kStepToggle, root, after.kind == kStepReadOnlyBind ? 1U : 0U, m_after.below(root).empty() ? 1U : 0U);
            return;
        }
        place(root, kPlaceReplaces | goingFlags(root, before, after.kind == kStepBind), m_after.stepsOf(root));
    }

    /// Only this mount changes between read-only and writable, and all mounts below it are rules' own.
    [[nodiscard]] bool toggles(const std::string& root, const TreeStep& before, const TreeStep& after) const
    {
        if (!m_mayToggle || !isBind(before) || !isBind(after) || before.source != after.source) return false;
        const auto next = m_changed.upper_bound(root);
        if (next != m_changed.end() &&
            std::any_of(next, m_changed.end(), [&](const std::string& path) { return isBelow(path, root); }))
            return false;
        const std::vector<const TreeStep*> rules = m_after.below(root);
        if (rules.empty()) return true;
        return std::all_of(m_state.mountPoints.begin(), m_state.mountPoints.end(), [&](const std::string& point) {
            return !isBelow(point, root) || std::any_of(rules.begin(), rules.end(), [&](const TreeStep* rule) {
                return isAtOrBelow(point, rule->target);
            });
        });
    }

    void place(const std::string& root, std::uint32_t flags, const std::vector<TreeStep>& tree)
    {
        add(kStepPlace, root, flags, tree.size());
        m_steps.insert(m_steps.end(), tree.begin(), tree.end());
    }

    void placeNew(const std::string& root)
    {
        place(root, m_after.placesAreMade(root) ? std::uint32_t{kPlaceMakes} : 0U, m_after.stepsOf(root));
        // What it covers would be there again when it goes.
        for (const TreeStep* old : m_before.firstBelow(root))
            if (old->kind != kStepLink && old->kind != kStepFolder)
                add(kStepRetire, old->target, goingFlags(old->target, *old, true));
    }

    void takeAway(const std::string& root, const TreeStep& before)
    {
        const TreeStep* around = m_after.around(root);
        const std::vector<const TreeStep*> rest = m_after.firstBelow(root);
        const bool readOnlyAround = around && around->kind == kStepReadOnlyBind;
        if (!rest.empty() && readOnlyAround) {
            // A mount that shows what stands there anyway, so that nothing below it opens for a moment.
            TreeStep shown = *around;
            shown.source = around->source + root.substr(around->target.size());
            shown.target = root;
            std::vector<TreeStep> tree = m_after.stepsOf(root);
            tree.insert(tree.begin(), std::move(shown));
            place(root, kPlaceReplaces | goingFlags(root, before, false), tree);
            return;
        }
        const bool staysWritable = around && around->kind == kStepBind;
        add(kStepTake, root, goingFlags(root, before, staysWritable));
        for (const TreeStep* node : rest) {
            if (node->kind == kStepLink) add(kStepMakeLink, node->target, 0, 0, node->source);
            else if (node->kind != kStepFolder)
                place(node->target, m_after.placesAreMade(node->target) ? std::uint32_t{kPlaceMakes} : 0U,
                      m_after.stepsOf(node->target));
        }
    }

    /// Deepest first. Only where the sandbox's own file systems show: elsewhere it would be the host's.
    void dropPlaces()
    {
        const bool anyGoes =
            std::any_of(m_changed.begin(), m_changed.end(), [&](const std::string& path) { return !m_after.at(path); });
        if (!anyGoes) return;
        const std::set<std::string> needed = m_after.places();
        for (auto path = m_state.made.rbegin(); path != m_state.made.rend(); ++path) {
            if (needed.contains(*path) || !m_after.placesAreMade(*path)) continue;
            const TreeStep* link = m_before.at(*path);
            if (!link || link->kind != kStepLink) add(kStepUnmake, *path, 1);
        }
    }

    const TreeState& m_state;
    const Nodes m_before;
    const Nodes m_after;
    const bool m_mayToggle;
    std::set<std::string> m_changed;
    std::vector<TreeStep> m_steps;
};

}  // namespace

std::vector<TreeStep> treeChange(const TreeState& state, const OwnTree& after, bool mayToggle)
{
    return Changer(state, after, mayToggle).steps();
}

std::set<std::string> madeAfter(const TreeState& state, const OwnTree& after)
{
    const Nodes nodes(after);
    std::set<std::string> made = nodes.places();
    // What is covered cannot be removed yet.
    for (const std::string& path : state.made)
        if (!nodes.placesAreMade(path)) made.insert(path);
    return made;
}

}  // namespace belljar::linux_platform
