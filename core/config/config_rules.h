// Rules between fields: what a configuration must obey although each field is right by itself.
//
// A rule is one row: an id, the sentence that states it, and a check. Rules that depend on the machine or on what a
// backend can enforce are not here: they belong to policy and preparation.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/config/json_text.h"
#include "core/model/sandbox_config.h"

namespace belljar {

struct RuleViolation {
    std::string pointer;  ///< The value that should change.
    std::string message;  ///< Empty: the rule's sentence says it.
    std::string hint;
};

struct ConfigRule {
    std::string_view id;
    std::string_view sentence;
    std::optional<RuleViolation> (*check)(const SandboxConfig& config);
};

/// In the order in which they are checked.
[[nodiscard]] std::span<const ConfigRule> configRules();

/// Where `pointer`, or the nearest parent that exists, stands.
[[nodiscard]] SourcePlace nearestPlace(const JsonText& text, std::string pointer);

}  // namespace belljar
