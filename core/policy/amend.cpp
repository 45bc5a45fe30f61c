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

/// The host, each path asked for once: a change is decided while somebody waits.
class RememberingFacts final : public HostFacts {
public:
    explicit RememberingFacts(const HostFacts& facts) : m_facts(facts) {}

    [[nodiscard]] const SystemFacts& system() const override { return m_facts.system(); }
    [[nodiscard]] PathFacts lstat(const std::string& path) const override
    {
        const auto known = m_known.find(path);
        return known != m_known.end() ? known->second : m_known.emplace(path, m_facts.lstat(path)).first->second;
    }
    [[nodiscard]] bool mayAccess(const std::string& path, bool write) const override
    {
        return m_facts.mayAccess(path, write);
    }
    [[nodiscard]] const std::vector<MountFacts>& mounts() const override { return m_facts.mounts(); }
    [[nodiscard]] std::vector<std::string> list(const std::string& path) const override { return m_facts.list(path); }
    [[nodiscard]] std::vector<std::string> formerlyWritable() const override { return m_facts.formerlyWritable(); }
    [[nodiscard]] std::string memoryFolder() const override { return m_facts.memoryFolder(); }

private:
    const HostFacts& m_facts;
    mutable std::unordered_map<std::string, PathFacts> m_known;
};

constexpr std::string_view kWords[]{"--deny", "--ro", "--rw"};  // by PathAccess

/// What was known of the run before, and is not about this change, need not be said again.
bool isNew(const Finding& finding, const Policy& current, const ResolveContext& context)
{
    if (finding.severity == Severity::error) return true;
    const auto old = std::find_if(current.rules.begin(), current.rules.end(), [&](const Rule& rule) {
        return !rule.place.pointer.empty() && rule.place.pointer == finding.place.pointer;
    });
    return old == current.rules.end() && context.policy.rules.size() > current.rules.size();
}

}  // namespace

Amendment amendPolicy(const Policy& current, PathOrigins origins, const PathChange& change, const HostFacts& host)
{
    const RememberingFacts facts(host);
    Amendment amendment;
    ResolveRequest nothing;
    static const SandboxConfig kEmpty;
    nothing.config = &kEmpty;
    ResolveContext context(nothing, facts);
    context.policy = current;
    context.policy.paths.clear();
    context.policy.links.clear();
    for (const PathRule& rule : origins.basePaths) context.paths[rule.path] = rule;
    for (const LinkRule& link : origins.baseLinks) context.links[link.path] = link;
    const bool usable = isAbsolutePath(change.path) && change.path.find('\0') == std::string::npos;
    amendment.path = usable ? walkHost(change.path, facts).canonical : change.path;
    const std::size_t erased = std::erase_if(
        origins.requests, [&](const PathRequest& request) { return request.canonical == amendment.path; });
    if (!change.access && erased == 0) {
        context.report(Severity::error, "no-such-rule",
                       fmt::format("No rule of this session names {}, so none can be removed", quoted(amendment.path)),
                       SourcePlace{}, "Deny it, or remove the rule of the folder around it");
    }
    // Listed programs and what cannot be executed are mounts, too, and Landlock's fence cannot be widened.
    if (current.programs.listed)
        context.report(Severity::error, "programs-fixed",
                       "With a list of programs the paths of a running session cannot be changed", SourcePlace{},
                       "Start a new session with the changed profile");
    for (const PathRequest& request : origins.requests)
        readPathEntry(context, request.written, request.access, request.rule);
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
    std::copy_if(context.findings.begin(), context.findings.end(), std::back_inserter(amendment.findings),
                 [&](const Finding& finding) { return isNew(finding, current, context); });
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
