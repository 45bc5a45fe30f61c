// Rules about the request as a whole, its command and its paths.
#include <spdlog/fmt/fmt.h>

#include "core/config/rule_checks.h"

namespace belljar::rules {
namespace {

/// Calls `visit(path, pointer)` for every path of the profile's lists.
template <class Visit>
void forEachPath(const SandboxConfig& config, const Visit& visit)
{
    if (!config.filesystem) return;
    const auto list = [&](const std::optional<std::vector<std::string>>& paths, const char* key) {
        for (std::size_t i = 0; paths && i < paths->size(); ++i)
            visit((*paths)[i], fmt::format("/filesystem/{}/{}", key, i));
    };
    list(config.filesystem->readonlyPaths, "readonlyPaths");
    list(config.filesystem->readwritePaths, "readwritePaths");
    list(config.filesystem->deniedPaths, "deniedPaths");
}

void refuseNewer(const GatedField& field, RuleViolations& out)
{
    out.push_back(
        {field.pointer,
         "network.egress, network.ingress, runtimeConfig, and processContainer.network require schema version "
         "0.8 or later",
         "Set \"version\" to \"0.8.0-alpha\"."});
}

}  // namespace

/// A version that is no SemVer is said by schemaVersion(); an absent one is older than all.
void newerFields(const RuleContext& context, RuleViolations& out)
{
    if (context.config.version == "") return;
    const Result<SchemaVersion> version = SchemaVersion::parse(context.config.version.value_or(""));
    for (const GatedField& field : context.gated) {
        const bool older = version ? !version->atLeast(field.since) : version.error().where == kOlderVersion;
        if (older) refuseNewer(field, out);
    }
}

/// MXC looks at an empty version later than at an absent one, and then forgives null.
void newerFieldsOfNoVersion(const RuleContext& context, RuleViolations& out)
{
    for (const GatedField& field : context.gated)
        if (context.config.version == "" && !field.isNull) refuseNewer(field, out);
}

void oneShot(const RuleContext& context, RuleViolations& out)
{
    const auto refuse = [&](bool given, const char* key) {
        if (given)
            out.push_back({fmt::format("/{}", key),
                           fmt::format("'{}' is only valid on state-aware lifecycle requests", key),
                           "Remove it: a one-shot run has no phases."});
    };
    refuse(context.config.phase.has_value(), "phase");
    refuse(context.config.sandboxId.has_value(), "sandboxId");
    refuse(context.config.correlationVector.has_value(), "correlationVector");
}

void stateAware(const RuleContext& context, RuleViolations& out)
{
    const SandboxConfig& config = context.config;
    if (context.options.asExecutor || !config.isStateAware()) return;
    if (!config.phase) {
        const char* key = config.sandboxId ? "sandboxId" : "correlationVector";
        out.push_back({fmt::format("/{}", key),
                       fmt::format("'{}' is only valid on state-aware lifecycle requests", key),
                       "Remove it, or name the phase."});
        return;
    }
    if (*config.phase != "provision" && config.sandboxId.value_or("").empty())
        out.push_back({"/phase", fmt::format("the phase `{}` needs `sandboxId`", *config.phase),
                       "It is in the answer to the provision phase."});
    if (*config.phase == "exec" && (!config.process || !config.process->commandLine))
        out.push_back({"/phase", "the phase `exec` needs a command", "Write it into /process/commandLine."});
}

void schemaVersion(const RuleContext& context, RuleViolations& out)
{
    Result<SchemaVersion> version = SchemaVersion::parse(context.config.version.value_or(""));
    if (!version) out.push_back({"/version", version.error().message, version.error().hint});
}

void processGiven(const RuleContext& context, RuleViolations& out)
{
    static constexpr const char* kFix = "Add \"process\": { \"commandLine\": \"...\" }.";
    const std::optional<ProcessConfig>& process = context.config.process;
    if (!context.options.needsCommand) return;
    if (!process) out.push_back({"", "'process' section is required", kFix});
    else if (!process->commandLine) out.push_back({"/process", "Missing required field: process.commandLine", kFix});
}

void commandText(const RuleContext& context, RuleViolations& out)
{
    if (!context.config.process || !context.config.process->commandLine) return;
    const std::string& command = *context.config.process->commandLine;
    const std::string here = "/process/commandLine";
    if (command.empty())
        out.push_back({here, "process.commandLine cannot be empty", "Leave it out, or name a command."});
    if (command.find('\0') != std::string::npos)
        out.push_back({here, "process.commandLine must not contain null bytes", "Remove \\u0000."});
}

void pathText(const RuleContext& context, RuleViolations& out)
{
    forEachPath(context.config, [&](const std::string& path, const std::string& pointer) {
        if (withoutSpaceAround(path).empty())
            out.push_back({pointer, "Filesystem path is empty", "Remove the entry, or name a file or folder."});
        else if (path.find('\0') != std::string::npos)
            out.push_back({pointer, fmt::format("Filesystem path '{}' contains an embedded NUL character", path),
                           "Remove \\u0000."});
        else if (path.find('"') != std::string::npos)
            out.push_back({pointer, fmt::format("Filesystem path '{}' contains invalid character '\"'", path),
                           "MXC cannot name such a file; grant its folder instead."});
    });
}

}  // namespace belljar::rules
