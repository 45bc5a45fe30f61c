/* kernel_perf: opens a performance counter on itself. Escape: the call reaches the kernel's own checks. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/probes/probe.h"

PROBE(kernel_perf)
{
    (void)argv;
    if (argc != 1) return couldNot("usage: kernel_perf");
    struct perf_event_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.type = PERF_TYPE_SOFTWARE;
    attributes.size = sizeof attributes;
    attributes.config = PERF_COUNT_SW_TASK_CLOCK;
    if (syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0) >= 0) return escaped("opened a counter");
    /* Unknown flags are EINVAL from the kernel before it asks who calls. */
    if (syscall(SYS_perf_event_open, &attributes, 0, -1, -1, ~0UL) < 0 && errno == EINVAL)
        return escaped("perf_event_open is reachable");
    return stopped("perf_event_open");
}
