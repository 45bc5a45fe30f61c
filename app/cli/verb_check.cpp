// belljar check: mistakes in profiles, with their places.
#include <algorithm>

#include <spdlog/fmt/fmt.h>

#include "app/cli/learn_stamp.h"
#include "app/cli/output.h"
#include "app/cli/run_options.h"
#include "app/cli/verb.h"
#include "backends/registry.h"
#include "core/base/visible.h"
#include "core/engine/profile_fixes.h"
#include "core/platform/platform.h"
#include "core/policy/lint.h"

namespace belljar::cli {
namespace {

struct Checked {
    std::vector<Finding> findings;
    std::optional<Error> error;  ///< What no finding says: unreadable file, bad JSON, missing backend.
    bool good = true;
};

using Accepted = std::vector<std::string>;  ///< --accept: ids of lint findings that are meant.

/// What refuses a profile cannot be accepted.
bool isAccepted(const Finding& finding, const Accepted& accepted)
{
    const bool named = std::find(accepted.begin(), accepted.end(), finding.id) != accepted.end();
    return named && std::any_of(lintRules().begin(), lintRules().end(),
                                [&](const LintRule& rule) { return rule.id == finding.id; });
}

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

RunRequest checkRequest(ProfileSource source, const std::string& path, const HostFacts& facts)
{
    RunRequest request;
    request.profileText = std::move(source.text);
    request.profileName = std::move(source.name);
    request.needsCommand = false;
    request.lint = true;
    request.placeholders = placeholdersFor(facts.system(), path);
    return request;
}

Checked checkProfile(const std::string& path, const Accepted& accepted, const HostFacts& facts,
                     const BackendList& backends)
{
    Checked checked;
    Result<ProfileSource> source = readProfile(path);
    if (!source) return {{}, std::move(source).error(), false};
    Preparation preparation = prepare(checkRequest(std::move(*source), path, facts), facts, backends);
    std::erase_if(preparation.findings, [&](const Finding& finding) { return isAccepted(finding, accepted); });
    checked.findings = std::move(preparation.findings);
    checked.good = std::none_of(checked.findings.begin(), checked.findings.end(),
                                [](const Finding& finding) { return finding.severity == Severity::error; });
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
    for (const LintRule& rule : lintRules()) {
        documents.push_back(JsonObject()
                                .text("id", rule.id)
                                .text("scope", "lint")
                                .text("severity", severityName(rule.severity))
                                .text("sentence", rule.sentence)
                                .str());
        text += fmt::format("{:<26} {:<8} {}\n", rule.id, "lint", rule.sentence);
    }
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
                 "\nlint: what is right but unwise; --accept ID leaves one out. profile: every profile. request, "
                 "engine, backend: what MXC's executor on Linux is asked to "
                 "run, at its stages.\n");
    return kOk;
}

/// --fix: rewrites the profile and says what was done.
int fixProfile(const std::string& path, const std::vector<std::string>& ids, bool json)
{
    Result<ProfileSource> source = readProfile(path);
    const std::unique_ptr<HostFacts> facts = inspectHost(false);
    Result<FixedProfile> fixed = source.ok()
                                     ? withFixes(checkRequest(*source, path, *facts), ids, *facts, allBackends())
                                     : Result<FixedProfile>(source.error());
    const std::string file = path == "-" ? path : realFile(path);
    if (fixed && file != "-" && !fixed->applied.empty())
        if (const Result<void> written = writeFile(file, fixed->text); !written) fixed = written.error();
    if (!fixed) {
        reportError(fixed.error(), json);
        return kProblem;
    }
    std::vector<std::string> applied;
    std::string text;
    for (const Finding& finding : fixed->applied) {
        applied.push_back(findingJson(finding));
        text += "fixed: " + findingText(finding, path);
    }
    if (json) {
        JsonObject document;
        document.text("profile", path).raw("applied", jsonArray(applied));
        if (file == "-") document.text("text", fixed->text);
        printOut(document.str() + "\n");
        return kOk;
    }
    if (text.empty()) text = visible(path) + ": there is nothing that could be fixed\n";
    if (file == "-") printErr(text);
    printOut(file == "-" ? fixed->text : text);
    return kOk;
}

}  // namespace

int checkVerb(const Arguments& arguments)
{
    std::vector<std::string> profiles;
    bool json = false;
    bool rules = false;
    Accepted accepted;
    std::vector<std::string> fixes;
    OptionParser parser(
        "check PROFILE... [--accept ID] [--fix ID] [--json]",
        "Looks for mistakes in profiles, and for what is right but unwise. Exit code 0: none, 1: errors.");
    parser.positionals("PROFILE", profiles, "Configuration JSON; - is standard input", false);
    parser.flag("--json", json, "Print one JSON document");
    parser.flag("--rules", rules, "List the rules of lint and between fields instead");
    parser.option("--accept", accepted, "ID", "Leave out a finding of lint: it is meant; may be given more than once");
    parser.option("--fix", fixes, "ID", "Rewrite the profile so that this finding is gone; \"all\" is every one");
    if (const std::optional<int> code = parser.parse(arguments, kUsage)) return *code;
    if (rules) return printRules(json);
    if (profiles.empty()) {
        reportError({ErrorCode::malformedRequest, "which profile?", {}, {}, "Name a file, or - for standard input."},
                    json);
        return kUsage;
    }

    if (!fixes.empty() && profiles.size() == 1) return fixProfile(profiles.front(), fixes, json);
    if (!fixes.empty()) {
        reportError({ErrorCode::malformedRequest, "--fix takes one profile", {}, {}, "Name one file."}, json);
        return kUsage;
    }

    const std::unique_ptr<HostFacts> facts = inspectHost(false);
    const BackendList backends = allBackends();
    bool good = true;
    std::vector<std::string> documents;
    for (const std::string& path : profiles) {
        const Checked checked = checkProfile(path, accepted, *facts, backends);
        good = good && checked.good;
        if (json) documents.push_back(checkedJson(path, checked));
        else printOut(checkedText(path, checked));
    }
    if (json) printOut(JsonObject().flag("ok", good).raw("profiles", jsonArray(documents)).str() + "\n");
    return good ? kOk : kProblem;
}

}  // namespace belljar::cli
