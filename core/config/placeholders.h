// Placeholders in the paths of Belljar's own profiles: `${HOME}`, `${CWD}`, `${TMP}`, `${PROFILE_DIR}`, and `~` for
// `${HOME}`, in the filesystem lists, in process.cwd, in Belljar's list of programs and in the names of base profiles.
//
// MXC takes all paths as they are written, so whoever stands in for it does not come here, and an export writes what
// the placeholders stand for. A placeholder is an absolute path and so begins a path: "${HOME}/x". Values are put in as
// they are; a placeholder in a value stays text. `$${` is a literal `${`. `$HOME` without braces and patterns are text,
// too.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/model/finding.h"
#include "core/model/sandbox_config.h"

namespace belljar {

/// What the placeholders stand for: absolute paths; "" is not known.
struct PlaceholderValues {
    std::string home;
    std::string currentFolder;
    std::string temporaryFolder;
    std::string profileFolder;  ///< Where the profile's file is; not known for one that comes from no file.
};

struct ExpandedPath {
    std::string path;
    std::string warning;  ///< What looks like a placeholder and is none; may be empty.
};

/// Errors: an unknown placeholder, one whose value is not known or no path, one that does not begin the path.
Result<ExpandedPath> expandPath(std::string_view written, const PlaceholderValues& values);

/// One path of a profile and what it stands for.
struct PathReplacement {
    std::string pointer;  ///< "/filesystem/readonlyPaths/0"
    std::string written;
    std::string resolved;
};

struct ExpandedConfig {
    std::optional<SandboxConfig> config;  ///< Absent when every path stays as it is.
    std::vector<PathReplacement> replacements;
    std::vector<Finding> findings;  ///< Errors and warnings; places have pointers only.
};

[[nodiscard]] ExpandedConfig expandPlaceholders(const SandboxConfig& config, const PlaceholderValues& values);

}  // namespace belljar
