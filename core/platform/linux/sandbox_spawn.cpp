#include "core/platform/linux/sandbox_spawn.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include <spdlog/fmt/fmt.h>

#include "core/platform/linux/launch_data.h"
#include "core/platform/linux/loader_copy.h"
#include "core/platform/linux/namespace_spawn.h"
#include "core/platform/linux/program_paths.h"
#include "core/platform/linux/sandbox_streams.h"
#include "core/platform/linux/syscall_filter.h"
#include "core/platform/linux/tree_steps.h"

namespace belljar::linux_platform {
namespace {

Error spawnError(const std::string& what, int error = errno)
{
    return {ErrorCode::backendError, what, {}, std::strerror(error), {}};
}

/// A read-only memory file with `bytes`, its position at the start.
UniqueFd memoryFile(const char* name, std::string_view bytes)
{
    UniqueFd file(::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!file || ::write(file.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) return {};
    ::fcntl(file.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
    ::lseek(file.get(), 0, SEEK_SET);
    return file;
}

/// The sandboxee's three streams, all above 2 and closed in other children.
struct Streams {
    UniqueFd in, out, err;
};

UniqueFd ownStream(int stream)
{
    const int copy = ::fcntl(stream, F_DUPFD_CLOEXEC, 3);
    if (copy >= 0) return UniqueFd(copy);
    return UniqueFd(::open("/dev/null", O_RDWR | O_CLOEXEC));  // it was closed
}

bool makePipe(UniqueFd& readEnd, UniqueFd& writeEnd)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return false;
    readEnd.reset(ends[0]);
    writeEnd.reset(ends[1]);
    return true;
}

void makeNonBlocking(int fd)
{
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
}

/// Its two sides; none where the system has no terminal left.
std::pair<UniqueFd, UniqueFd> openTerminal()
{
    UniqueFd master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (!master || ::grantpt(master.get()) != 0 || ::unlockpt(master.get()) != 0) return {};
    char name[64];
    if (::ptsname_r(master.get(), name, sizeof name) != 0) return {};
    UniqueFd inside(::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC));
    return {std::move(master), std::move(inside)};
}

bool makeTerminal(const StdioPlan& stdio, Streams& streams, SpawnedSandbox& sandbox)
{
    auto [master, inside] = openTerminal();
    if (!master || !inside) return false;
    const winsize size{stdio.rows, stdio.columns, 0, 0};
    ::ioctl(master.get(), TIOCSWINSZ, &size);
    streams.in = std::move(inside);
    streams.out = ownStream(streams.in.get());
    streams.err = ownStream(streams.in.get());
    sandbox.output.reset(::fcntl(master.get(), F_DUPFD_CLOEXEC, 3));
    sandbox.input = std::move(master);
    return static_cast<bool>(sandbox.output);
}

/// For a program that only gets its output on a terminal: ends of lines and echoes are the user's terminal's work.
void makePlain(int terminal)
{
    termios settings{};
    if (::tcgetattr(terminal, &settings) != 0) return;
    settings.c_oflag &= ~static_cast<tcflag_t>(OPOST);
    settings.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(terminal, TCSANOW, &settings);
}

/// Ours for reading only: the descriptor that shells give is good for writing, too.
UniqueFd readOnlyTerminal()
{
    UniqueFd terminal(::open("/proc/self/fd/0", O_RDONLY | O_NOCTTY | O_CLOEXEC));
    return terminal ? std::move(terminal) : UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

bool makeScreened(Streams& streams, SpawnedSandbox& sandbox)
{
    const ScreenedStreams screened = sandbox.screened = ScreenedStreams::look();
    UniqueFd inside;
    if (screened.any()) {
        std::tie(sandbox.bridged, inside) = openTerminal();
        if (!sandbox.bridged || !inside) return false;
        if (!screened.interactive) makePlain(inside.get());
        makeNonBlocking(sandbox.bridged.get());
    }
    const auto output = [&](int stream) { return ownStream(screened.terminal[stream] ? inside.get() : stream); };
    streams.out = output(1);
    streams.err = output(2);
    if (screened.interactive) streams.in = std::move(inside);
    else streams.in = screened.terminal[0] ? readOnlyTerminal() : ownStream(0);
    return streams.in && streams.out && streams.err;
}

Result<Streams> makeStreams(const LaunchPlan& plan, const StdioPlan& stdio, SpawnedSandbox& sandbox)
{
    Streams streams;
    bool made = true;
    switch (stdio.mode) {
        case StdioPlan::Mode::inherit:
            streams = {ownStream(0), ownStream(1), ownStream(2)};
            made = streams.in && streams.out && streams.err;
            break;
        case StdioPlan::Mode::pipes:
            made = makePipe(streams.in, sandbox.input) && makePipe(sandbox.output, streams.out) &&
                   makePipe(sandbox.errors, streams.err);
            break;
        case StdioPlan::Mode::screened: made = makeScreened(streams, sandbox); break;
        case StdioPlan::Mode::terminal: made = makeTerminal(stdio, streams, sandbox); break;
    }
    if (!made) return spawnError("the standard streams of the sandbox could not be made");
    for (const UniqueFd* end : {&streams.in, &streams.out, &streams.err})
        if (Result<void> fine = checkStream(end->get(), plan.shim); !fine) return std::move(fine).error();
    for (const UniqueFd* end : {&sandbox.input, &sandbox.output, &sandbox.errors})
        if (*end) makeNonBlocking(end->get());
    return streams;
}

/// The plan's descriptors and its arguments with "{fd:NAME}" replaced by numbers.
struct PlanFiles {
    std::vector<UniqueFd> files;
    std::string arguments;  ///< NUL-separated, for bubblewrap's --args.
};

Result<PlanFiles> openPlanFiles(const LaunchPlan& plan)
{
    PlanFiles made;
    std::map<std::string, int> numbers;
    for (const PlanDescriptor& wanted : plan.descriptors) {
        UniqueFd file = wanted.kind == PlanDescriptor::Kind::bytes
                            ? memoryFile("belljar-plan", wanted.bytes)
                            : UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        if (!file) return spawnError("a descriptor for the sandbox could not be made");
        numbers[wanted.name] = file.get();
        made.files.push_back(std::move(file));
    }
    for (const std::string& argument : plan.arguments) {
        if (argument.rfind("{fd:", 0) == 0 && argument.back() == '}') {
            const auto found = numbers.find(argument.substr(4, argument.size() - 5));
            if (found == numbers.end())
                return Error{ErrorCode::backendError, "the plan names an unknown descriptor", argument, {}, {}};
            made.arguments += std::to_string(found->second);
        } else {
            made.arguments += argument;
        }
        made.arguments += '\0';
    }
    return made;
}

/// posix_spawn with the given descriptors inherited under their own numbers.
class Spawner {
public:
    Spawner()
    {
        ::posix_spawn_file_actions_init(&m_actions);
        ::posix_spawnattr_init(&m_attributes);
    }
    ~Spawner()
    {
        ::posix_spawn_file_actions_destroy(&m_actions);
        ::posix_spawnattr_destroy(&m_attributes);
    }
    Spawner(const Spawner&) = delete;
    Spawner& operator=(const Spawner&) = delete;

    /// dup2 of a descriptor onto itself clears its close-on-exec flag in the child (POSIX, glibc 2.29).
    void inherit(int fd) { ::posix_spawn_file_actions_adddup2(&m_actions, fd, fd); }

    Result<pid_t> spawn(const std::string& program, std::vector<std::string> words, int messages)
    {
        ::posix_spawn_file_actions_addopen(&m_actions, 0, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_addopen(&m_actions, 1, "/dev/null", O_WRONLY, 0);
        ::posix_spawn_file_actions_adddup2(&m_actions, messages, 2);
        sigset_t none;
        sigset_t all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_setsigmask(&m_attributes, &none);
        ::posix_spawnattr_setsigdefault(&m_attributes, &all);
        ::posix_spawnattr_setpgroup(&m_attributes, 0);  // Ctrl+C is ours to handle
        ::posix_spawnattr_setflags(&m_attributes,
                                   POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
        std::vector<char*> argv;
        for (std::string& word : words) argv.push_back(word.data());
        argv.push_back(nullptr);
        char* environment[] = {nullptr};  // nothing of ours is to be seen in /proc/1/environ
        pid_t pid = -1;
        const int error = ::posix_spawn(&pid, program.c_str(), &m_actions, &m_attributes, argv.data(), environment);
        if (error != 0)
            return Error{ErrorCode::backendUnavailable,
                         "the containment tool could not be started",
                         program,
                         std::strerror(error),
                         {}};
        return pid;
    }

private:
    posix_spawn_file_actions_t m_actions{};
    posix_spawnattr_t m_attributes{};
};

/// What both ways of launching need.
struct Launch {
    UniqueFd shim;
    std::string filter;
    Streams streams;
    UniqueFd shimEnd;  ///< Of the control socket.

    [[nodiscard]] std::vector<int> descriptors(const UniqueFd& data) const
    {
        return {data.get(), shimEnd.get(), streams.in.get(), streams.out.get(), streams.err.get()};
    }
};

Result<void> prepareLaunch(const LaunchPlan& plan, const StdioPlan& stdio, Launch& launch, SpawnedSandbox& sandbox)
{
    const std::string shimPath = findShim();
    launch.shim.reset(::open(shimPath.c_str(), O_RDONLY | O_CLOEXEC));
    if (!launch.shim)
        return Error{ErrorCode::backendUnavailable, "belljar-shim was not found beside this program", shimPath,
                     std::strerror(errno), "build it or reinstall Belljar"};
    Result<std::string> filter = syscallFilter(plan.shim.filter);
    if (!filter) return std::move(filter).error();
    launch.filter = std::move(filter).value();
    Result<Streams> streams = makeStreams(plan, stdio, sandbox);
    if (!streams) return std::move(streams).error();
    launch.streams = std::move(streams).value();
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return spawnError("the launch data could not be prepared");
    sandbox.control.reset(ends[0]);
    launch.shimEnd.reset(ends[1]);
    const int yes = 1;
    ::setsockopt(sandbox.control.get(), SOL_SOCKET, SO_PASSCRED, &yes, sizeof yes);
    return {};
}

std::vector<std::string> shimWords(const Launch& launch, const UniqueFd& data)
{
    std::vector<std::string> words;
    for (const int fd : launch.descriptors(data)) words.push_back(std::to_string(fd));
    return words;
}

/// The shim as our own child in new namespaces. False where this system does not let us.
bool spawnOwn(const LaunchPlan& plan, const OwnTree& tree, const Launch& launch, bool terminal, SpawnedSandbox& sandbox)
{
    const UniqueFd data = memoryFile("belljar-launch", launchData(plan, launch.filter, &tree, terminal));
    if (!data) return false;
    std::vector<std::string> words = shimWords(launch, data);
    words.insert(words.begin(), "belljar-shim");
    Result<SpawnedInit> init =
        spawnInNamespaces(tree.namespaces, launch.shim.get(), std::move(words), launch.descriptors(data));
    if (!init) return false;
    sandbox.toolPid = init->pid;
    sandbox.toolPidfd = std::move(init->pidfd);
    sandbox.toolIsInit = true;
    return true;
}

/// bubblewrap, which starts the shim.
Result<void> spawnTool(const LaunchPlan& plan, const Launch& launch, bool terminal, SpawnedSandbox& sandbox)
{
    Result<PlanFiles> files = openPlanFiles(plan);
    if (!files) return std::move(files).error();
    const UniqueFd arguments = memoryFile("belljar-args", files->arguments);
    const UniqueFd data = memoryFile("belljar-launch", launchData(plan, launch.filter, nullptr, terminal));
    if (!arguments || !data) return spawnError("the launch data could not be prepared");
    UniqueFd messages;
    if (!makePipe(sandbox.toolMessages, messages)) return spawnError("a pipe could not be made");
    makeNonBlocking(sandbox.toolMessages.get());
    Spawner spawner;
    for (const int fd : launch.descriptors(data)) spawner.inherit(fd);
    for (const UniqueFd* fd : {&launch.shim, &arguments}) spawner.inherit(fd->get());
    for (const UniqueFd& file : files->files) spawner.inherit(file.get());
    std::vector<std::string> words{plan.program, "--args", std::to_string(arguments.get()), "--",
                                   fmt::format("/proc/self/fd/{}", launch.shim.get())};
    for (std::string& word : shimWords(launch, data)) words.push_back(std::move(word));
    const Result<pid_t> pid = spawner.spawn(plan.program, words, messages.get());
    if (!pid) return pid.error();
    sandbox.toolPid = *pid;
    sandbox.toolPidfd.reset(static_cast<int>(::syscall(SYS_pidfd_open, *pid, 0)));
    return {};
}

/// Loaders as copies that only run together with a program, in the place of the host's own.
Result<void> addLoaders(const LaunchPlan& plan, OwnTree& tree)
{
    constexpr std::size_t kLargestLoader = std::size_t{16} << 20U;
    for (const std::string& path : plan.shim.programs.loaders) {
        Result<std::string> content = readFile(path, kLargestLoader);
        Result<std::string> copy = content ? loaderCopy(std::move(content).value()) : content;
        if (!copy) {
            Error error = std::move(copy).error();
            error.where = path;
            return error;
        }
        // The last step makes the root read-only.
        tree.steps.insert(tree.steps.end() - 1, {kStepData, 0555, 0, std::move(copy).value(), path});
    }
    return {};
}

}  // namespace

Result<SpawnedSandbox> spawnSandbox(const LaunchPlan& plan, const StdioPlan& stdio, TreeMaker maker)
{
    Launch launch;
    SpawnedSandbox sandbox;
    if (Result<void> prepared = prepareLaunch(plan, stdio, launch, sandbox); !prepared) return prepared.error();
    const bool terminal = stdio.mode == StdioPlan::Mode::terminal || sandbox.screened.interactive;
    std::optional<OwnTree> tree = maker == TreeMaker::shim ? ownTree(plan) : std::nullopt;
    if (tree) {
        if (Result<void> added = addLoaders(plan, *tree); !added) return added.error();
    }
    const bool own = tree && spawnOwn(plan, *tree, launch, terminal, sandbox);
    if (own) return sandbox;
    if (plan.shim.programs.on)
        return Error{ErrorCode::backendUnavailable,
                     "the list of programs cannot be enforced: this system lets only bwrap make the sandbox, and bwrap "
                     "has no mounts without execution",
                     "/experimental/belljar/programs",
                     {},
                     "allow Belljar user namespaces of its own, or remove the list"};
    if (plan.relaysNetwork)
        return Error{ErrorCode::backendUnavailable,
                     "the network cannot be filtered: this system lets only bwrap make the sandbox, and bwrap does not "
                     "hand its network out",
                     "/network",
                     {},
                     "allow Belljar user namespaces of its own, or run without a network"};
    if (Result<void> spawned = spawnTool(plan, launch, terminal, sandbox); !spawned) return spawned.error();
    return sandbox;
}

}  // namespace belljar::linux_platform
