#include "core/platform/linux/cgroup.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include <spdlog/fmt/fmt.h>

#include "core/platform/platform.h"

namespace belljar::linux_platform {
namespace {

constexpr std::size_t kSmallFile = 65536;

bool writeText(const std::string& path, const std::string& text)
{
    const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    return file && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

std::string readText(const std::string& path)
{
    Result<std::string> text = readFile(path, kSmallFile);
    return text ? std::move(text).value() : std::string();
}

bool hasWord(const std::string& list, const std::string& word)
{
    std::size_t at = 0;
    while ((at = list.find(word, at)) != std::string::npos) {
        const bool starts = at == 0 || list[at - 1] == ' ' || list[at - 1] == ',';
        const std::size_t end = at + word.size();
        const bool ends = end == list.size() || list[end] == ' ' || list[end] == ',' || list[end] == '\n';
        if (starts && ends) return true;
        at = end;
    }
    return false;
}

/// The number after "key " in a flat keyed file, or 0.
std::uint64_t counter(const std::string& text, const std::string& key)
{
    const std::size_t at = ("\n" + text).find("\n" + key + " ");
    return at == std::string::npos ? 0 : std::strtoull(text.c_str() + at + key.size() + 1, nullptr, 10);
}

std::string uniqueName()
{
    const auto ticks = std::chrono::steady_clock::now().time_since_epoch().count();
    return fmt::format("belljar-{}-{:x}", ::getpid(), ticks);
}

bool isVersion2(const std::string& folder)
{
    return ::access((folder + "/cgroup.controllers").c_str(), F_OK) == 0;
}

bool setLimits(const std::string& folder, const std::string& controller, const CgroupPlan& plan)
{
    if (controller == "pids") return writeText(folder + "/pids.max", std::to_string(plan.processes));
    const std::string bytes = std::to_string(plan.memoryBytes);
    if (isVersion2(folder)) {
        writeText(folder + "/memory.swap.max", "0");  // absent without swap accounting
        return writeText(folder + "/memory.max", bytes);
    }
    const bool limited = writeText(folder + "/memory.limit_in_bytes", bytes);
    writeText(folder + "/memory.memsw.limit_in_bytes", bytes);
    return limited;
}

/// posix_spawn of the shim as janitor; its standard input is the pipe whose closing it waits for.
UniqueFd startJanitor(const std::string& shimPath, const std::vector<std::string>& folders)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return {};
    const UniqueFd readEnd(ends[0]);
    UniqueFd writeEnd(ends[1]);
    std::vector<std::string> words{shimPath, "janitor", "0"};
    words.insert(words.end(), folders.begin(), folders.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    char* none[] = {nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, readEnd.get(), 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    pid_t pid = 0;
    const int error = ::posix_spawn(&pid, shimPath.c_str(), &actions, nullptr, argv.data(), none);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) return {};
    return writeEnd;
}

}  // namespace

std::string writableCgroup(const std::string& controller)
{
    const std::string membership = readText("/proc/self/cgroup");
    std::size_t begin = 0;
    std::string version2;
    while (begin < membership.size()) {
        const std::size_t end = std::min(membership.find('\n', begin), membership.size());
        const std::string line = membership.substr(begin, end - begin);
        begin = end + 1;
        const std::size_t first = line.find(':');
        const std::size_t second = line.find(':', first + 1);
        if (second == std::string::npos) continue;
        const std::string controllers = line.substr(first + 1, second - first - 1);
        const std::string path = line.substr(second + 1);
        if (controllers.empty()) version2 = path;
        if (!hasWord(controllers, controller)) continue;
        std::string folder = "/sys/fs/cgroup/" + controllers + (path == "/" ? "" : path);
        if (::access(folder.c_str(), W_OK) == 0) return folder;
        return {};
    }
    for (const char* mount : {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"}) {
        const std::string folder = mount + (version2 == "/" ? "" : version2);
        if (!version2.empty() && hasWord(readText(folder + "/cgroup.subtree_control"), controller) &&
            ::access(folder.c_str(), W_OK) == 0 && ::access((folder + "/cgroup.procs").c_str(), W_OK) == 0)
            return folder;
    }
    return {};
}

Result<std::unique_ptr<SessionCgroup>> SessionCgroup::create(const CgroupPlan& plan, const std::string& shimPath)
{
    std::unique_ptr<SessionCgroup> group(new SessionCgroup);
    const std::string name = uniqueName();
    for (const char* controller : {"memory", "pids"}) {
        const bool wanted = controller == std::string("pids") ? plan.processes != 0 : plan.memoryBytes != 0;
        if (!wanted) continue;
        const std::string parent = writableCgroup(controller);
        const std::string folder = parent + "/" + name;
        const bool known =
            std::find(group->m_folders.begin(), group->m_folders.end(), folder) != group->m_folders.end();
        const bool made = !parent.empty() && (known || ::mkdir(folder.c_str(), 0755) == 0);
        if (made && !known) group->m_folders.push_back(folder);
        if (!made || !setLimits(folder, controller, plan))
            return Error{ErrorCode::backendError, fmt::format("the {} limit could not be set", controller), parent,
                         std::strerror(errno), "remove the limit or run where control groups are delegated"};
    }
    group->m_janitor = startJanitor(shimPath, group->m_folders);
    if (!group->m_janitor)
        return Error{ErrorCode::backendError, "the janitor for control groups could not be started", shimPath, {}, {}};
    return group;
}

SessionCgroup::~SessionCgroup()
{
    // The tree is dead; the kernel may need a moment to notice. What stays is the janitor's to remove.
    for (const std::string& folder : m_folders) {
        for (int tries = 0; tries < 20 && ::rmdir(folder.c_str()) != 0 && errno == EBUSY; ++tries)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

Result<void> SessionCgroup::add(int pid) const
{
    for (const std::string& folder : m_folders) {
        if (!writeText(folder + "/cgroup.procs", std::to_string(pid)))
            return Error{ErrorCode::backendError,
                         "the sandbox could not be put into its control group",
                         folder,
                         std::strerror(errno),
                         {}};
    }
    return {};
}

std::string SessionCgroup::limitThatStruck() const
{
    for (const std::string& folder : m_folders) {
        if (counter(readText(folder + "/memory.events"), "oom_kill") > 0 ||
            counter(readText(folder + "/memory.oom_control"), "oom_kill") > 0)
            return "memoryMb";
    }
    for (const std::string& folder : m_folders) {
        if (counter(readText(folder + "/pids.events"), "max") > 0) return "processes";
    }
    return {};
}

}  // namespace belljar::linux_platform
