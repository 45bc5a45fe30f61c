#include "core/platform/linux/running_tree.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include <spdlog/fmt/fmt.h>

#include "core/platform/linux/inside_processes.h"
#include "core/platform/posix/errno_text.h"
#include "core/platform/posix/writable_memory.h"

namespace belljar::linux_platform {
namespace {

using namespace std::chrono_literals;

/// The program may be moving folders at this moment.
constexpr int kMostTries = 4;
constexpr auto kStopPatience = 2s;

/// Says which objects of the host are meant, and whether they are folders.
void identify(std::vector<TreeStep>& steps)
{
    TreeStep* place = nullptr;
    for (TreeStep& step : steps) {
        if (step.kind == kStepBind || step.kind == kStepReadOnlyBind) {
            struct stat info {};
            if (::lstat(step.source.c_str(), &info) != 0) continue;  // the helper says why
            step.size = BELLJAR_IDENTITY(info.st_dev, info.st_ino);
            if (place != nullptr && !S_ISDIR(info.st_mode)) place->mode |= kPlaceFile;
        } else if (step.kind == kStepEmptyFile && place != nullptr) {
            place->mode |= kPlaceFile;
        }
        place = step.kind == kStepPlace ? &step : nullptr;
    }
}

Error changeError(const ShimMessage& said, const std::vector<TreeStep>& steps)
{
    const std::string where = said.treeStep > 0 && said.treeStep <= steps.size() ? steps[said.treeStep - 1].target : "";
    Error error{ErrorCode::backendError,
                fmt::format("the running sandbox's tree cannot be changed at \"{}\"", said.step),
                where,
                errnoText(said.value),
                {}};
    if (std::strcmp(said.step, "replacing a mount") == 0 && said.value == EINVAL)
        error.hint = "Replacing a mount in a running sandbox needs Linux 6.5 or newer";
    else if (said.value == ELOOP) error.hint = "A symbolic link stands on the way, and links are not followed";
    else if (said.value == ENOENT)
        error.hint = "The sandbox has no such place, and none can be made there while it runs; start it anew";
    else if (said.value == ESTALE) error.hint = "The path was moved meanwhile; freeze the session, and try again";
    return error;
}

}  // namespace

void RunningTree::begin(pid_t init, int control, const LaunchPlan& plan, UniqueFd policy)
{
    const std::lock_guard lock(m_mutex);
    m_init = init;
    m_hasBegun = true;
    m_control.reset(::fcntl(control, F_DUPFD_CLOEXEC, 3));
    m_plan = &plan;
    if (!policy) return;
    m_objects.begin(
        [held = std::make_shared<UniqueFd>(std::move(policy))](const ObjectNumber& object, std::optional<RuleId> rule) {
            return forbidObject(held->get(), object, rule.value_or(0), rule.has_value(), rule.has_value());
        });
}

void RunningTree::end()
{
    const std::lock_guard lock(m_mutex);
    m_init = -1;
    m_control.reset();
    m_helper.stop();
    m_objects.end();
    obeyed(ESRCH);
}

std::optional<Error> RunningTree::notRunning() const
{
    if (m_init > 0 && m_control) return std::nullopt;
    return Error{ErrorCode::backendError,
                 m_hasBegun ? "the program does not run any more" : "the program has not started yet",
                 {},
                 {},
                 {}};
}

void RunningTree::lookAtMounts()
{
    m_state->mountPoints.clear();
    for (InsideMount& mount : mountsInside(m_init)) {
        m_mounts.insert(mount.id);
        if (!mount.point.starts_with("/proc/.")) m_state->mountPoints.push_back(std::move(mount.point));
    }
}

Result<void> RunningTree::ready()
{
    if (!m_state) {
        std::optional<OwnTree> tree = ownTree(*m_plan);
        if (!tree) return Error{ErrorCode::backendError, "this sandbox's tree cannot be changed", {}, {}, {}};
        m_state.emplace();
        m_state->tree = std::move(*tree);
        m_state->made = madeAfter(*m_state, m_state->tree);
        lookAtMounts();
    }
    return m_helper.runs() ? Result<void>() : m_helper.start(m_init);
}

Result<void> RunningTree::apply(const OwnTree& after, bool& broken)
{
    bool mayToggle = true;
    for (int tries = 1;; ++tries) {
        if (Result<void> prepared = ready(); !prepared) return prepared;
        std::vector<TreeStep> steps = treeChange(*m_state, after, mayToggle);
        if (steps.empty()) return {};
        identify(steps);
        const ShimMessage said = m_helper.change(steps);
        if (said.kind == kShimChanged) return {};
        broken = said.kind != kShimFailed;
        const bool toggled = std::strcmp(said.step, "toggle") == 0;
        if (toggled) mayToggle = false;
        const bool passing = toggled || said.value == ESTALE || said.value == ENOENT || said.value == EPIPE;
        if (broken || !passing || tries == kMostTries) return changeError(said, steps);
    }
}

/// Later runs follow no link in what the sandbox can write from now on.
Result<void> RunningTree::remember(const std::vector<std::string>& folders)
{
    if (m_remembered.empty()) m_remembered = m_plan->writableFolders;
    std::vector<std::string> fresh;
    for (const std::string& folder : folders)
        if (std::find(m_remembered.begin(), m_remembered.end(), folder) == m_remembered.end()) fresh.push_back(folder);
    if (fresh.empty()) return {};
    if (Result<void> added = WritableMemory::ofUser().add(fresh); !added) return added;
    m_remembered.insert(m_remembered.end(), fresh.begin(), fresh.end());
    return {};
}

Result<TreeChanged> RunningTree::change(const LaunchPlan& plan, const std::vector<DeniedPath>& denied)
{
    const std::lock_guard lock(m_mutex);
    if (std::optional<Error> error = notRunning()) return std::move(*error);
    const std::optional<OwnTree> after = ownTree(plan);
    if (!after) return Error{ErrorCode::backendError, "such a tree is not made while the sandbox runs", {}, {}, {}};
    if (Result<void> remembered = remember(plan.writableFolders); !remembered) return std::move(remembered).error();
    if (Result<void> forbidden = m_objects.forbid(denied); !forbidden) return std::move(forbidden).error();
    TreeChanged changed;
    if (Result<void> applied = apply(*after, changed.broken); !applied) {
        if (!changed.broken) m_objects.undo();
        changed.error = std::move(applied).error();
        return changed;
    }
    if (Result<void> settled = m_objects.settle(); !settled) {
        changed.broken = true;
        changed.error = std::move(settled).error();
        return changed;
    }
    changed.appliedAt = std::chrono::steady_clock::now();
    m_state->made = madeAfter(*m_state, *after);
    m_state->tree = *after;
    lookAtMounts();
    changed.holders = holdersInside(m_init, m_mounts);
    if (m_objects.holds())
        for (const DeniedPath& one : denied) changed.objects[one.path] = m_objects.uncovered(one.path);
    return changed;
}

Result<void> RunningTree::setFrozen(bool frozen)
{
    pid_t init = -1;
    {
        const std::lock_guard lock(m_mutex);
        if (std::optional<Error> error = notRunning()) return std::move(*error);
        init = m_init;
        const char word = frozen ? kShimFreeze : kShimThaw;
        {
            const std::lock_guard answer(m_answerMutex);
            m_answer.reset();
        }
        if (::send(m_control.get(), &word, 1, MSG_NOSIGNAL) != 1)
            return Error{ErrorCode::backendError, "the program does not run", {}, errnoText(errno), {}};
    }
    {
        std::unique_lock answer(m_answerMutex);
        const bool came = m_answered.wait_for(answer, kStopPatience, [&] { return m_answer.has_value(); });
        if (!came || *m_answer != 0)
            return Error{ErrorCode::backendError,
                         "the sandbox's processes could not be told",
                         {},
                         errnoText(came ? *m_answer : ETIMEDOUT),
                         {}};
    }
    if (!frozen) return {};
    // Each stops when it next leaves the kernel, or its time slice.
    const auto late = std::chrono::steady_clock::now() + kStopPatience;
    while (!allStopped(processesInside(init))) {
        if (std::chrono::steady_clock::now() > late)
            return Error{ErrorCode::backendError, "not all processes of the sandbox have stopped yet", {}, {}, {}};
        std::this_thread::sleep_for(200us);
    }
    return {};
}

void RunningTree::obeyed(int error)
{
    const std::lock_guard lock(m_answerMutex);
    m_answer = error;
    m_answered.notify_all();
}

}  // namespace belljar::linux_platform
