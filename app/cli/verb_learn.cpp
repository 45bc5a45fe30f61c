// belljar learn: what a program needs, as a profile; and whether a profile is enough.
#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

#include <spdlog/fmt/fmt.h>

#include "app/cli/learn_report.h"
#include "app/cli/learn_session.h"
#include "app/cli/learn_stamp.h"
#include "app/cli/output.h"
#include "app/cli/run_options.h"
#include "app/cli/verb.h"
#include "backends/registry.h"
#include "core/base/path_text.h"
#include "core/base/visible.h"
#include "core/config/config_io.h"
#include "core/events/recording.h"
#include "core/platform/platform.h"
#include "core/platform/sha256.h"

#ifndef BELLJAR_VERSION
#define BELLJAR_VERSION "0"
#endif

namespace belljar::cli {
namespace {

struct LearnArguments {
    RunOptions options;
    WatchOptions watch;
    std::vector<std::string> allowedSecrets;
    std::vector<std::string> expectedDenials;
    std::optional<std::string> from;
    std::optional<std::string> output;
    std::optional<std::string> rounds;
    std::optional<std::string> expectedExit;
    std::optional<std::string> expectedOutput;
    bool permissive = false;
    bool verify = false;
    bool minimise = false;
    bool quiet = false;
    bool json = false;

