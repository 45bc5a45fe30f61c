#include "core/engine/preparation.h"

#include <algorithm>

#include <spdlog/fmt/fmt.h>

#include "core/config/state_aware.h"
#include "core/engine/profile_text.h"

namespace belljar {
namespace {

/// Where fields stand in the profile as the user wrote it. Settings move lines and make fields that stand nowhere, so
/// what they touched has a pointer but no line.
class WrittenPlaces {
public:
    WrittenPlaces(std::optional<JsonText> original, const Settings& settings) : m_original(std::move(original))
    {
        for (const auto& [pointer, value] : settings) m_changed.push_back(pointer);
    }

    [[nodiscard]] SourcePlace place(const LoadedConfig& config, const std::string& pointer) const
    {
        if (!m_original) return config.place(pointer);
        for (const std::string& changed : m_changed)
            if (pointer == changed || pointer.starts_with(changed + "/")) return {pointer, 0, 0};
        const JsonText::NodeId node = m_original->find(pointer);
        return node == JsonText::kNone ? SourcePlace{pointer, 0, 0} : m_original->place(node);
    }

private:
    std::optional<JsonText> m_original;  ///< Absent: nothing was set, so the configuration has its own places.
    std::vector<std::string> m_changed;
};

std::string whereText(const RunRequest& request, const SourcePlace& place)
{
    if (place.line == 0) return place.pointer;
    const std::string name = request.profileName.empty() ? "profile" : request.profileName;
    return fmt::format("{}:{}:{}{}", name, place.line, place.column,
                       place.pointer.empty() ? std::string() : " (" + place.pointer + ")");
}

std::string knownBackends(const BackendList& backends)
{
    std::string names;
    for (const auto& backend : backends) names += (names.empty() ? "" : ", ") + backend->info().id;
    return names.empty() ? "none" : names;
}

/// Reads the configuration with the settings in it; on failure `preparation.error` says why.
WrittenPlaces loadConfig(const RunRequest& request, Preparation& preparation)
{
    Result<std::string> text = withSettings(request.profileText, request.profileName, request.settings);
    if (!text) {
        preparation.error = std::move(text).error();
        return {std::nullopt, {}};
    }
    const bool edited = !request.settings.empty();
    Result<LoadedConfig> config =
        readConfig(std::move(text).value(), nameWithSettings(request.profileName, request.settings));
    if (!config) {
        preparation.error = std::move(config).error();
        return {std::nullopt, {}};
    }
    preparation.config = std::move(config).value();
    if (!edited) return {std::nullopt, {}};
    Result<JsonText> original = JsonText::parse(request.profileText, request.profileName);
    return {original ? std::optional(std::move(original).value()) : std::nullopt, request.settings};
}

/// Sandboxes that outlive a command exist on Windows only.
bool refusesStateAware(const RunRequest& request, const WrittenPlaces& places, Preparation& preparation)
{
    const SandboxConfig& config = preparation.config->config;
    const std::optional<RuleViolation> mistake = stateAwareMistake(config);
    const std::optional<RuleViolation> refusal = mistake ? mistake : oneShotRefusal(config);
    if (!refusal) return false;
    preparation.error = Error{mistake ? ErrorCode::malformedRequest : ErrorCode::unsupportedPhase,
                              refusal->message,
                              whereText(request, places.place(*preparation.config, refusal->pointer)),
                              {},
                              refusal->hint};
    return true;
}

void resolve(const RunRequest& request, const HostFacts& facts, const WrittenPlaces& places, Preparation& preparation)
{
    ResolveRequest resolving;
    resolving.config = &preparation.config->config;
    resolving.place = [&](const std::string& pointer) { return places.place(*preparation.config, pointer); };
    resolving.extraPaths = request.extraPaths;
    resolving.network = request.network;
    resolving.argv = request.argv;
    resolving.extraEnv = request.env;
    resolving.cwd = request.cwd;
    resolving.timeout = request.timeout;
    Resolution resolution = resolvePolicy(resolving, facts);
    preparation.findings = std::move(resolution.findings);
    preparation.policy = std::move(resolution.policy);
    if (preparation.policy) return;
    const auto first = std::find_if(preparation.findings.begin(), preparation.findings.end(),
                                    [](const Finding& finding) { return finding.severity == Severity::error; });
    if (first == preparation.findings.end()) {
        preparation.error = Error{ErrorCode::policyValidation, "the profile gives no policy", {}, {}, {}};
        return;
    }
    preparation.error =
        Error{ErrorCode::policyValidation, first->message, whereText(request, first->place), {}, first->fix};
}

/// The backend of the policy, if this build has it and this machine can run it.
const Backend* availableBackend(const Policy& policy, const HostFacts& facts, const BackendList& backends,
                                Preparation& preparation)
{
    preparation.backend = findBackend(backends, policy.containment);
    if (preparation.backend == nullptr) {
        preparation.error = Error{ErrorCode::unsupportedContainment,
                                  fmt::format("this Belljar has no containment \"{}\"", policy.containment),
                                  "/containment",
                                  {},
                                  fmt::format("It has: {}.", knownBackends(backends))};
        return nullptr;
    }
    const Availability availability = preparation.backend->probe(facts.system());
    if (availability.available) return preparation.backend;
    preparation.error =
        Error{ErrorCode::backendUnavailable,
              fmt::format("{} cannot run here: {}", preparation.backend->info().title, availability.reason),
              {},
              {},
              availability.fix};
    return nullptr;
}

void makePlan(const RunRequest& request, const HostFacts& facts, const Backend& backend, Preparation& preparation)
{
    const bool hasCommand = !preparation.policy->process.argv.empty();
    if (!hasCommand && request.needsCommand) {
        preparation.error = Error{ErrorCode::malformedRequest,
                                  "there is no command to run",
                                  {},
                                  {},
                                  "Give one after --, or write process.commandLine into the profile."};
        return;
    }
    // Without a command the plan is made for a stand-in: whether the policy can be enforced does not depend on it.
    Policy policy = *preparation.policy;
    if (!hasCommand) policy.process.argv = {"true"};
    Result<LaunchPlan> plan = backend.plan(policy, facts.system(), PlanOptions{request.watch});
    if (!plan) preparation.error = std::move(plan).error();
    else if (hasCommand) preparation.plan = std::move(plan).value();
}

}  // namespace

Preparation prepare(const RunRequest& request, const HostFacts& facts, const BackendList& backends)
{
    Preparation preparation;
    const WrittenPlaces places = loadConfig(request, preparation);
    if (!preparation.config || refusesStateAware(request, places, preparation)) return preparation;
    resolve(request, facts, places, preparation);
    if (!preparation.policy) return preparation;
    if (const Backend* backend = availableBackend(*preparation.policy, facts, backends, preparation))
        makePlan(request, facts, *backend, preparation);
    return preparation;
}

}  // namespace belljar
