#include "app/cli/learn_session.h"

#include <algorithm>
#include <functional>

#include <spdlog/fmt/fmt.h>

#include "app/cli/output.h"
#include "app/cli/session_wait.h"
#include "core/base/visible.h"
#include "core/config/config_io.h"

namespace belljar::cli {
namespace {

constexpr unsigned kMostRefusals = 100;
constexpr std::size_t kMostMinimised = 50;

using Refusals = std::map<std::string, std::string>;  ///< Path, why.

/// The text at a pointer of a profile; "" when there is none.
std::string textAt(const std::string& profile, const std::string& pointer)
{
    const Result<JsonText> json = JsonText::parse(profile);
    if (!json) return {};
    const JsonText::NodeId node = json->find(pointer);
    return node != JsonText::kNone && json->node(node).type == JsonType::string ? json->string(node) : std::string();
}

/// A profile that can be run: paths that a policy refuses (planted links, what the user may not write) are left out and
/// noted.
Result<std::string> preparable(const RunSetting& setting, ProfileFrame frame, Refusals& refusals,
                               const std::function<std::string(const ProfileFrame&)>& build)
{
    for (unsigned i = 0;; ++i) {
        for (const auto& [path, why] : refusals) frame.refused.insert(path);
        std::string text = build(frame);
        RunRequest request = setting.request;
        request.profileText = text;
        Preparation preparation = prepare(request, *setting.facts, *setting.backends);
        if (preparation.plan) return text;
        bool dropped = false;
        for (const Finding& finding : preparation.findings) {
            if (finding.severity != Severity::error) continue;
            const std::string path = textAt(text, finding.place.pointer);
            dropped = (!path.empty() && finding.place.pointer != "/process/commandLine" &&
                       refusals.emplace(path, finding.message).second) ||
                      dropped;
        }
        if (!dropped || i >= kMostRefusals) return std::move(*preparation.error);
    }
}

void takeRefusals(const Refusals& refusals, LearnProposal& proposal)
{
    for (const auto& [path, why] : refusals) {
        const auto rule = std::find_if(proposal.rules.begin(), proposal.rules.end(),
                                       [&](const LearnedRule& learned) { return learned.path == path; });
        if (rule == proposal.rules.end()) continue;
        proposal.undecided.push_back({Undecided::Kind::hidden, path, rule->access, rule->evidence, why});
        proposal.rules.erase(rule);
    }
}

bool succeeded(const WatchedRun& run)
{
    return exitStatus(run.outcome) == 0;
}

bool sameEnd(const WatchedRun& a, const WatchedRun& b)
{
    return exitStatus(a.outcome) == exitStatus(b.outcome) && a.outputHash == b.outputHash;
}

bool hasLooks(const LearnProposal& proposal)
{
    return std::any_of(proposal.undecided.begin(), proposal.undecided.end(),
                       [](const Undecided& left) { return left.kind == Undecided::Kind::looked; });
}

/// Runs once without each rule; those that make no difference go.
Result<void> minimise(const LearnPlan& plan, LearnResult& result)
{
    std::vector<LearnedRule>& rules = result.proposal.rules;
    for (std::size_t i = rules.size(), tried = 0; i-- > 0 && tried < kMostMinimised; ++tried) {
        std::vector<LearnedRule> fewer = rules;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        const std::string profile = learnedProfile(plan.frame, fewer);
        printErr(fmt::format("belljar: without {}\n", visible(rules[i].path)));
        const Result<WatchedRun> run = watchedRun(plan.setting, profile, nullptr, ++result.runs);
        if (!run) continue;  // It cannot even start: the rule is needed.
        if (run->signal != 0) return Error{ErrorCode::backendError, "interrupted", {}, {}, {}};
        if (!sameEnd(*run, *result.last)) continue;
        result.unused.push_back(rules[i].path);
        rules = std::move(fewer);
        result.profile = profile;
    }
    return {};
}

Result<WatchedRun> firstRun(LearnPlan& plan, Learner& learner, Refusals& refusals)
{
    const SystemFacts& system = plan.setting.facts->system();
    const Exploration more = plan.permissive
                                 ? permissiveTree(system.currentPath, plan.options.home, *plan.setting.facts)
                                 : firstLook(plan.command, system.currentPath, plan.options.home, *plan.setting.facts);
    const Result<std::string> profile = preparable(
        plan.setting, plan.frame, refusals, [&](const ProfileFrame& frame) { return explorationProfile(frame, more); });
    if (!profile) return profile.error();
    printErr(plan.permissive ? "belljar: PERMISSIVE run: nothing but secrets is kept from the program\n"
                             : "belljar: run 1: the working folder can be read, nothing can be changed\n");
    return watchedRun(plan.setting, *profile, &learner, 1);
}

}  // namespace

Result<std::string> profileFor(const LearnPlan& plan, LearnProposal& proposal)
{
    Refusals refusals;
    Result<std::string> text = preparable(plan.setting, plan.frame, refusals, [&](const ProfileFrame& frame) {
        return learnedProfile(frame, proposal.rules);
    });
    takeRefusals(refusals, proposal);
    return text;
}

Result<LearnResult> learnByRunning(LearnPlan plan)
{
    Learner learner(*plan.setting.facts, plan.options);
    LearnResult result;
    Refusals refusals;
    Result<WatchedRun> run = firstRun(plan, learner, refusals);
    result.runs = 1;
    bool looks = false;
    std::string before;
    while (true) {
        if (!run) return std::move(run).error();
        result.last = std::move(run).value();
        result.proposal = learner.propose();
        Result<std::string> next = profileFor(plan, result.proposal);
        if (!next) return std::move(next).error();
        result.profile = std::move(next).value();
        if (result.last->signal != 0) return Error{ErrorCode::backendError, "interrupted", {}, {}, {}};
        if (plan.permissive) return result;
        result.enforced = result.profile == before;
        if (result.enforced && !succeeded(*result.last) && !looks && hasLooks(result.proposal)) {
            // It fails, and all it still misses are things that it only looked at.
            looks = true;
            learner.takeLooks();
            result.enforced = false;
            before.clear();
            result.proposal = learner.propose();
            next = profileFor(plan, result.proposal);
            if (!next) return std::move(next).error();
            result.profile = std::move(next).value();
        }
        if (result.enforced || result.runs >= plan.rounds) break;
        before = result.profile;
        ++result.runs;
        printErr(fmt::format("belljar: run {}: {} learned rules\n", result.runs, result.proposal.rules.size()));
        run = watchedRun(plan.setting, result.profile, &learner, result.runs);
    }
    if (plan.minimise && result.enforced) {
        if (Result<void> done = minimise(plan, result); !done) return done.error();
    }
    return result;
}

}  // namespace belljar::cli
