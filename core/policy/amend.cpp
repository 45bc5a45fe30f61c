#include "core/policy/amend.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <unordered_map>

#include "core/base/path_text.h"
#include "core/policy/host_walk.h"
#include "core/policy/path_lookup.h"
#include "core/policy/resolve_context.h"

namespace belljar {
namespace {

/// The host, each path asked for once: a change is decided while somebody waits. What the system tree hides is asked
/// for once in a session.
class RememberingFacts final : public HostFacts {
public:
    RememberingFacts(const HostFacts& facts, const PathOrigins& origins)
        : m_facts(facts), m_basePaths(origins.basePaths), m_hidden(*origins.hidden)
    {
    }

    [[nodiscard]] const SystemFacts& system() const override { return m_facts.system(); }
    [[nodiscard]] PathFacts lstat(const std::string& path) const override
    {
        if (const auto known = m_hidden.facts.find(path); known != m_hidden.facts.end()) return known->second;
        if (const auto known = m_known.find(path); known != m_known.end()) return known->second;
        auto& table = isHidden(path) ? m_hidden.facts : m_known;
        return table.emplace(path, m_facts.lstat(path)).first->second;
    }
    [[nodiscard]] bool mayAccess(const std::string& path, bool write) const override
    {
        return m_facts.mayAccess(path, write);
    }
    [[nodiscard]] const std::vector<MountFacts>& mounts() const override { return m_facts.mounts(); }
    [[nodiscard]] std::vector<std::string> list(const std::string& path) const override
    {
        if (const auto known = m_hidden.lists.find(path); known != m_hidden.lists.end()) return known->second;
        std::vector<std::string> names = m_facts.list(path);
        if (isHidden(path)) m_hidden.lists.emplace(path, names);
        return names;
    }
    [[nodiscard]] std::vector<std::string> formerlyWritable() const override { return m_facts.formerlyWritable(); }
    [[nodiscard]] std::string memoryFolder() const override { return m_facts.memoryFolder(); }

private:
    [[nodiscard]] bool isHidden(const std::string& path) const
    {
        return std::any_of(m_basePaths.begin(), m_basePaths.end(), [&](const PathRule& rule) {
            return rule.access == PathAccess::denied && isAtOrBelow(path, rule.path);
        });
    }

    const HostFacts& m_facts;
    const std::vector<PathRule>& m_basePaths;
    HiddenObjects& m_hidden;
    mutable std::unordered_map<std::string, PathFacts> m_known;
};

/// An entry that was read before: as long as the same object stands there, it means what it meant. A change is about
/// its own path.
void readAgain(ResolveContext& context, PathEntry&& known)
{
    PathFacts now = context.facts.lstat(known.canonical);
    const bool same = now.type != FileType::missing && now.type == known.facts.type &&
                      now.device == known.facts.device && now.inode == known.facts.inode;
    if (!same) return readPathEntry(context, known.written, known.access, known.rule);
    known.facts = std::move(now);
    context.entries.push_back(known);
    context.origins.requests.push_back(std::move(known));
}

constexpr std::string_view kWords[]{"--deny", "--ro", "--rw"};  // by PathAccess

/// What was known of the run before, and is not about this change, need not be said again. Only lines of a profile
/// have a place; the rule of a change has none.
bool isNew(const Finding& finding, bool addsRule)
{
    return finding.severity == Severity::error || (addsRule && finding.place.pointer.empty());
}

}  // namespace

Amendment amendPolicy(Policy current, PathOrigins origins, const PathChange& change, const HostFacts& host)
{
    const RememberingFacts facts(host, origins);
    Amendment amendment;
    ResolveRequest nothing;
    static const SandboxConfig kEmpty;
    nothing.config = &kEmpty;
    ResolveContext context(nothing, facts);
    const std::size_t knownRules = current.rules.size();
    context.policy = std::move(current);
    context.policy.paths.clear();
    context.policy.links.clear();
    for (const PathRule& rule : origins.basePaths) context.paths.emplace_hint(context.paths.end(), rule.path, rule);
    for (const LinkRule& link : origins.baseLinks) context.links.emplace_hint(context.links.end(), link.path, link);
    const bool usable = isAbsolutePath(change.path) && change.path.find('\0') == std::string::npos;
    amendment.path = usable ? walkHost(change.path, facts).canonical : change.path;
    const std::size_t erased =
        std::erase_if(origins.requests, [&](const PathEntry& request) { return request.canonical == amendment.path; });
    if (!change.access && erased == 0) {
        context.report(Severity::error, "no-such-rule",
                       fmt::format("No rule of this session names {}, so none can be removed", quoted(amendment.path)),
                       SourcePlace{}, "Deny it, or remove the rule of the folder around it");
    }
    // Listed programs and what cannot be executed are mounts, too, and Landlock's fence cannot be widened.
    if (context.policy.programs.listed)
        context.report(Severity::error, "programs-fixed",
                       "With a list of programs the paths of a running session cannot be changed", SourcePlace{},
                       "Start a new session with the changed profile");
    for (PathEntry& request : origins.requests) readAgain(context, std::move(request));
    if (change.access) {
        const std::string text =
            fmt::format("{} {} (while it ran, by {})", kWords[static_cast<std::size_t>(*change.access)], change.path,
                        change.by.empty() ? "Belljar" : change.by);
        readPathEntry(context, change.path, *change.access, context.addRule(RuleSource::live, text));
    }
    assemblePaths(context);
    maskBindAliases(context);
    maskHardLinks(context);
    pinProtectedFolders(context);
    origins.requests = std::move(context.origins.requests);
    amendment.origins = std::move(origins);
    const bool addsRule = context.policy.rules.size() > knownRules;
    std::copy_if(context.findings.begin(), context.findings.end(), std::back_inserter(amendment.findings),
                 [&](const Finding& finding) { return isNew(finding, addsRule); });
    if (!context.failed()) amendment.policy = std::move(context.policy);
    return amendment;
}

std::string accessWords(const Policy& policy, const std::string& path)
{
    const PathRule* rule = governingRule(policy, path);
    if (!rule) return "not granted";
    if (!rule->present || rule->kind == PathKind::mask) return "denied";
    if (rule->kind != PathKind::bind) return "the sandbox's own";
    return rule->access == PathAccess::readWrite ? "read-write" : "read-only";
}

}  // namespace belljar
