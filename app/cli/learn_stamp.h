// The mark of a profile that was tried under enforcement: a file beside it, because MXC refuses what it does not know.
//
// It names the profile by its SHA-256, so a profile that was changed since is not verified any more.
#pragma once

#include <string>
#include <vector>

namespace belljar::cli {

struct LearnStamp {
    std::string profileHash;  ///< SHA-256 of the profile's bytes.
    std::string date;         ///< "2026-01-31 12:34:56 UTC"
    std::string version;      ///< Of Belljar.
    std::vector<std::string> command;
    std::string outcome;  ///< A sentence.
    int exitCode = 0;
    std::string outputHash;  ///< SHA-256 of standard output.
    std::string monitor;     ///< Who watched.
};

/// PROFILE.verified
[[nodiscard]] std::string stampPath(const std::string& profile);
[[nodiscard]] std::string stampJson(const LearnStamp& stamp);

enum class StampState { none, valid, changed };

/// What a stamp file says of a profile with these bytes; a file that is no stamp counts as none.
[[nodiscard]] StampState stampState(const std::string& stampText, const std::string& profileText);

}  // namespace belljar::cli
