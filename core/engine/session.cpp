#include "core/engine/session.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>

#include <spdlog/fmt/fmt.h>

#include "core/engine/event_judge.h"
#include "core/engine/event_pipeline.h"
#include "core/engine/live_policy.h"
#include "core/engine/session_events.h"
#include "core/engine/session_network.h"
#include "core/events/recording.h"
#include "core/policy/network_words.h"

#ifndef BELLJAR_VERSION
#define BELLJAR_VERSION "0"
#endif

namespace belljar {
namespace {

std::string randomId()
{
    std::random_device device;
    return fmt::format("{:08x}{:08x}", device(), device());
}

/// Who watches this run: the plan's filter and the monitor are set accordingly. An error when that very one was asked
/// for and is not to be had.
Result<SourceFacts> chooseMonitor(LaunchPlan& plan, std::unique_ptr<KernelMonitor>& monitor)
{
    if (plan.watch.monitor == Monitor::off) return SourceFacts{"off", "none", {"Nothing is watched."}, {}};
    SourceFacts facts = notifyFacts(plan.watch.level);
    if (plan.shim.filter.nestsSandboxes)
        facts.blindSpots.emplace_back("What is sent with sendmsg is not reported, since programs may make sandboxes.");
    if (plan.watch.monitor == Monitor::notify) return facts;
    Result<std::unique_ptr<KernelMonitor>> opened = openKernelMonitor(plan.watch.level);
    if (opened) {
        monitor = std::move(opened).value();
        plan.shim.filter.watch = FilterWatch::none;
        return monitor->facts();
    }
    if (plan.watch.monitor == Monitor::kernel) {
        Error error = std::move(opened).error();
        error.where = "--monitor kernel";
        if (error.hint.empty()) error.hint = "Leave --monitor out: what works here is then taken.";
        return error;
    }
    facts.whyNotBetter = opened.error().message;
    if (!opened.error().native.empty()) facts.whyNotBetter += " (" + opened.error().native + ")";
    return facts;
}

RecordingHeader headerOf(const Preparation& preparation, const HostFacts& facts, const SourceFacts& source)
{
    const SystemFacts& system = facts.system();
    RecordingHeader header;
    header.belljarVersion = BELLJAR_VERSION;
    header.sessionId = randomId();
    header.startedUnixNs =
        std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count();
    header.profileName = preparation.config->text.name();
    header.profileText = preparation.config->text.text();
    header.backend = preparation.plan->backend;
    header.source = source;
    header.trace = preparation.plan->watch.level == TraceLevel::full ? "full" : "standard";
    header.system = system.system;
    header.kernel = system.kernel;
    header.distribution = system.distribution;
    header.uid = system.uid;
    header.argv = preparation.plan->shim.argv;
    header.cwd = preparation.plan->shim.cwd;
    header.rules = preparation.policy->rules;
    return header;
}

/// A name cannot be denied by a rule, and a rule that denies everything would also deny what others allow.
bool writesDenial(const NetworkQuestion::Choice& choice)
{
    return choice.scope == AskScope::address;
}

}  // namespace

struct Session::Impl {
    Impl(Preparation prepared, const HostFacts& hostFacts, std::unique_ptr<RecordingWriter> writer,
         SessionObserver& sessionObserver)
        : preparation(std::move(prepared)),
          observer(sessionObserver),
          network(live, hostFacts, noteWhenWatched()),
          judge(*preparation.policy, hostFacts, &network.hostPeers(), &network.names()),
          recording(std::move(writer)),
          live(preparation, hostFacts),
          pipeline(judge, recording.get(), [this](std::span<const Event> events) { show(events); })
    {
    }

    void show(std::span<const Event> events)
    {
        const auto isChange = [](const Event& event) { return event.kind == EventKind::sessionPolicy; };
        if (std::any_of(events.begin(), events.end(), isChange)) observer.onRules(live.current()->rules);
        observer.onEvents(events);
    }

    [[nodiscard]] std::int64_t now() const { return timeNs(std::chrono::steady_clock::now()); }
    [[nodiscard]] std::int64_t timeNs(std::chrono::steady_clock::time_point time) const
    {
        return std::chrono::duration_cast<std::chrono::nanoseconds>(time - origin).count();
    }

    /// An event of our own, unless the session is over.
    void note(Event event)
    {
        const std::lock_guard lock(noteMutex);
        if (!over) pipeline.add(std::move(event));
    }

    [[nodiscard]] std::function<void(Event)> noteWhenWatched()
    {
        if (preparation.plan->watch.monitor == Monitor::off) return {};
        return [this](Event event) { note(std::move(event)); };
    }

    NetworkHooks networkHooks() { return preparation.plan->relaysNetwork ? network.hooks(origin) : NetworkHooks{}; }

