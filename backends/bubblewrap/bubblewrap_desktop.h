// What of the desktop a plan offers: a display of the sandbox's own, and filtered message buses. Internal to this
// containment.
#pragma once

#include "core/base/result.h"
#include "core/model/host_facts.h"
#include "core/model/launch_plan.h"
#include "core/model/policy.h"

namespace belljar {

/// Adds to the plan, whose environment is complete otherwise, what the policy asks for; an error where this machine
/// lacks something.
[[nodiscard]] Result<void> placeDesktop(const Policy& policy, const SystemFacts& facts, LaunchPlan& plan);

}  // namespace belljar
