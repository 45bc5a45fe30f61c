#include "core/config/state_aware.h"

#include <spdlog/fmt/fmt.h>

namespace belljar {
namespace {

/// The words of MXC's executor.
RuleViolation onlyStateAware(const char* key, std::string hint)
{
    return {fmt::format("/{}", key), fmt::format("'{}' is only valid on state-aware lifecycle requests", key),
            std::move(hint)};
}

}  // namespace

std::optional<RuleViolation> stateAwareMistake(const SandboxConfig& config)
{
    if (!config.isStateAware()) return {};
    if (!config.phase)
        return onlyStateAware(config.sandboxId ? "sandboxId" : "correlationVector", "Remove it, or name the phase.");
    if (*config.phase != "provision" && config.sandboxId.value_or("").empty())
        return RuleViolation{"/phase", fmt::format("the phase `{}` needs `sandboxId`", *config.phase),
                             "It is in the answer to the provision phase."};
    if (*config.phase == "exec" && (!config.process || !config.process->commandLine))
        return RuleViolation{"/phase", "the phase `exec` needs a command", "Write it into /process/commandLine."};
    return {};
}

std::optional<RuleViolation> oneShotRefusal(const SandboxConfig& config)
{
    static const char* const kHint = "Remove it: here a sandbox lives as long as its command.";
    if (config.phase) return onlyStateAware("phase", kHint);
    if (config.sandboxId) return onlyStateAware("sandboxId", kHint);
    if (config.correlationVector) return onlyStateAware("correlationVector", kHint);
    return {};
}

}  // namespace belljar
