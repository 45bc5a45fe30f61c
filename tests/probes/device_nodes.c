/* device_nodes WRITABLE: opens /dev/mem and the like, makes device nodes of its own and opens them. Escape: a node can
 * be opened, or made where the mount does not forbid using it, or /dev holds more than a sandbox needs. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "tests/probes/probe.h"

static int isExpected(const char* name)
{
    static const char* const kNames[] = {".",   "..",   "null", "zero", "full",  "random", "urandom", "tty", "console",
                                         "pts", "ptmx", "shm",  "fd",   "stdin", "stdout", "stderr",  "core"};
    for (unsigned i = 0; i < sizeof kNames / sizeof *kNames; ++i) {
        if (strcmp(name, kNames[i]) == 0) return 1;
    }
    return 0;
}

static int nodeOpens(const char* folder, unsigned major, unsigned minor, mode_t type)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/node-%u-%u", folder, major, minor);
    if (mknod(path, type | 0600, makedev(major, minor)) != 0) return 0;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    unlink(path);
    return fd >= 0;
}

PROBE(device_nodes)
{
    static const char* const kDevices[] = {"/dev/mem",  "/dev/kmem", "/dev/port",    "/dev/kmsg",
                                           "/dev/sda",  "/dev/vda",  "/dev/nvme0n1", "/dev/loop-control",
                                           "/dev/fuse", "/dev/kvm",  "/dev/tty1"};
    if (argc != 2) return couldNot("usage: device_nodes WRITABLE");
    for (unsigned i = 0; i < sizeof kDevices / sizeof *kDevices; ++i) {
        if (open(kDevices[i], O_RDONLY | O_CLOEXEC | O_NONBLOCK) >= 0) return escaped("opened %s", kDevices[i]);
    }
    const char* const folders[] = {argv[1], "/tmp", "/dev", "/dev/shm"};
    for (unsigned i = 0; i < sizeof folders / sizeof *folders; ++i) {
        if (nodeOpens(folders[i], 1, 1, S_IFCHR)) return escaped("made and opened /dev/mem in %s", folders[i]);
        if (nodeOpens(folders[i], 1, 3, S_IFCHR)) return escaped("made and opened a device in %s", folders[i]);
    }
    const int error = errno;
    DIR* devices = opendir("/dev");
    const struct dirent* entry = NULL;
    while (devices != NULL && (entry = readdir(devices)) != NULL) {
        if (!isExpected(entry->d_name)) return escaped("/dev holds %s", entry->d_name);
    }
    errno = error;
    return stopped("devices");
}
