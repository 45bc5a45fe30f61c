#include "backends/bubblewrap/bubblewrap_plan.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <variant>

#include "backends/bubblewrap/bubblewrap_desktop.h"
#include "core/base/path_text.h"
#include "core/policy/path_lookup.h"

namespace belljar {
namespace {

/// bubblewrap refuses more than 9,000 arguments; the rest is for its own options and the shim.
constexpr std::size_t kMaxArguments = 8'900;
/// The first Landlock version that can keep abstract unix sockets inside.
constexpr int kLandlockScopes = 6;

/// Mounts and links in the order in which they are made: parents before children.
class TreeArguments {
public:
    TreeArguments(const Policy& policy, LaunchPlan& plan) : m_policy(policy), m_plan(plan) {}

    void add()
    {
        auto rule = m_policy.paths.begin();
        auto link = m_policy.links.begin();
        while (rule != m_policy.paths.end() || link != m_policy.links.end()) {
            const bool mountNext =
                link == m_policy.links.end() || (rule != m_policy.paths.end() && rule->path < link->path);
            if (mountNext) addMount(*rule++);
            else addLink(*link++);
        }
        addResolverFile();
        // Folders that bubblewrap made on the way are its own tmpfs: without this the sandboxee, who owns them, could
        // write there or open a mask again with chmod.
        for (auto path = m_readOnlyAtEnd.rbegin(); path != m_readOnlyAtEnd.rend(); ++path) words("--remount-ro", *path);
        words("--remount-ro", "/");
    }

private:
    void words(const auto&... more) { (m_plan.arguments.emplace_back(more), ...); }

    void addMount(const PathRule& rule)
    {
        if (!rule.present) return;
        addFoldersInMask(rule.path);
        switch (rule.kind) {
            case PathKind::bind:
                words(rule.access == PathAccess::readWrite ? "--bind" : "--ro-bind", rule.path, rule.path);
                break;
            case PathKind::mask: addMask(rule); break;
            case PathKind::privateTmp:
                words("--perms", "1777");
                if (m_policy.limits.tmpBytes != 0) words("--size", std::to_string(m_policy.limits.tmpBytes));
                words("--tmpfs", rule.path);
                break;
            case PathKind::deviceTree:
                words("--dev", rule.path);
                m_readOnlyAtEnd.push_back(rule.path);
                break;
            case PathKind::procTree:
                // Read-only as a whole: root's /proc/sys would be writable even without capabilities. Who makes a user
                // namespace writes its map there; then only what is the system's stays read-only.
                words("--proc", rule.path);
                if (!m_policy.nestedSandboxes) m_readOnlyAtEnd.push_back(rule.path);
                break;
        }
    }

    void addMask(const PathRule& rule)
    {
        if (rule.isDirectory) {
            // With something granted below, the mask must be walked through but still not listed.
            words("--perms", hasVisibleBelow(m_policy, rule.path) ? "0111" : "0000", "--tmpfs", rule.path);
            m_readOnlyAtEnd.push_back(rule.path);
            return;
        }
        const std::string name = fmt::format("mask{}", m_plan.descriptors.size());
        m_plan.descriptors.push_back({name, PlanDescriptor::Kind::emptyFile, {}});
        words("--perms", "0000", "--ro-bind-data", fmt::format("{{fd:{}}}", name), rule.path);
    }

    /// Over the host's, which names a resolver that the sandbox does not reach.
    void addResolverFile()
    {
        const std::string& path = m_policy.network.resolverFile;
        const PathRule* rule = path.empty() ? nullptr : governingRule(m_policy, path);
        if (rule == nullptr || !rule->present || rule->kind != PathKind::bind) return;
        m_plan.descriptors.push_back({"resolver", PlanDescriptor::Kind::bytes,
                                      fmt::format("# Belljar answers for names in this sandbox.\n"
                                                  "nameserver {}\noptions timeout:30 attempts:1\n",
                                                  kResolver4)});
        words("--perms", "0444", "--ro-bind-data", "{fd:resolver}", path);
    }

    void addLink(const LinkRule& link)
    {
        addFoldersInMask(link.path);
        // A target that looks like a descriptor name of the plan would be replaced by a number.
        const bool lookalike = link.target.rfind("{fd:", 0) == 0;
        words("--symlink", lookalike ? "./" + link.target : link.target, link.path);
    }

    /// Folders between a mask and something granted inside it: bubblewrap alone would make them listable.
    void addFoldersInMask(const std::string& path)
    {
        const std::string parent = parentPath(path);
        const PathRule* around = path == "/" ? nullptr : governingRule(m_policy, parent);
        if (!around || !around->present || around->kind != PathKind::mask) return;
        std::vector<std::string> folders;
        for (std::string folder = parent; folder != around->path; folder = parentPath(folder))
            folders.push_back(folder);
        for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder) {
            if (m_made.insert(*folder).second) words("--perms", "0111", "--dir", *folder);
        }
    }

