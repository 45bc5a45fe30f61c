/* chroot_climb FOLDER PATH MARK: the classic way out of a chroot: chroot into a folder while holding a descriptor
 * outside, then climb. Escape: PATH below what it then stands in holds MARK, or chroot works at all. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/probes/probe.h"

PROBE(chroot_climb)
{
    if (argc != 4) return couldNot("usage: chroot_climb FOLDER PATH MARK");
    const int here = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const int changed = chroot(argv[1]);
    const int error = errno;
    if (changed == 0 && fchdir(here) == 0) {
        for (int i = 0; i < 100; ++i) {
            if (chdir("..") != 0) break;
        }
        if (fileHolds(argv[2] + 1, argv[3]) == 1) return escaped("climbed to %s", argv[2]);
    }
    if (changed == 0) return escaped("chroot works");
    errno = error;
    return stopped("chroot");
}
