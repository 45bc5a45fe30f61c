// The evaluator's answers about addresses and names. Internal to core/policy: ask decide().
#pragma once

#include "core/model/access.h"

namespace belljar {

/// Verdict::how of a denied address of this machine.
inline constexpr const char* kHostAddressHow = "an address of this machine";
/// Verdict::how of a private address to which a name leads.
inline constexpr const char* kPrivateAddressHow = "names open public addresses only";

/// Why a rule about the name of `access` opens nothing here; nullptr: it does.
[[nodiscard]] const char* obstacleOfName(const Access& access);

/// For connect, bind and resolve without a path.
[[nodiscard]] Verdict decideNetwork(const Policy& policy, const Access& access);

}  // namespace belljar
