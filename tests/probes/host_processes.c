/* host_processes MARK: looks in /proc for a process of the host whose command line or environment holds MARK; also the
 * sandbox's own process 1 must not show what the caller had in its environment. Escape: MARK is seen. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/probes/probe.h"

static int tryProcess(int pid, void* context)
{
    const char* mark = context;
    char path[64];
    if (pid == getpid()) return 0; /* our own command line holds the mark */
    static const char* const kFiles[] = {"cmdline", "environ", "comm"};
    for (unsigned i = 0; i < sizeof kFiles / sizeof *kFiles; ++i) {
        snprintf(path, sizeof path, "/proc/%d/%s", pid, kFiles[i]);
        if (fileHolds(path, mark) == 1) return pid;
    }
    return 0;
}

PROBE(host_processes)
{
    if (argc != 2) return couldNot("usage: host_processes MARK");
    const int pid = forEachProcess(tryProcess, argv[1]);
    if (pid != 0) return escaped("process %d shows it", pid);
    if (fileHolds("/proc/self/environ", argv[1]) == 1) return escaped("the caller's environment was inherited");
    return stopped("processes of the host");
}
