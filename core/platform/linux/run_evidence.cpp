#include "core/platform/linux/run_evidence.h"

#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include <spdlog/fmt/fmt.h>

#include "core/platform/linux/tree_steps.h"
#include "core/platform/posix/errno_text.h"

namespace belljar::linux_platform {
namespace {

constexpr std::uint64_t kMegabyte = 1024 * 1024;

LimitReached memoryReached(const RunEvidence& seen)
{
    return {"memoryMb", fmt::format("{} MB", seen.plan.cgroup.memoryBytes / kMegabyte)};
}

Error execError(const RunEvidence& seen, int error)
{
    const std::string& command = seen.plan.shim.argv.front();
    const char* what = error == ENOENT ? "the command was not found in the sandbox" : "the command cannot be executed";
    return {ErrorCode::backendError, fmt::format("{}: {}", what, command), "exec", errnoText(error),
            error == ENOENT ? "check the spelling, or grant its folder read-only (--ro)"
                            : "check that it is an executable file, or run it through its interpreter"};
}

/// The tool ended before the shim could speak: its own words, and what they mean.
Error toolError(const RunEvidence& seen)
{
    std::string text = seen.toolText;
    while (!text.empty() && text.back() == '\n') text.pop_back();
    Error error{
        ErrorCode::backendError, fmt::format("{} could not set up the sandbox", seen.plan.backend), {}, text, {}};
    if (text.find("namespace") != std::string::npos) {
        error.code = ErrorCode::backendUnavailable;
        error.hint = "this system does not let you make namespaces; `belljar probe` says why and how to change it";
    } else if (text.find("Unknown option") != std::string::npos) {
        error.code = ErrorCode::backendUnavailable;
        error.hint = "bubblewrap 0.8.0 or newer is needed; `belljar probe` says what is here";
    }
    return error;
}

}  // namespace

Error setupError(const LaunchPlan& plan, const ShimMessage& failed)
{
    const std::string step(failed.step, ::strnlen(failed.step, sizeof failed.step));
    std::string where;
    if (const std::optional<OwnTree> tree = failed.treeStep != 0 ? ownTree(plan) : std::nullopt;
        tree && failed.treeStep <= tree->steps.size())
        where = tree->steps[failed.treeStep - 1].target;
    std::string hint;
    if (step == "chdir") hint = fmt::format("the working folder {} cannot be entered in the sandbox", plan.shim.cwd);
    return {ErrorCode::backendError, fmt::format("setting up the sandbox failed at \"{}\"", step), where,
            errnoText(failed.value), hint};
}

Ending endingOf(const RunEvidence& seen)
{
    if (seen.setupError) return SetupFailed{*seen.setupError};
    if (seen.timedOut) return TimedOut{seen.plan.timeout};
    if (seen.stopReason && !seen.exit) return Killed{*seen.stopReason};
    if (!seen.started) return SetupFailed{toolError(seen)};
    if (seen.execError) return SetupFailed{execError(seen, *seen.execError)};
    const std::string& limit = seen.limitThatStruck;
    if (!seen.exit) return limit == "memoryMb" ? Ending(memoryReached(seen)) : Ending(Signaled{SIGKILL});
    const int status = seen.exit->value;
    if (WIFEXITED(status)) return Exited{WEXITSTATUS(status)};
    const int signal = WTERMSIG(status);
    const std::uint64_t cpuLimit = std::uint64_t{seen.plan.shim.limits.cpuSeconds} * 1'000'000U;
    if (cpuLimit != 0 && (signal == SIGXCPU || (signal == SIGKILL && seen.exit->cpuMicroseconds >= cpuLimit)))
        return LimitReached{"cpuSeconds", fmt::format("{} s", seen.plan.shim.limits.cpuSeconds)};
    if (signal == SIGKILL && limit == "memoryMb") return memoryReached(seen);
    return Signaled{signal};
}

std::string limitNote(const RunEvidence& seen, const Ending& ending)
{
    const auto* exited = std::get_if<Exited>(&ending);
    const bool failed = exited != nullptr ? exited->code != 0 : std::holds_alternative<Signaled>(ending);
    if (!failed || !seen.exit) return {};
    const std::uint64_t most = seen.plan.shim.limits.memoryBytes;
    if (most != 0 && seen.exit->peakMemoryKb * 1024 >= most / 10 * 8) {
        return fmt::format(
            "one of its processes had {} MB of memory, and the limit memoryMb is {} MB; raise it with "
            "experimental.belljar.limits.memoryMb",
            seen.exit->peakMemoryKb / 1024, most / kMegabyte);
    }
    if (seen.limitThatStruck == "processes") {
        return fmt::format(
            "it wanted more than {} processes and threads at once, the limit processes; raise it with "
            "experimental.belljar.limits.processes",
            seen.plan.cgroup.processes);
    }
    return {};
}

}  // namespace belljar::linux_platform
