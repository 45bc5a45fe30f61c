// From single files to folders, and what a folder's rule opens beside what was seen.
#include <algorithm>
#include <functional>

#include "core/base/path_text.h"
#include "core/engine/learn.h"
#include "core/policy/secrets.h"

namespace belljar {
namespace {

constexpr std::size_t kSiblings = 4;         ///< So many rules in one folder become one for the folder.
constexpr std::uint64_t kMostUnseen = 200;   ///< A folder with more unknown things than this keeps its rules ...
constexpr std::uint64_t kUnseenFactor = 20;  ///< ... unless so many times fewer than that were seen.
constexpr std::uint64_t kMostCounted = 10'000;
constexpr std::size_t kExamples = 3;

void add(LearnEvidence& sum, const LearnEvidence& part)
{
    const bool earlier =
        sum.count == 0 || std::pair(part.run, part.firstSequence) < std::pair(sum.run, sum.firstSequence);
    const std::uint64_t count = sum.count + part.count;
    if (earlier) sum = part;
    sum.count = count;
}

/// Everything in a folder that is no folder, at most kMostCounted; links are not followed.
std::uint64_t countBelow(const std::string& folder, const HostFacts& facts, std::uint64_t most,
                         const std::function<void(const std::string&)>& each)
{
    std::uint64_t count = 0;
    std::vector<std::string> pending{folder};
    while (!pending.empty() && count < most) {
        const std::string current = std::move(pending.back());
        pending.pop_back();
        std::vector<std::string> names = facts.list(current);
        std::sort(names.begin(), names.end());
        for (const std::string& name : names) {
            std::string path = joinPath(current, name);
            if (facts.lstat(path).type == FileType::directory) {
                pending.push_back(std::move(path));
                if (pending.size() > most) return most;
            } else if (++count; each) {
                each(path);
            }
            if (count >= most) return count;
        }
    }
    return count;
}

bool holdsSecret(const std::string& folder, const HostFacts& facts, const std::string& home)
{
    for (const auto& [path, row] : secretsBelow(folder, home))
        if (facts.lstat(path).type != FileType::missing) return true;
    bool found = false;
    countBelow(folder, facts, kMostCounted, [&](const std::string& path) { found = found || secretAt(path, home); });
    return found;
}

using RuleMap = std::map<std::string, LearnedRule>;

/// `rule` stands for `part`, too.
void take(LearnedRule& rule, const LearnedRule& part)
{
    rule.seen += part.seen;
    add(rule.evidence, part.evidence);
}

/// The nearest folder around `path` whose rule grants as much; nullptr: none.
LearnedRule* covering(RuleMap& rules, const std::string& path, PathAccess access)
{
    for (std::string folder = parentPath(path);; folder = parentPath(folder)) {
        const auto around = rules.find(folder);
        if (around != rules.end() && around->second.isFolder && around->second.access >= access) return &around->second;
        if (folder.size() <= 1) return nullptr;
    }
}

/// One rule for each path, without those that a folder's rule makes needless.
RuleMap withoutCovered(std::vector<LearnedRule> list)
{
    RuleMap all;
    for (LearnedRule& rule : list) {
        const auto [known, isNew] = all.try_emplace(rule.path, rule);
        if (isNew) continue;
        known->second.access = std::max(known->second.access, rule.access);
        add(known->second.evidence, rule.evidence);
    }
    RuleMap kept;
    for (auto& [path, rule] : all) {  // Folders before what is in them.
        if (LearnedRule* around = covering(kept, path, rule.access)) take(*around, rule);
        else kept.emplace(path, std::move(rule));
    }
    return kept;
}

/// Joins the rules directly in `folder`, when a rule for it opens little else.
void join(RuleMap& rules, const std::string& folder, const std::vector<std::string>& members, const HostFacts& facts,
          const std::string& home)
{
    if (members.size() < kSiblings || isTooWide(folder, home) || !facts.mayAccess(folder, false)) return;
    LearnedRule joined{folder, PathAccess::readOnly, true, {}, 0, 0, false, {}};
    for (const std::string& member : members) take(joined, rules.at(member));
    const std::uint64_t bound = std::max(kMostUnseen, kUnseenFactor * joined.seen) + joined.seen;
    if (countBelow(folder, facts, bound + 1, {}) > bound || holdsSecret(folder, facts, home)) return;
    for (const std::string& member : members) rules.erase(member);
    rules.emplace(folder, std::move(joined));
}

}  // namespace

bool isTooWide(const std::string& folder, const std::string& home)
{
    return pathDepth(folder) <= 1 || (!home.empty() && isAtOrBelow(home, folder));
}

std::vector<LearnedRule> generalised(std::vector<LearnedRule> list, const HostFacts& facts, const std::string& home)
{
    RuleMap rules = withoutCovered(std::move(list));
    std::size_t depth = 0;
    for (const auto& [path, rule] : rules) depth = std::max(depth, pathDepth(path));
    // From the deepest folders upwards, so that joined ones count in the folder around them.
    for (; depth > 1; --depth) {
        std::map<std::string, std::vector<std::string>> byFolder;
        for (const auto& [path, rule] : rules)
            if (rule.access == PathAccess::readOnly && pathDepth(path) == depth)
                byFolder[parentPath(path)].push_back(path);
        for (const auto& [folder, members] : byFolder)
            if (!rules.contains(folder)) join(rules, folder, members, facts, home);
    }
    list.clear();
    for (auto& [path, rule] : rules) list.push_back(std::move(rule));
    rules = withoutCovered(std::move(list));
    std::vector<LearnedRule> joined;
    for (auto& [path, rule] : rules) joined.push_back(std::move(rule));
    return joined;
}

void Learner::preview(LearnProposal& proposal) const
{
    for (LearnedRule& rule : proposal.rules) {
        if (!rule.isFolder) continue;
        const std::uint64_t counted = countBelow(rule.path, m_facts, kMostCounted, [&](const std::string& path) {
            if (m_needs.contains(path)) return;
            ++rule.unseen;
            if (rule.examples.size() < kExamples) rule.examples.push_back(path);
        });
        rule.unseenIsMore = counted >= kMostCounted;
    }
}

}  // namespace belljar
