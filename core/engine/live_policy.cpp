#include "core/engine/live_policy.h"

#include <algorithm>

#include <spdlog/fmt/fmt.h>

#include "core/policy/amend.h"
#include "core/policy/decide.h"
#include "core/policy/path_lookup.h"
#include "core/policy/published_ports.h"

namespace belljar {
namespace {

Error refusal(const std::vector<Finding>& findings)
{
    const auto first = std::find_if(findings.begin(), findings.end(),
                                    [](const Finding& finding) { return finding.severity == Severity::error; });
    if (first == findings.end()) return {ErrorCode::policyValidation, "the change gives no policy", {}, {}, {}};
    return {ErrorCode::policyValidation, first->message, {}, {}, first->fix};
}

/// What was buried below /proc has lost its name; it stood at `path`, or below.
void nameBuried(std::vector<TreeHolder>& holders, const std::string& path)
{
    constexpr std::string_view kGrave = "/proc/.";
    for (TreeHolder& holder : holders) {
        if (!holder.path.starts_with(kGrave)) continue;
        const std::size_t rest = std::min(holder.path.find('/', kGrave.size()), holder.path.size());
        holder.path = path + holder.path.substr(rest);
    }
}

/// What was denied while the program runs: it may know other names of that already.
std::vector<DeniedPath> deniedLive(const Policy& policy)
{
    std::vector<DeniedPath> denied;
    for (const PathRule& rule : policy.paths)
        if (rule.access == PathAccess::denied && policy.rules[rule.rule].source == RuleSource::live)
            denied.push_back({rule.path, rule.rule});
    return denied;
}

/// Says by which mechanisms the change holds, and what none of them covers.
void nameMechanisms(PathChangeResult& result, const Policy& policy, const std::map<std::string, std::string>& objects)
{
    Access asked;
    asked.path = result.path;
    result.mechanisms.push_back(decide(policy, asked).mechanism);
    const auto object = objects.find(result.path);
    if (object == objects.end()) return;
    if (object->second.empty()) result.mechanisms.push_back(Mechanism::kernelPolicy);
    else
        result.notes.push_back(
            {Severity::note, "by-name-only", "Denied by its name only, not under others: " + object->second, {}, {}});
}

}  // namespace

LivePolicy::LivePolicy(const Preparation& preparation, const HostFacts& facts)
    : m_facts(facts),
      m_backend(preparation.backend),
      m_watch(preparation.plan->watch),
      m_preparation(preparation),
      m_policy(std::shared_ptr<const Policy>(), &*preparation.policy)  // most sessions are never changed: no copy
{
}

std::shared_ptr<const Policy> LivePolicy::current() const
{
    const std::lock_guard lock(m_mutex);
    return m_policy;
}

LivePolicy::Start LivePolicy::takeStart()
{
    if (!m_start) makeStart(*current(), m_origins);
    Start start = std::move(*m_start);
    m_start.reset();
    return start;
}

void LivePolicy::makeStart(const Policy& policy, std::optional<PathOrigins> origins)
{
    m_start = Start{policy, std::move(origins)};
    m_start->policy.rules.reserve(policy.rules.size() + 1);
}

Result<LivePolicy::Changed> LivePolicy::change(const PathChange& change, SandboxProcess& process)
{
    const std::lock_guard changing(m_changing);
    const std::shared_ptr<const Policy> before = current();
    Start start = takeStart();
    if (!start.origins) start.origins = m_preparation.origins;
    Amendment amended = amendPolicy(std::move(start.policy), std::move(*start.origins), change, m_facts);
    if (!amended.policy) return refusal(amended.findings);
    Result<LaunchPlan> plan = m_backend->plan(*amended.policy, m_facts.system(), PlanOptions{m_watch});
    if (!plan) return std::move(plan).error();
    Result<TreeChanged> tree = process.changeTree(*plan, deniedLive(*amended.policy));
    if (!tree) return std::move(tree).error();
    if (tree->error) {
        if (tree->broken) process.stop("a change of its policy could not be completed: " + tree->error->message);
        return std::move(*tree->error);
    }
    Changed changed;
    nameBuried(tree->holders, amended.path);
    changed.result = {amended.path, accessWords(*before, amended.path), accessWords(*amended.policy, amended.path),
                      {},           std::move(tree->holders),           std::move(amended.findings)};
    nameMechanisms(changed.result, *amended.policy, tree->objects);
    if (amended.policy->rules.size() > before->rules.size())
        changed.rule = static_cast<RuleId>(amended.policy->rules.size() - 1);
    changed.appliedAt = tree->appliedAt;
    changed.policy = std::make_shared<const Policy>(std::move(*amended.policy));
    m_origins = std::move(amended.origins);
    makeStart(*changed.policy, m_origins);
    const std::lock_guard lock(m_mutex);
    m_policy = changed.policy;
    return changed;
}

/// From now on it is what holds.
LivePolicy::NetworkChanged LivePolicy::adopt(NetworkAmendment amended, std::string spec)
{
    NetworkChanged changed;
    changed.result = {std::move(spec), std::move(amended.before), std::move(amended.after),
                      std::move(amended.findings)};
    if (amended.policy->rules.size() > current()->rules.size())
        changed.rule = static_cast<RuleId>(amended.policy->rules.size() - 1);
    changed.policy = std::make_shared<const Policy>(std::move(*amended.policy));
    const std::lock_guard lock(m_mutex);
    m_policy = changed.policy;
    return changed;
}

Result<LivePolicy::NetworkChanged> LivePolicy::changePublished(const PublishChange& change, SandboxProcess& process)
{
    const std::lock_guard changing(m_changing);
    Start start = takeStart();
    NetworkAmendment amended = amendPublished(std::move(start.policy), change);
    if (!amended.policy) return refusal(amended.findings);
    if (Result<void> done = process.publish(amended.policy->network.published); !done) {
        Error error = std::move(done).error();
        error.where.clear();  // no line of a profile has asked for it
        return error;
    }
    NetworkChanged changed = adopt(std::move(amended), publishText(change.port));
    changed.appliedAt = std::chrono::steady_clock::now();
    makeStart(*changed.policy, std::move(start.origins));
    return changed;
}

Result<LivePolicy::NetworkChanged> LivePolicy::changeNetwork(const NetworkChange& change, SandboxProcess& process)
{
    const std::lock_guard changing(m_changing);
    Start start = takeStart();
    NetworkAmendment amended = amendNetwork(std::move(start.policy), change);
    if (!amended.policy) return refusal(amended.findings);
    NetworkChanged changed = adopt(std::move(amended), change.spec.text);
    process.networkChanged();
    changed.appliedAt = std::chrono::steady_clock::now();
    makeStart(*changed.policy, std::move(start.origins));
    return changed;
}

Result<LivePolicy::ClipboardChanged> LivePolicy::changeClipboard(ClipboardRights rights, const std::string& by,
                                                                 SandboxProcess& process)
{
    const std::lock_guard changing(m_changing);
    const std::shared_ptr<const Policy> before = current();
    ClipboardChanged changed{clipboardWord(before->ui.clipboard), clipboardWord(rights), nullptr, {}};
    Policy after = *before;
    after.ui.clipboard = rights;
    after.ui.clipboardRule = static_cast<RuleId>(after.rules.size());
    after.rules.push_back(
        {RuleSource::live,
         fmt::format("ui.clipboard: {} (while it ran, by {})", changed.after, by.empty() ? "Belljar" : by),
         {}});
    if (Result<void> done = process.setClipboard(rights); !done) return std::move(done).error();
    changed.appliedAt = std::chrono::steady_clock::now();
    changed.policy = std::make_shared<const Policy>(std::move(after));
    m_start.reset();
    const std::lock_guard lock(m_mutex);
    m_policy = changed.policy;
    return changed;
}

Result<LivePolicy::NetworkChanged> LivePolicy::allowOnce(const NetworkChange& change)
{
    const std::lock_guard changing(m_changing);
    Policy policy = *current();
    policy.rules.push_back({RuleSource::live,
                            fmt::format("{} (allowed once while it ran, by {})", change.spec.text,
                                        change.by.empty() ? "Belljar" : change.by),
                            {}});
    NetworkChanged changed;
    changed.result = {change.spec.text, "denied", "allowed once", {}};
    changed.rule = static_cast<RuleId>(policy.rules.size() - 1);
    changed.policy = std::make_shared<const Policy>(std::move(policy));
    changed.appliedAt = std::chrono::steady_clock::now();
    m_start.reset();
    const std::lock_guard lock(m_mutex);
    m_policy = changed.policy;
    return changed;
}

}  // namespace belljar
