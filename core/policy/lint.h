// What is right in a profile but unwise: entries that do nothing, contradict each other or open more than people think.
// Each rule is a row of a table; findings come with the change that mends them.
//
// What refuses a profile is resolvePolicy()'s to say, and some warnings come from there, too, because it knows them
// first; this looks at what it made.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/finding.h"
#include "core/model/host_facts.h"
#include "core/policy/resolve.h"

namespace belljar {

struct LintRule {
    std::string_view id;
    Severity severity = Severity::warning;
    std::string_view sentence;
};

/// All rules whose findings can be mended, also those that resolvePolicy() reports.
[[nodiscard]] std::span<const LintRule> lintRules();

struct LintRequest {
    const SandboxConfig& config;  ///< With plain paths.
    const Policy& policy;         ///< Made of it.
    const PathOrigins& origins;   ///< As resolvePolicy() gave them.
    std::function<SourcePlace(const std::string& pointer)> place;
    /// How a path at a pointer is written in the profile where `config` has what it stands for; "" elsewhere.
    std::function<std::string(const std::string& pointer)> written;
};

/// Findings about base profiles have no changes: they are other files.
[[nodiscard]] std::vector<Finding> lintPolicy(const LintRequest& request, const HostFacts& facts);

}  // namespace belljar
