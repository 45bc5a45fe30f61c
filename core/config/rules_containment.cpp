// Rules about the sections that belong to one containment.
#include <array>
#include <set>

#include <spdlog/fmt/fmt.h>

#include "core/config/rule_checks.h"
#include "core/config/sentences.h"

namespace belljar::rules {
namespace {

struct Section {
    std::string_view name;  ///< As MXC's messages write it.
    std::string_view pointer;
    std::string_view containment;
    bool systemOwn;  ///< What `process` means on Windows or macOS.
};

constexpr std::array<Section, 6> kSections{{
    {"processContainer", "/processContainer", "processcontainer", true},
    {"lxc", "/lxc", "lxc", false},
    {"seatbelt", "/seatbelt", "seatbelt", true},
    {"experimental.windows_sandbox", "/experimental/windows_sandbox", "windows_sandbox", false},
    {"experimental.wslc", "/experimental/wslc", "wslc", false},
    {"experimental.isolation_session", "/experimental/isolation_session", "isolation_session", false},
}};

std::array<bool, kSections.size()> givenSections(const SandboxConfig& config)
{
    static const ExperimentalConfig kNothing;
    const ExperimentalConfig& experimental = config.experimental ? *config.experimental : kNothing;
    return {config.processContainer.has_value(), config.lxc.has_value(),
            config.seatbelt.has_value(),         experimental.windowsSandbox.has_value(),
            experimental.wslc.has_value(),       experimental.isolationSession.has_value()};
}

/// What an absent containment or `process` means: on Linux Bubblewrap; a profile for any system may also mean Windows
/// or macOS, which its section tells.
std::string chosenContainment(const RuleContext& context)
{
    const std::string named = context.config.containment.value_or("process");
    if (named != "process") return named;
    const auto given = givenSections(context.config);
    for (std::size_t i = 0; i < kSections.size() && !context.options.asExecutor; ++i)
        if (given[i]) return std::string(kSections[i].systemOwn ? kSections[i].containment : "bubblewrap");
    return "bubblewrap";
}

std::string_view parentFolder(std::string_view path)
{
    const std::size_t slash = path.find_last_of('/');
    return slash == 0 ? path.substr(0, 1) : path.substr(0, slash);
}

/// Why the report cannot be written there, or "".
std::string badOutput(const std::string& path, const RuleOptions& options)
{
    if (path.find_first_not_of('/') == std::string::npos)
        return fmt::format("must name a file, not a directory root: '{}'", path);
    if (!options.fileType) return {};
    if (options.fileType(path) == FileType::directory)
        return fmt::format("must name a file, not an existing directory: '{}'", path);
    if (options.fileType(std::string(parentFolder(path))) == FileType::missing)
        return fmt::format("parent directory does not exist: '{}'", parentFolder(path));
    return {};
}

const WslcConfig* wslcOf(const SandboxConfig& config)
{
    return config.experimental && config.experimental->wslc ? &*config.experimental->wslc : nullptr;
}

}  // namespace

void oneSection(const RuleContext& context, RuleViolations& out)
{
    const std::string chosen = chosenContainment(context);
    const auto given = givenSections(context.config);
    std::string_view allowed;
    std::string_view first;
    std::string wrong;
    for (std::size_t i = 0; i < kSections.size(); ++i) {
        if (kSections[i].containment == chosen) {
            allowed = kSections[i].name;
        } else if (given[i]) {
            if (wrong.empty()) first = kSections[i].pointer;
            wrong += (wrong.empty() ? "" : ", ") + std::string(kSections[i].name);
        }
    }
    if (wrong.empty()) return;
    const std::string which = allowed.empty() ? "no per-backend section is defined for this backend"
                                              : fmt::format("allows the '{}' section", allowed);
    out.push_back(
        {std::string(first),
         fmt::format("Multiple containment backends configured: 'containment' is '{}' ({}), but the config {} "
                     "backend section(s): {}. Only one backend section is allowed; remove the unused "
                     "section(s).",
                     chosen, which, allowed.empty() ? "includes" : "also includes unrelated", wrong),
         "Remove the section, or change `containment`."});
}

void capabilityNames(const RuleContext& context, RuleViolations& out)
{
    const auto& section = context.config.processContainer;
    if (!section || !section->capabilities) return;
    for (std::size_t i = 0; i < section->capabilities->size(); ++i) {
        const std::string& name = (*section->capabilities)[i];
        const std::string here = fmt::format("/processContainer/capabilities/{}", i);
        if (name.find(',') != std::string::npos)
            out.push_back({here,
                           fmt::format("processContainer.capabilities entry '{}' must not contain a comma; provide "
                                       "multiple capabilities as separate JSON array entries",
                                       name),
                           {}});
        for (const std::string_view reserved : {"learningModeLogging", "permissiveLearningMode"})
            if (equalsIgnoringCase(name, reserved))
                out.push_back({here,
                               fmt::format("processContainer.capabilities must not include reserved learning-mode "
                                           "capability '{}'; use processContainer.learningMode for deny-and-record "
                                           "mode or --audit for permissive mode",
                                           name),
                               {}});
    }
}

void captureOutput(const RuleContext& context, RuleViolations& out)
{
    const auto& section = context.config.processContainer;
    if (!section || !section->captureDenials || !section->captureDenials->outputPath) return;
    const std::string& path = *section->captureDenials->outputPath;
    std::string problem;
    if (!path.starts_with('/')) {
        // On Windows C:\ is absolute; a profile for any system may mean that.
        const bool drive = path.size() > 2 && path[1] == ':';
        if (context.options.asExecutor || !(drive || path.starts_with("\\\\")))
            problem = fmt::format("must be an absolute path: '{}'", path);
    } else {
        problem = badOutput(path, context.options);
    }
    if (!problem.empty())
        out.push_back({"/processContainer/captureDenials/outputPath",
                       "processContainer.captureDenials.outputPath " + problem,
                       {}});
}

void proxyPeer(const RuleContext& context, RuleViolations& out)
{
    const auto& section = context.config.processContainer;
    if (!section || !section->network || !section->network->allowedProxyPeer) return;
    const std::string& peer = *section->network->allowedProxyPeer;
    const std::string here = "/processContainer/network/allowedProxyPeer";
    if (withoutSpaceAround(peer).empty()) return;
    if (equalsIgnoringCase(peer, "MXC-Loopback"))
        out.push_back(
            {here, "processContainer.network.allowedProxyPeer must not use the reserved 'MXC-Loopback' identity", {}});
    else if (!runtimeProxy(context.config))
        out.push_back({here, "processContainer.network.allowedProxyPeer requires runtimeConfig.networkProxy", {}});
}

void seatbeltMoved(const RuleContext& context, RuleViolations& out)
{
    if (context.config.experimental && context.config.experimental->seatbelt)
        out.push_back({"/experimental/seatbelt",
                       "'experimental.seatbelt' has moved to the stable section; use top-level 'seatbelt' instead.",
                       {}});
}

void wslcPorts(const RuleContext& context, RuleViolations& out)
{
    const WslcConfig* wslc = wslcOf(context.config);
    if (!wslc || !wslc->portMappings) return;
    std::set<std::uint16_t> used;
    for (std::size_t i = 0; i < wslc->portMappings->size(); ++i) {
        const WslcPortMappingConfig& mapping = (*wslc->portMappings)[i];
        const std::string name = fmt::format("experimental.wslc.portMappings[{}]", i);
        const std::string here = fmt::format("/experimental/wslc/portMappings/{}", i);
        if (mapping.windowsPort == 0) out.push_back({here + "/windowsPort", name + ": 'windowsPort' must be > 0", {}});
        if (mapping.containerPort == 0)
            out.push_back({here + "/containerPort", name + ": 'containerPort' must be > 0", {}});
        if (mapping.windowsPort != 0 && !used.insert(mapping.windowsPort).second)
            out.push_back({here + "/windowsPort",
                           fmt::format("experimental.wslc.portMappings: duplicate windowsPort {} for protocol 'tcp'",
                                       mapping.windowsPort),
                           {}});
    }
}

void wslcNetwork(const RuleContext& context, RuleViolations& out)
{
    if (context.config.containment != "wslc") return;
    const NetworkConfig& network = networkOf(context.config);
    const bool blocks = defaultPolicy(network) == "block";
    if (!network.proxy &&
        ((blocks && hasEntries(network.allowedHosts)) || (!blocks && hasEntries(network.blockedHosts))))
        out.push_back(
            {blocks ? "/network/allowedHosts" : "/network/blockedHosts",
             "WSLc: per-host egress filtering (allowedHosts with defaultPolicy='block', or blockedHosts with "
             "defaultPolicy='allow') is not supported. A WSLc container has no CAP_NET_ADMIN for in-container "
             "iptables, and VM-level enforcement is not available without breaking other security guarantees "
             "(e.g. MDE). Use network.proxy (defaultPolicy='allow') for cooperative host filtering, or remove "
             "the host lists.",
             {}});
    if (network.allowLocalNetwork == true)
        out.push_back({"/network/allowLocalNetwork",
                       "WSLc: network.allowLocalNetwork=true is not supported. A WSLc container runs in the NAT'd WSL2 "
                       "VM and MXC does not honor a blanket inbound-listen grant; expose specific ports with "
                       "experimental.wslc.portMappings instead.",
                       {}});
}

void experimentalContainment(const RuleContext& context, RuleViolations& out)
{
    const std::string chosen = linuxContainment(context.config);
    const bool asked = context.options.experimental;
    if (chosen == "microvm")
        out.push_back({"/containment",
                       asked ? "error: MicroVM backend not compiled in (build with --features microvm)"
                             : "error: MicroVM is an experimental feature. Use --experimental flag.",
                       {}});
    if (chosen == "hyperlight" && !asked)
        out.push_back({"/containment",
                       "error: Hyperlight (Hyperlight+Unikraft) is an experimental feature. Use --experimental flag.",
                       {}});
}

void hyperlightLimits(const RuleContext& context, RuleViolations& out)
{
    if (linuxContainment(context.config) != "hyperlight") return;
    const NetworkConfig& network = networkOf(context.config);
    if (runtimeProxy(context.config))
        out.push_back({"/runtimeConfig/networkProxy",
                       "hyperlight preflight error: network proxy is not supported by the hyperlight backend",
                       {}});
    if (context.config.process && context.config.process->cwd.value_or("") != "")
        out.push_back({"/process/cwd",
                       "hyperlight preflight error: workingDirectory is not supported by the hyperlight backend -- "
                       "guest has its own filesystem namespace",
                       {}});
    if (hasEntries(network.allowedHosts) && hasEntries(network.blockedHosts))
        out.push_back({"/network/blockedHosts",
                       "hyperlight preflight error: allowedHosts and blockedHosts are mutually exclusive",
                       {}});
    if (network.egress || network.ingress)
        out.push_back({network.egress ? "/network/egress" : "/network/ingress",
                       "network.egress.default is not supported by the selected backend",
                       {}});
}

}  // namespace belljar::rules
