#include "core/platform/linux/tree_change.h"

#include <algorithm>
#include <string_view>

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

std::string_view folderOf(std::string_view path)
{
    const std::size_t slash = path.rfind('/');
    return slash == 0 ? path.substr(0, 1) : path.substr(0, slash);
}

/// A plan's steps by their targets. Somebody waits while it is made, so it is one sorted list of pointers.
class Nodes {
public:
    explicit Nodes(const OwnTree& tree) : m_tree(tree)
    {
        m_all.reserve(tree.steps.size());
        std::vector<std::string_view> sealed;
        for (const TreeStep& step : tree.steps) {
            if (step.kind == kStepReadOnly) sealed.emplace_back(step.target);
            else m_all.push_back({&step, false});
        }
        // The last of several at one place counts.
        std::stable_sort(m_all.begin(), m_all.end(),
                         [](const Node& one, const Node& other) { return one.step->target < other.step->target; });
        const auto hidden = [](const Node& one, const Node& other) { return one.step->target == other.step->target; };
        m_all.erase(m_all.begin(), std::unique(m_all.rbegin(), m_all.rend(), hidden).base());
        for (const std::string_view target : sealed)
            if (const Place node = find(target); isAt(node, target))
                m_all[static_cast<std::size_t>(node - m_all.begin())].sealed = true;
    }

    [[nodiscard]] const TreeStep* at(std::string_view path) const
    {
        const auto node = find(path);
        return isAt(node, path) ? node->step : nullptr;
    }

    /// The mount that shows what stands in the folder above `path`; nullptr: the sandbox's root.
    [[nodiscard]] const TreeStep* around(std::string_view path) const
    {
        const Node* node = nodeAround(path);
        return node ? node->step : nullptr;
    }

    /// The mount around `path` if that is a file system in memory that shows nothing and that nobody may change.
    [[nodiscard]] const TreeStep* maskAround(std::string_view path) const
    {
        const Node* node = nodeAround(path);
        return node && isMask(*node) ? node->step : nullptr;
    }

    /// In the sandbox's root or a memory file system of its own, places for mounts are made.
    [[nodiscard]] bool placesAreMade(std::string_view path) const
    {
        const Node* node = nodeAround(path);
        return !node || (node->step->kind == kStepTmpfs && !isMask(*node));
    }

    /// Those strictly below `path`.
    [[nodiscard]] std::vector<const TreeStep*> below(const std::string& path) const
    {
        std::vector<const TreeStep*> found;
        const std::string after = path + "0";  // '0' follows '/'
        for (auto node = find(path); node != m_all.end(); ++node) {
            if (isBelow(node->step->target, path)) found.push_back(node->step);
            else if (node->step->target > after) break;
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
        for (const Node& node : m_all) {
            const std::string& target = node.step->target;
            for (std::string path = target; path != "/" && placesAreMade(path); path = parentPath(path))
                if (path == target || !at(path)) made.insert(path);
        }
        return made;
    }

    /// Whether `path` is one of places().
    [[nodiscard]] bool isPlace(const std::string& path) const
    {
        if (at(path)) return placesAreMade(path);
        const std::vector<const TreeStep*> nodes = below(path);
        return std::any_of(nodes.begin(), nodes.end(), [&](const TreeStep* node) {
            std::string_view folder = node->target;
            while (folder.size() > path.size() && placesAreMade(folder)) folder = folderOf(folder);
            return folder.size() == path.size() && placesAreMade(path);
        });
    }

    /// Paths at which the two differ, sorted.
    [[nodiscard]] static std::set<std::string> differences(const Nodes& before, const Nodes& after);

    [[nodiscard]] std::vector<const TreeStep*> links() const
    {
        std::vector<const TreeStep*> found;
        for (const Node& node : m_all)
            if (node.step->kind == kStepLink) found.push_back(node.step);
        return found;
    }

private:
    struct Node {
        const TreeStep* step;
        bool sealed;  ///< kStepReadOnly
    };
    using Place = std::vector<Node>::const_iterator;

    [[nodiscard]] Place find(std::string_view path) const
    {
        return std::lower_bound(m_all.begin(), m_all.end(), path,
                                [](const Node& node, std::string_view text) { return node.step->target < text; });
    }
    [[nodiscard]] bool isAt(Place node, std::string_view path) const
    {
        return node != m_all.end() && node->step->target == path;
    }

    [[nodiscard]] const Node* nodeAround(std::string_view path) const
    {
        while (path != "/") {
            path = folderOf(path);
            const auto node = find(path);
            if (isAt(node, path) && node->step->kind != kStepLink && node->step->kind != kStepFolder) return &*node;
        }
        return nullptr;
    }
    [[nodiscard]] static bool isMask(const Node& node) { return node.step->kind == kStepTmpfs && node.sealed; }

    const OwnTree& m_tree;
    std::vector<Node> m_all;
};

bool same(const TreeStep* one, const TreeStep* other)
{
    if (!one || !other) return one == other;
    return one->kind == other->kind && one->mode == other->mode && one->size == other->size &&
           (one->source == other->source || one->kind == kStepEmptyFile);
}

std::set<std::string> Nodes::differences(const Nodes& before, const Nodes& after)
{
    std::set<std::string> found;
    auto one = before.m_all.begin();
    auto other = after.m_all.begin();
    while (one != before.m_all.end() || other != after.m_all.end()) {
        const bool first =
            other == after.m_all.end() || (one != before.m_all.end() && one->step->target <= other->step->target);
        const bool second =
            one == before.m_all.end() || (other != after.m_all.end() && other->step->target <= one->step->target);
        if (!same(first ? one->step : nullptr, second ? other->step : nullptr))
            found.insert((first ? one : other)->step->target);
        if (first) ++one;
        if (second) ++other;
    }
    return found;
}

class Changer {
public:
    Changer(const TreeState& state, const OwnTree& after, bool mayToggle)
        : m_state(state),
          m_before(state.tree),
          m_after(after),
          m_mayToggle(mayToggle),
          m_changed(Nodes::differences(m_before, m_after))
    {
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
            if (const TreeStep* mask = m_after.maskAround(path)) path = mask->target;
            else if (const TreeStep* old = m_before.maskAround(path)) path = old->target;
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
        for (const TreeStep* link : m_before.links())
            if (m_changed.contains(link->target) && m_before.placesAreMade(link->target))
                add(kStepUnmake, link->target, 0);
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
        for (auto path = m_state.made.rbegin(); path != m_state.made.rend(); ++path) {
            if (m_after.isPlace(*path) || !m_after.placesAreMade(*path)) continue;
            const TreeStep* link = m_before.at(*path);
            if (!link || link->kind != kStepLink) add(kStepUnmake, *path, 1);
        }
    }

    const TreeState& m_state;
    const Nodes m_before;
    const Nodes m_after;
    const bool m_mayToggle;
    const std::set<std::string> m_changed;
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
