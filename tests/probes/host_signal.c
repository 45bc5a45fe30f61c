/* host_signal PID: sends a signal to a process of the host by its number there, by kill, by pidfd, and to everybody's
 * group of that number. Escape: the process can be signalled. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/probes/probe.h"

PROBE(host_signal)
{
    if (argc != 2) return couldNot("usage: host_signal PID");
    const pid_t pid = atoi(argv[1]);
    if (kill(pid, SIGUSR1) == 0) return escaped("signalled process %d", (int)pid);
    const int error = errno;
    if (kill(-pid, SIGUSR1) == 0) return escaped("signalled group %d", (int)pid);
    if (syscall(SYS_pidfd_open, pid, 0) >= 0) return escaped("opened process %d", (int)pid);
    errno = error;
    return stopped("process %d", (int)pid);
}
