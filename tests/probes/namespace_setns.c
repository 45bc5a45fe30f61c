/* namespace_setns: enters the namespaces of process 1 and, again, its own. Escape: one can be entered. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/probes/probe.h"

PROBE(namespace_setns)
{
    static const char* const kKinds[] = {"user", "mnt", "pid", "net", "ipc", "uts", "cgroup"};
    (void)argv;
    if (argc != 1) return couldNot("usage: namespace_setns");
    int tried = 0;
    for (int own = 0; own < 2; ++own) {
        for (unsigned i = 0; i < sizeof kKinds / sizeof *kKinds; ++i) {
            char path[64];
            snprintf(path, sizeof path, "/proc/%s/ns/%s", own ? "self" : "1", kKinds[i]);
            const int fd = open(path, O_RDONLY | O_CLOEXEC);
            if (fd < 0) continue;
            ++tried;
            if (setns(fd, 0) == 0) return escaped("entered %s", path);
            close(fd);
        }
    }
    return tried != 0 ? stopped("setns") : couldNot("no namespace could be opened");
}
