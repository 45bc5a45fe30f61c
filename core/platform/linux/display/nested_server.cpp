#include "core/platform/linux/display/nested_server.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "core/platform/posix/errno_text.h"

namespace belljar::linux_platform {
namespace {

constexpr const char* kSockets = "/tmp/.X11-unix";
constexpr int kFirstPassed = 3;  ///< Where a server looks for sockets that it is given.
constexpr int kKeyFile = 4;
/// Pictures of programs inside live in the server's memory.
constexpr rlim_t kMostMemory = rlim_t{1} << 30U;

/// Runs in the child: says which step failed, and ends it.
class Child {
public:
    explicit Child(int messages) : m_messages(messages) {}

    void must(bool done, const char* step) const
    {
        if (done) return;
        ::dprintf(m_messages, "%s: %s", step, std::strerror(errno));
        ::_exit(125);
    }

    void writeFile(const char* path, const std::string& text) const
    {
        const int file = ::open(path, O_WRONLY | O_CLOEXEC);
        must(file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()), path);
        ::close(file);
    }

private:
    const int m_messages;
};

/// Of a display on this machine, whose socket is a file.
bool isLocalDisplay()
{
    const char* display = std::getenv("DISPLAY");  // NOLINT: one thread
    if (display == nullptr || display[0] != ':') return false;
    const int number = std::atoi(display + 1);  // NOLINT: anything else finds no file
    const std::string socket = std::string(kSockets) + "/X" + std::to_string(number);
    return ::access(socket.c_str(), F_OK) == 0;
}

/// As root of a user namespace of its own the server takes `-nolock`, without which it would leave a file in /tmp.
void enterNamespaces(const Child& child)
{
    const uid_t uid = ::geteuid();
    const gid_t gid = ::getegid();
    const int network = isLocalDisplay() ? CLONE_NEWNET : 0;
    child.must(::unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWIPC | network) == 0,
               "this system does not let the display have namespaces of its own");
    child.writeFile("/proc/self/setgroups", "deny");
    child.writeFile("/proc/self/gid_map", "0 " + std::to_string(gid) + " 1");
    child.writeFile("/proc/self/uid_map", "0 " + std::to_string(uid) + " 1");
}

void hideFiles(const Child& child)
{
    child.must(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0, "private mounts");
    const int sockets = ::open(kSockets, O_PATH | O_CLOEXEC | O_DIRECTORY);
    for (const char* folder : {"/home", "/root", "/run", "/mnt", "/media", "/srv", "/var/lib/xkb", "/tmp"}) {
        const bool hidden = ::mount("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0700,size=16m") == 0;
        child.must(hidden || errno == ENOENT, folder);
    }
    if (sockets < 0) return;
    const std::string name = "/proc/self/fd/" + std::to_string(sockets);
    child.must(::mkdir(kSockets, 0700) == 0 && ::mount(name.c_str(), kSockets, nullptr, MS_BIND, nullptr) == 0,
               kSockets);
}

/// The key to the user's display stands in a file that the server will not see any more.
int openKey()
{
    const char* named = std::getenv("XAUTHORITY");  // NOLINT: one thread
    const char* home = std::getenv("HOME");         // NOLINT
    const std::string path = named != nullptr ? named : std::string(home != nullptr ? home : "") + "/.Xauthority";
    return ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
}

std::vector<std::string> wordsOf(const NestedServerOptions& options)
{
    std::vector<std::string> words{"Xephyr",        options.number, "-ac",    "-nolock",     "-nolisten",
                                   "tcp",           "-nolisten",    "local",  "-nolisten",   "unix",
                                   "-screen",       options.size,   "-title", options.title, "-resizeable",
                                   "-no-host-grab", "-terminate"};
    // One switch of the server: RECORD goes with it.
    if (!options.inputTools) words.insert(words.end(), {"-extension", "XTEST"});
    return words;
}

[[noreturn]] void becomeServer(const NestedServerOptions& options, int listener, int messages)
{
    const Child child(messages);
    ::dup2(messages, 2);
    const int key = openKey();
    enterNamespaces(child);
    // After the namespaces, for a change of credentials takes it back. Who is gone by now cannot end us.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (::getppid() == 1) ::_exit(125);
    hideFiles(child);
    const rlimit memory{kMostMemory, kMostMemory};
    ::setrlimit(RLIMIT_DATA, &memory);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    // Above the numbers that they are to have, so that neither is overwritten before it is copied.
    const int high = ::fcntl(listener, F_DUPFD_CLOEXEC, 16);
    const int highKey = key >= 0 ? ::fcntl(key, F_DUPFD_CLOEXEC, 16) : -1;
    child.must(high >= 0 && ::dup2(high, kFirstPassed) >= 0, "socket");
    if (highKey >= 0) ::dup2(highKey, kKeyFile);
    const auto firstClosed = static_cast<unsigned>(highKey >= 0 ? kKeyFile + 1 : kKeyFile);
    ::syscall(SYS_close_range, firstClosed, ~0U, 0U);
    ::setenv("LISTEN_FDS", "1", 1);
    ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
    if (highKey >= 0) ::setenv("XAUTHORITY", ("/proc/self/fd/" + std::to_string(kKeyFile)).c_str(), 1);
    child.must(::chdir("/") == 0, "/");
    std::vector<std::string> words = wordsOf(options);
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execv(options.program.c_str(), argv.data());
    child.must(false, options.program.c_str());
    ::_exit(125);
}

}  // namespace

Result<NestedServer> startNestedServer(const NestedServerOptions& options, int listener)
{
    const auto failed = [](const char* what) { return Error{ErrorCode::backendError, what, {}, errnoText(errno), {}}; };
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return failed("a pipe could not be made");
    NestedServer server;
    server.messages.reset(ends[0]);
    const UniqueFd messages(ends[1]);
    server.pid = ::fork();
    if (server.pid < 0) return failed("the display could not be started");
    if (server.pid == 0) becomeServer(options, listener, messages.get());
    server.pidfd.reset(static_cast<int>(::syscall(SYS_pidfd_open, server.pid, 0)));
    ::fcntl(server.messages.get(), F_SETFL, O_NONBLOCK);
    return server;
}

}  // namespace belljar::linux_platform
