// One configuration made of several: a profile and the base profiles that it extends.
//
// A layer may add grants and restrictions; what a base denies it cannot take back:
//   - lists are united; so of one path, host or program the strictest entry decides, and of nested paths the deeper
//   one;
//   - what opens or closes takes the stricter value: network, interface; a conflict is reported;
//   - limits take the lower value, where 0 is no limit;
//   - what opens nothing (command, folder, variables, names) is the nearest layer's;
//   - sections of other containments are the nearest layer's as a whole, and a conflict is reported;
//   - different containments cannot be merged.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/model/sandbox_config.h"

namespace belljar {

/// A field of one layer.
struct LayerOrigin {
    std::size_t layer = 0;
    std::string pointer;
};

/// Two layers that say different things.
struct LayerConflict {
    std::string message;  ///< What is taken and why.
    LayerOrigin taken;
    LayerOrigin other;
    bool refuses = false;  ///< The layers cannot be merged.
};

struct MergedConfig {
    SandboxConfig config;  ///< Extends nothing.
    std::vector<LayerConflict> conflicts;
    std::map<std::string, LayerOrigin> origins;  ///< Of fields and elements that are not the first layer's own.

    /// Where what stands at `pointer` of `config` was written.
    [[nodiscard]] LayerOrigin originOf(const std::string& pointer) const;
};

/// The profile first, then its bases from the nearest to the furthest; placeholders are replaced. Entries of lists
/// stand in this order, too; variables in the other one, because the last of a name counts.
[[nodiscard]] MergedConfig mergeLayers(std::span<const SandboxConfig* const> layers);

}  // namespace belljar
