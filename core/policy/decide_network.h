// The evaluator's answers about addresses and names. Internal to core/policy: ask decide().
#pragma once

#include "core/model/access.h"

namespace belljar {

/// Verdict::how of a denied address of this machine.
inline constexpr const char* kHostAddressHow = "an address of this machine";

/// For connect, bind and resolve without a path.
[[nodiscard]] Verdict decideNetwork(const Policy& policy, const Access& access);

}  // namespace belljar
