#include "core/policy/resolve.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "core/policy/path_lookup.h"
#include "core/policy/resolve_context.h"

namespace belljar {
namespace {

constexpr std::uint64_t kMebibyte = 1024 * 1024;
constexpr std::uint32_t kDefaultTmpMb = 512;
/// Enough for interpreters, compilers and package managers on an ordinary project, and little enough that one runaway
/// program does not push a desktop into swapping. Who needs more says so in the profile.
constexpr std::uint32_t kDefaultMemoryMb = 640;
/// A parallel build on a large machine has some hundred processes and threads; a fork bomb has thousands at once.
constexpr std::uint32_t kDefaultProcesses = 1024;

void addBuiltinRules(ResolveContext& context)
{
    // The order is that of builtin_rule.
    context.policy.rules.resize(builtin_rule::kCount);
    const auto set = [&](RuleId id, const char* text) { context.policy.rules[id] = {RuleSource::builtIn, text, {}}; };
    set(builtin_rule::kNotGranted, "no rule grants this path");
    set(builtin_rule::kAncestor, "a folder on the way to a granted path");
    set(builtin_rule::kPrivateDevice, "the sandbox has its own minimal /dev");
    set(builtin_rule::kPrivateProc, "the sandbox has its own /proc");
    set(builtin_rule::kPrivateTmp, "the sandbox has its own empty /tmp");
    set(builtin_rule::kClosedSyscall, "system calls that reach outside a sandbox are closed");
    set(builtin_rule::kNetworkOff, "no rule allows the network");
    set(builtin_rule::kOwnLoopback, "the sandbox has its own loopback interface");
    set(builtin_rule::kOpenSyscall, "no rule denies this system call");
    set(builtin_rule::kOwnProcesses, "processes of the sandbox may start, end and talk to each other");
    set(builtin_rule::kNoInterface, "no rule grants a display, the clipboard or input");
}

void resolveLimits(ResolveContext& context)
{
    Limits& limits = context.policy.limits;
    static const LimitsConfig kNone;
    const auto& experimental = context.config.experimental;
    const bool hasLimits = experimental && experimental->belljar && experimental->belljar->limits;
    const LimitsConfig& written = hasLimits ? *experimental->belljar->limits : kNone;
    limits.defaultMemory = !written.memoryMb;
    limits.defaultProcesses = !written.processes;
    limits.memoryBytes = written.memoryMb.value_or(kDefaultMemoryMb) * kMebibyte;
    limits.processes = written.processes.value_or(kDefaultProcesses);
    limits.cpuSeconds = written.cpuSeconds.value_or(0);
    limits.tmpBytes = written.tmpMb.value_or(kDefaultTmpMb) * kMebibyte;
}

void resolveLifecycle(ResolveContext& context)
{
    if (!context.config.lifecycle) return;
    const auto note = [&](const char* pointer, const char* text) {
        context.report(Severity::note, "no-effect", text, context.place(pointer));
    };
    if (!context.config.lifecycle->destroyOnExit.value_or(true)) {
        note("/lifecycle/destroyOnExit",
             "destroyOnExit: false has no effect: this sandbox always ends with its program");
    }
    if (context.config.lifecycle->preservePolicy.value_or(false)) {
        note("/lifecycle/preservePolicy",
             "preservePolicy: true has no effect: nothing of this sandbox outlives the run");
    }
}

std::string containmentId(const SandboxConfig& config)
{
    const std::string written = config.containment.value_or("process");
    return written.empty() || written == "process" ? "bubblewrap" : written;
}

}  // namespace

std::string quoted(std::string_view text)
{
    return fmt::format("`{}`", text);
}

ResolveContext::ResolveContext(const ResolveRequest& theRequest, const HostFacts& theFacts)
    : request(theRequest), config(*theRequest.config), facts(theFacts)
{
}

RuleId ResolveContext::addRule(RuleSource source, std::string text, SourcePlace where)
{
    policy.rules.push_back({source, std::move(text), std::move(where)});
    return static_cast<RuleId>(policy.rules.size() - 1);
}

SourcePlace ResolveContext::place(const std::string& pointer) const
{
    SourcePlace where = request.place ? request.place(pointer) : SourcePlace{};
    if (where.file.empty()) where.pointer = pointer;
    return where;
}

void ResolveContext::report(Severity severity, std::string id, std::string message, SourcePlace where, std::string fix)
{
    // Nobody reads a million; but that there is an error must not get lost among notes.
    if (findings.size() >= kMostFindings && (severity != Severity::error || m_failed)) {
        if (findings.size() == kMostFindings)
            findings.push_back({Severity::note, "more-findings", "There is more than is listed here", {}, {}});
        return;
    }
    m_failed = m_failed || severity == Severity::error;
    findings.push_back({severity, std::move(id), std::move(message), std::move(where), std::move(fix)});
}

void ResolveContext::report(Severity severity, std::string id, std::string message, RuleId rule, std::string fix)
{
    report(severity, std::move(id), std::move(message), policy.rules[rule].place, std::move(fix));
}

void ResolveContext::publishTables()
{
    policy.paths.reserve(paths.size());
    policy.links.reserve(links.size());
    for (auto& [path, rule] : paths) policy.paths.push_back(std::move(rule));
    for (auto& [path, link] : links) policy.links.push_back(std::move(link));
    paths.clear();
    links.clear();
}

Resolution resolvePolicy(const ResolveRequest& request, const HostFacts& facts)
{
    static const SandboxConfig kEmpty;
    ResolveRequest filled = request;
    if (!filled.config) filled.config = &kEmpty;
    ResolveContext context(filled, facts);
    context.policy.containment = containmentId(context.config);
    addBuiltinRules(context);
    addBaseTree(context);
    resolveUi(context);
    resolveBus(context);
    for (const auto& [path, rule] : context.paths) context.origins.basePaths.push_back(rule);
    for (const auto& [path, link] : context.links) context.origins.baseLinks.push_back(link);
    readPathEntries(context);
    assemblePaths(context);
    maskBindAliases(context);
    maskHardLinks(context);
    resolvePrograms(context);
    pinProtectedFolders(context);
    closeExecution(context);
    // Whether the program and its folder are there can only be said about a tree without errors.
    const bool treeIsRight = !context.failed();
    resolveNetwork(context);
    leadByProxy(context);
    resolveLimits(context);
    resolveSyscalls(context);
    resolveLifecycle(context);
    resolveProcess(context, treeIsRight);
    Resolution resolution;
    if (!context.failed()) resolution.policy = std::move(context.policy);
    resolution.findings = std::move(context.findings);
    resolution.origins = std::move(context.origins);
    return resolution;
}

}  // namespace belljar
