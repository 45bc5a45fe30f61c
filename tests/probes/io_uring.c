/* io_uring: sets up a ring, whose operations no system-call filter sees. Escape: the call is known at all (it must be
 * ENOSYS, so that programs fall back). */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/probes/probe.h"

PROBE(io_uring)
{
    (void)argv;
    if (argc != 1) return couldNot("usage: io_uring");
    if (syscall(SYS_io_uring_setup, 1, NULL) >= 0 || errno != ENOSYS) return escaped("io_uring_setup is reachable");
    if (syscall(SYS_io_uring_enter, -1, 0, 0, 0, NULL, 0) >= 0 || errno != ENOSYS)
        return escaped("io_uring_enter is reachable");
    return stopped("io_uring");
}
