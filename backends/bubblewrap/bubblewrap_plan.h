// The pure half of the bubblewrap backend: a policy as bubblewrap arguments. Compared with golden files anywhere.
#pragma once

#include "core/base/result.h"
#include "core/engine/backend.h"
#include "core/model/host_facts.h"
#include "core/model/launch_plan.h"
#include "core/model/policy.h"

namespace belljar {

/// The launch of `policy` through bubblewrap 0.8 or newer. An error when this machine cannot enforce a part of it.
[[nodiscard]] Result<LaunchPlan> bubblewrapPlan(const Policy& policy, const SystemFacts& facts,
                                                const PlanOptions& options);

}  // namespace belljar
