/* belljar-shim: process 1 of every sandbox.
 *
 * The tree is built and the capabilities are dropped by enterTree(), or by bubblewrap before we start. Then come a
 * session keyring of its own, limits, the system-call filter with its listener, and being an init that ends the whole
 * tree with the program or with Belljar. Static, no allocation, no library at all (libc.c), so nothing from the
 * sandbox's own tree can get into it.
 *
 * Two other uses run outside. `belljar-shim janitor FD DIR...` waits until FD reads end-of-file (Belljar is gone,
 * however it went) and removes the control groups, which nobody else would do after a SIGKILL. `belljar-shim mounts
 * SOCKET NAMESPACE` changes the tree of a running sandbox (mounts.c). */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/platform/linux/shim/shim.h"

#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif
#define BELLJAR_CLOSE_RANGE_CLOEXEC 4u
#define BELLJAR_KEYCTL_JOIN_SESSION_KEYRING 1

enum { kMaxArguments = 65536 };

static int g_control = -1;
static enum ShimMessageKind g_failure = kShimFailed;

static void sendMessage(const struct ShimMessage* message, const int* fds, size_t fdCount)
{
    if (fdCount == 0) { /* The filter of the program may deny sendmsg, but not write. */
        while (write(g_control, message, sizeof *message) < 0 && errno == EINTR) {}
        return;
    }
    struct iovec part = {.iov_base = (void*)message, .iov_len = sizeof *message};
    char room[CMSG_SPACE(sizeof(int) * kNetworkSockets)];
    memset(room, 0, sizeof room);
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
    if (fdCount > 0) {
        header.msg_control = room;
        header.msg_controllen = CMSG_SPACE(sizeof(int) * fdCount);
        struct cmsghdr* rights = CMSG_FIRSTHDR(&header);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof(int) * fdCount);
        memcpy(CMSG_DATA(rights), fds, sizeof(int) * fdCount);
    }
    while (sendmsg(g_control, &header, MSG_NOSIGNAL) < 0 && errno == EINTR) {}
}

void speakThrough(int control)
{
    g_control = control;
}

void tell(enum ShimMessageKind kind, int value)
{
    hand(kind, value, NULL, 0);
}

void hand(enum ShimMessageKind kind, int value, const int* fds, size_t fdCount)
{
    const struct ShimMessage message = {.kind = kind, .value = value};
    sendMessage(&message, fds, fdCount);
}

void callFailures(enum ShimMessageKind kind)
{
    g_failure = kind;
}

void failAt(const char* step, uint32_t treeStep)
{
    struct ShimMessage message = {.kind = g_failure, .value = errno, .treeStep = treeStep};
    strncpy(message.step, step, sizeof message.step - 1);
    sendMessage(&message, NULL, 0);
    _exit(125);
}

void fail(const char* step)
{
    failAt(step, 0);
}

/* The caller's own limit stays where it is lower: nobody could raise it. */
static void limit(__rlimit_resource_t what, uint64_t soft, uint64_t hard, const char* step)
{
    struct rlimit value;
    if (getrlimit(what, &value) != 0) fail(step);
    if (hard < value.rlim_max) value.rlim_max = hard;
    value.rlim_cur = soft < value.rlim_max ? soft : value.rlim_max;
    if (setrlimit(what, &value) != 0) fail(step);
}

/* RLIMIT_DATA rather than RLIMIT_AS: run-times reserve far more address space than they use. */
static void applyLimits(const struct ShimHeader* header)
{
    limit(RLIMIT_CORE, 0, 0, "core limit");
    if (header->memoryBytes != 0) limit(RLIMIT_DATA, header->memoryBytes, header->memoryBytes, "memory limit");
    if (header->processes != 0) limit(RLIMIT_NPROC, header->processes, header->processes, "process limit");
    if (header->cpuSeconds != 0) limit(RLIMIT_CPU, header->cpuSeconds, header->cpuSeconds + 1, "cpu limit");
}

