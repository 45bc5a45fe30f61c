/* namespace_clone: starts a child in a user namespace of its own with clone. Escape: the child runs. */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/probes/probe.h"

PROBE(namespace_clone)
{
    (void)argv;
    if (argc != 1) return couldNot("usage: namespace_clone");
    const long child = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, 0);
    if (child == 0) _exit(0);
    if (child < 0) return stopped("clone(CLONE_NEWUSER)");
    waitpid((pid_t)child, NULL, 0);
    return escaped("clone(CLONE_NEWUSER)");
}
