#include "core/engine/preparation.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include <spdlog/fmt/fmt.h>

#include "core/engine/profile_fixes.h"
#include "core/engine/profile_layers.h"
#include "core/engine/profile_text.h"
#include "core/policy/lint.h"
#include "core/policy/path_lookup.h"

namespace belljar {
namespace {

constexpr std::size_t kMostNotes = 10'000;

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
    const std::string own = request.profileName.empty() ? "profile" : request.profileName;
    const std::string& name = place.file.empty() ? own : place.file;
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
    ConfigReading reading =
        examineConfig(std::move(text).value(), nameWithSettings(request.profileName, request.settings));
    for (ConfigProblem& problem : reading.problems) preparation.findings.push_back(std::move(problem.finding));
    if (!preparation.findings.empty()) {
        const Finding& first = preparation.findings.front();
        preparation.error =
            Error{ErrorCode::malformedRequest, first.message, reading.loaded.text.where(first.place), {}, first.fix};
        return {std::nullopt, {}};
    }
    preparation.config = std::move(reading.loaded);
    if (!edited) return {std::nullopt, {}};
    Result<JsonText> original = JsonText::parse(request.profileText, request.profileName);
    return {original ? std::optional(std::move(original).value()) : std::nullopt, request.settings};
}

/// Sandboxes that outlive a command exist on Windows only.
bool refusesStateAware(const RunRequest& request, const WrittenPlaces& places, Preparation& preparation)
{
    const SandboxConfig& config = preparation.config->config;
    if (!config.isStateAware()) return false;
    const char* pointer = config.phase ? "/phase" : config.sandboxId ? "/sandboxId" : "/correlationVector";
    preparation.error = Error{ErrorCode::unsupportedPhase,
                              "no containment of this system has sandboxes that outlive their command",
                              whereText(request, places.place(*preparation.config, pointer)),
                              {},
                              "Remove it: here a sandbox lives as long as its command."};
    return true;
}

/// Sets the error to the first of the findings that is one.
void failWithFirstError(const RunRequest& request, Preparation& preparation)
{
    const auto first = std::find_if(preparation.findings.begin(), preparation.findings.end(),
                                    [](const Finding& finding) { return finding.severity == Severity::error; });
    if (first == preparation.findings.end()) {
        preparation.error = Error{ErrorCode::policyValidation, "the profile gives no policy", {}, {}, {}};
        return;
    }
    preparation.error =
        Error{ErrorCode::policyValidation, first->message, whereText(request, first->place), {}, first->fix};
}

/// The configuration with what its placeholders stand for; the findings say what was replaced, and what cannot be.
ExpandedConfig expand(const RunRequest& request, const WrittenPlaces& places, Preparation& preparation)
{
    if (!request.placeholders) return {};
    ExpandedConfig expanded = expandPlaceholders(preparation.config->config, *request.placeholders);
    preparation.replacements = std::move(expanded.replacements);
    preparation.findings = std::move(expanded.findings);
    // More than anybody reads, and more paths than can be enforced.
    const std::size_t noted = preparation.replacements.size() > kMostNotes ? 0 : preparation.replacements.size();
    for (std::size_t i = 0; i < noted; ++i) {
        const PathReplacement& replaced = preparation.replacements[i];
        preparation.findings.push_back({Severity::note,
                                        "placeholder",
                                        fmt::format("`{}` stands for `{}`", replaced.written, replaced.resolved),
                                        {replaced.pointer, 0, 0},
                                        {}});
    }
    for (Finding& finding : preparation.findings)
        finding.place = places.place(*preparation.config, finding.place.pointer);
    return expanded;
}

std::vector<ExtraPath> expandedOptions(const RunRequest& request)
{
    std::vector<ExtraPath> paths = request.extraPaths;
    for (ExtraPath& extra : paths) extra.path = expandedOption(extra.path, request.placeholders);
    return paths;
}

/// What the policy asks about a configuration's fields.
struct FieldOrigins {
    std::function<SourcePlace(const std::string& pointer)> place;
    std::function<std::string(const std::string& pointer)> written;
};

void resolve(const RunRequest& request, const SandboxConfig& config, const HostFacts& facts,
             const FieldOrigins& origins, Preparation& preparation)
{
    ResolveRequest resolving;
    resolving.config = &config;
    resolving.place = origins.place;
    resolving.written = origins.written;
    resolving.extraPaths = expandedOptions(request);
    resolving.network = request.network;
    resolving.extraNetwork = request.extraNetwork;
    resolving.asksNetwork = request.asksNetwork;
    resolving.argv = request.argv;
    resolving.extraEnv = request.env;
    if (request.cwd) resolving.cwd = expandedOption(*request.cwd, request.placeholders);
    resolving.timeout = request.timeout;
    resolving.defaultEnvironment = request.defaultEnvironment;
    Resolution resolution = resolvePolicy(resolving, facts);
    std::set<std::string> told;
    for (const Finding& finding : preparation.findings)
        if (finding.severity == Severity::error) told.insert(finding.place.pointer);
    std::copy_if(std::make_move_iterator(resolution.findings.begin()),
                 std::make_move_iterator(resolution.findings.end()), std::back_inserter(preparation.findings),
                 [&](const Finding& finding) { return !told.contains(finding.place.pointer); });
    if (told.empty()) preparation.policy = std::move(resolution.policy);
    preparation.origins = std::move(resolution.origins);
    if (request.lint && preparation.policy)
        std::ranges::move(
            lintPolicy({config, *preparation.policy, preparation.origins, origins.place, origins.written}, facts),
            std::back_inserter(preparation.findings));
    if (!preparation.policy) failWithFirstError(request, preparation);
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

/// Sandboxes that can write a base profile could make the next run another.
void warnOfWritableLayers(const LayeredProfile& layered, Preparation& preparation)
{
    if (!preparation.policy) return;
    for (const ProfileLayer& layer : layered.layers) {
        const PathRule* rule = layer.file.empty() ? nullptr : governingRule(*preparation.policy, layer.file);
        if (!rule || !rule->present || rule->kind != PathKind::bind || rule->access != PathAccess::readWrite) continue;
        preparation.findings.push_back(
            {Severity::warning, "layer-writable",
             fmt::format("the sandbox can change the base profile `{}`, and so what the next "
                         "run may do",
                         layer.file),
             layer.extendedAt, "Deny the file, or keep it elsewhere"});
    }
}

void resolveLayered(const RunRequest& request, ExpandedConfig expanded, const HostFacts& facts,
                    const WrittenPlaces& places, Preparation& preparation)
{
    LayeredProfile layered = readLayers(*preparation.config, std::move(expanded), request);
    const auto own = [&](const std::string& pointer) { return places.place(*preparation.config, pointer); };
    for (std::size_t i = 1; i < layered.layers.size(); ++i) preparation.layers.push_back(layered.layers[i].file);
    for (Finding& finding : layered.findings) {
        if (finding.place.file.empty()) finding.place = own(finding.place.pointer);
        preparation.findings.push_back(std::move(finding));
    }
    if (!layered.flat) {
        failWithFirstError(request, preparation);
        return;
    }
    const FieldOrigins origins{[&](const std::string& pointer) { return layered.place(pointer, own); },
                               [&](const std::string& pointer) { return layered.written(pointer); }};
    resolve(request, layered.flat->config, facts, origins, preparation);
    warnOfWritableLayers(layered, preparation);
}

void resolveSingle(const RunRequest& request, const ExpandedConfig& expanded, const HostFacts& facts,
                   const WrittenPlaces& places, Preparation& preparation)
{
    std::map<std::string, std::string> written;
    for (const PathReplacement& replaced : preparation.replacements) written[replaced.pointer] = replaced.written;
    FieldOrigins origins;
    origins.place = [&](const std::string& pointer) { return places.place(*preparation.config, pointer); };
    if (!written.empty())
        origins.written = [&](const std::string& pointer) {
            const auto found = written.find(pointer);
            return found == written.end() ? std::string() : found->second;
        };
    resolve(request, expanded.config ? *expanded.config : preparation.config->config, facts, origins, preparation);
}

/// Everything after reading.
void prepareLoaded(const RunRequest& request, const HostFacts& facts, const BackendList& backends,
                   const WrittenPlaces& places, Preparation& preparation)
{
    if (refusesStateAware(request, places, preparation)) return;
    ExpandedConfig expanded = expand(request, places, preparation);
    if (isLayered(preparation.config->config)) {
        expanded.replacements = preparation.replacements;
        resolveLayered(request, std::move(expanded), facts, places, preparation);
    } else {
        resolveSingle(request, expanded, facts, places, preparation);
    }
    if (!preparation.policy) return;
    if (const Backend* backend = availableBackend(*preparation.policy, facts, backends, preparation))
        makePlan(request, facts, *backend, preparation);
}

void prepareAndMend(const RunRequest& request, const HostFacts& facts, const BackendList& backends,
                    const WrittenPlaces& places, Preparation& preparation)
{
    prepareLoaded(request, facts, backends, places, preparation);
    if (request.lint) addChanges(preparation);
}

}  // namespace

PlaceholderValues placeholderValues(const SystemFacts& system, std::string profileFolder)
{
    const auto variable = [&](std::string_view name) -> std::string {
        for (const std::string& entry : system.environment)
            if (entry.size() > name.size() + 1 && entry.starts_with(name) && entry[name.size()] == '=')
                return entry.substr(name.size() + 1);
        return {};
    };
    const bool windows = system.system == "windows";
    PlaceholderValues values;
    values.home = windows ? std::string() : variable("HOME");
    if (values.home.empty()) values.home = system.homePath;
    values.currentFolder = system.currentPath;
    values.temporaryFolder = variable(windows ? "TEMP" : "TMPDIR");
    if (values.temporaryFolder.empty() && !windows) values.temporaryFolder = "/tmp";
    values.profileFolder = std::move(profileFolder);
    return values;
}

Preparation prepare(const RunRequest& request, const HostFacts& facts, const BackendList& backends)
{
    Preparation preparation;
    const WrittenPlaces places = loadConfig(request, preparation);
    if (preparation.config) prepareAndMend(request, facts, backends, places, preparation);
    return preparation;
}

Preparation prepare(LoadedConfig config, const RunRequest& request, const HostFacts& facts, const BackendList& backends)
{
    Preparation preparation;
    preparation.config = std::move(config);
    prepareAndMend(request, facts, backends, {std::nullopt, {}}, preparation);
    return preparation;
}

}  // namespace belljar