    void askFirst(std::chrono::milliseconds patience)
    {
        network.askFirst({[this](const NetworkQuestion& question) { observer.onQuestion(question); },
                          [this](std::uint64_t number, AskEnd end) { observer.onQuestionOver(number, end); }},
                         patience);
    }

    template <class Changed, class Change>
    void noteChange(const Changed& changed, const Change& change)
    {
        const std::lock_guard lock(noteMutex);
        if (!over) pipeline.changePolicy(changed.policy, policyEvent(changed, change, timeNs(changed.appliedAt)));
    }

    template <class Changed, class Change>
    auto noted(Result<Changed> changed, const Change& change) -> Result<decltype(changed->result)>
    {
        if (!changed) return std::move(changed).error();
        noteChange(*changed, change);
        return std::move(changed->result);
    }

    DesktopListener desktopListener()
    {
        if (preparation.plan->watch.monitor == Monitor::off) return {};
        return [this](const DesktopEvent& seen) { note(desktopEvent(seen, timeNs(seen.time))); };
    }

    /// The rule that an answer makes; 0: none.
    Result<RuleId> apply(const NetworkAnswer& answer, const NetworkQuestion::Choice& choice)
    {
        using Action = NetworkChange::Action;
        const bool isOnce = answer.span == AskSpan::once;
        if (!answer.allow && (isOnce || !writesDenial(choice))) return RuleId{0};
        const NetworkChange change{answer.allow ? Action::allow : Action::deny, choice.spec, answer.by};
        Result<LivePolicy::NetworkChanged> changed =
            isOnce ? live.allowOnce(change) : live.changeNetwork(change, *process);
        if (!changed) return std::move(changed).error();
        noteChange(*changed, change);
        return changed->rule.value_or(0);
    }

    Result<void> setFrozen(bool freezes, const std::string& by)
    {
        const std::lock_guard lock(freezing);
        if (Result<void> done = process->setFrozen(freezes); !done) return done;
        frozen = freezes;
        note(sessionEvent(freezes ? EventKind::sessionFreeze : EventKind::sessionThaw, by, now()));
        return {};
    }

    /// The supervisor thread: its life is the sandbox's life.
    void supervise()
    {
        const auto onOutput = [this](int stream, std::string_view bytes) { observer.onOutput(stream, bytes); };
        const auto onStarted = [this](std::unique_ptr<EventSource> started) {
            if (!started) return;
            source = std::move(started);
            watcher = std::thread([this] { watch(); });
        };
        outcome = process->run(onOutput, onStarted);
        if (watcher.joinable()) {
            // The source ends by itself once nobody is left under the filter; stop() covers a kernel that keeps it
            // open.
            {
                std::unique_lock lock(mutex);
                watcherEnd.wait_for(lock, std::chrono::seconds(2), [this] { return watcherEnded; });
            }
            source->stop();
            watcher.join();
        }
        {
            const std::lock_guard lock(noteMutex);
            over = true;
        }
        if (AskDesk* const desk = network.desk()) desk->close();
        losses = pipeline.finish();
        if (recording) {
            if (Result<void> finished = recording->finish(outcome, losses); !finished) ++losses.recording;
        }
        observer.onFinished(outcome, losses);
    }

    void watch()
    {
        const Result<void> watched = pipeline.run(*source);
        // Who asked for this very monitor does not want a run that it does not see; in others the gap is an event.
        if (!watched && preparation.plan->watch.monitor == Monitor::kernel)
            process->stop("watching ended: " + watched.error().message);
        const std::lock_guard lock(mutex);
        watcherEnded = true;
        watcherEnd.notify_all();
    }