static void resetSignals(void)
{
    for (int number = 1; number < NSIG; ++number) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* The program's own process. With a listener, `toInit` gets the listener's number and `go` is read until init has taken
 * it. */
static _Noreturn void becomeProgram(const struct ShimHeader* header, char** argv, char** env, const char* cwd,
                                    int toInit, int go)
{
    const char* name = strrchr(argv[0], '/');
    prctl(PR_SET_NAME, name != NULL ? name + 1 : argv[0], 0, 0, 0); /* what the first event is attributed to */
    resetSignals();
    setsid();
    if ((header->flags & kShimTerminal) && ioctl(0, TIOCSCTTY, 0) != 0) fail("controlling terminal");
    if (chdir(cwd) != 0) fail("chdir");
    applyLimits(header);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail("no_new_privs");
    guardStreams();
    if (header->flags & kShimFencePrograms) fencePrograms(header);
    if (header->flags & kShimScopeSockets) scopeSockets();

    /* Before the filter, which may deny it. The listener is made with the flag. */
    syscall(SYS_close_range, 3u, ~0u, BELLJAR_CLOSE_RANGE_CLOEXEC);
    int listener = -1;
    if (header->filterInstructions != 0) {
        const struct sock_fprog program = {
            .len = (unsigned short)header->filterInstructions,
            .filter = (struct sock_filter*)((const char*)header + header->filterOffset),
        };
        unsigned long flags = 0;
        if (header->flags & kShimListen) {
            flags = SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
        }
        long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
        if (result < 0 && errno == EINVAL && flags != 0) {
            /* WAIT_KILLABLE_RECV came with Linux 5.19; without it a signal only restarts the notification. */
            flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;
            result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
        }
        if (result < 0) fail("seccomp");
        if (header->flags & kShimListen) listener = (int)result;
    }
    if (header->flags & kShimListen) {
        char byte = 0;
        if (write(toInit, &listener, sizeof listener) != (ssize_t)sizeof listener) _exit(125);
        if (read(go, &byte, 1) != 1) _exit(125);
    } else {
        tell(kShimStarted, 0);
    }
    environ = env;
    execvp(argv[0], argv);
    const int why = errno;
    if (write(toInit, &why, sizeof why) != (ssize_t)sizeof why) _exit(125);
    _exit(why == ENOENT ? 127 : 126);
}

/* From here on nothing inside may look into this process. The child, as long as it is a copy of us, neither, so that
 * its listener is fetched before. */
static void hide(void)
{
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/* While nothing runs yet that could be over before the launcher looks for it. */
static void offerRoot(void)
{
    const int root = open("/", O_PATH | O_CLOEXEC | O_DIRECTORY);
    if (root < 0) fail("open root");
    hand(kShimRoot, 0, &root, 1);
    close(root);
}

/* Takes the child's listener over and sends it out; then lets the child go. */
static void announceStart(pid_t child, int listenerInChild, int go)
{
    const int pidfd = (int)syscall(SYS_pidfd_open, child, 0);
    if (pidfd < 0) fail("pidfd_open");
    const int listener = (int)syscall(SYS_pidfd_getfd, pidfd, listenerInChild, 0);
    if (listener < 0) fail("pidfd_getfd");
    close(pidfd);
    hand(kShimStarted, child, &listener, 1);
    close(listener);
    hide();
    if (write(go, "g", 1) != 1) fail("start");
}

static _Noreturn void reportExit(int status)
{
    struct rusage usage;
    memset(&usage, 0, sizeof usage);
    getrusage(RUSAGE_CHILDREN, &usage);
    const struct timeval user = usage.ru_utime;
    const struct timeval kernel = usage.ru_stime;
    const struct ShimMessage message = {
        .kind = kShimExited,
        .value = status,
        .cpuMicroseconds =
            (uint64_t)(user.tv_sec + kernel.tv_sec) * 1000000u + (uint64_t)(user.tv_usec + kernel.tv_usec),
        .peakMemoryKb = (uint64_t)usage.ru_maxrss,
    };
    sendMessage(&message, NULL, 0);
    /* The end of process 1 is the end of everything in its pid namespace. */
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

/* The launcher's word, or its end, which is ours. A signal to all reaches everybody at one moment: who forks just then
 * finds it pending and forks after it. */
static void obey(void)
{
    char word = 0;
    if (recv(g_control, &word, 1, 0) != 1) _exit(125);
    if (word != kShimFreeze && word != kShimThaw) _exit(125);
    const int sent = kill(-1, word == kShimFreeze ? SIGSTOP : SIGCONT);
    tell(kShimObeyed, sent == 0 || errno == ESRCH ? 0 : errno);
}

/* Reaps until the program has ended; ends at once when Belljar's end of the socket closes. */
static _Noreturn void beInit(pid_t child, int childReports)
{
    sigset_t awaited;
    sigemptyset(&awaited);
    sigaddset(&awaited, SIGCHLD);
    sigaddset(&awaited, SIGWINCH);
    const int signals = signalfd(-1, &awaited, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals < 0) fail("signalfd");
    struct pollfd waits[3] = {
        {.fd = signals, .events = POLLIN}, {.fd = g_control, .events = POLLIN}, {.fd = childReports, .events = POLLIN}};
    for (;;) {
        int status = 0;
        pid_t ended = 0;
        while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
            if (ended != child) continue;
            int why = 0;
            if (read(childReports, &why, sizeof why) == (ssize_t)sizeof why) tell(kShimExecFailed, why);
            reportExit(status);
        }
        if (poll(waits, 3, -1) < 0 && errno != EINTR) _exit(125);
        if (waits[1].revents != 0) obey();
        struct signalfd_siginfo news;
        /* Without a controlling terminal nobody inside would hear that its size changed. */
        while (read(signals, &news, sizeof news) > 0)
            if (news.ssi_signo == SIGWINCH) kill(-1, SIGWINCH);
        if (waits[2].revents != 0)
            waits[2].fd = -1; /* An exec error is read with the exit; a hang-up means it worked. */
    }
}

static char* nextString(char** cursor, const char* end)
{
    char* start = *cursor;
    char* stop = memchr(start, 0, (size_t)(end - start));
    if (stop == NULL) {
        errno = EINVAL;
        fail("launch data");
    }
    *cursor = stop + 1;
    return start;
}

static void strings(char** list, uint32_t count, char** cursor, const char* end)
{
    for (uint32_t i = 0; i < count; ++i) list[i] = nextString(cursor, end);
    list[count] = NULL;
}

/* Standard streams arrive at 3 + their number of argv; bubblewrap's own were only for its messages. */
static void takeStandardStreams(char** argv)
{
    for (int stream = 0; stream < 3; ++stream) {
        const int from = atoi(argv[3 + stream]);
        if (dup2(from, stream) < 0) fail("standard streams");
    }
}

/* Closes what is above the standard streams but these two. */
static void closeAllBut(int one, int other)
{
    const unsigned low = (unsigned)(one < other ? one : other);
    const unsigned high = (unsigned)(one < other ? other : one);
    if (low > 3) syscall(SYS_close_range, 3u, low - 1, 0u);
    if (high > low + 1) syscall(SYS_close_range, low + 1, high - 1, 0u);
    syscall(SYS_close_range, high + 1, ~0u, 0u);
}

static int runSandbox(char** argv)
{
    const int config = atoi(argv[1]);
    g_control = atoi(argv[2]);
    prctl(PR_SET_NAME, "belljar-shim", 0, 0, 0);
    struct stat info;
    if (fstat(config, &info) != 0) fail("launch data");
    const size_t size = (size_t)info.st_size;
    char* data = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, config, 0);
    if (data == MAP_FAILED) fail("launch data");
    const struct ShimHeader* header = (const struct ShimHeader*)data;
    if (size < sizeof *header || header->magic != BELLJAR_SHIM_MAGIC || header->argc == 0 ||
        header->argc > kMaxArguments || header->envc > kMaxArguments) {
        errno = EINVAL;
        fail("launch data");
    }
    const size_t slots = (size_t)header->argc + header->envc + 2;
    char** lists = mmap(NULL, slots * sizeof(char*), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (lists == MAP_FAILED) fail("memory");
    char* cursor = data + header->stringsOffset;
    const char* cwd = nextString(&cursor, data + size);
    char** arguments = lists;
    char** environment = lists + header->argc + 1;
    strings(arguments, header->argc, &cursor, data + size);
    strings(environment, header->envc, &cursor, data + size);

    if (header->flags & kShimBuildTree) enterTree(header, data, size);
    else tell(kShimHello, 0);
    if (header->display != 0) {
        char* path = data + (header->display < size ? header->display : 0);
        offerDisplay(nextString(&path, data + size));
    }
    if (header->folder != 0) {
        char* path = data + (header->folder < size ? header->folder : 0);
        offerFolder(nextString(&path, data + size));
    }
    char byte = 0;
    if (recv(g_control, &byte, 1, 0) != 1) _exit(125);
    if (syscall(SYS_keyctl, BELLJAR_KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0 && errno != ENOSYS) fail("session keyring");
    takeStandardStreams(argv);
    offerRoot();

    sigset_t awaited;
    sigemptyset(&awaited);
    sigaddset(&awaited, SIGCHLD);
    sigaddset(&awaited, SIGWINCH);
    sigprocmask(SIG_SETMASK, &awaited, NULL);
    int reports[2];
    int go[2];
    if (pipe2(reports, O_CLOEXEC) != 0 || pipe2(go, O_CLOEXEC) != 0) fail("pipe");
    const int listens = (header->flags & kShimListen) != 0;
    if (!listens) hide();
    const pid_t child = fork();
    if (child < 0) fail("fork");
    if (child == 0) becomeProgram(header, arguments, environment, cwd, reports[1], go[0]);
    close(reports[1]);
    close(go[0]);
    if (listens) {
        int listener = -1;
        if (read(reports[0], &listener, sizeof listener) != (ssize_t)sizeof listener) _exit(125);
        announceStart(child, listener, go[1]);
    }
    /* Keep no stream open: the reader of our output must see its end when the program's last holder is gone. */
    const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int stream = 0; stream < 3 && nothing >= 0; ++stream) dup2(nothing, stream);
    closeAllBut(reports[0], g_control);
    beInit(child, reports[0]);
}

int main(int argc, char** argv)
{
    if (argc >= 3 && strcmp(argv[1], "janitor") == 0) return runJanitor(argc, argv);
    if (argc == 4 && strcmp(argv[1], "mounts") == 0) runMounts(atoi(argv[2]), atoi(argv[3]));
    if (argc == 6) return runSandbox(argv);
    static const char help[] = "belljar-shim is started by belljar inside a sandbox; it does nothing by itself.\n";
    return write(2, help, sizeof help - 1) < 0 ? 125 : 125;
}
