// The options that `run`, `plan`, `explain`, `check` and `export` share, and how they become a RunRequest.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/cli/option_parser.h"
#include "core/engine/preparation.h"

namespace belljar::cli {

struct RunOptions {
    std::optional<std::string> profile;
    std::vector<std::string> readOnly;
    std::vector<std::string> readWrite;
    std::vector<std::string> denied;
    std::optional<std::string> network;
    std::vector<std::string> allowedNetworks;
    std::vector<std::string> deniedNetworks;
    std::optional<std::string> timeout;
    std::optional<std::string> cwd;
    std::vector<std::string> env;
    std::vector<std::string> settings;

    void addTo(OptionParser& parser);
};

/// Who watches a run, and how much.
struct WatchOptions {
    std::optional<std::string> monitor;
    std::optional<std::string> trace;

    void addTo(OptionParser& parser);
    [[nodiscard]] WatchPlan plan() const;
};

/// A profile's text and the name to show for it.
struct ProfileSource {
    std::string text = "{}";
    std::string name;
};

/// Reads a profile; "-" is standard input. At most 256 MiB.
Result<ProfileSource> readProfile(const std::string& path);

/// The file behind links, so that writing to a link to a profile leaves the link.
[[nodiscard]] std::string realFile(const std::string& path);

/// Reads the profile and checks the options. Relative paths become absolute against the current folder. Placeholders
/// stand for what `system` and the profile's folder are.
Result<RunRequest> makeRequest(const RunOptions& options, const std::vector<std::string>& command,
                               const SystemFacts& system);

/// For RunRequest::placeholders; `profile` is the file as given, "-" or nothing.
[[nodiscard]] PlaceholderValues placeholdersFor(const SystemFacts& system, const std::optional<std::string>& profile);

/// "500" and "500ms" are milliseconds, "10s", "2m", "1h" what they say; "0" is no limit. At most 2^32 - 1 ms.
Result<std::chrono::milliseconds> parseDuration(std::string_view text);

/// `path` against the current folder; "~" and "~/..." are left to the policy.
Result<std::string> absolutePath(const std::string& path);

}  // namespace belljar::cli