    const Preparation preparation;
    SessionObserver& observer;
    SessionNetwork network;
    EventJudge judge;
    RecordingHeader header;
    const std::unique_ptr<RecordingWriter> recording;
    std::unique_ptr<SandboxProcess> process;
    std::unique_ptr<EventSource> source;
    LivePolicy live;
    EventPipeline pipeline;                        ///< After what it refers to.
    std::chrono::steady_clock::time_point origin;  ///< Of event times.
    std::mutex freezing;
    std::atomic<bool> frozen = false;
    std::mutex noteMutex;
    bool over = false;
    Losses losses;
    Outcome outcome;
    std::mutex mutex;
    std::condition_variable watcherEnd;
    bool watcherEnded = false;
    std::thread watcher;
    std::thread supervisor;
};

Session::Session(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Session::~Session()
{
    if (!m_impl->supervisor.joinable()) return;
    m_impl->process->stop("the session was closed");
    m_impl->supervisor.join();
}

Result<std::unique_ptr<Session>> Session::start(Preparation preparation, const SessionOptions& options,
                                                const HostFacts& facts, SessionObserver& observer)
{
    if (preparation.error) return std::move(*preparation.error);
    if (!preparation.plan || !preparation.policy || !preparation.config)
        return Error{ErrorCode::malformedRequest, "the run is not prepared", {}, {}, {}};
    std::unique_ptr<KernelMonitor> monitor;
    Result<SourceFacts> source = chooseMonitor(*preparation.plan, monitor);
    if (!source) return std::move(source).error();
    RecordingHeader header = headerOf(preparation, facts, *source);
    std::unique_ptr<RecordingWriter> recording;
    if (!options.recordPath.empty()) {
        Result<std::unique_ptr<RecordingWriter>> writer = RecordingWriter::create(options.recordPath, header);
        if (!writer) return std::move(writer).error();
        recording = std::move(writer).value();
    }
    auto impl = std::make_unique<Impl>(std::move(preparation), facts, std::move(recording), observer);
    impl->header = std::move(header);
    impl->origin = std::chrono::steady_clock::now();
    if (options.askPatience.count() > 0) impl->askFirst(options.askPatience);
    Result<std::unique_ptr<SandboxProcess>> process =
        makeSandboxProcess(*impl->preparation.plan, options.stdio, impl->origin, std::move(monitor),
                           impl->networkHooks(), impl->desktopListener());
    if (!process) return std::move(process).error();
    impl->process = std::move(process).value();
    if (const Policy& policy = *impl->preparation.policy; policy.network.proxyOnly)
        if (const auto note = impl->noteWhenWatched()) note(proxyOnlyEvent(policy, impl->now()));
    std::unique_ptr<Session> session(new Session(std::move(impl)));
    session->m_impl->supervisor = std::thread([raw = session->m_impl.get()] { raw->supervise(); });
    return session;
}

void Session::stop(const std::string& reason)
{
    m_impl->process->stop(reason);
}

void Session::writeInput(std::string_view bytes)
{
    m_impl->process->writeInput(bytes);
}

void Session::resizeTerminal(unsigned short columns, unsigned short rows)
{
    m_impl->process->resizeTerminal(columns, rows);
}

Result<PathChangeResult> Session::changePath(const PathChange& change)
{
    return m_impl->noted(m_impl->live.change(change, *m_impl->process), change);
}

Result<NetworkChangeResult> Session::changeNetwork(const NetworkChange& change)
{
    return m_impl->noted(m_impl->live.changeNetwork(change, *m_impl->process), change);
}

Result<NetworkChangeResult> Session::changePublished(const PublishChange& change)
{
    return m_impl->noted(m_impl->live.changePublished(change, *m_impl->process), change);
}

Result<void> Session::changeClipboard(ClipboardRights rights, const std::string& by)
{
    const Result<LivePolicy::ClipboardChanged> changed = m_impl->live.changeClipboard(rights, by, *m_impl->process);
    if (changed) m_impl->noteChange(*changed, by);
    return changed ? Result<void>() : Result<void>(changed.error());
}

std::vector<NetworkQuestion> Session::questions() const
{
    const AskDesk* const desk = m_impl->network.desk();
    return desk == nullptr ? std::vector<NetworkQuestion>() : desk->open();
}

Result<NetworkAnswered> Session::answer(const NetworkAnswer& answer)
{
    AskDesk* const desk = m_impl->network.desk();
    const std::optional<NetworkQuestion> question = desk == nullptr ? std::nullopt : desk->find(answer.number);
    if (!question || answer.choice >= question->choices.size())
        return Error{ErrorCode::malformedId,
                     question ? "the question has no such choice" : "no such question is open",
                     {},
                     {},
                     "Who does not answer in time denies it once"};
    const NetworkQuestion::Choice& choice = question->choices[answer.choice];
    Result<RuleId> rule = m_impl->apply(answer, choice);
    if (!rule) return std::move(rule).error();
    desk->settle(*question, choice.spec, answer.allow, answer.span, *rule, AskDesk::Clock::now());
    m_impl->process->networkChanged();
    NetworkAnswered answered{choice.spec.text, answer.allow, {}, {}};
    if (answer.span == AskSpan::always && (answer.allow || writesDenial(choice))) {
        NetworkEntry entry = networkEntry(choice.spec, answer.allow);
        answered.profileList = std::move(entry.list);
        answered.profileElement = std::move(entry.element);
    }
    return answered;
}

Result<void> Session::freeze(const std::string& by)
{
    return m_impl->setFrozen(true, by);
}

Result<void> Session::thaw(const std::string& by)
{
    return m_impl->setFrozen(false, by);
}

bool Session::isFrozen() const
{
    return m_impl->frozen;
}

void Session::kill(const std::string& by)
{
    m_impl->note(sessionEvent(EventKind::sessionKill, by, m_impl->now()));
    stop("killed by " + by);
}

std::shared_ptr<const Policy> Session::policy() const
{
    return m_impl->live.current();
}

const Outcome& Session::wait()
{
    if (m_impl->supervisor.joinable()) m_impl->supervisor.join();
    return m_impl->outcome;
}

const RecordingHeader& Session::header() const
{
    return m_impl->header;
}

}  // namespace belljar
