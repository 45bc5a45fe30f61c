/* remount_writable FOLDER: mounts a read-only grant writable, directly and as root of an own user namespace. Escape: a
 * file can then be made in it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/mount.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/probes/probe.h"

enum { kRemountBind = 32 | 4096 }; /* MS_REMOUNT | MS_BIND; sys/mount.h clashes with linux/mount.h in glibc 2.36 */

static long mountCall(const char* source, const char* target, const char* type, unsigned long flags)
{
    return syscall(SYS_mount, source, target, type, flags, NULL);
}

static int attempt(void* context)
{
    const char* folder = context;
    const struct mount_attr clear = {.attr_clr = MOUNT_ATTR_RDONLY};
    const int remounted = mountCall("none", folder, "none", kRemountBind) == 0 ||
                          syscall(SYS_mount_setattr, AT_FDCWD, folder, 0, &clear, sizeof clear) == 0;
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/made-by-remount", folder);
    if (open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0) {
        unlink(path);
        return escaped("%s is writable now", folder);
    }
    return remounted ? escaped("remounted %s", folder) : stopped("remount of %s", folder);
}

static int attemptAsRoot(void* context)
{
    if (enterOwnNamespaces() != 0) return stopped("user namespace");
    return attempt(context);
}

PROBE(remount_writable)
{
    if (argc != 2) return couldNot("usage: remount_writable FOLDER");
    const int direct = inChild(attempt, argv[1]);
    return direct != kStopped ? direct : inChild(attemptAsRoot, argv[1]);
}
