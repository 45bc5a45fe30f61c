/* denied_call FOLDER: makes a folder in FOLDER with mkdir, which the profile denies: by the C library, by its number,
 * from a thread, by the numbers of other ABIs of this processor. ESCAPED when any of them works. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/probes/probe.h"

static char g_path[4096];

static int made(void)
{
    return rmdir(g_path) == 0;
}

static void* fromThread(void* result)
{
    *(long*)result = mkdir(g_path, 0755) == 0 ? 0 : errno;
    return NULL;
}

#ifdef __x86_64__
enum { kMkdir32 = 39, kX32Bit = 0x40000000 };

/* The text stands low in the address space in no program, so this can only fail with EFAULT where it is let through. */
static long byInt80(void)
{
    long result = kMkdir32;
    __asm__ volatile("int $0x80" : "+a"(result) : "b"(0L), "c"(0755L) : "memory", "r8", "r9", "r10", "r11");
    return result;
}
#endif

PROBE(denied_call)
{
    if (argc != 2) return couldNot("usage: denied_call FOLDER");
    snprintf(g_path, sizeof g_path, "%s/made-by-denied-call", argv[1]);
    if (mkdir(g_path, 0755) == 0 && made()) return escaped("mkdir works");
    if (errno != EPERM) return couldNot("mkdir fails otherwise");
#ifdef SYS_mkdir
    if (syscall(SYS_mkdir, g_path, 0755) == 0) return escaped("mkdir works by its number");
    if (errno != EPERM) return couldNot("mkdir by its number fails otherwise");
#endif
    pthread_t thread;
    long inThread = 0;
    if (pthread_create(&thread, NULL, fromThread, &inThread) != 0) return couldNot("no thread");
    pthread_join(thread, NULL);
    if (inThread == 0) return escaped("mkdir works in a thread");
#ifdef __x86_64__
    if (syscall(kX32Bit | SYS_mkdir, g_path, 0755) == 0) return escaped("mkdir works by the x32 ABI");
    if (byInt80() == -EFAULT) return escaped("mkdir is reached by the 32-bit ABI");
#endif
    errno = 0;
    return stopped("mkdir is refused in every way");
}
