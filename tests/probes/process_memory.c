/* process_memory: reads the memory of process 1 and of its own parent, by process_vm_readv, /proc/PID/mem, and takes
 * their descriptors by pidfd_getfd. Escape: any of it works. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tests/probes/probe.h"

static int reaches(pid_t pid)
{
    char byte = 0;
    const struct iovec local = {&byte, 1};
    const struct iovec remote = {&byte, 1};
    if (process_vm_readv(pid, &local, 1, &remote, 1, 0) >= 0 || errno == EFAULT) return 1;
    const int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    if (pidfd >= 0 && syscall(SYS_pidfd_getfd, pidfd, 0, 0) >= 0) return 2;
    if (pid != 1) return 0;
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
    return open(path, O_RDWR | O_CLOEXEC) >= 0 ? 3 : 0;
}

static int inner(void* context)
{
    (void)context;
    const pid_t targets[] = {1, getppid()};
    for (unsigned i = 0; i < 2; ++i) {
        const int how = reaches(targets[i]);
        if (how != 0) return escaped("reached into process %d (way %d)", (int)targets[i], how);
    }
    return stopped("memory of other processes");
}

PROBE(process_memory)
{
    (void)argv;
    if (argc != 1) return couldNot("usage: process_memory");
    return inChild(inner, NULL);
}
