#include "core/platform/linux/display/nested_server.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <vector>

#include "core/platform/linux/display/confined_child.h"
#include "core/platform/posix/errno_text.h"

namespace belljar::linux_platform {
namespace {

constexpr const char* kSockets = "/tmp/.X11-unix";
constexpr int kFirstPassed = 3;  ///< Where a server looks for sockets that it is given.
constexpr int kKeyFile = 4;
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

[[noreturn]] void becomeServer(const NestedServerOptions& options, int listener, std::uint32_t window, int messages)
{
    ::dup2(messages, 2);
    const ConfinedChild child(2);
    const int key = openKey();
    // As root of a user namespace it takes `-nolock`, without which it would leave a file in /tmp.
    child.enterNamespaces(isLocalDisplay());
    child.hideFiles(kSockets);
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
    server.pid = ::fork();
    if (server.pid < 0) return failed("the display could not be started");
    if (server.pid == 0) becomeServer(options, listener, window, messages.get());
    server.pidfd.reset(static_cast<int>(::syscall(SYS_pidfd_open, server.pid, 0)));
    ::fcntl(server.messages.get(), F_SETFL, O_NONBLOCK);
    return server;
}

}  // namespace belljar::linux_platform
