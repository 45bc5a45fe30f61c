/* fresh_proc: mounts a new /proc of its own, whose /proc/sys would be writable (core_pattern runs programs as root on
 * the host). Escape: it is mounted. */
#define _GNU_SOURCE
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/probes/probe.h"

static int attempt(void* context)
{
    (void)context;
    mkdir("/tmp/probe-fresh-proc", 0700);
    if (syscall(SYS_mount, "proc", "/tmp/probe-fresh-proc", "proc", 0, NULL) == 0) {
        umount2("/tmp/probe-fresh-proc", MNT_DETACH);
        rmdir("/tmp/probe-fresh-proc");
        return escaped("mounted a new /proc");
    }
    return stopped("mount of proc");
}

static int attemptAsRoot(void* context)
{
    if (enterOwnNamespaces() != 0) return stopped("user namespace");
    return attempt(context);
}

PROBE(fresh_proc)
{
    (void)argv;
    if (argc != 1) return couldNot("usage: fresh_proc");
    const int direct = inChild(attempt, NULL);
    return direct != kStopped ? direct : inChild(attemptAsRoot, NULL);
}
