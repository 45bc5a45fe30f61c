// Changes to a profile's text by options: what `--set` does before a run, and how an export writes all options down.
// Private to core/engine.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/config/placeholders.h"

namespace belljar {

using Settings = std::vector<std::pair<std::string, std::string>>;  ///< JSON pointer, JSON text or a bare word.

/// `text` with every setting written into it, in order. A value that is no JSON counts as a string. `name` is the
/// profile's name for error places; errors of a setting name the setting.
Result<std::string> withSettings(std::string text, const std::string& name, const Settings& settings);

/// What to call a profile in messages about its text with the settings in it.
[[nodiscard]] std::string nameWithSettings(const std::string& name, const Settings& settings);

/// The path of an option: a shell has expanded `~` where it saw a reason to, `--ro=~/x` is left to us. What cannot be
/// expanded stays, for the policy to refuse.
[[nodiscard]] std::string expandedOption(const std::string& path, const std::optional<PlaceholderValues>& values);

/// The text as a JSON string; an error when it is not UTF-8 (JSON could only hold something else).
Result<std::string> jsonString(std::string_view text);

}  // namespace belljar
