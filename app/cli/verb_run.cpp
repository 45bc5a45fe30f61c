// belljar run: a command under a profile. Its standard streams and its exit code are ours.
#include <algorithm>
#include <cstdio>

#include <spdlog/fmt/fmt.h>

#include "app/cli/ask_terminal.h"
#include "app/cli/output.h"
#include "app/cli/query_option.h"
#include "app/cli/run_options.h"
#include "app/cli/run_report.h"
#include "app/cli/session_wait.h"
#include "app/cli/verb.h"
#include "backends/registry.h"
#include "core/base/visible.h"
#include "core/engine/answered_rule.h"
#include "core/engine/session.h"
#include "core/platform/platform.h"

namespace belljar::cli {
namespace {

struct RunArguments {
    RunOptions options;
    WatchOptions watch;
    std::optional<std::string> record;
    std::optional<std::string> events;
    std::optional<std::string> eventsTo;
    std::optional<std::string> filterText;
    Query filter;
    Expectations expected;
    bool json = false;
    bool asks = false;
};

constexpr std::chrono::seconds kAskPatience{30};

/// The answers of a person at the terminal; what holds always goes into the profile's file.
AskTerminal::Answerer answererOf(Session& session, const std::optional<std::string>& profile)
{
    return [&session, profile](NetworkAnswer answer) -> Result<NetworkAnswered> {
        answer.by = "belljar run --ask";
        if (answer.span == AskSpan::always && (!profile || *profile == "-"))
            return Error{ErrorCode::malformedRequest, "there is no file of a profile for the rule", {}, {}, {}};
        Result<NetworkAnswered> answered = session.answer(answer);
        if (!answered || answer.span != AskSpan::always) return answered;
        if (Result<void> written = writeAnswer(*profile, *answered); !written) return std::move(written).error();
        return answered;
    };
}

/// The terminal is for the answers, so a program that would read it reads nothing.
void keepTerminal()
{
    constexpr const char* kNothing = "/dev/null";
    if (isTerminal(0) && std::freopen(kNothing, "r", stdin) == nullptr)
        printErr("belljar: the program can read the terminal, too\n");
}

/// Where events go; nullptr: nowhere. An error when the file cannot be made.
Result<std::FILE*> openSink(const RunArguments& run, EventsMode mode)
{
    if (mode == EventsMode::none) return nullptr;
    if (!run.eventsTo) return stderr;
    std::FILE* file = std::fopen(run.eventsTo->c_str(), "w");
    if (file != nullptr) return file;
    return Error{ErrorCode::backendError,
                 "the file for events cannot be made",
                 "--events-to " + *run.eventsTo,
                 {},
                 "Choose a file in a folder that exists and that you may write."};
}

EventsMode modeOf(const RunArguments& run)
{
    if (run.events == "pretty" || (!run.events && (run.eventsTo || run.filterText))) return EventsMode::pretty;
    return run.events == "jsonl" ? EventsMode::jsonl : EventsMode::none;
}

/// Who watches, how much, what that does not see, and why it is not somebody better.
std::string watchedText(const RecordingHeader& header)
{
    std::string text = fmt::format("watched by {}, {} trace", visible(header.source.mechanism), visible(header.trace));
    for (const std::string& blind : header.source.blindSpots) text += "\n  " + visible(blind);
    if (!header.source.whyNotBetter.empty())
        text += "\n  The kernel source is not to be had: " + visible(header.source.whyNotBetter);
    return text;
}

/// 126 and 127 as a shell gives them, where the policy already knows that the command cannot be started.
int failureCode(const Preparation& preparation)
{
    const auto first = std::find_if(preparation.findings.begin(), preparation.findings.end(),
                                    [](const Finding& finding) { return finding.severity == Severity::error; });
    return first != preparation.findings.end() && first->id == "command-not-found" ? kNoSuchCommand : kRunFailure;
}

int runPrepared(const RunArguments& run, const RunRequest& request, const HostFacts& facts, EventsMode mode)
{
    const auto fail = [&](const Error& error) {
        reportError(error, run.json, true);
        return kRunFailure;
    };
    const BackendList backends = allBackends();
    Preparation preparation = prepare(request, facts, backends);
    if (!run.json)
        for (const Finding& finding : preparation.findings)
            if (finding.severity == Severity::warning)
                printErr("belljar: " + findingText(finding, request.profileName));
    if (!preparation.plan) {
        fail(*preparation.error);
        return failureCode(preparation);
    }
    const Backend& backend = *preparation.backend;
    const Result<std::FILE*> sink = openSink(run, mode);
    if (!sink) return fail(sink.error());
    RunReport report(mode, *sink, preparation.policy->rules, sessionFinished);
    report.showOnly(run.filter);
    report.expect(run.expected);
    const std::vector<Finding> findings = preparation.findings;
    SessionOptions options;
    options.stdio.mode = StdioPlan::Mode::screened;
    options.recordPath = run.record.value_or("");
    AskTerminal asker;
    if (run.asks) {
        options.askPatience = kAskPatience;
        if (asker.open()) {
            keepTerminal();
            report.askAt(asker);
        } else {
            printErr("belljar: there is no terminal for questions; belljar answer shows and answers them\n");
        }
    }
    catchSignals();
    Result<std::unique_ptr<Session>> session = Session::start(std::move(preparation), options, facts, report);
    if (!session) return fail(session.error());
    if (run.asks) asker.begin(answererOf(**session, run.options.profile));
    if (mode == EventsMode::pretty) printErr("belljar: " + watchedText((*session)->header()) + "\n");
    const int signal = awaitEnd(**session, true);
    const Outcome outcome = explained((*session)->wait(), backend);
    asker.close();
    const int ended = exitStatus(outcome, signal);
    const int code = ended != kRunFailure && !report.isAsExpected() ? kNotAsExpected : ended;
    if (run.json) printErr(report.document(outcome, code, findings, (*session)->header(), options.recordPath) + "\n");
    else printErr(report.closingText(outcome, run.events.has_value() || run.eventsTo || isTerminal(2)));
    const bool sinkFailed = *sink != nullptr && (std::fflush(*sink) != 0 || std::ferror(*sink) != 0);
    if (*sink != nullptr && *sink != stderr) std::fclose(*sink);
    if (sinkFailed)
        printErr("belljar: not all events could be written to " + visible(run.eventsTo.value_or("stderr")) + "\n");
    return code;
}

}  // namespace

int runVerb(const Arguments& arguments)
{
    RunArguments run;
    OptionParser parser(
        "run [PROFILE] [OPTIONS] [-- CMD ARG...]",
        "Runs a command under a profile. Standard input, output and error are the command's own.\n"
        "Exit code: the command's; 128 + n for signal n; 123 an expectation is not met;\n"
        "124 time is up; 125 Belljar failed; 126 the command cannot be run; 127 there is no such command.",
        true);
    run.options.addTo(parser);
    run.watch.addTo(parser);
    parser.option("--record", run.record, "FILE", "Record everything in a new file; see belljar events");
    parser.choice("--events", run.events, {"pretty", "jsonl", "none"},
                  "Show events on standard error while they happen");
    parser.option("--events-to", run.eventsTo, "FILE", "Show events in this file instead, which is overwritten");
    parser.option("--filter", run.filterText, "QUERY",
                  "Show only events that fit, such as 'verdict=denied -proc:npm'; see queries.md");
    run.expected.addTo(parser);
    parser.flag("--ask", run.asks,
                "Hold what no rule about the network covers, and ask on the terminal; belljar answer works, too");
    parser.flag("--json", run.json, "Print one JSON document on standard error at the end");
    if (const std::optional<int> code = parser.parse(arguments, kRunFailure)) return *code;
    if (run.filterText && !parseQueryOption("--filter", *run.filterText, run.filter, run.json)) return kRunFailure;
    if (!run.expected.parse(run.json)) return kRunFailure;
    if (!run.expected.empty()) {
        if (run.watch.monitor == "off") {
            reportError({ErrorCode::malformedRequest,
                         "Nothing is seen that could be expected",
                         "--monitor off",
                         {},
                         "Leave it out."},
                        run.json, true);
            return kRunFailure;
        }
        // That none was read is no answer where reads are not watched.
        if (!run.watch.trace) run.watch.trace = "full";
    }

    const std::unique_ptr<HostFacts> facts = inspectHost(false);
    Result<RunRequest> request = makeRequest(run.options, parser.command(), facts->system());
    if (!request) {
        reportError(request.error(), run.json, true);
        return kRunFailure;
    }
    const EventsMode mode = modeOf(run);
    // Watching costs time, so it is done only where somebody looks.
    const bool someoneLooks = !run.events && (run.json || isTerminal(2));
    const bool wanted = mode != EventsMode::none || run.record || someoneLooks || run.watch.monitor ||
                        run.watch.trace || !run.expected.empty();
    request->watch = run.watch.plan();
    request->asksNetwork = run.asks;
    if (!wanted) request->watch.monitor = Monitor::off;
    return runPrepared(run, *request, *facts, mode);
}

}  // namespace belljar::cli
