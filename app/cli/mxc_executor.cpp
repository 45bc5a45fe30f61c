// MXC's executor for Linux: its stages, words and exit codes around Belljar's engine.
//
// Where the real one has a defect that callers stumble over, this one is right: the error envelope stands on a line of
// its own, and a dry run that fails says why.
#include <chrono>
#include <csignal>

#include <spdlog/fmt/fmt.h>

#include "app/cli/mxc_arguments.h"
#include "app/cli/mxc_log.h"
#include "app/cli/output.h"
#include "app/cli/session_wait.h"
#include "app/cli/verb.h"
#include "backends/registry.h"
#include "core/base/base64.h"
#include "core/base/visible.h"
#include "core/config/mxc_notes.h"
#include "core/config/mxc_sentence.h"
#include "core/engine/session.h"
#include "core/platform/platform.h"

namespace belljar::cli {
namespace {

constexpr int kBadRequest = 1;
constexpr int kBackendError = 255;
constexpr std::size_t kLargestConfig = std::size_t{1} << 30U;

/// The executor's observer: nothing is watched, standard streams are inherited.
class NoReport final : public SessionObserver {
public:
    void onEvents(std::span<const Event>) override {}
    void onOutput(int, std::string_view) override {}
    void onFinished(const Outcome&, const Losses&) override { sessionFinished(); }
};

/// One call of the executor.
class MxcRun {
public:
    explicit MxcRun(const MxcArguments& arguments)
        : m_arguments(arguments), m_log(arguments.debug, arguments.logFile.value_or(""))
    {
    }

    int execute();

private:
    int badRequest(const std::string& message);
    int backendError(const std::string& message, bool onlyEnvelope = false);
    int failed(const Error& error);
    std::optional<std::string> text();
    std::optional<std::string> fileText();
    [[nodiscard]] const std::string& configPath() const
    {
        return m_arguments.config ? *m_arguments.config : *m_arguments.path;
    }
    [[nodiscard]] RuleOptions ruleOptions() const;
    void describe(const SandboxConfig& config);
    int dryRun(const ConfigProblem* problem);
    int run(LoadedConfig loaded);
    int runPrepared(Preparation preparation);
    int ended(const Outcome& outcome, int signal);
    void completed(const std::string& last);

