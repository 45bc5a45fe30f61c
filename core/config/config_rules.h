// Rules between fields: what a configuration must obey although each field is right by itself.
//
// A rule is one row: an id, whom it binds, the sentence that states it, and a check. The table stands in the order in
// which MXC's executor checks, and messages are MXC's own, so that the first violation is what MXC reports.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/json_text.h"
#include "core/config/schema_version.h"
#include "core/model/host_facts.h"
#include "core/model/sandbox_config.h"

namespace belljar {

/// Whom a rule binds, and at which stage MXC's Linux executor refuses what breaks it.
enum class RuleScope : std::uint8_t {
    profile,  ///< Every profile on every system; exit code 1.
    request,  ///< What MXC's executor on Linux is asked to run; exit code 1.
    engine,   ///< The same, once the containment is chosen; exit code 1.
    backend,  ///< The same, when the containment looks at its policy; exit code 255.
};

/// "profile", "request", "engine", "backend"
[[nodiscard]] std::string_view ruleScopeName(RuleScope scope);

/// Which rules hold, and what those about an executor depend on.
struct RuleOptions {
    bool asExecutor = false;       ///< All rules; otherwise only those of profiles.
    bool needsCommand = true;      ///< An executor's request names its command.
    bool experimental = false;     ///< --experimental
    bool testingFeatures = false;  ///< --allow-testing-features
    /// What an absolute path on this machine is; absent: rules about the machine hold.
    std::function<FileType(const std::string&)> fileType;
};

/// A field that was given, also as null, and that only newer schema versions have.
struct GatedField {
    std::string pointer;
    std::string_view since;
    bool isNull = false;
};

struct RuleContext {
    const SandboxConfig& config;
    std::optional<SchemaVersion> version;  ///< Absent when it is not valid.
    std::vector<GatedField> gated;
    RuleOptions options;
};

struct ConfigRule;

struct RuleViolation {
    std::string pointer;  ///< The value that should change.
    std::string message;
    std::string hint;  ///< What to do about it, where the message does not say so.
    const ConfigRule* rule = nullptr;
};

using RuleViolations = std::vector<RuleViolation>;

struct ConfigRule {
    std::string_view id;
    RuleScope scope;
    std::string_view sentence;
    void (*check)(const RuleContext& context, RuleViolations& out);
};

/// In the order in which they are checked.
[[nodiscard]] std::span<const ConfigRule> configRules();

/// Every violation, in the order of the rules. A later scope is looked at only when the earlier ones hold.
[[nodiscard]] RuleViolations checkRules(const RuleContext& context);

/// The containment that `process`, an absent one or an older spelling stands for on Linux.
[[nodiscard]] std::string linuxContainment(const SandboxConfig& config);

/// Where `pointer`, or the nearest parent that exists, stands.
[[nodiscard]] SourcePlace nearestPlace(const JsonText& text, std::string pointer);

}  // namespace belljar
