/* mount_direct: mounts a fresh file system the old way and the new way. Escape: one of them works. */
#define _GNU_SOURCE
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/probes/probe.h"

PROBE(mount_direct)
{
    (void)argv;
    if (argc != 1) return couldNot("usage: mount_direct");
    mkdir("/tmp/probe-mount-here", 0700);
    if (syscall(SYS_mount, "none", "/tmp/probe-mount-here", "tmpfs", 0, NULL) == 0) {
        umount2("/tmp/probe-mount-here", MNT_DETACH);
        rmdir("/tmp/probe-mount-here");
        return escaped("mounted a tmpfs");
    }
    if (syscall(SYS_fsopen, "tmpfs", 0) >= 0) return escaped("fsopen works");
    return stopped("mount and fsopen");
}