    void addTo(OptionParser& parser)
    {
        options.addTo(parser);
        watch.addTo(parser);
        parser.option("--output", output, "FILE", "Write the proposed profile to this file");
        parser.option("--allow-secret", allowedSecrets, "PATH", "Learn this secret like any other file");
        parser.flag("--permissive", permissive, "Watch one run that is denied nothing but secrets and the network");
        parser.option("--from", from, "RECORDING",
                      "Propose from a recording of a full trace, without running anything");
        parser.flag("--minimise", minimise, "Run again without each learned rule, and leave out those nothing needs");
        parser.option("--rounds", rounds, "NUMBER", "At most so many runs; 10 unless given");
        parser.flag("--verify", verify, "Only run PROFILE and mark it as verified when that goes well");
        parser.option("--expect-exit", expectedExit, "CODE",
                      "With --verify: the exit code that is right; 0 unless given");
        parser.option("--expect-output", expectedOutput, "FILE", "With --verify: what standard output has to be");
        parser.option("--expect-denied", expectedDenials, "OBJECT",
                      "With --verify: denials at or below this are meant to be");
        parser.flag("--quiet", quiet, "Do not show what the program prints");
        parser.flag("--json", json, "Print one JSON document");
    }
};

std::string now()
{
    const std::time_t seconds = std::time(nullptr);
    std::array<char, 40> text{};
    const std::tm* time = std::gmtime(&seconds);
    if (time == nullptr || std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", time) == 0) return "?";
    return text.data();
}

Result<int> numberOf(const std::optional<std::string>& text, const char* option, int fallback)
{
    if (!text) return fallback;
    int number = 0;
    const auto [end, failure] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (failure == std::errc() && end == text->data() + text->size() && number >= 0 && number <= 255) return number;
    return Error{
        ErrorCode::malformedRequest, "this is no number from 0 to 255", std::string(option) + " " + *text, {}, {}};
}

Result<void> save(const std::optional<std::string>& file, const std::string& profile)
{
    if (!file) return {};
    return writeFile(*file, profile);
}

/// What the profile holds that stays the same in all runs: everything from the command line is written into it.
Result<LearnPlan> planOf(const LearnArguments& learn, const std::vector<std::string>& command, const HostFacts& facts,
                         const BackendList& backends)
{
    Result<RunRequest> request = makeRequest(learn.options, command, facts.system());
    if (!request) return std::move(request).error();
    Result<std::string> text = exportProfile(*request);
    if (!text) return std::move(text).error();
    Result<LoadedConfig> loaded = readConfig(std::move(*text), request->profileName);
    if (!loaded) return std::move(loaded).error();
    LearnPlan plan;
    plan.setting.request.profileName = "the proposed profile";
    plan.setting.request.watch = learn.watch.plan();
    plan.setting.request.watch.level = TraceLevel::full;
    plan.setting.facts = &facts;
    plan.setting.backends = &backends;
    plan.setting.showOutput = !learn.quiet;
    plan.frame.base = std::move(loaded->config);
    plan.frame.folder = facts.system().currentPath;
    plan.options.home = facts.system().homePath;
    for (const std::string& path : learn.allowedSecrets) {
        Result<std::string> absolute = absolutePath(path);
        if (!absolute) return std::move(absolute).error();
        if (absolute->starts_with("~")) *absolute = plan.options.home + absolute->substr(1);
        plan.options.allowedSecrets.push_back(normalizedPath(*absolute));
    }
    plan.command = command;
    Result<int> rounds = numberOf(learn.rounds, "--rounds", 10);
    if (!rounds) return std::move(rounds).error();
    plan.rounds = static_cast<unsigned>(std::max(2, *rounds));
    plan.permissive = learn.permissive;
    plan.minimise = learn.minimise;
    return plan;
}

int finish(const LearnArguments& learn, const LearnResult& result, bool permissive)
{
    if (Result<void> saved = save(learn.output, result.profile); !saved) {
        reportError(saved.error(), learn.json);
        return kProblem;
    }
    if (learn.json) printOut(learnJson(result, permissive) + "\n");
    else {
        printOut(learnText(result, permissive));
        if (!learn.output) printOut("\n" + result.profile);
        else printOut("\nwritten to " + visible(*learn.output) + "\n");
    }
    return whyNotComplete(result, permissive).empty() ? kOk : kProblem;
}

int learn(const LearnArguments& learn, const std::vector<std::string>& command, const HostFacts& facts)
{
    const BackendList backends = allBackends();
    Result<LearnPlan> plan = planOf(learn, command, facts, backends);
    if (!plan) {
        reportError(plan.error(), learn.json);
        return kUsage;
    }
    plan->frame.comment =
        fmt::format("{}Proposed by belljar learn {} on {}",
                    learn.permissive ? "PERMISSIVE recording, not verified. " : "", BELLJAR_VERSION, now());
    printErr("belljar: the command is run several times, and what it changes is really changed\n");
    const Result<LearnResult> result = learnByRunning(std::move(*plan));
    if (!result) {
        reportError(result.error(), learn.json);
        return kProblem;
    }
    return finish(learn, *result, learn.permissive);
}

int learnFrom(const LearnArguments& learn, const HostFacts& facts)
{
    const auto fail = [&](const Error& error) {
        reportError(error, learn.json);
        return kProblem;
    };
    Result<Recording> recording = readRecording(*learn.from);
    if (!recording) return fail(recording.error());
    const BackendList backends = allBackends();
    Result<LearnPlan> plan = planOf(learn, recording->header.argv, facts, backends);
    if (!plan) return fail(plan.error());
    const bool permissive = recording->header.profileText.find(kPermissiveStamp) != std::string::npos;
    plan->frame.folder = recording->header.cwd;
    plan->frame.comment = fmt::format("{}Proposed by belljar learn {} from the recording of session {}",
                                      permissive ? "PERMISSIVE recording, not verified. " : "", BELLJAR_VERSION,
                                      visible(recording->header.sessionId));
    Learner learner(facts, plan->options);
    learner.observe(recording->events, recording->header.rules, 1);
    if (recording->header.trace != "full")
        learner.noteIncomplete("it is no full trace, so what was only read is missing");
    if (recording->losses.total() != 0)
        learner.noteIncomplete(fmt::format("{} events were lost", recording->losses.total()));
    if (!recording->damage.empty()) learner.noteIncomplete("the recording is damaged at " + recording->damage);
    else if (!recording->outcome) learner.noteIncomplete("the recording has no end");
    LearnResult result;
    result.runs = 1;
    result.proposal = learner.propose();
    Result<std::string> profile = profileFor(*plan, result.proposal);
    if (!profile) return fail(profile.error());
    result.profile = std::move(profile).value();
    return finish(learn, result, permissive);
}

/// Denials that a profile under which everything works does not have. Something that was only looked for and seems not
/// to be there is none.
std::vector<Undecided> unexpected(const WatchedRun& run, const std::vector<std::string>& expected)
{
    std::vector<Undecided> left = run.denials;
    std::erase_if(left, [&](const Undecided& denial) {
        const bool looked =
            denial.evidence.firstKind == EventKind::fileStat || denial.evidence.firstKind == EventKind::fileReadLink;
        return looked || std::any_of(expected.begin(), expected.end(), [&](const std::string& object) {
                   return denial.object == object || (isAbsolutePath(object) && isAbsolutePath(denial.object) &&
                                                      isAtOrBelow(denial.object, normalizedPath(object)));
               });
    });
    return left;
}

std::string whyNotVerified(const WatchedRun& run, const std::vector<Undecided>& denials, int exitCode,
                           const std::string& outputHash)
{
    if (run.losses.total() != 0)
        return fmt::format("{} events were lost, so denials may be missing", run.losses.total());
    if (exitStatus(run.outcome) != exitCode)
        return fmt::format("the program {}, and {} was expected", describe(run.outcome), exitCode);
    if (!outputHash.empty() && run.outputHash != outputHash) return "standard output is not what was expected";
    if (!denials.empty()) return fmt::format("{} unexpected denials", denials.size());
    return {};
}

int verify(const LearnArguments& learn, const std::vector<std::string>& command, const HostFacts& facts)
{
    const auto fail = [&](const Error& error, int code) {
        reportError(error, learn.json);
        return code;
    };
    if (!learn.options.profile || *learn.options.profile == "-")
        return fail({ErrorCode::malformedRequest, "--verify needs a profile in a file", {}, {}, {}}, kUsage);
    RunSetting setting;
    Result<RunRequest> request = makeRequest(learn.options, command, facts.system());
    if (!request) return fail(request.error(), kUsage);
    const std::string profile = request->profileText;
    const Result<int> exitCode = numberOf(learn.expectedExit, "--expect-exit", 0);
    if (!exitCode) return fail(exitCode.error(), kUsage);
    std::string outputHash;
    if (learn.expectedOutput) {
        const Result<std::string> output = readFile(*learn.expectedOutput, std::size_t{1} << 30U);
        if (!output) return fail(output.error(), kUsage);
        outputHash = sha256(*output);
    }
    const BackendList backends = allBackends();
    setting.request = std::move(*request);
    setting.request.watch = learn.watch.plan();
    setting.request.watch.level = TraceLevel::full;
    setting.facts = &facts;
    setting.backends = &backends;
    setting.showOutput = !learn.quiet;
    const Result<WatchedRun> run = watchedRun(setting, profile, nullptr, 1);
    if (!run) return fail(run.error(), kProblem);
    const std::vector<Undecided> denials = unexpected(*run, learn.expectedDenials);
    const std::string why = whyNotVerified(*run, denials, *exitCode, outputHash);
    const std::string stamp = stampPath(*learn.options.profile);
    if (why.empty()) {
        const LearnStamp made{sha256(profile),        now(),     BELLJAR_VERSION, command,
                              describe(run->outcome), *exitCode, run->outputHash, run->source.id};
        if (Result<void> written = writeFile(stamp, stampJson(made)); !written) return fail(written.error(), kProblem);
    }
    if (learn.json)
        printOut(JsonObject()
                     .flag("verified", why.empty())
                     .text("why", why)
                     .raw("outcome", outcomeJson(run->outcome))
                     .number("unexpectedDenials", static_cast<std::uint64_t>(denials.size()))
                     .str() +
                 "\n");
    else if (why.empty())
        printOut(
            fmt::format("verified: it {}, nothing was denied; marked in {}\n", describe(run->outcome), visible(stamp)));
    else printOut(fmt::format("NOT VERIFIED: {}\n{}", visible(why), denialsText(denials)));
    return why.empty() ? kOk : kProblem;
}

}  // namespace

int learnVerb(const Arguments& arguments)
{
    LearnArguments wanted;
    OptionParser parser(
        "learn [PROFILE] [OPTIONS] -- CMD ARG...",
        "Runs a command in a sandbox, several times, and proposes the narrowest profile under which it works.\n"
        "What it changes is really changed. Secrets and the network are never granted by themselves.\n"
        "Exit code 0: the proposal is complete, or the profile is verified, 1: it is not, 2: the command line\n"
        "is wrong.",
        true);
    wanted.addTo(parser);
    if (const std::optional<int> code = parser.parse(arguments, kUsage)) return *code;
    const auto wrong = [&](const char* message, const char* hint) {
        reportError({ErrorCode::malformedRequest, message, {}, {}, hint}, wanted.json);
        return kUsage;
    };
    const bool runs = !wanted.from;
    if (wanted.from.has_value() + wanted.permissive + wanted.verify > 1)
        return wrong("--from, --permissive and --verify are three different things", "Give one of them.");
    if (runs && parser.command().empty() && !wanted.options.profile)
        return wrong("there is no command to learn from", "Give one after --.");
    if (wanted.watch.monitor == "off") return wrong("nothing is learned without watching", "Remove --monitor off.");
    const std::unique_ptr<HostFacts> facts = inspectHost(false);
    if (wanted.from) return learnFrom(wanted, *facts);
    if (wanted.verify) return verify(wanted, parser.command(), *facts);
    return learn(wanted, parser.command(), *facts);
}

}  // namespace belljar::cli
