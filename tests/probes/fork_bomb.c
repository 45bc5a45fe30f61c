/* fork_bomb COUNT: has COUNT processes alive at once. Escape: that many can be made. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/probes/probe.h"

PROBE(fork_bomb)
{
    if (argc != 2) return couldNot("usage: fork_bomb COUNT");
    const int wanted = atoi(argv[1]);
    pid_t* children = calloc((size_t)wanted, sizeof *children);
    if (children == NULL) return couldNot("memory");
    int made = 0;
    int error = 0;
    for (; made < wanted; ++made) {
        const pid_t child = fork();
        if (child < 0) {
            error = errno;
            break;
        }
        if (child == 0) {
            alarm(20);
            for (;;) pause();
        }
        children[made] = child;
    }
    for (int i = 0; i < made; ++i) kill(children[i], SIGKILL);
    if (made == wanted) return escaped("%d processes", made);
    errno = error;
    return stopped("after %d processes", made);
}
