#include "core/config/config_rules.h"

#include "core/config/rule_checks.h"

namespace belljar {
namespace {

constexpr ConfigRule kRules[] = {
    {"newer-fields", RuleScope::profile, "fields of schema 0.8 need that version to be declared", rules::newerFields},
    {"one-shot", RuleScope::request, "phase, sandboxId and correlationVector are for state-aware requests",
     rules::oneShot},
    {"state-aware", RuleScope::profile, "a phase after provisioning names its sandbox, and exec a command",
     rules::stateAware},
    {"schema-version", RuleScope::profile, "the version is SemVer from 0.6 to 0.9", rules::schemaVersion},
    {"process-given", RuleScope::request, "a request says which command to run", rules::processGiven},
    {"command-text", RuleScope::profile, "a command line is not empty and holds no NUL", rules::commandText},
    {"containment-section", RuleScope::profile, "only the section of the chosen containment may be given",
     rules::oneSection},
    {"capabilities", RuleScope::profile, "AppContainer capabilities are single names that are not reserved",
     rules::capabilityNames},
    {"capture-output", RuleScope::profile, "captured denials go to a file in an existing folder", rules::captureOutput},
    {"path-text", RuleScope::profile, "a path is not blank and holds no NUL and no double quote", rules::pathText},
    {"network-style", RuleScope::profile,
     "egress, ingress and networkProxy may not be mixed with the older network fields", rules::oneNetworkStyle},
    {"newer-fields-no-version", RuleScope::profile, "fields of schema 0.8 need a version that is not empty",
     rules::newerFieldsOfNoVersion},
    {"egress-rules", RuleScope::profile,
     "egress rules name networks, exceptions inside them, and ports that go upwards", rules::egressRules},
    {"proxy-peer", RuleScope::profile, "allowedProxyPeer names the host of networkProxy", rules::proxyPeer},
    {"runtime-proxy", RuleScope::profile, "networkProxy is an http or https address with a port on this computer",
     rules::runtimeProxyAddress},
    {"runtime-proxy-alone", RuleScope::profile, "networkProxy is the only way out", rules::runtimeProxyAlone},
    {"one-proxy", RuleScope::profile, "a proxy is one of `localhost`, `url` and `builtinTestServer`", rules::oneProxy},
    {"proxy-address", RuleScope::profile, "a proxy's url is an http or https address with a port", rules::proxyAddress},
    {"proxy-containment", RuleScope::profile, "the containment can use a proxy", rules::proxyContainment},
    {"lxc-proxy", RuleScope::profile, "LXC reaches a proxy by url and through its firewall only", rules::lxcProxy},
    {"bubblewrap-proxy-firewall", RuleScope::request, "with Bubblewrap a proxy and a firewall exclude each other",
     rules::bubblewrapProxyFirewall},
    {"proxy-credentials", RuleScope::request, "a proxy's url carries no user name or password",
     rules::proxyCredentials},
    {"bubblewrap-proxy", RuleScope::request, "with Bubblewrap the proxy, not MXC, decides about hosts",
     rules::bubblewrapProxy},
    {"seatbelt-proxy", RuleScope::profile, "Seatbelt restricts programs to a proxy on this computer only",
     rules::seatbeltProxy},
    {"processcontainer-proxy", RuleScope::profile,
     "an AppContainer reaches networkProxy with ingress allowed, by loopback or by its peer",
     rules::processContainerProxy},
    {"wslc-proxy", RuleScope::profile, "a WSL container reaches a proxy by url and with outbound allowed only",
     rules::wslcProxy},
    {"wslc-network", RuleScope::profile, "a WSL container filters no hosts and listens on mapped ports only",
     rules::wslcNetwork},
    {"seatbelt-moved", RuleScope::profile, "the Seatbelt section stands at the top level", rules::seatbeltMoved},
    {"wslc-ports", RuleScope::profile, "mapped ports are above 0, and a port is mapped once", rules::wslcPorts},
    {"experimental", RuleScope::engine, "experimental containments need --experimental",
     rules::experimentalContainment},
    {"hyperlight", RuleScope::backend, "Hyperlight has no proxy, working folder or egress rules",
     rules::hyperlightLimits},
    {"test-proxy", RuleScope::backend, "the built-in test proxy needs --allow-testing-features", rules::testProxy},
    {"no-runtime-proxy", RuleScope::backend, "only Bubblewrap enforces networkProxy on Linux",
     rules::unsupportedRuntimeProxy},
    {"bubblewrap-ingress", RuleScope::backend, "Bubblewrap lets nobody connect to the sandbox",
     rules::bubblewrapIngress},
    {"bubblewrap-legacy-network", RuleScope::backend,
     "since 0.8 the older network fields must say what Bubblewrap really does", rules::bubblewrapLegacyNetwork},
    {"bubblewrap-hosts", RuleScope::backend, "Bubblewrap filters addresses, not names", rules::bubblewrapHosts},
    {"bubblewrap-egress", RuleScope::backend, "egress rules fit the firewall", rules::bubblewrapEgress},
    {"bubblewrap-proxy-endpoint", RuleScope::backend, "the only reachable proxy has an IPv4 address or a name",
     rules::bubblewrapProxyEndpoint},
};

}  // namespace

std::string_view ruleScopeName(RuleScope scope)
{
    switch (scope) {
        case RuleScope::profile: return "profile";
        case RuleScope::request: return "request";
        case RuleScope::engine: return "engine";
        case RuleScope::backend: return "backend";
    }
    return {};
}

std::span<const ConfigRule> configRules()
{
    return kRules;
}

RuleViolations checkRules(const RuleContext& context)
{
    RuleViolations found;
    for (const ConfigRule& rule : kRules) {
        if (rule.scope != RuleScope::profile && !context.options.asExecutor) continue;
        const bool later = rule.scope == RuleScope::engine || rule.scope == RuleScope::backend;
        if (later && !found.empty() && found.back().rule->scope != rule.scope) break;
        const std::size_t before = found.size();
        rule.check(context, found);
        for (std::size_t i = before; i < found.size(); ++i) found[i].rule = &rule;
    }
    return found;
}

std::string linuxContainment(const SandboxConfig& config)
{
    const std::string named = config.containment.value_or("process");
    return named == "process" ? "bubblewrap" : named;
}

}  // namespace belljar
