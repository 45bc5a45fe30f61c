/* bind_below_mask WRITABLE RELATIVE MARK: binds a writable folder, without the mounts below it, to a second place and
 * looks there at what is masked in the first; by mount and by open_tree. Escape: RELATIVE below it holds MARK. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/probes/probe.h"

static const char* const kSecond = "/tmp/probe-second-place";

static int attempt(void* context)
{
    char** argv = context;
    char path[PATH_MAX];
    mkdir(kSecond, 0700);
    if (syscall(SYS_mount, argv[1], kSecond, NULL, MS_BIND, NULL) == 0) {
        snprintf(path, sizeof path, "%s/%s", kSecond, argv[2]);
        const int held = fileHolds(path, argv[3]);
        umount2(kSecond, MNT_DETACH);
        rmdir(kSecond);
        return held == 1 ? escaped("read %s", path) : escaped("bound %s elsewhere", argv[1]);
    }
    rmdir(kSecond);
    const int tree = (int)syscall(SYS_open_tree, AT_FDCWD, argv[1], 1 /* OPEN_TREE_CLONE */);
    if (tree < 0) return stopped("bind mount and open_tree");
    const int fd = openat(tree, argv[2], O_RDONLY);
    return fd >= 0 && descriptorHolds(fd, argv[3]) == 1 ? escaped("read %s in a cloned tree", argv[2])
                                                        : escaped("cloned the tree at %s", argv[1]);
}

static int attemptAsRoot(void* context)
{
    if (enterOwnNamespaces() != 0) return stopped("user namespace");
    return attempt(context);
}

PROBE(bind_below_mask)
{
    if (argc != 4) return couldNot("usage: bind_below_mask WRITABLE RELATIVE MARK");
    const int direct = inChild(attempt, argv);
    return direct != kStopped ? direct : inChild(attemptAsRoot, argv);
}
