#include "core/platform/linux/namespace_spawn.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif
#include <spdlog/fmt/fmt.h>

#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x00001000
#endif

namespace belljar::linux_platform {
namespace {

/// Everything the child needs, prepared: it runs in our memory while we wait, and may only make system calls.
struct Child {
    int program = -1;
    char** argv = nullptr;
    const std::vector<int>* inherited = nullptr;
    std::string userMap;
    std::string groupMap;
    int error = 0;  ///< Set by a child that did not get as far as execve.
};

bool writeOwn(const char* file, const std::string& text)
{
    const int opened = ::open(file, O_WRONLY | O_CLOEXEC);
    if (opened < 0) return false;
    const bool written = ::write(opened, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    ::close(opened);
    return written;
}

int childMain(void* argument)
{
    auto* child = static_cast<Child*>(argument);
    // Groups of ours that are not mapped must not be given up: a file may deny its group what it grants to others.
    static const std::string deny = "deny";
    const bool mapped = writeOwn("/proc/self/setgroups", deny) && writeOwn("/proc/self/gid_map", child->groupMap) &&
                        writeOwn("/proc/self/uid_map", child->userMap);
    if (mapped) {
        ::syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC);
        for (const int fd : *child->inherited) ::fcntl(fd, F_SETFD, 0);
        char* none[] = {nullptr};  // nothing of ours is to be seen in /proc/1/environ
        ::syscall(SYS_execveat, child->program, "", child->argv, none, AT_EMPTY_PATH);
    }
    child->error = errno;
    ::_exit(127);
}

Error refused(int error)
{
    return {ErrorCode::backendUnavailable, "the sandbox's namespaces could not be made", {}, std::strerror(error), {}};
}

}  // namespace

Result<SpawnedInit> spawnInNamespaces(unsigned long namespaces, int program, std::vector<std::string> words,
                                      const std::vector<int>& inherited)
{
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    Child child{program, argv.data(), &inherited, fmt::format("0 {} 1\n", ::geteuid()),
                fmt::format("0 {} 1\n", ::getegid())};
    alignas(16) std::array<char, 32768> stack;  // NOLINT: needs no values
    int pidfd = -1;
    // A handler of ours must not run in the child, which shares our memory.
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, &before);
    const int flags = static_cast<int>(namespaces) | CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD;
    const pid_t pid = ::clone(childMain, stack.data() + stack.size(), flags, &child, &pidfd);
    const int cloneError = errno;
#ifdef __SANITIZE_ADDRESS__
    // The child's functions have marked their frames in it and never returned; later frames of ours stand there.
    __asan_unpoison_memory_region(stack.data(), stack.size());
#endif
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (pid < 0) return refused(cloneError);
    SpawnedInit init{pid, UniqueFd(pidfd)};
    if (child.error == 0) return init;
    ::waitpid(pid, nullptr, 0);
    return refused(child.error);
}

}  // namespace belljar::linux_platform
