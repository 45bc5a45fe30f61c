// Following a path on the host the way the kernel would, one component after the other, remembering every link.
#pragma once

#include <string>
#include <vector>

#include "core/model/host_facts.h"
#include "core/model/policy.h"

namespace belljar {

struct HostWalk {
    enum class End {
        found,
        missing,     ///< `canonical` is then the resolved part plus the rest as written.
        unreadable,  ///< A component could not be looked at; `error` says why.
        loop,        ///< More than 40 links.
    };
    End end = End::found;
    std::string canonical;
    PathFacts facts;
    std::vector<LinkRule> links;  ///< In the order met; `rule` is not set.
    std::string stoppedAt;        ///< The component that ended the walk early.
    int error = 0;
};

/// `path` must be absolute. "." and ".." are resolved on the real tree.
[[nodiscard]] HostWalk walkHost(const std::string& path, const HostFacts& facts);

}  // namespace belljar
