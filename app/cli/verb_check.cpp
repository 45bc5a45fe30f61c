// belljar check: mistakes in profiles, with their places.
#include <spdlog/fmt/fmt.h>

#include "app/cli/learn_stamp.h"
#include "app/cli/output.h"
#include "app/cli/run_options.h"
#include "app/cli/verb.h"
#include "backends/registry.h"
#include "core/base/visible.h"
#include "core/platform/platform.h"

namespace belljar::cli {
namespace {

struct Checked {
    std::vector<Finding> findings;
    std::optional<Error> error;  ///< What no finding says: unreadable file, bad JSON, missing backend.
    bool good = true;
};

/// What MXC's own executor on Linux would refuse although the profile is right.
void warnOfMxc(const LoadedConfig& config, const HostFacts& facts, std::vector<Finding>& findings)
{
    RuleOptions options;
    options.asExecutor = true;
    options.needsCommand = false;
    options.experimental = true;
    options.testingFeatures = true;
    options.fileType = [&facts](const std::string& path) { return facts.lstat(path).type; };
    for (ConfigProblem& problem : brokenRules(config, options)) {
        if (problem.rule->id == "one-shot") continue;  // Windows has phases.
        problem.finding.severity = Severity::warning;
        problem.finding.message = "MXC's executor on Linux refuses this: " + problem.finding.message;
        findings.push_back(std::move(problem.finding));
    }
}

Checked checkProfile(const std::string& path, const HostFacts& facts, const BackendList& backends)
{
    Checked checked;
    Result<ProfileSource> source = readProfile(path);
    if (!source) return {{}, std::move(source).error(), false};
    RunRequest request;
    request.profileText = std::move(source->text);
    request.profileName = std::move(source->name);
    request.needsCommand = false;
    request.placeholders = placeholdersFor(facts.system(), path);
    Preparation preparation = prepare(request, facts, backends);
    checked.findings = std::move(preparation.findings);
    if (preparation.config) warnOfMxc(*preparation.config, facts, checked.findings);
    if (!preparation.error) return checked;
    // The profile is not to blame for what this machine lacks.
    const bool phase = preparation.error->code == ErrorCode::unsupportedPhase;
    const bool machine = phase || preparation.error->code == ErrorCode::backendUnavailable;
    checked.good = machine;
    if (machine)
        checked.findings.push_back({Severity::warning,
                                    phase ? "state-aware" : "containment-unavailable",
                                    phase ? "this is a right state-aware request, which no containment here takes"
                                          : preparation.error->message,
                                    {phase ? "/phase" : "/containment", 0, 0},
                                    preparation.error->hint});
    else if (preparation.policy || checked.findings.empty()) checked.error = std::move(preparation.error);
    return checked;
}

std::string checkedJson(const std::string& path, const Checked& checked)
{
    std::vector<std::string> findings;
    for (const Finding& finding : checked.findings) findings.push_back(findingJson(finding));
    JsonObject json;
    json.text("profile", path).flag("ok", checked.good).raw("findings", jsonArray(findings));
    if (checked.error) json.raw("error", errorJson(*checked.error));
    return json.str();
}

/// What belljar learn --verify has left beside the profile.
std::string verifiedText(const std::string& path)
{
    if (path == "-") return {};
    const Result<std::string> stamp = readFile(stampPath(path), std::size_t{1} << 20U);
    const Result<ProfileSource> profile = readProfile(path);
    if (!stamp || !profile) return {};
    switch (stampState(*stamp, profile->text)) {
        case StampState::none: return {};
        case StampState::valid: return visible(path) + ": verified by belljar learn --verify\n";
        case StampState::changed: return visible(path) + ": not verified: it was changed since it was\n";
    }
    return {};
}

std::string checkedText(const std::string& path, const Checked& checked)
{
    std::string text;
    for (const Finding& finding : checked.findings) text += findingText(finding, path);
    if (checked.error) text += "error: " + errorText(*checked.error);
    if (checked.good) text += visible(path) + ": ok\n";
    return text + verifiedText(path);
}

/// The rules between fields, each with whom it binds.
int printRules(bool json)
{
    std::vector<std::string> documents;
    std::string text;
    for (const ConfigRule& rule : configRules()) {
        documents.push_back(JsonObject()
                                .text("id", rule.id)
                                .text("scope", ruleScopeName(rule.scope))
                                .text("sentence", rule.sentence)
                                .str());
        text += fmt::format("{:<26} {:<8} {}\n", rule.id, ruleScopeName(rule.scope), rule.sentence);
    }
    if (json) printOut(JsonObject().raw("rules", jsonArray(documents)).str() + "\n");
    else
        printOut(text +
                 "\nprofile: every profile. request, engine, backend: what MXC's executor on Linux is asked to "
                 "run, at its stages.\n");
    return kOk;
}

}  // namespace

int checkVerb(const Arguments& arguments)
{
    std::vector<std::string> profiles;
    bool json = false;
    bool rules = false;
    OptionParser parser("check PROFILE... [--json]", "Looks for mistakes in profiles. Exit code 0: none, 1: errors.");
    parser.positionals("PROFILE", profiles, "Configuration JSON; - is standard input", false);
    parser.flag("--json", json, "Print one JSON document");
    parser.flag("--rules", rules, "List the rules between fields instead");
    if (const std::optional<int> code = parser.parse(arguments, kUsage)) return *code;
    if (rules) return printRules(json);
    if (profiles.empty()) {
        reportError({ErrorCode::malformedRequest, "which profile?", {}, {}, "Name a file, or - for standard input."},
                    json);
        return kUsage;
    }

    const std::unique_ptr<HostFacts> facts = inspectHost(false);
    const BackendList backends = allBackends();
    bool good = true;
    std::vector<std::string> documents;
    for (const std::string& path : profiles) {
        const Checked checked = checkProfile(path, *facts, backends);
        good = good && checked.good;
        if (json) documents.push_back(checkedJson(path, checked));
        else printOut(checkedText(path, checked));
    }
    if (json) printOut(JsonObject().flag("ok", good).raw("profiles", jsonArray(documents)).str() + "\n");
    return good ? kOk : kProblem;
}

}  // namespace belljar::cli
