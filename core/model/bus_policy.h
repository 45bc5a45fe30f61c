// What of the message buses (D-Bus) a sandbox may have. Without rules there is no bus; with rules a proxy of the
// sandbox's own stands before it, which shows and passes on only what they name.
#pragma once

#include <string>
#include <vector>

#include "core/model/rule.h"

namespace belljar {

/// Of one bus: the words that the proxy is started with.
struct BusRules {
    std::vector<std::string> talk;  ///< Names of services whose methods may all be called.
    std::vector<std::string> call;  ///< NAME=METHOD@PATH: these methods only.
    std::vector<std::string> own;   ///< Names that programs inside may take.
    [[nodiscard]] bool empty() const { return talk.empty() && call.empty() && own.empty(); }
    bool operator==(const BusRules&) const = default;
};

struct BusPolicy {
    BusRules session;
    BusRules system;
    RuleId rule = builtin_rule::kNoInterface;
    [[nodiscard]] bool empty() const { return session.empty() && system.empty(); }
    bool operator==(const BusPolicy&) const = default;
};

/// Where a sandbox finds the sockets that its launcher makes for it.
inline constexpr const char* kRuntimeFolder = "/run/belljar";

}  // namespace belljar
