/* hardlink_escape WRITABLE TARGET MARK: makes a hard link to a protected file in a writable folder, directly and from a
 * path descriptor. Escape: the new name's content holds MARK. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/probes/probe.h"

PROBE(hardlink_escape)
{
    if (argc != 4) return couldNot("usage: hardlink_escape WRITABLE TARGET MARK");
    char name[PATH_MAX];
    snprintf(name, sizeof name, "%s/hard-%d", argv[1], (int)getpid());
    const int direct = link(argv[2], name);
    const int error = errno;
    if (direct == 0 && fileHolds(name, argv[3]) == 1) return escaped("linked %s", argv[2]);
    unlink(name);
    const int fd = open(argv[2], O_PATH | O_CLOEXEC);
    if (fd >= 0) {
        char from[64];
        snprintf(from, sizeof from, "/proc/self/fd/%d", fd);
        if (linkat(AT_FDCWD, from, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0 && fileHolds(name, argv[3]) == 1)
            return escaped("linked %s by its descriptor", argv[2]);
    }
    errno = error;
    return stopped("%s", argv[2]);
}
