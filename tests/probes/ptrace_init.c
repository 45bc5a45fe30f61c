/* ptrace_init: attaches to process 1 of the sandbox (who owns it, owns the session) and to its own parent. Escape: an
 * attach works. */
#include <errno.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <unistd.h>

#include "tests/probes/probe.h"

PROBE(ptrace_init)
{
    if (argc > 2) return couldNot("usage: ptrace_init");
    const pid_t targets[] = {1, getppid()};
    for (unsigned i = 0; i < 2; ++i) {
        if (ptrace(PTRACE_SEIZE, targets[i], 0, 0) == 0) return escaped("seized process %d", (int)targets[i]);
        if (ptrace(PTRACE_ATTACH, targets[i], 0, 0) == 0) return escaped("attached to process %d", (int)targets[i]);
    }
    (void)argv;
    return stopped("ptrace");
}
