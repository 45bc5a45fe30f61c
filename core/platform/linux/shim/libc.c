/* The few functions of the C library that belljar-shim uses, as plain system calls; libc_text.c has the others.
 *
 * The start of a C library asks the processor what it can do, for string functions that the shim does not need; in a
 * virtual machine each question leaves the guest, and all of them cost more than everything else that the shim does
 * (0.6 ms). Where we do not know the machine's system-call instruction, the shim is linked with its C library instead.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { kKernelSignalSet = 8 };

char** environ;
static int g_errno; /* The shim has one thread. */

int* __errno_location(void)
{
    return &g_errno;
}

#if defined(__x86_64__)
__asm__(
    ".globl _start\n_start:\n    xor %ebp, %ebp\n    mov %rsp, %rdi\n    and $-16, %rsp\n    call belljarShimStart\n");

static long rawCall(long number, long a, long b, long c, long d, long e, long f)
{
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    long result = number;
    __asm__ volatile("syscall"
                     : "+a"(result)
                     : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}
#elif defined(__aarch64__)
__asm__(".globl _start\n_start:\n    mov x29, #0\n    mov x30, #0\n    mov x0, sp\n    bl belljarShimStart\n");

static long rawCall(long number, long a, long b, long c, long d, long e, long f)
{
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = e;
    register long x5 __asm__("x5") = f;
    __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
    return x0;
}
#endif

static long call(long number, long a, long b, long c, long d, long e, long f)
{
    const long result = rawCall(number, a, b, c, d, e, f);
    if (result >= 0 || result < -4095) return result;
    g_errno = (int)-result;
    return -1;
}

#define CALL1(n, a) call(n, (long)(a), 0, 0, 0, 0, 0)
#define CALL2(n, a, b) call(n, (long)(a), (long)(b), 0, 0, 0, 0)
#define CALL3(n, a, b, c) call(n, (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define CALL4(n, a, b, c, d) call(n, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)
#define CALL5(n, a, b, c, d, e) call(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), 0)

int main(int argc, char** argv);
_Noreturn void belljarShimStart(long* stack);

_Noreturn void belljarShimStart(long* stack)
{
    const long count = stack[0];
    char** arguments = (char**)(stack + 1);
    environ = arguments + count + 1;
    _exit(main((int)count, arguments));
}

long syscall(long number, ...)
{
    va_list more;
    va_start(more, number);
    long a[6];
    for (int i = 0; i < 6; ++i) a[i] = va_arg(more, long);
    va_end(more);
    return call(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* ---- files ---- */

int open(const char* path, int flags, ...)
{
    return (int)CALL4(SYS_openat, AT_FDCWD, path, flags, 0);
}

int openat(int folder, const char* path, int flags, ...)
{
    return (int)CALL4(SYS_openat, folder, path, flags, 0);
}

int close(int fd)
{
    return (int)CALL1(SYS_close, fd);
}

ssize_t read(int fd, void* into, size_t size)
{
    return CALL3(SYS_read, fd, into, size);
}

ssize_t write(int fd, const void* from, size_t size)
{
    return CALL3(SYS_write, fd, from, size);
}

int fcntl(int fd, int command, ...)
{
    va_list more;
    va_start(more, command);
    const long value = va_arg(more, long);
    va_end(more);
    return (int)CALL3(SYS_fcntl, fd, command, value);
}

int ioctl(int fd, unsigned long request, ...)
{
    va_list more;
    va_start(more, request);
    const long value = va_arg(more, long);
    va_end(more);
    return (int)CALL3(SYS_ioctl, fd, request, value);
}

int dup2(int from, int to)
{
    return from == to ? from : (int)CALL3(SYS_dup3, from, to, 0);
}

int pipe2(int ends[2], int flags)
{
    return (int)CALL2(SYS_pipe2, ends, flags);
}

int fstat(int fd, struct stat* info)
{
    return (int)CALL4(SYS_newfstatat, fd, "", info, AT_EMPTY_PATH);
}

int chdir(const char* path)
{
    return (int)CALL1(SYS_chdir, path);
}

int fchdir(int fd)
{
    return (int)CALL1(SYS_fchdir, fd);
}

int mkdirat(int folder, const char* path, mode_t mode)
{
    return (int)CALL3(SYS_mkdirat, folder, path, mode);
}

int fchmodat(int folder, const char* path, mode_t mode, int flags)
{
    (void)flags; /* Of the call's younger form. */
    return (int)CALL3(SYS_fchmodat, folder, path, mode);
}

int mknodat(int folder, const char* path, mode_t mode, dev_t device)
{
    return (int)CALL4(SYS_mknodat, folder, path, mode, device);
}

int symlinkat(const char* content, int folder, const char* path)
{
    return (int)CALL3(SYS_symlinkat, content, folder, path);
}

int unlinkat(int folder, const char* path, int flags)
{
    return (int)CALL3(SYS_unlinkat, folder, path, flags);
}

int rmdir(const char* path)
{
    return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

mode_t umask(mode_t mask)
{
    return (mode_t)CALL1(SYS_umask, mask);
}

void* mmap(void* at, size_t size, int protection, int flags, int fd, off_t offset)
{
    return (void*)call(SYS_mmap, (long)at, (long)size, protection, flags, fd, offset);
}

int poll(struct pollfd* waits, nfds_t count, int milliseconds)
{
    const struct timespec patience = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
    return (int)CALL5(SYS_ppoll, waits, count, milliseconds < 0 ? NULL : &patience, NULL, kKernelSignalSet);
}

/* ---- mounts ---- */

int umount2(const char* path, int flags)
{
    return (int)CALL2(SYS_umount2, path, flags);
}

int open_tree(int folder, const char* path, unsigned int flags)
{
    return (int)CALL3(SYS_open_tree, folder, path, flags);
}

int move_mount(int fromFolder, const char* from, int toFolder, const char* to, unsigned int flags)
{
    return (int)CALL5(SYS_move_mount, fromFolder, from, toFolder, to, flags);
}

int mount_setattr(int folder, const char* path, unsigned int flags, struct mount_attr* how, size_t size)
{
    return (int)CALL5(SYS_mount_setattr, folder, path, flags, how, size);
}

int fsopen(const char* name, unsigned int flags)
{
    return (int)CALL2(SYS_fsopen, name, flags);
}

int fsconfig(int fd, unsigned int command, const char* key, const void* value, int more)
{
    return (int)CALL5(SYS_fsconfig, fd, command, key, value, more);
}

int fsmount(int fd, unsigned int flags, unsigned int attributes)
{
    return (int)CALL3(SYS_fsmount, fd, flags, attributes);
}

/* ---- sockets ---- */

int socket(int domain, int type, int protocol)
{
    return (int)CALL3(SYS_socket, domain, type, protocol);
}

int bind(int fd, const struct sockaddr* address, socklen_t size)
{
    return (int)CALL3(SYS_bind, fd, address, size);
}

int listen(int fd, int queue)
{
    return (int)CALL2(SYS_listen, fd, queue);
}

int connect(int fd, const struct sockaddr* address, socklen_t size)
{
    return (int)CALL3(SYS_connect, fd, address, size);
}

ssize_t recv(int fd, void* into, size_t size, int flags)
{
    return call(SYS_recvfrom, fd, (long)into, (long)size, flags, 0, 0);
}

ssize_t sendmsg(int fd, const struct msghdr* message, int flags)
{
    return CALL3(SYS_sendmsg, fd, message, flags);
}

/* ---- processes and signals ---- */

void _exit(int status)
{
    for (;;) CALL1(SYS_exit_group, status);
}

pid_t fork(void)
{
    return (pid_t)CALL5(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

pid_t setsid(void)
{
    return (pid_t)call(SYS_setsid, 0, 0, 0, 0, 0, 0);
}

pid_t waitpid(pid_t pid, int* status, int options)
{
    return (pid_t)CALL4(SYS_wait4, pid, status, options, NULL);
}

int kill(pid_t pid, int number)
{
    return (int)CALL2(SYS_kill, pid, number);
}

int prctl(int option, ...)
{
    va_list more;
    va_start(more, option);
    long a[4];
    for (int i = 0; i < 4; ++i) a[i] = va_arg(more, long);
    va_end(more);
    return (int)CALL5(SYS_prctl, option, a[0], a[1], a[2], a[3]);
}

int unshare(int flags)
{
    return (int)CALL1(SYS_unshare, flags);
}

int sethostname(const char* name, size_t length)
{
    return (int)CALL2(SYS_sethostname, name, length);
}

int getrlimit(__rlimit_resource_t what, struct rlimit* value)
{
    return (int)CALL4(SYS_prlimit64, 0, what, NULL, value);
}

int setrlimit(__rlimit_resource_t what, const struct rlimit* value)
{
    return (int)CALL4(SYS_prlimit64, 0, what, value, NULL);
}

int getrusage(__rusage_who_t who, struct rusage* usage)
{
    return (int)CALL2(SYS_getrusage, who, usage);
}

int nanosleep(const struct timespec* time, struct timespec* left)
{
    return (int)CALL2(SYS_nanosleep, time, left);
}

/* SIG_DFL and SIG_IGN only: a handler would need a way back. */
sighandler_t signal(int number, sighandler_t handler)
{
    const struct {
        sighandler_t handler;
        unsigned long flags;
        void (*restorer)(void);
        unsigned long mask;
    } action = {handler, 0, NULL, 0};
    return CALL4(SYS_rt_sigaction, number, &action, NULL, kKernelSignalSet) == 0 ? SIG_DFL : SIG_ERR;
}

int sigemptyset(sigset_t* set)
{
    memset(set, 0, sizeof *set);
    return 0;
}

int sigaddset(sigset_t* set, int number)
{
    set->__val[0] |= 1UL << (number - 1);
    return 0;
}

int sigprocmask(int how, const sigset_t* restrict set, sigset_t* restrict old)
{
    return (int)CALL4(SYS_rt_sigprocmask, how, set, old, kKernelSignalSet);
}

int signalfd(int fd, const sigset_t* set, int flags)
{
    return (int)CALL4(SYS_signalfd4, fd, set, kKernelSignalSet, flags);
}
