// What is unwise in a profile beside its paths: network, variables, limits, system calls, clipboard.
#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>

#include <spdlog/fmt/fmt.h>

#include "core/base/path_text.h"
#include "core/base/secret_text.h"
#include "core/policy/decide.h"
#include "core/policy/lint_context.h"
#include "core/policy/resolve_context.h"

namespace belljar {
namespace {

constexpr const char* kPrivateNetworks =
    R"({"to": [{"cidr": "10.0.0.0/8"}, {"cidr": "172.16.0.0/12"}, {"cidr": "192.168.0.0/16"}, {"cidr": "fc00::/7"}]})";
constexpr const char* kLinkLocal = R"({"to": [{"cidr": "169.254.0.0/16"}, {"cidr": "fd00:ec2::254/128"}]})";

// Not 53: servers of names stand in the local network.
constexpr std::uint16_t kUsualPorts[] = {80, 443, 8080, 22, 445, 5432};
constexpr std::array kLoaderVariables{"LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "BASH_ENV",     "ENV",
                                      "PYTHONPATH", "PYTHONSTARTUP",   "PERL5LIB", "NODE_OPTIONS", "RUBYLIB"};

bool reaches(const Policy& policy, const char* address, std::uint16_t port)
{
    Access access;
    access.kind = AccessKind::connect;
    access.host = address;
    access.port = port;
    return decide(policy, access).allowed;
}

/// Some ports that services at such addresses have: what is open to none of them is not called open.
bool reachesAny(const Policy& policy, std::initializer_list<const char*> addresses)
{
    for (const char* address : addresses)
        for (const std::uint16_t port : kUsualPorts)
            if (reaches(policy, address, port)) return true;
    return false;
}

void lintNetworkReach(LintContext& context)
{
    const NetworkPolicy& network = context.request.policy.network;
    const auto& own = context.request.config.network;
    if (network.mode == NetworkMode::host && own) {
        context.report("network-open", "programs reach everything that this machine reaches, also its own services",
                       "/network", "Remove the network, or allow the addresses that are needed (schema 0.8)",
                       {{"/network", std::nullopt}});
        return;
    }
    if (network.mode != NetworkMode::filtered || !own || !own->egress) return;
    // A rule that names such a network was meant; what opens the world was perhaps not meant to open these.
    const bool wide = reachesAny(context.request.policy, {"93.184.216.34", "2606:2800::1"});
    if (wide && reachesAny(context.request.policy, {"10.20.30.40", "172.20.30.40", "192.168.30.40", "fc00::1234"}))
        context.report("network-anywhere",
                       "whoever may reach the world reaches the local network, too: printers, routers, services",
                       "/network/egress", "Deny private addresses", {{"/network/egress/deny/-", kPrivateNetworks}});
    if (reachesAny(context.request.policy, {"169.254.169.254", "fd00:ec2::254"}))
        context.report("metadata-address",
                       "169.254.169.254 can be reached: there clouds hand out the machine's credentials",
                       "/network/egress", "Deny it", {{"/network/egress/deny/-", kLinkLocal}});
    if (own->ingress && own->ingress->hostLoopback == "allow")
        context.report("loopback-services",
                       "services that listen for this machine only can be reached; they often trust whoever comes",
                       "/network/ingress/hostLoopback", "Deny it", {{"/network/ingress/hostLoopback", "\"deny\""}});
}

bool writable(const Policy& policy, const std::string& path)
{
    return decide(policy, {AccessKind::create, joinPath(path, "x"), {}, 0}).allowed ||
           decide(policy, {AccessKind::write, path, {}, 0}).allowed;
}

bool namesWritableFolder(const Policy& policy, const std::string& value)
{
    for (std::size_t begin = 0; begin <= value.size();) {
        const std::size_t end = std::min(value.find_first_of(": =", begin), value.size());
        const std::string path = normalizedPath(value.substr(begin, end - begin));
        if (isAbsolutePath(path) && writable(policy, path)) return true;
        begin = end + 1;
    }
    return false;
}

void lintVariables(LintContext& context)
{
    const auto& process = context.request.config.process;
    if (!process || !process->env) return;
    std::map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < process->env->size(); ++i) {
        const std::string& entry = (*process->env)[i];
        const std::size_t equals = entry.find('=');
        if (equals == std::string::npos || equals == 0) continue;
        const std::string name = entry.substr(0, equals);
        const std::string value = entry.substr(equals + 1);
        const auto pointer = [](std::size_t index) { return fmt::format("/process/env/{}", index); };
        if (const auto [at, isNew] = seen.try_emplace(name, i); !isNew) {
            context.report("env-twice", fmt::format("{} is set again further down, which is what counts", quoted(name)),
                           pointer(at->second), "Remove it", {{pointer(at->second), std::nullopt}});
            at->second = i;
        }
        if (isSecretName(name) && !value.empty())
            context.report(
                "env-secret",
                fmt::format("{} looks like a secret, and everybody who reads the profile has it", quoted(name)),
                pointer(i), "Remove it, and give it at the run: --env NAME=VALUE", {{pointer(i), std::nullopt}});
        const bool loader = std::find(kLoaderVariables.begin(), kLoaderVariables.end(), name) != kLoaderVariables.end();
        if (loader && namesWritableFolder(context.request.policy, value))
            context.report("env-loader", fmt::format("{} loads code from where the sandbox can write", quoted(name)),
                           pointer(i), "Remove it", {{pointer(i), std::nullopt}});
    }
}

void lintBelljar(LintContext& context)
{
    const auto& experimental = context.request.config.experimental;
    if (!experimental || !experimental->belljar) return;
    const BelljarConfig& own = *experimental->belljar;
    const auto unlimited = [&](const std::optional<std::uint32_t>& limit, const char* key, const char* what) {
        if (limit != 0U) return;
        const std::string pointer = fmt::format("/experimental/belljar/limits/{}", key);
        context.report("unlimited", fmt::format("{} without a limit can make this machine unusable", what), pointer,
                       "Remove it: then Belljar's default holds", {{pointer, std::nullopt}});
    };
    if (own.limits) {
        unlimited(own.limits->memoryMb, "memoryMb", "memory");
        unlimited(own.limits->processes, "processes", "processes");
    }
    if (own.syscalls && own.syscalls->deny) {
        std::set<std::string> names;
        for (std::size_t i = 0; i < own.syscalls->deny->size(); ++i) {
            const std::string& name = (*own.syscalls->deny)[i];
            const std::string pointer = fmt::format("/experimental/belljar/syscalls/deny/{}", i);
            if (!names.insert(name).second)
                context.report("syscall-twice", fmt::format("{} is denied already", quoted(name)), pointer, "Remove it",
                               {{pointer, std::nullopt}});
        }
    }
    if (own.syscalls && own.syscalls->nestedSandboxes == true)
        context.report("nested-sandboxes",
                       "a program that makes a user namespace is root in it, and reaches parts of the kernel where a "
                       "mistake lets it out of every sandbox",
                       "/experimental/belljar/syscalls/nestedSandboxes",
                       "Remove it, unless a program like Chromium needs it",
                       {{"/experimental/belljar/syscalls/nestedSandboxes", std::nullopt}});
    if (own.network && own.network->cooperativeProxy == true)
        context.report("proxy-cooperative",
                       "programs that do not ask the proxy reach everything that this machine reaches",
                       "/experimental/belljar/network/cooperativeProxy", "Make the proxy the only way out",
                       {{"/experimental/belljar/network/cooperativeProxy", std::nullopt}});
}

}  // namespace

void lintSettings(LintContext& context)
{
    lintNetworkReach(context);
    lintVariables(context);
    lintBelljar(context);
    const auto& ui = context.request.config.ui;
    if (ui && (ui->clipboard == "read" || ui->clipboard == "all"))
        context.report("clipboard-readable", "programs can read what is copied outside, passwords included",
                       "/ui/clipboard", "Let them write it only",
                       {{"/ui/clipboard", ui->clipboard == "all" ? "\"write\"" : "\"none\""}});
}

}  // namespace belljar
