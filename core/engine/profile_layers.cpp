#include "core/engine/profile_layers.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include <spdlog/fmt/fmt.h>

#include "core/base/path_text.h"

namespace belljar {
namespace {

constexpr std::size_t kMostLayers = 64;
constexpr std::size_t kDeepest = 8;
constexpr const char* kExtends = "/experimental/belljar/extends";

const std::vector<std::string>& basesOf(const SandboxConfig& config)
{
    static const std::vector<std::string> kNone;
    return isLayered(config) ? *config.experimental->belljar->extends : kNone;
}

/// Reads depth first, so that the layers come out from the nearest to the furthest.
class LayerCollector {
public:
    LayerCollector(LayeredProfile& profile, const RunRequest& request) : m_profile(profile), m_request(request) {}

    void collect()
    {
        m_chain.clear();
        addBasesOf(0, m_request.placeholders);
    }

    [[nodiscard]] bool failed() const { return m_failed; }

private:
    void refuse(std::string id, std::string message, SourcePlace place, std::string fix = {})
    {
        m_failed = true;
        m_profile.findings.push_back(
            {Severity::error, std::move(id), std::move(message), std::move(place), std::move(fix)});
    }

    /// The last base is the nearest.
    void addBasesOf(std::size_t layer, const std::optional<PlaceholderValues>& values)
    {
        const std::vector<std::string> bases = basesOf(m_profile.layers[layer].loaded.config);
        for (std::size_t i = bases.size(); i-- > 0 && !m_failed;) {
            const SourcePlace place = m_profile.placeIn({layer, fmt::format("{}/{}", kExtends, i)});
            const std::optional<std::string> path = pathOf(bases[i], values, place);
            if (path) addBase(*path, place);
        }
    }

    std::optional<std::string> pathOf(const std::string& written, const std::optional<PlaceholderValues>& values,
                                      const SourcePlace& place)
    {
        if (!values) {
            refuse("layer-unread", "base profiles are not read here, where a profile is taken as MXC takes it", place,
                   "Flatten it with `belljar export`");
            return std::nullopt;
        }
        if (written.empty() || written.find('\0') != std::string::npos || written.find("://") != std::string::npos) {
            refuse("layer-path", fmt::format("`{}` names no file", written), place,
                   "Write the path of a profile on this machine");
            return std::nullopt;
        }
        const Result<ExpandedPath> expanded = expandPath(written, *values);
        if (!expanded) {
            refuse("layer-path", fmt::format("in `{}` {}", written, expanded.error().message), place,
                   expanded.error().hint);
            return std::nullopt;
        }
        if (isAbsolutePath(expanded->path)) return expanded->path;
        if (values->profileFolder.empty()) {
            refuse("layer-path",
                   fmt::format("`{}` is relative to the profile's folder, and this profile has none", written), place,
                   "Write an absolute path");
            return std::nullopt;
        }
        return joinPath(values->profileFolder, expanded->path);
    }

    void addBase(const std::string& path, const SourcePlace& place)
    {
        if (m_chain.size() >= kDeepest) {
            refuse("layer-depth", fmt::format("base profiles are nested more than {} deep", kDeepest), place,
                   "Name the furthest ones directly");
            return;
        }
        Result<LayerFile> file = m_request.readLayer(path);
        if (!file) {
            const Error& error = file.error();
            refuse(
                "layer-unread",
                fmt::format("`{}`: {}{}", path, error.message, error.native.empty() ? "" : " (" + error.native + ")"),
                place, error.hint);
            return;
        }
        if (std::find(m_chain.begin(), m_chain.end(), file->path) != m_chain.end()) {
            refuse("layer-cycle", fmt::format("`{}` extends itself", file->path), place, "Remove the entry");
            return;
        }
        const auto known = std::find_if(m_profile.layers.begin(), m_profile.layers.end(),
                                        [&](const ProfileLayer& layer) { return layer.file == file->path; });
        if (known != m_profile.layers.end()) return;
        if (m_profile.layers.size() > kMostLayers) {
            refuse("layer-many", fmt::format("there are more than {} base profiles", kMostLayers), place,
                   "Merge some of them");
            return;
        }
        read(std::move(file).value(), place);
    }

