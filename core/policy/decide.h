// The one evaluator: may this access happen under this policy, and which rule decides?
//
// Explanations, the event judge, the differential test and the effective-access preview all ask here.
#pragma once

#include <string>

#include "core/model/access.h"
#include "core/model/host_facts.h"
#include "core/model/policy.h"

namespace belljar {

/// Pure and allocation-light: O(depth of the path × log rules). `access.path` must be canonical as the sandbox sees it;
/// use canonicalInSandbox() first for a path with links or "..". The most specific rule decides; at one path a denial
/// beats a grant. Making or removing an entry also needs its folder writable.
[[nodiscard]] Verdict decide(const Policy& policy, const Access& access);

/// `path` with every symbolic link that the sandboxee would see resolved the way its kernel would resolve it: links
/// below paths that are absent or masked in the sandbox are not followed. A last component that does not exist is kept.
[[nodiscard]] std::string canonicalInSandbox(const Policy& policy, const std::string& path, const HostFacts& facts);

/// "denied: deniedPaths: ~/.ssh (profile.json line 12)" - one sentence for people, naming rule and mechanism.
[[nodiscard]] std::string explain(const Policy& policy, const Access& access, const Verdict& verdict);

/// Words for access kinds, e.g. "read".
[[nodiscard]] std::string accessKindName(AccessKind kind);

}  // namespace belljar
