// What to change in a profile so that a denied access is allowed: the other half of an explanation, what learning
// grants and what a button "allow" writes.
//
// The narrowest change that one entry of the profile can express. It is proposed, never applied, and tests hold it
// against the kernel: the same access with the change has another outcome.
#pragma once

#include <string>
#include <vector>

#include "core/model/access.h"
#include "core/model/host_facts.h"
#include "core/model/network_change.h"

namespace belljar {

struct Remedy {
    enum class Kind {
        none,         ///< No entry of a profile changes it; `sentence` says why.
        paths,        ///< Remove `removePointer` (if any) and grant `path` (if any).
        network,      ///< Give the sandbox the host's network.
        networkRule,  ///< Remove `removePointer` (if any) and allow one of `rules` (if any).
    };
    Kind kind = Kind::none;
    std::string removePointer;  ///< The entry that stands against it; empty: none that the profile holds.
    std::string path;           ///< Absolute host path to grant; it exists. Empty: nothing to grant.
    PathAccess access = PathAccess::readOnly;
    std::vector<NetworkSpec> rules;  ///< Narrowest first; networkEntry() says how a profile writes one.
    std::string sentence;            ///< For people; quotes hostile text, show through visible().
};

/// `verdict` is decide()'s answer to `access` under `policy`. Looks at the host for what exists and may be granted.
[[nodiscard]] Remedy remedyFor(const Policy& policy, const Access& access, const Verdict& verdict,
                               const HostFacts& facts);

}  // namespace belljar
