/* namespace_clone3: the same with clone3, whose flags lie in memory where a filter cannot see them. Escape: the child
 * runs; also when clone3 works without namespaces, because then the filter cannot know. */
#define _GNU_SOURCE
#include <linux/sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/probes/probe.h"

PROBE(namespace_clone3)
{
    (void)argv;
    if (argc != 1) return couldNot("usage: namespace_clone3");
    static const unsigned long long kFlags[] = {CLONE_NEWUSER, 0};
    for (int i = 0; i < 2; ++i) {
        struct clone_args arguments;
        memset(&arguments, 0, sizeof arguments);
        arguments.flags = kFlags[i];
        arguments.exit_signal = SIGCHLD;
        const long child = syscall(SYS_clone3, &arguments, sizeof arguments);
        if (child == 0) _exit(0);
        if (child < 0) continue;
        waitpid((pid_t)child, NULL, 0);
        return escaped("clone3 with flags %#llx", kFlags[i]);
    }
    return stopped("clone3");
}
