// What one policy lets a program do more, less or otherwise than another: by asking the evaluator, not by comparing
// texts.
//
// The answers of decide() change only at the paths, networks and ports that the two policies name, so asking at each of
// them and between them is asking everything. Whether that was possible is part of the result.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/policy.h"

namespace belljar {

enum class AccessChange : std::uint8_t {
    more,   ///< The second policy allows what the first does not.
    less,   ///< The other way round.
    other,  ///< Both, or something that is neither: a variable, the command.
};

struct AccessDifference {
    AccessChange change = AccessChange::other;
    std::string subject;  ///< "/home/u/x", "10.0.0.0/8 443/tcp", "memory"; hostile.
    std::string before;   ///< "read only"; hostile.
    std::string after;
    std::optional<RuleId> beforeRule;  ///< Which rule decides about it, of each policy.
    std::optional<RuleId> afterRule;
};

struct AccessComparison {
    std::vector<AccessDifference> differences;  ///< More first, then other, then less.
    std::uint64_t questions = 0;                ///< How often each policy was asked.
    bool complete = true;                       ///< Nothing was left out because there was too much.

    /// The second policy allows nothing that the first does not.
    [[nodiscard]] bool isNotWider() const;
};

[[nodiscard]] AccessComparison compareAccess(const Policy& before, const Policy& after);

/// "more", "less", "other"
[[nodiscard]] std::string_view accessChangeName(AccessChange change);

}  // namespace belljar
