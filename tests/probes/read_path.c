/* read_path PATH MARK: reads a file that the policy keeps from the sandbox, by the name given (plain, or climbing with
 * ".."). Escape: its content holds MARK. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/probes/probe.h"

PROBE(read_path)
{
    if (argc != 3) return couldNot("usage: read_path PATH MARK");
    if (fileHolds(argv[1], argv[2]) == 1) return escaped("read %s", argv[1]);
    const int error = errno;
    /* The same file without reading it: by path descriptor and through /proc/self/fd. */
    const int fd = open(argv[1], O_PATH | O_CLOEXEC);
    if (fd >= 0) {
        char again[64];
        snprintf(again, sizeof again, "/proc/self/fd/%d", fd);
        if (fileHolds(again, argv[2]) == 1) return escaped("read %s through its path descriptor", argv[1]);
    }
    errno = error;
    return stopped("%s", argv[1]);
}
