/* inherited_fd: looks for open descriptors besides the three standard streams. Escape: there is one. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/probes/probe.h"

PROBE(inherited_fd)
{
    (void)argv;
    if (argc != 1) return couldNot("usage: inherited_fd");
    DIR* folder = opendir("/proc/self/fd");
    if (folder == NULL) return couldNot("/proc/self/fd");
    const struct dirent* entry = NULL;
    while ((entry = readdir(folder)) != NULL) {
        const int fd = atoi(entry->d_name);
        if (entry->d_name[0] == '.' || fd <= 2 || fd == dirfd(folder)) continue;
        char path[64];
        char target[256] = "";
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        if (readlink(path, target, sizeof target - 1) < 0) target[0] = '\0';
        return escaped("descriptor %d is open: %s", fd, target);
    }
    return stopped("inherited descriptors");
}
