// Base profiles: reads the files that a profile extends, and makes one configuration of all.
// Private to core/engine.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/config/config_io.h"
#include "core/config/config_layers.h"
#include "core/config/placeholders.h"
#include "core/engine/preparation.h"

namespace belljar {

/// One profile of several: number 0 is the one that was asked for.
struct ProfileLayer {
    std::string file;  ///< "" for number 0.
    LoadedConfig loaded;
    ExpandedConfig expanded;
    bool isSuspect = false;
    SourcePlace extendedAt;  ///< Where another layer names it.

    [[nodiscard]] const SandboxConfig& config() const { return expanded.config ? *expanded.config : loaded.config; }
};

struct LayeredProfile {
    std::vector<ProfileLayer> layers;
    std::optional<LoadedConfig> flat;  ///< All layers as one; absent with an error.
    MergedConfig merged;               ///< Where its fields come from.
    std::vector<Finding> findings;     ///< Conflicts and errors.

    /// The place in its own file of what stands at `pointer` of `flat`; of number 0's file `own` knows it.
    template <class Own>
    [[nodiscard]] SourcePlace place(const std::string& pointer, const Own& own) const
    {
        const LayerOrigin origin = merged.originOf(pointer);
        return origin.layer == 0 ? own(origin.pointer) : placeIn(origin);
    }
    /// How a path is written where placeholders were replaced; "" elsewhere.
    [[nodiscard]] std::string written(const std::string& pointer) const;
    [[nodiscard]] SourcePlace placeIn(const LayerOrigin& origin) const;
};

/// True when the configuration extends others.
[[nodiscard]] bool isLayered(const SandboxConfig& config);

/// `top` with its own placeholders replaced in `expanded`. Base files are read with `request.readLayer`: at most 64, at
/// most 8 deep; a file that is named twice counts once, one that extends itself is an error.
[[nodiscard]] LayeredProfile readLayers(const LoadedConfig& top, ExpandedConfig expanded, const RunRequest& request);

}  // namespace belljar
