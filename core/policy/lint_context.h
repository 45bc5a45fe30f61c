// What the checks of lintPolicy() share. Internal to core/policy.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/policy/lint.h"

namespace belljar {

class LintContext {
public:
    LintContext(const LintRequest& linted, const HostFacts& machine) : request(linted), facts(machine) {}

    const LintRequest& request;
    const HostFacts& facts;
    std::vector<Finding> findings;

    /// Says that rule `id` is broken at `pointer`. The severity is that of the rule's row.
    void report(std::string_view id, std::string message, const std::string& pointer, std::string fix,
                std::vector<ProfileChange> changes);
    /// The same for an entry of the path lists, which a base profile may hold.
    void report(std::string_view id, std::string message, const PathEntry& entry, std::string fix,
                std::vector<ProfileChange> changes);
    /// The path as the profile has it.
    [[nodiscard]] std::string written(const PathEntry& entry) const;
    [[nodiscard]] const SourcePlace& placeOf(const PathEntry& entry) const
    {
        return request.policy.rules[entry.rule].place;
    }
};

void lintPathLists(LintContext& context);
void lintGrants(LintContext& context);
void lintSettings(LintContext& context);

}  // namespace belljar
