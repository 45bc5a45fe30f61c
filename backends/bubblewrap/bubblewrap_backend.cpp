// bubblewrap: unprivileged Linux namespaces. MXC's default containment on Linux.
#include <array>
#include <charconv>
#include <memory>
#include <string_view>

#include <spdlog/fmt/fmt.h>

#include "backends/bubblewrap/bubblewrap_plan.h"

namespace belljar {
namespace {

using Version = std::array<unsigned, 3>;

/// The first version with --perms, --size, --chmod and --disable-userns as this backend needs them.
constexpr Version kOldest{0, 8, 0};

Version parseVersion(std::string_view text)
{
    Version version{};
    const char* at = text.data();
    const char* const end = at + text.size();
    for (unsigned& number : version) {
        const auto [next, error] = std::from_chars(at, end, number);
        if (error != std::errc{}) break;
        at = next;
        if (at != end && *at == '.') ++at;
    }
    return version;
}

BackendInfo makeInfo()
{
    using enum Enforcement;
    BackendInfo info;
    info.id = "bubblewrap";
    info.title = "Bubblewrap";
    info.summary = "Linux namespaces made without privileges: the program sees only the files that the profile grants.";
    info.systems = {"linux"};
    info.capabilities = {
        {"/process/commandLine", enforced, "run by /bin/sh -c inside the sandbox"},
        {"/process/cwd", enforced, "refused before the start when the sandbox does not have the folder"},
        {"/process/env", enforced, "the environment starts empty"},
        {"/process/timeout", enforced, "the whole process tree is killed"},
        {"/filesystem/readonlyPaths", enforced, "read-only bind mounts; unix sockets in them follow the network"},
        {"/filesystem/readwritePaths", enforced, "bind mounts; unix sockets of other programs follow the network"},
        {"/filesystem/deniedPaths", enforced,
         "unreadable masks, also over hard links and other bind mounts of the same object; a path that does not exist "
         "inside "
         "a writable folder is refused"},
        {"/network/defaultPolicy", enforced,
         "block: an empty network namespace; allow: a relay that leaves out this machine, or with allowLocalNetwork "
         "the "
         "host's own network"},
        {"/network/allowLocalNetwork", enforced, "only together with defaultPolicy allow"},
        {"/network/enforcementMode", enforced, "host lists are enforced in every mode"},
        {"/network/allowedHosts", enforced, "own network namespace, a relay and a resolver"},
        {"/network/blockedHosts", enforced, "own network namespace and a relay; addresses only"},
        {"/network/proxy", enforced, "the only way out"},
        {"/network/egress", enforced, "own network namespace and a relay; of ICMP, echo requests"},
        {"/network/ingress", enforced, "named ports only; hostLoopback is from the sandbox to this machine"},
        {"/runtimeConfig/networkProxy", enforced, "the only way out"},
        {"/experimental/belljar/network", enforced,
         "a resolver, and what programs say in TLS and HTTP; kernelForwarding only for root"},
        {"/ui/disable", enforced, "false: an X display of its own in one window, by Xephyr; none for Wayland programs"},
        {"/ui/clipboard", enforced, "passed on by a broker, which sees each copy and paste"},
        {"/ui/injection", enforced, "input reaches windows of the same sandbox at most, whatever is set"},
        {"/experimental/belljar/dbus", enforced, "filtered by xdg-dbus-proxy; without rules there is no bus"},
        {"/lifecycle/destroyOnExit", partly, "the sandbox always ends with its program"},
        {"/lifecycle/preservePolicy", impossible, "nothing of this sandbox outlives the run"},
        {"/experimental/belljar/programs", enforced,
         "Landlock and mounts without execution; refused where the system lets only bwrap make the sandbox"},
        {"/experimental/belljar/syscalls", enforced, "the system-call filter, with EPERM"},
        {"/experimental/belljar/limits/memoryMb", enforced, "a control group, or the private memory of each process"},
        {"/experimental/belljar/limits/processes", enforced,
         "a control group, or the user's process limit; refused for root without one"},
        {"/experimental/belljar/limits/cpuSeconds", enforced, "for each process"},
        {"/experimental/belljar/limits/tmpMb", enforced, "the size of /tmp, and of /dev/shm"},
    };
    return info;
}

class BubblewrapBackend final : public Backend {
public:
    [[nodiscard]] const BackendInfo& info() const override { return m_info; }

    [[nodiscard]] Availability probe(const SystemFacts& facts) const override
    {
        if (facts.system != "linux") {
            return {false, fmt::format("bubblewrap runs on Linux only, this is {}", facts.system),
                    "Choose another containment"};
        }
        if (facts.bwrapPath.empty()) {
            return {false, "bubblewrap (bwrap) is not installed",
                    "Install it: apt install bubblewrap (Debian, Ubuntu), dnf install bubblewrap (Fedora), pacman -S "
                    "bubblewrap (Arch)"};
        }
        // Before a run nobody asks for the version, which costs a process; the launch then says what is wrong.
        const bool versionKnown = !facts.bwrapVersion.empty();
        if (versionKnown && parseVersion(facts.bwrapVersion) < kOldest) {
            return {false,
                    fmt::format("bubblewrap {} at {} is too old: 0.8.0 or newer is needed", facts.bwrapVersion,
                                facts.bwrapPath),
                    "Update it with your distribution's package manager"};
        }
        if (!facts.userNamespaces) {
            return {
                false,
                facts.userNamespacesReason.empty()
                    ? "this system does not allow user namespaces"
                    : "this system does not allow user namespaces: " + facts.userNamespacesReason,
                "As root: sysctl -w kernel.unprivileged_userns_clone=1 user.max_user_namespaces=15000; on Ubuntu 24.04 "
                "also "
                "kernel.apparmor_restrict_unprivileged_userns=0 or an AppArmor profile for bwrap; in a container allow "
                "namespaces (e.g. --security-opt seccomp=unconfined)"};
        }
        if (!facts.seccompNotify) {
            return {false, "this kernel cannot filter and report system calls (seccomp user notification)",
                    "Use Linux 5.6 or newer with CONFIG_SECCOMP_FILTER"};
        }
        if (facts.shimPath.empty()) {
            return {false, "belljar-shim is missing beside this program",
                    "Install Belljar again, or build the target belljar-shim"};
        }
        return {true,
                fmt::format("bubblewrap{}{} at {}", versionKnown ? " " : "", facts.bwrapVersion, facts.bwrapPath),
                {}};
    }

    [[nodiscard]] Result<LaunchPlan> plan(const Policy& policy, const SystemFacts& facts,
                                          const PlanOptions& options) const override
    {
        return bubblewrapPlan(policy, facts, options);
    }

private:
    BackendInfo m_info = makeInfo();
};

}  // namespace

std::unique_ptr<Backend> make_bubblewrap_backend()
{
    return std::make_unique<BubblewrapBackend>();
}

}  // namespace belljar
