// How a run would be set up, in words and as the tool's command line: `belljar plan` and the desktop app show the same.
#pragma once

#include <string>
#include <string_view>

#include "core/model/launch_plan.h"
#include "core/model/policy.h"

namespace belljar {

[[nodiscard]] std::string_view filterWatchName(FilterWatch watch);

/// Many lines, of which those that are no command line begin with "#". All of it went through visible().
[[nodiscard]] std::string planText(const LaunchPlan& plan, const Limits& limits);

}  // namespace belljar
