// Between the relay of a filtered network, which knows addresses, and the rules and events of a session.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "core/model/access.h"
#include "core/model/event.h"
#include "core/model/network_attempt.h"
#include "core/model/policy.h"

namespace belljar {

/// As Access::host.
[[nodiscard]] std::string addressText(const NetworkEndpoint& peer);

/// The verdict about an address that has names, and the one of them that counts: it allows, or it is the latest.
struct NamedVerdict {
    Verdict verdict;
    std::string name;     ///< Empty: it has none.
    bool byName = false;  ///< Allowed only because of it.
};
/// `access` has no name yet; `names`: see PeerNames::of().
[[nodiscard]] NamedVerdict decideNamed(const Policy& policy, Access access, const std::vector<std::string>& names);

/// An attempt as a question to decide(), without a name.
[[nodiscard]] Access accessOf(const NetworkAttempt& attempt);

/// What the policy says of an attempt to reach an address with these names. Addresses of the host are refused unless it
/// lets them be reached.
[[nodiscard]] NetworkDecision decideAttempt(const Policy& policy, const NetworkAttempt& attempt,
                                            const std::vector<std::string>& names);

/// What the policy says of a name that is looked up.
[[nodiscard]] NetworkDecision decideLookup(const Policy& policy, const std::string& name);

/// Adds the name of a peer to an event's detail, if there is one.
void addName(std::string& detail, const std::string& name);

/// net.accept: `detail` is "tcp, from outside to port 8080". Times count from `origin`.
[[nodiscard]] Event acceptEvent(const NetworkFlow& flow, std::chrono::steady_clock::time_point origin);

/// net.flow: `detail` is "tcp, name www.example.org, sent 12, received 345, 6.7 ms", after "from outside to port 8080"
/// where it came so, with what ended it unless both sides had finished.
[[nodiscard]] Event flowEvent(const NetworkFlow& flow, std::chrono::steady_clock::time_point origin);

/// net.dns: the object is the name, `detail` "A, 192.0.2.1 192.0.2.2", or after the type why there is no answer.
[[nodiscard]] Event lookupEvent(const NameLookup& lookup, std::chrono::steady_clock::time_point origin);

}  // namespace belljar
