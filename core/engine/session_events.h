// Events of Belljar's own: what was done to a session, and by whom.
#pragma once

#include <cstdint>
#include <string>

#include "core/engine/live_policy.h"
#include "core/model/event.h"

namespace belljar {

/// session.freeze, session.thaw or session.kill. `detail` is {"by": ...} in JSON.
[[nodiscard]] Event sessionEvent(EventKind kind, const std::string& by, std::int64_t timeNs);

/// session.policy: the object is the path, `detail` is {"change", "before", "after", "by"} in JSON and, when a rule was
/// added, {"rule", "text"}: its number and what it says, so that a recording has it.
[[nodiscard]] Event policyEvent(const LivePolicy::Changed& changed, const PathChange& change, std::int64_t timeNs);

}  // namespace belljar
