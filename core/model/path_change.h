// A change of what a running sandbox may reach: the wish, and what came of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/finding.h"
#include "core/model/mechanism.h"
#include "core/model/policy.h"

namespace belljar {

struct PathChange {
    std::string path;                  ///< Absolute; links are followed as for a rule of a profile.
    std::optional<PathAccess> access;  ///< The new rule about this path instead of all others; nullopt: none.
    std::string by;                    ///< Who wants it, e.g. "uid 1000, belljar policy (pid 4711)".
};

/// A path that a rule of the running session denies.
struct DeniedPath {
    std::string path;  ///< Canonical, on the host.
    RuleId rule = 0;
};

/// A process inside that still sees a part of the tree as it was before: its working folder or something it has open is
/// there. The kernel lets it go on with that; only its end ends it.
struct TreeHolder {
    std::int32_t pid = 0;  ///< On the host.
    std::string name;      ///< comm, hostile text.
    std::string what;      ///< "working folder" or "descriptor 5".
    std::string path;      ///< As it was called inside; hostile text.
};

struct PathChangeResult {
    std::string path;    ///< The canonical path that the change is about.
    std::string before;  ///< What held there: "read-only", "denied", "not granted" ...
    std::string after;
    std::vector<Mechanism> mechanisms;  ///< What makes it so: that of the tree, and Mechanism::kernelPolicy.
    std::vector<TreeHolder> holders;
    std::vector<Finding> notes;
};

}  // namespace belljar
