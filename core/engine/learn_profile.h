// What learning proposes as a profile, and the profiles under which it watches.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/engine/learn.h"
#include "core/model/sandbox_config.h"

namespace belljar {

/// Stands in a profile's `_comment`, and so in a recording, where nothing was denied while it was watched.
inline constexpr std::string_view kPermissiveStamp = "PERMISSIVE";

/// A folder or file that is granted while watching, beside what the profile says.
struct Exploration {
    std::vector<std::string> readOnly;
    std::vector<std::string> readWrite;
    std::vector<std::string> denied;  ///< Secrets in the granted folders.
};

/// What the first run sees: the working folder and what the command names, read-only, without secrets. Folders that
/// are too wide are left out.
[[nodiscard]] Exploration firstLook(const std::vector<std::string>& command, const std::string& folder,
                                    const std::string& home, const HostFacts& facts);

/// Everything the user may read, home and working folder writable, without secrets.
[[nodiscard]] Exploration permissiveTree(const std::string& folder, const std::string& home, const HostFacts& facts);

/// `base` with more paths and a comment, as a profile's text; paths that are there already are not added twice, those
/// in `refused` not at all. The program starts in `folder` when that is not refused and one of the paths shows it.
struct ProfileFrame {
    SandboxConfig base;
    std::string folder;
    std::string comment;
    std::set<std::string> refused;
};
[[nodiscard]] std::string explorationProfile(const ProfileFrame& frame, const Exploration& more);
[[nodiscard]] std::string learnedProfile(const ProfileFrame& frame, const std::vector<LearnedRule>& rules);

}  // namespace belljar
