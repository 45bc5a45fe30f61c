// The policy of a running session after a change of one rule about its network.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/model/network_change.h"
#include "core/model/policy.h"

namespace belljar {

struct NetworkAmendment {
    std::optional<Policy> policy;   ///< Absent when a finding is an error.
    std::vector<Finding> findings;  ///< About the change.
    std::string before;             ///< See networkWords().
    std::string after;
};

/// `policy` is the current one. The change takes the place of all rules that are exactly about the same networks and
/// ports. Rules keep their numbers; that of the change is added at the end. Only a filtered network without a proxy can
/// be changed.
[[nodiscard]] NetworkAmendment amendNetwork(Policy policy, const NetworkChange& change);

/// What holds for everything that `spec` names: "allowed", "denied" or "partly allowed".
[[nodiscard]] std::string networkWords(const Policy& policy, const NetworkSpec& spec);

}  // namespace belljar