    const Policy& m_policy;
    LaunchPlan& m_plan;
    std::vector<std::string> m_readOnlyAtEnd;
    std::set<std::string> m_made;
};

/// Since Linux 6.14 each pid namespace has a highest process number of its own.
bool hasOwnProcessNumbers(const SystemFacts& facts)
{
    unsigned major = 0;
    unsigned minor = 0;
    const char* const end = facts.kernel.data() + facts.kernel.size();
    const auto [dot, error] = std::from_chars(facts.kernel.data(), end, major);
    if (error != std::errc{} || dot == end || *dot != '.') return false;
    std::from_chars(dot + 1, end, minor);
    return major > 6 || (major == 6 && minor >= 14);
}

/// A default must cost no launch time where it can be avoided, so a control group, which takes milliseconds, comes
/// last.
void placeDefaultProcesses(std::uint32_t processes, const SystemFacts& facts, LaunchPlan& plan)
{
    // Asked of an older kernel, this would be a setting of the whole machine.
    if (hasOwnProcessNumbers(facts)) plan.shim.processNumbers = processes;
    if (facts.uid != 0) {
        plan.shim.limits.processes = processes;
    } else if (!hasOwnProcessNumbers(facts)) {
        // The kernel's own limit does not bind root.
        if (facts.pidsCgroupWritable) plan.cgroup.processes = processes;
        else plan.notes.push_back("The number of processes is not limited: this kernel cannot do that for root here.");
    }
}

/// Limits go to control groups where we may make them, for they bind the tree as a whole; to rlimits otherwise.
Result<void> placeLimits(const Policy& policy, const SystemFacts& facts, LaunchPlan& plan)
{
    Limits& own = plan.shim.limits;
    own.cpuSeconds = policy.limits.cpuSeconds;
    if (own.cpuSeconds != 0) plan.notes.push_back("The limit of processor time applies to each process.");
    if (policy.limits.defaultMemory) {
        own.memoryBytes = policy.limits.memoryBytes;
    } else if (facts.memoryCgroupWritable) {
        plan.cgroup.memoryBytes = policy.limits.memoryBytes;
    } else if (policy.limits.memoryBytes != 0) {
        own.memoryBytes = policy.limits.memoryBytes;
        plan.notes.push_back(
            "The memory limit applies to the private memory of each process: no memory control group can be made "
            "here.");
    }
    if (policy.limits.defaultProcesses) {
        placeDefaultProcesses(policy.limits.processes, facts, plan);
    } else if (facts.pidsCgroupWritable) {
        plan.cgroup.processes = policy.limits.processes;
    } else if (policy.limits.processes != 0) {
        if (facts.uid == 0) {
            return Error{
                ErrorCode::policyValidation,
                "The limit of processes cannot be enforced: the kernel's own limit does not bind root, and no pids "
                "control group can be made here",
                "/experimental/belljar/limits/processes",
                {},
                "Run as a normal user, mount a writable cgroup with the pids controller, or remove the limit"};
        }
        own.processes = policy.limits.processes;
        plan.notes.push_back(
            "The limit of processes counts this user's processes in the sandbox: no pids control group can be made "
            "here.");
    }
    return {};
}

Result<void> checkNetwork(const Policy& policy, const SystemFacts& facts)
{
    if (policy.network.mode != NetworkMode::host || facts.landlockAbi >= kLandlockScopes) return {};
    return Error{
        ErrorCode::policyValidation,
        fmt::format("The host's network cannot be shared safely: this kernel's Landlock (version {}) cannot keep the "
                    "sandbox away from abstract unix sockets of the desktop",
                    facts.landlockAbi),
        "/network",
        {},
        "Use Linux 6.12 or newer with Landlock, or run without network"};
}

bool isOnThisHost(const ProxyRule& proxy)
{
    return proxy.host == "localhost" || proxy.host == "127.0.0.1" || proxy.host == "::1";
}

/// The first Landlock version that allows files to be moved between folders.
constexpr int kLandlockRefer = 2;

Result<void> placePrograms(const Policy& policy, const SystemFacts& facts, LaunchPlan& plan)
{
    if (!policy.programs.listed) return {};
    if (facts.landlockAbi < kLandlockRefer)
        return Error{
            ErrorCode::policyValidation,
            fmt::format("The list of programs cannot be enforced: this kernel's Landlock has version {}, and {} "
                        "is needed",
                        facts.landlockAbi, kLandlockRefer),
            "/experimental/belljar/programs",
            {},
            "Use Linux 5.19 or newer with Landlock, or remove the list"};
    ProgramFence& fence = plan.shim.programs;
    fence.on = true;
    fence.allowed = policy.programs.allowed;
    fence.loaders = policy.programs.loaders;
    for (const PathRule& rule : policy.paths)
        if (rule.noExec && rule.present) fence.noExec.push_back(rule.path);
    plan.shim.filter.sealMemoryFiles = true;
    plan.notes.push_back(
        "Only listed programs can be executed. What the sandbox can write cannot be loaded as code, and memory files "
        "cannot be executed.");
    return {};
}

Result<void> placeNesting(const Policy& policy, const SystemFacts& facts, LaunchPlan& plan)
{
    if (!policy.nestedSandboxes) return {};
    constexpr const char* kPointer = "/experimental/belljar/syscalls/nestedSandboxes";
    if (facts.uid == 0)
        return Error{ErrorCode::policyValidation,
                     "Sandboxes of its own cannot be granted to a program that runs as root: files of the kernel below "
                     "/proc would be its own",
                     kPointer,
                     {},
                     "Run it as another user"};
    if (plan.watch.monitor == Monitor::kernel)
        return Error{ErrorCode::policyValidation,
                     "The kernel source sees one process namespace, and no sandboxes that a program makes inside",
                     kPointer,
                     {},
                     "Use --monitor notify"};
    if (plan.watch.monitor == Monitor::automatic) plan.watch.monitor = Monitor::notify;
    plan.shim.filter.nestsSandboxes = true;
    plan.notes.push_back(
        "Programs may make sandboxes of their own: user, process and network namespaces. There are no datagram unix "
        "sockets then, and what is sent with sendmsg is not seen.");
    return {};
}

}  // namespace

