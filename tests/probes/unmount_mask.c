/* unmount_mask DENIED FILE MARK: unmounts what hides a denied folder, directly and as root of an own user namespace.
 * Escape: DENIED/FILE then holds MARK, or the unmount works. */
#define _GNU_SOURCE
#include <limits.h>
#include <stdio.h>
#include <sys/mount.h>

#include "tests/probes/probe.h"

static int attempt(void* context)
{
    char** argv = context;
    const int gone = umount2(argv[1], MNT_DETACH);
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", argv[1], argv[2]);
    if (fileHolds(path, argv[3]) == 1) return escaped("read %s below the mask", path);
    return gone == 0 ? escaped("unmounted %s", argv[1]) : stopped("umount2");
}

static int attemptAsRoot(void* context)
{
    if (enterOwnNamespaces() != 0) return stopped("user namespace");
    return attempt(context);
}

PROBE(unmount_mask)
{
    if (argc != 4) return couldNot("usage: unmount_mask DENIED FILE MARK");
    const int direct = inChild(attempt, argv);
    return direct != kStopped ? direct : inChild(attemptAsRoot, argv);
}