    void read(LayerFile file, const SourcePlace& place)
    {
        ConfigReading reading = examineConfig(std::move(file.text), file.path);
        for (ConfigProblem& problem : reading.problems) {
            problem.finding.place.file = file.path;
            m_profile.findings.push_back(std::move(problem.finding));
        }
        m_failed = m_failed || !reading.problems.empty();
        if (m_failed) return;
        PlaceholderValues values = *m_request.placeholders;
        values.profileFolder = parentPath(file.path);
        ProfileLayer layer;
        layer.file = file.path;
        layer.loaded = std::move(reading.loaded);
        layer.expanded = expandPlaceholders(layer.loaded.config, values);
        layer.isSuspect = file.isSuspect;
        layer.extendedAt = place;
        if (file.isSuspect)
            m_profile.findings.push_back(
                {Severity::warning, "layer-suspect",
                 fmt::format("a sandbox could write the folder of the base profile `{}`, and so the profile",
                             file.path),
                 place, "Look at it before you trust it, or keep it elsewhere"});
        m_profile.layers.push_back(std::move(layer));
        const std::size_t number = m_profile.layers.size() - 1;
        for (Finding& finding : m_profile.layers[number].expanded.findings) {
            m_failed = m_failed || finding.severity == Severity::error;
            finding.place = m_profile.placeIn({number, finding.place.pointer});
            m_profile.findings.push_back(std::move(finding));
        }
        m_chain.push_back(file.path);
        addBasesOf(number, values);
        m_chain.pop_back();
    }

    LayeredProfile& m_profile;
    const RunRequest& m_request;
    std::vector<std::string> m_chain;  ///< Files that are being read, each named by the one before.
    bool m_failed = false;
};

std::string placeText(const LayeredProfile& profile, const LayerOrigin& origin, const std::string& topName)
{
    const SourcePlace place = profile.placeIn(origin);
    const std::string& file = place.file.empty() ? topName : place.file;
    return fmt::format("{}:{}:{} ({})", file.empty() ? "the profile" : file, place.line, place.column, place.pointer);
}

void reportConflicts(LayeredProfile& profile, const std::string& topName)
{
    for (const LayerConflict& conflict : profile.merged.conflicts)
        profile.findings.push_back(
            {conflict.refuses ? Severity::error : Severity::warning,
             "layer-conflict",
             fmt::format("{} (taken: {}; not taken: {})", conflict.message, placeText(profile, conflict.taken, topName),
                         placeText(profile, conflict.other, topName)),
             profile.placeIn(conflict.other),
             {}});
}

}  // namespace

SourcePlace LayeredProfile::placeIn(const LayerOrigin& origin) const
{
    SourcePlace place = layers[origin.layer].loaded.place(origin.pointer);
    place.pointer = origin.pointer;
    place.file = layers[origin.layer].file;
    return place;
}

std::string LayeredProfile::written(const std::string& pointer) const
{
    const LayerOrigin origin = merged.originOf(pointer);
    const std::vector<PathReplacement>& replaced = layers[origin.layer].expanded.replacements;
    const auto found = std::find_if(replaced.begin(), replaced.end(),
                                    [&](const PathReplacement& one) { return one.pointer == origin.pointer; });
    return found == replaced.end() ? std::string() : found->written;
}

bool isLayered(const SandboxConfig& config)
{
    return config.experimental && config.experimental->belljar && config.experimental->belljar->extends &&
           !config.experimental->belljar->extends->empty();
}

LayeredProfile readLayers(const LoadedConfig& top, ExpandedConfig expanded, const RunRequest& request)
{
    LayeredProfile profile;
    profile.layers.push_back({{}, top, std::move(expanded), false, {}});
    LayerCollector collector(profile, request);
    collector.collect();
    if (collector.failed()) return profile;
    std::vector<const SandboxConfig*> configs;
    for (const ProfileLayer& layer : profile.layers) configs.push_back(&layer.config());
    profile.merged = mergeLayers(configs);
    reportConflicts(profile, request.profileName);
    const bool refused = std::any_of(profile.merged.conflicts.begin(), profile.merged.conflicts.end(),
                                     [](const LayerConflict& conflict) { return conflict.refuses; });
    if (refused) return profile;
    // What is run is what an export writes.
    ConfigReading reading = examineConfig(writeConfig(profile.merged.config), request.profileName + " with its bases");
    for (ConfigProblem& problem : reading.problems) {
        problem.finding.place = profile.placeIn(profile.merged.originOf(problem.finding.place.pointer));
        problem.finding.message = "together with its base profiles: " + problem.finding.message;
        profile.findings.push_back(std::move(problem.finding));
    }
    if (reading.problems.empty()) profile.flat = std::move(reading.loaded);
    return profile;
}

}  // namespace belljar
