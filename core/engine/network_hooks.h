// Between the relay of a filtered network, which knows addresses, and the rules and events of a session.
#pragma once

#include <chrono>
#include <string>

#include "core/model/event.h"
#include "core/model/network_attempt.h"
#include "core/model/policy.h"

namespace belljar {

/// As Access::host.
[[nodiscard]] std::string addressText(const NetworkEndpoint& peer);

/// What the policy says of an attempt. Addresses of the host are refused unless it lets them be reached.
[[nodiscard]] NetworkDecision decideAttempt(const Policy& policy, const NetworkAttempt& attempt);

/// net.accept: `detail` is "tcp, from outside to port 8080". Times count from `origin`.
[[nodiscard]] Event acceptEvent(const NetworkFlow& flow, std::chrono::steady_clock::time_point origin);

/// net.flow: `detail` is "tcp, sent 12, received 345, 6.7 ms", after "from outside to port 8080" where it came so.
[[nodiscard]] Event flowEvent(const NetworkFlow& flow, std::chrono::steady_clock::time_point origin);

}  // namespace belljar
