// What would allow a denied connection or look-up. Internal to core/policy: ask remedyFor().
#pragma once

#include "core/policy/remedy.h"

namespace belljar {

[[nodiscard]] Remedy networkRemedy(const Policy& policy, const Access& access, const Verdict& verdict);

}  // namespace belljar
