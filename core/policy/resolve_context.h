// The state that the steps of resolvePolicy() share. Internal to core/policy.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/policy/resolve.h"

namespace belljar {

class ResolveContext {
public:
    ResolveContext(const ResolveRequest& request, const HostFacts& facts);

    const ResolveRequest& request;
    const SandboxConfig& config;
    const HostFacts& facts;
    Policy policy;
    std::vector<Finding> findings;
    PathOrigins origins;
    std::vector<PathEntry> entries;         ///< Profile and command line; only those that resolved.
    std::map<std::string, PathRule> paths;  ///< While the tree is put together; ends up in policy.paths.
    std::map<std::string, LinkRule> links;
    std::string proxyUrl;     ///< What programs are told about a proxy; empty: nothing.
    std::string ownProxyUrl;  ///< The same of Belljar's own, which yields to variables that are set.

    RuleId addRule(RuleSource source, std::string text, SourcePlace place = {});
    [[nodiscard]] SourcePlace place(const std::string& pointer) const;
    /// Keeps the first few hundred.
    void report(Severity severity, std::string id, std::string message, SourcePlace where, std::string fix = {});
    /// A finding at the place of a rule.
    void report(Severity severity, std::string id, std::string message, RuleId rule, std::string fix = {});
    [[nodiscard]] bool failed() const { return m_failed; }
    /// Moves `paths` and `links` into the policy, whose tables are empty.
    void publishTables();

private:
    static constexpr std::size_t kMostFindings = 500;
    bool m_failed = false;
};

/// The bubblewrap base tree: what every sandbox gets, and what is never shown of it.
void addBaseTree(ResolveContext& context);
/// Adds one entry if it is right; says why not otherwise.
void readPathEntry(ResolveContext& context, const std::string& written, PathAccess access, RuleId rule);
/// Fills context.entries from the lists and the extra paths.
void readPathEntries(ResolveContext& context);
/// Puts base tree and entries together: strictest at one object, links, masks.
void assemblePaths(ResolveContext& context);
/// Masks for other names of denied objects: bind mounts and hard links.
void maskBindAliases(ResolveContext& context);
void maskHardLinks(ResolveContext& context);
/// Makes folders between a writable grant and something protected inside it mount points, so that they cannot be
/// renamed away together with it.
void pinProtectedFolders(ResolveContext& context);
void resolveNetwork(ResolveContext& context);
/// After that: where the kernel cannot hand packets to the relay, a proxy is the way out, or the policy is refused.
void leadByProxy(ResolveContext& context);
void resolveUi(ResolveContext& context);
void resolveBus(ResolveContext& context);
/// The list of programs; before pinProtectedFolders().
void resolvePrograms(ResolveContext& context);
/// Once all mounts are known: where nothing can be executed.
void closeExecution(ResolveContext& context);
/// The system calls that the profile denies, beside those that every sandbox is refused.
void resolveSyscalls(ResolveContext& context);
/// With `checkTree` it also looks for the program and its folder in the sandbox's tree.
void resolveProcess(ResolveContext& context, bool checkTree);

/// "`/home/u`": hostile text in a message, which is shown through visible() as a whole.
[[nodiscard]] std::string quoted(std::string_view text);

}  // namespace belljar
