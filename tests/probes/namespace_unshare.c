/* namespace_unshare: makes a namespace of each kind with unshare, alone and together with a user namespace; root in a
 * user namespace reaches kernel code that nobody else does. Escape: one can be made. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>

#include "tests/probes/probe.h"

static const int kFlags[] = {CLONE_NEWUSER, CLONE_NEWNS,  CLONE_NEWPID,    CLONE_NEWNET,
                             CLONE_NEWIPC,  CLONE_NEWUTS, CLONE_NEWCGROUP, 0x80 /* CLONE_NEWTIME */};

static int attempt(void* context)
{
    const int flag = *(const int*)context;
    return unshare(flag) == 0 ? escaped("unshare(%#x)", (unsigned)flag) : stopped("unshare(%#x)", (unsigned)flag);
}

PROBE(namespace_unshare)
{
    (void)argv;
    if (argc != 1) return couldNot("usage: namespace_unshare");
    for (unsigned i = 0; i < sizeof kFlags / sizeof *kFlags; ++i) {
        for (int with = 0; with < 2; ++with) {
            int flag = kFlags[i] | (with ? CLONE_NEWUSER : 0);
            const int code = inChild(attempt, &flag);
            if (code != kStopped) return code;
        }
    }
    return kStopped;
}
