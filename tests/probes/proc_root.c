/* proc_root PATH MARK: goes through /proc/PID/root of every visible process (1 among them), self and thread-self.
 * Escape: PATH behind one of them holds MARK. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>

#include "tests/probes/probe.h"

static int tryRoot(int pid, void* context)
{
    char** argv = context;
    char path[PATH_MAX];
    snprintf(path, sizeof path, "/proc/%d/root%s", pid, argv[1]);
    return fileHolds(path, argv[2]) == 1 ? pid : 0;
}

PROBE(proc_root)
{
    if (argc != 3) return couldNot("usage: proc_root PATH MARK");
    for (int i = 0; i < 2; ++i) {
        char path[PATH_MAX];
        snprintf(path, sizeof path, "/proc/%s/root%s", i == 0 ? "self" : "thread-self", argv[1]);
        if (fileHolds(path, argv[2]) == 1) return escaped("read %s", path);
    }
    const int pid = forEachProcess(tryRoot, argv);
    if (pid != 0) return escaped("read %s through /proc/%d/root", argv[1], pid);
    return stopped("%s", argv[1]);
}
