#include "core/platform/linux/display/nested_server.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <vector>

#include "core/platform/linux/display/confined_child.h"
#include "core/platform/linux/display/x_watch.h"
#include "core/platform/posix/errno_text.h"

namespace belljar::linux_platform {
namespace {

constexpr const char* kSockets = "/tmp/.X11-unix";
/// Descriptors of the server. It looks for sockets that it is given from the first one on.
enum ServerDescriptor : int { kListener = 3, kReports = kXWatchReports, kLibrary = kXWatchLibrary, kKeyFile, kEnd };
/// Pictures of programs inside live in the server's memory.
constexpr unsigned long kMostMemory = 1UL << 30U;

/// Of a display on this machine, whose socket is a file.
bool isLocalDisplay()
{
    const char* display = std::getenv("DISPLAY");  // NOLINT: one thread
    if (display == nullptr || display[0] != ':') return false;
    const int number = std::atoi(display + 1);  // NOLINT: anything else finds no file
    const std::string socket = std::string(kSockets) + "/X" + std::to_string(number);
    return ::access(socket.c_str(), F_OK) == 0;
}

/// The key to the user's display stands in a file that the server will not see any more.
int openKey()
{
    const char* named = std::getenv("XAUTHORITY");  // NOLINT: one thread
    const char* home = std::getenv("HOME");         // NOLINT
    const std::string path = named != nullptr ? named : std::string(home != nullptr ? home : "") + "/.Xauthority";
    return ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
}

std::vector<std::string> wordsOf(const NestedServerOptions& options, std::uint32_t window)
{
    std::vector<std::string> words{"Xephyr",      options.number,  "-ac",       "-nolock",
                                   "-nolisten",   "tcp",           "-nolisten", "local",
                                   "-nolisten",   "unix",          "-parent",   std::to_string(window),
                                   "-resizeable", "-no-host-grab", "-terminate"};
    // One switch of the server: RECORD goes with it.
    if (!options.inputTools) words.insert(words.end(), {"-extension", "XTEST"});
    return words;
}

[[noreturn]] void becomeServer(const NestedServerOptions& options, int listener, std::uint32_t window, int messages,
                               int watch)
{
    ::dup2(messages, 2);
    const ConfinedChild child(2);
    const int key = openKey();
    // As root of a user namespace it takes `-nolock`, without which it would leave a file in /tmp.
    child.enterNamespaces(isLocalDisplay());
    child.hideFiles(kSockets);
    const UniqueFd library = xWatchLibrary();
    child.must(static_cast<bool>(library), "watch of the server");
    // First above the numbers that they are to have, so that none is overwritten before it is copied.
    std::vector<int> copies;
    for (const int file : {listener, watch, library.get(), key})
        if (file >= 0) copies.push_back(::fcntl(file, F_DUPFD_CLOEXEC, kEnd));
    int next = kListener;
    for (const int copy : copies) child.must(::dup2(copy, next++) >= 0, "descriptors of the server");
    ::syscall(SYS_close_range, static_cast<unsigned>(next), ~0U, 0U);
    ::setenv("LISTEN_FDS", "1", 1);
    ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
    ::setenv("LD_PRELOAD", ("/proc/self/fd/" + std::to_string(kLibrary)).c_str(), 1);
    if (key >= 0) ::setenv("XAUTHORITY", ("/proc/self/fd/" + std::to_string(kKeyFile)).c_str(), 1);
    child.become(options.program, wordsOf(options, window), kMostMemory);
}

}  // namespace

Result<NestedServer> startNestedServer(const NestedServerOptions& options, int listener, std::uint32_t window)
{
    const auto failed = [](const char* what) { return Error{ErrorCode::backendError, what, {}, errnoText(errno), {}}; };
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return failed("a pipe could not be made");
    NestedServer server;
    server.messages.reset(ends[0]);
    const UniqueFd messages(ends[1]);
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return failed("a socket could not be made");
    server.watch.reset(ends[0]);
    const UniqueFd watch(ends[1]);
    server.pid = ::fork();
    if (server.pid < 0) return failed("the display could not be started");
    if (server.pid == 0) becomeServer(options, listener, window, messages.get(), watch.get());
    server.pidfd.reset(static_cast<int>(::syscall(SYS_pidfd_open, server.pid, 0)));
    ::fcntl(server.messages.get(), F_SETFL, O_NONBLOCK);
    return server;
}

}  // namespace belljar::linux_platform
