/* ptrace_child: traces a child of its own; a tracer sees a system call before and after the filter and can change it.
 * Escape: the child can be traced. */
#include <errno.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <unistd.h>

#include "tests/probes/probe.h"

static int traceMe(void* context)
{
    (void)context;
    return ptrace(PTRACE_TRACEME, 0, 0, 0) == 0 ? escaped("a child let itself be traced") : stopped("PTRACE_TRACEME");
}

PROBE(ptrace_child)
{
    (void)argv;
    if (argc != 1) return couldNot("usage: ptrace_child");
    return inChild(traceMe, NULL);
}
