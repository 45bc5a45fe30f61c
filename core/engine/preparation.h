// From a profile's text and a user's options to everything a run needs, without running: `check`, `plan`, `explain`,
// the desktop app's problems pane and the session all start here.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/config/config_io.h"
#include "core/config/placeholders.h"
#include "core/engine/backend.h"
#include "core/model/finding.h"
#include "core/platform/platform.h"
#include "core/policy/resolve.h"

namespace belljar {

/// Reads the file of a base profile.
using LayerReader = std::function<Result<LayerFile>(const std::string& path)>;

struct RunRequest {
    std::string profileText = "{}";  ///< JSON; "{}" when everything comes from options.
    std::string profileName;         ///< Shown in messages.
    /// What placeholders in the profile's paths, and `~` in the options' ones, stand for. Absent: paths are taken as
    /// they are written, as MXC does.
    std::optional<PlaceholderValues> placeholders;
    LayerReader readLayer = readLayerFile;                      ///< Of experimental.belljar.extends.
    std::vector<std::pair<std::string, std::string>> settings;  ///< --set: JSON pointer, JSON text (or a bare word).
    std::vector<ExtraPath> extraPaths;
    std::optional<NetworkMode> network;
    std::vector<ExtraNetwork> extraNetwork;
    bool asksNetwork = false;  ///< See ResolveRequest.
    std::optional<std::chrono::milliseconds> timeout;
    std::optional<std::string> cwd;
    std::vector<std::string> env;
    std::vector<std::string> argv;   ///< Replaces the profile's command line when not empty.
    bool defaultEnvironment = true;  ///< See ResolveRequest. MXC gives a program no variables of its own.
    WatchPlan watch;
    bool needsCommand = true;  ///< False for check and explain: a profile without a command line is fine.
    bool lint = false;         ///< Also look for what is right but unwise, and how to mend what is found.
};

/// As far as it went: a part is absent when an earlier one failed, and `findings` then says why.
struct Preparation {
    std::optional<LoadedConfig> config;         ///< After --set, with paths as they are written.
    std::vector<PathReplacement> replacements;  ///< What the policy took for paths with placeholders.
    std::vector<std::string> layers;            ///< Files of the base profiles, from the nearest to the furthest.
    std::optional<Policy> policy;
    PathOrigins origins;  ///< Of the policy's paths, for changes while it runs.
    const Backend* backend = nullptr;
    std::optional<LaunchPlan> plan;
    std::vector<Finding> findings;
    std::optional<Error> error;  ///< The first reason why there is no plan.
};

/// For RunRequest::placeholders. `profileFolder` is the absolute folder of the profile's file, or "" without one.
[[nodiscard]] PlaceholderValues placeholderValues(const SystemFacts& system, std::string profileFolder);

[[nodiscard]] Preparation prepare(const RunRequest& request, const HostFacts& facts, const BackendList& backends);

/// The same for a configuration that was read already, and was good: the request's text and settings are not looked at.
[[nodiscard]] Preparation prepare(LoadedConfig config, const RunRequest& request, const HostFacts& facts,
                                  const BackendList& backends);

/// The profile as self-contained MXC JSON: the profile's text with the request's options written into it and plain
/// paths for placeholders, everything else byte for byte. What MXC then runs is what ran here. With base profiles it is
/// written anew, as one profile that says what all layers together say.
Result<std::string> exportProfile(const RunRequest& request);

}  // namespace belljar
