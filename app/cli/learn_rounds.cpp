#include "app/cli/learn_rounds.h"

#include <map>

#include "app/cli/output.h"
#include "app/cli/session_wait.h"
#include "core/base/visible.h"
#include "core/engine/session.h"
#include "core/events/event_table.h"
#include "core/platform/sha256.h"

namespace belljar::cli {
namespace {

constexpr std::size_t kMostDenials = 10'000;

class Watcher final : public SessionObserver {
public:
    Watcher(Learner* learner, const std::vector<Rule>& rules, unsigned run, bool showOutput)
        : m_learner(learner), m_rules(rules), m_run(run), m_showOutput(showOutput)
    {
    }

    void onEvents(std::span<const Event> events) override
    {
        if (m_learner != nullptr) m_learner->observe(events, m_rules, m_run);
        for (const Event& event : events) {
            const bool counts = event.verdict == EventVerdict::denied && !event.absentOnHost &&
                                event.mechanism != Mechanism::permissions;
            if (counts) note(event);
        }
    }

    /// The program's own words, as they are: it may be asking something.
    void onOutput(int stream, std::string_view bytes) override
    {
        if (stream == 1) m_hash.add(bytes);
        if (m_showOutput) printErr(bytes);
    }

    void onFinished(const Outcome&, const Losses& losses) override
    {
        result.losses = losses;
        result.outputHash = m_hash.finish();
        for (auto& [key, denial] : m_denials) result.denials.push_back(std::move(denial));
        sessionFinished();
    }

    WatchedRun result;

private:
    void note(const Event& event)
    {
        const auto key = std::pair(event.kind, event.object);
        auto known = m_denials.find(key);
        if (known == m_denials.end()) {
            if (m_denials.size() >= kMostDenials) return;
            Undecided denial;
            denial.object = event.object;
            denial.evidence = {0, event.sequence, m_run, event.kind, event.processName};
            denial.why = event.rule < m_rules.size() ? m_rules[event.rule].text : std::string();
            known = m_denials.emplace(key, std::move(denial)).first;
        }
        ++known->second.evidence.count;
    }

    Learner* m_learner;
    const std::vector<Rule>& m_rules;
    unsigned m_run;
    bool m_showOutput;
    Sha256 m_hash;
    std::map<std::pair<EventKind, std::string>, Undecided> m_denials;
};

}  // namespace

Result<WatchedRun> watchedRun(const RunSetting& setting, const std::string& profile, Learner* learner, unsigned run)
{
    RunRequest request = setting.request;
    request.profileText = profile;
    request.settings.clear();
    Preparation preparation = prepare(request, *setting.facts, *setting.backends);
    if (!preparation.plan) return std::move(*preparation.error);
    const Backend& backend = *preparation.backend;
    const std::vector<Rule> rules = preparation.policy->rules;
    Watcher watcher(learner, rules, run, setting.showOutput);
    SessionOptions options;
    options.stdio.mode = StdioPlan::Mode::pipes;
    catchSignals();
    Result<std::unique_ptr<Session>> session = Session::start(std::move(preparation), options, *setting.facts, watcher);
    if (!session) return std::move(session).error();
    (*session)->writeInput({});
    watcher.result.source = (*session)->header().source;
    watcher.result.signal = awaitEnd(**session, false);
    watcher.result.outcome = explained((*session)->wait(), backend);
    forgetSession();
    if (learner != nullptr && watcher.result.losses.total() != 0) learner->noteIncomplete("events were lost");
    if (const auto* failed = std::get_if<SetupFailed>(&watcher.result.outcome.ending)) return failed->error;
    return std::move(watcher.result);
}

}  // namespace belljar::cli
