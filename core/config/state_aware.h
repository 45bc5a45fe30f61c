// State-aware requests: steps in the life of a sandbox that outlives one command (`phase`, `sandboxId`,
// `correlationVector`, and payloads of the provision phase below `experimental`).
//
// Belljar reads, shows and writes them; no containment here takes them, so whoever is to run one refuses it.
#pragma once

#include <optional>

#include "core/config/config_rules.h"

namespace belljar {

/// What is wrong with a state-aware request as such: a field of one without `phase`, a later phase without `sandboxId`,
/// an exec phase without a command. nullopt for right ones and for one-shot configurations.
[[nodiscard]] std::optional<RuleViolation> stateAwareMistake(const SandboxConfig& config);

/// Why somebody who runs one-shot configurations only refuses this one, in the words of MXC's executor.
[[nodiscard]] std::optional<RuleViolation> oneShotRefusal(const SandboxConfig& config);

}  // namespace belljar