Result<LaunchPlan> bubblewrapPlan(const Policy& policy, const SystemFacts& facts, const PlanOptions& options)
{
    if (const Result<void> network = checkNetwork(policy, facts); !network) return network.error();
    LaunchPlan plan;
    plan.backend = "bubblewrap";
    plan.program = facts.bwrapPath;
    plan.arguments = {"--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"};
    if (policy.network.mode != NetworkMode::host) plan.arguments.push_back("--unshare-net");
    plan.relaysNetwork = policy.network.mode == NetworkMode::filtered;
    if (plan.relaysNetwork && policy.network.proxy && isOnThisHost(*policy.network.proxy))
        plan.localProxyPort = policy.network.proxy->port;
    plan.relaysByProxy = plan.relaysNetwork && policy.network.proxyOnly;
    plan.published = policy.network.published;
    plan.kernelForwards = plan.relaysNetwork && policy.network.kernelForwards;
    for (const char* word :
         {"--hostname", "belljar", "--die-with-parent", "--new-session", "--as-pid-1", "--cap-drop", "ALL"}) {
        plan.arguments.emplace_back(word);
    }
    TreeArguments(policy, plan).add();
    plan.arguments.push_back("--clearenv");
    if (plan.arguments.size() > kMaxArguments) {
        return Error{ErrorCode::policyValidation,
                     fmt::format("The policy needs {} bubblewrap arguments, and bubblewrap takes {}",
                                 plan.arguments.size(), kMaxArguments),
                     "/filesystem",
                     {},
                     "Name folders instead of single files"};
    }
    plan.shim.argv = policy.process.argv;
    plan.shim.env = policy.process.env;
    plan.shim.cwd = policy.process.cwd;
    plan.watch = options.watch;
    plan.shim.filter = {true, filterWatch(options.watch), policy.network.mode == NetworkMode::host, {}};
    plan.shim.filter.opensEchoes = plan.relaysNetwork && policy.network.echoes && !plan.relaysByProxy;
    for (const SyscallRule& call : policy.syscalls)
        if (call.rule != builtin_rule::kClosedSyscall) plan.shim.filter.deny.push_back(call.name);
    for (const PathRule& rule : policy.paths) {
        if (rule.kind == PathKind::bind && rule.access == PathAccess::readWrite && rule.isDirectory)
            plan.writableFolders.push_back(rule.path);
        const bool named = rule.present && rule.kind == PathKind::bind && !rule.isDirectory;
        if (named && policy.rules[rule.rule].source != RuleSource::base) plan.shim.grantedFiles.push_back(rule.path);
    }
    if (const Result<void> nesting = placeNesting(policy, facts, plan); !nesting) return nesting.error();
    plan.shim.scopeAbstractSockets = policy.network.mode == NetworkMode::host;
    plan.timeout = policy.process.timeout;
    if (const Result<void> programs = placePrograms(policy, facts, plan); !programs) return programs.error();
    if (const Result<void> limits = placeLimits(policy, facts, plan); !limits) return limits.error();
    if (const Result<void> desktop = placeDesktop(policy, facts, plan); !desktop) return desktop.error();
    return plan;
}

}  // namespace belljar