    const MxcArguments& m_arguments;
    MxcLog m_log;
    std::unique_ptr<HostFacts> m_facts = inspectHost(false);
    std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
    std::string m_problem;  ///< Why there is no text.
};

int MxcRun::badRequest(const std::string& message)
{
    m_log.line("Configuration parse error: " + message);
    printErr("Request error\n");
    m_log.flush(true);
    return kBadRequest;
}

int MxcRun::backendError(const std::string& message, bool onlyEnvelope)
{
    const std::string shown = visible(message, EscapeStyle::mxc);
    if (!onlyEnvelope) printErr(shown + "\n");
    printErr(JsonObject().raw("error", JsonObject().text("code", "backend_error").text("message", shown).str()).str() +
             "\n");
    return kBackendError;
}

/// What Belljar refuses or fails at beyond MXC's own rules: the place and the fix belong to the message.
int MxcRun::failed(const Error& error)
{
    return backendError(belljar::describe(error));
}

std::optional<std::string> MxcRun::fileText()
{
    const std::string& path = configPath();
    const std::string shown = visible(path, EscapeStyle::mxc);
    Result<std::string> text = readFile(path, kLargestConfig);
    if (text) return std::move(text).value();
    const FileType type = path.empty() ? FileType::missing : m_facts->lstat(path).type;
    if (type == FileType::missing) m_problem = "Configuration file not found: " + shown;
    else if (type == FileType::directory)
        m_problem = fmt::format("Failed to read configuration file '{}': Is a directory (os error 21)", shown);
    else
        m_problem = fmt::format("Failed to read configuration file '{}': {}", shown,
                                visible(text.error().message, EscapeStyle::mxc));
    return std::nullopt;
}

std::optional<std::string> MxcRun::text()
{
    if (!m_arguments.configBase64) return fileText();
    std::optional<std::string> decoded = decodeBase64(*m_arguments.configBase64);
    if (!decoded) m_problem = "Failed to decode base64 configuration";
    return decoded;
}

RuleOptions MxcRun::ruleOptions() const
{
    RuleOptions options;
    options.asExecutor = true;
    options.experimental = m_arguments.experimental;
    options.testingFeatures = m_arguments.testingFeatures;
    options.fileType = [this](const std::string& path) { return m_facts->lstat(path).type; };
    return options;
}

void MxcRun::describe(const SandboxConfig& config)
{
    for (const std::string& note : mxcNotes(config, ruleOptions())) m_log.line(note);
    const ProcessConfig& process = *config.process;
    m_log.line(fmt::format("Script code length: {}", process.commandLine->size()));
    m_log.line("Working directory: " + visible(process.cwd.value_or(""), EscapeStyle::mxc));
    m_log.line(fmt::format("Script timeout: {}", process.timeout.value_or(0)));
    m_log.line("Container name: " + visible(config.containerId.value_or(""), EscapeStyle::mxc));
}

void MxcRun::completed(const std::string& last)
{
    const auto took = std::chrono::steady_clock::now() - m_begin;
    m_log.line(
        fmt::format("Runner completed in {}ms", std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
    m_log.line(last);
}

int MxcRun::dryRun(const ConfigProblem* problem)
{
    completed(fmt::format("Dry run completed. Result: validation {}", problem ? "failed" : "passed"));
    m_log.flush(false);
    return problem ? backendError(problem->finding.message) : 0;
}

int MxcRun::ended(const Outcome& outcome, int signal)
{
    if (const auto* timedOut = std::get_if<TimedOut>(&outcome.ending))
        return backendError(fmt::format("script timed out after {}ms", timedOut->limit.count()), true);
    if (const auto* setup = std::get_if<SetupFailed>(&outcome.ending)) return failed(setup->error);
    if (std::holds_alternative<LimitReached>(outcome.ending)) return backendError(belljar::describe(outcome));
    const int code = exitStatus(outcome, signal);
    completed(fmt::format("Exit code: {} (0x{:08x})", code, static_cast<unsigned>(code)));
    return code;
}

int MxcRun::runPrepared(Preparation preparation)
{
    const Backend& backend = *preparation.backend;
    NoReport report;
    catchSignals();
    Result<std::unique_ptr<Session>> session = Session::start(std::move(preparation), {}, *m_facts, report);
    if (!session) return failed(session.error());
    const int signal = awaitEnd(**session, false);
    return ended(explained((*session)->wait(), backend), signal);
}

int MxcRun::run(LoadedConfig loaded)
{
    const std::string containment = linuxContainment(loaded.config);
    if (containment != "bubblewrap")
        return backendError(
            fmt::format("the containment {} is not available: this Belljar runs bubblewrap only", containment));
    RunRequest request;
    request.defaultEnvironment = false;
    request.watch.monitor = Monitor::off;
    const BackendList backends = allBackends();
    Preparation preparation = prepare(std::move(loaded), request, *m_facts, backends);
    if (!preparation.plan) return failed(*preparation.error);
    // MXC has no such case; nobody is to find out by errors of programs.
    const Policy& policy = *preparation.policy;
    if (policy.network.proxyOnly)
        printErr("WARNING: " + visible(policy.rules[policy.network.proxyOnly->rule].text, EscapeStyle::mxc) + "\n");
    return runPrepared(std::move(preparation));
}

int MxcRun::execute()
{
    std::optional<std::string> given = text();
    if (!given) return badRequest(m_problem);
    ConfigReading reading = examineConfig(std::move(*given), {}, ruleOptions());
    const ConfigProblem* problem = reading.problems.empty() ? nullptr : &reading.problems.front();
    const RuleScope stage = problem && problem->rule ? problem->rule->scope : RuleScope::profile;
    if (problem && problem->kind == ProblemKind::encoding && m_arguments.configBase64)
        return badRequest("Base64 decoded content is not valid UTF-8");
    if (problem && problem->kind == ProblemKind::encoding)
        return badRequest(fmt::format("Failed to read configuration file '{}': {}",
                                      visible(configPath(), EscapeStyle::mxc), problem->finding.message));
    if (problem && (stage == RuleScope::profile || stage == RuleScope::request))
        return badRequest(mxcSentence(reading.loaded.text, *problem));
    describe(reading.loaded.config);
    if (problem && stage == RuleScope::engine) {
        printErr(problem->finding.message + "\n");
        m_log.flush(true);
        return kBadRequest;
    }
    if (const std::string note = mxcFallbackNote(reading.loaded.config); !note.empty()) m_log.line(note);
    if (m_arguments.dryRun) return dryRun(problem);
    if (problem) return backendError(problem->finding.message);
    return run(std::move(reading.loaded));
}

int deleteContainer(const MxcArguments& arguments)
{
    if (!arguments.containerName) {
        printErr("Error: --containername is required with --delete\n");
        return kBadRequest;
    }
    printOut(fmt::format("Container '{}' does not exist.\n", visible(*arguments.containerName, EscapeStyle::mxc)));
    printErr("LXC is not available: this Belljar runs bubblewrap only\n");
    return kBadRequest;
}

}  // namespace

int mxcExecutor(const Arguments& given)
{
#ifdef SIGPIPE
    std::signal(SIGPIPE, SIG_IGN);  // A log that nobody reads any more ends no run; the program inside gets it anew.
#endif
    const MxcCommandLine line = parseMxcArguments(given);
    const MxcArguments& arguments = line.arguments;
    if (!line.usageError.empty()) {
        printErr(line.usageError);
        return kUsage;
    }
    if (arguments.help) {
        printOut(mxcHelp());
        return kOk;
    }
    if (arguments.setupHyperlight) {
        printErr("hyperlight setup failed: Hyperlight is not available in this Belljar\n");
        return kBadRequest;
    }
    if (arguments.remove) return deleteContainer(arguments);
    if (!arguments.path && !arguments.config && !arguments.configBase64) {
        printErr("Error: No config provided. Use a positional path, --config, or --config-base64\n");
        return kBadRequest;
    }
    return MxcRun(arguments).execute();
}

}  // namespace belljar::cli
