/* int80: makes system calls by the numbers of 32-bit programs (int 0x80) and of x32, which a filter written for 64-bit
 * numbers does not know. Escape: a user namespace can be made that way, or any call answers. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/probes/probe.h"

#if defined(__x86_64__)
static sigjmp_buf g_back;

static void onFault(int number)
{
    (void)number;
    siglongjmp(g_back, 1);
}

static long call32(long number, long argument)
{
    long result = number;
    __asm__ volatile("int $0x80" : "+a"(result) : "b"(argument) : "memory", "r8", "r9", "r10", "r11");
    return result;
}

static int attempt(void* context)
{
    (void)context;
    enum { kGetpid32 = 20, kUnshare32 = 310, kX32 = 0x40000000 };
    signal(SIGSEGV, onFault);
    if (sigsetjmp(g_back, 1) == 0) {
        if ((int)call32(kUnshare32, CLONE_NEWUSER) == 0) return escaped("unshare by int 0x80");
        if ((int)call32(kGetpid32, 0) > 0) return escaped("getpid by int 0x80 answers");
    }
    if (syscall(kX32 + SYS_unshare, CLONE_NEWUSER) == 0) return escaped("unshare by an x32 number");
    if (syscall(kX32 + SYS_getpid) > 0) return escaped("getpid by an x32 number answers");
    return stopped("32-bit system calls");
}
#endif

PROBE(int80)
{
    (void)argv;
    if (argc != 1) return couldNot("usage: int80");
#if defined(__x86_64__)
    return inChild(attempt, NULL);
#else
    return skipped("this architecture has no second set of system calls that is tried here");
#endif
}
