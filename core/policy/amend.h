// The policy of a running session after a change of one path: what a fresh start with that rule would have.
#pragma once

#include <string>
#include <vector>

#include "core/model/finding.h"
#include "core/model/host_facts.h"
#include "core/model/path_change.h"
#include "core/model/policy.h"
#include "core/policy/resolve.h"

namespace belljar {

struct Amendment {
    std::optional<Policy> policy;   ///< Absent when a finding is an error.
    PathOrigins origins;            ///< For the next amendment.
    std::vector<Finding> findings;  ///< About the change, not about what stood before.
    std::string path;               ///< The canonical path that the change is about.
};

/// `change` takes the place of all that `origins` says of its path. Rules keep their numbers; that of the change is
/// added at the end. Everything but the paths stays as it is in `current`.
[[nodiscard]] Amendment amendPolicy(Policy current, PathOrigins origins, const PathChange& change,
                                    const HostFacts& facts);

/// What holds at `path`, in words: "read-only", "read-write", "denied", "not granted", "the sandbox's own".
[[nodiscard]] std::string accessWords(const Policy& policy, const std::string& path);

}  // namespace belljar
