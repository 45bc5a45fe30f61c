/* leftover FILE HOW: leaves a process behind that ignores every signal, has a session of its own, and writes a growing
 * FILE. The main process then exits (HOW = exit) or waits for ever with all signals ignored (HOW = stay). The test
 * looks from outside whether FILE still grows after the session. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/probes/probe.h"

static void ignoreEverything(void)
{
    for (int number = 1; number < 65; ++number) signal(number, SIG_IGN);
}

static void sleepMilliseconds(long count)
{
    const struct timespec pause = {count / 1000, count % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

PROBE(leftover)
{
    if (argc != 3) return couldNot("usage: leftover FILE HOW");
    ignoreEverything();
    const int file = open(argv[1], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) return couldNot("open %s", argv[1]);
    if (fork() == 0) {
        setsid();
        if (fork() != 0) _exit(0);
        for (int i = 0; i < 600; ++i) { /* at most 30 s, should it really escape */
            if (write(file, ".", 1) != 1) _exit(1);
            sleepMilliseconds(50);
        }
        _exit(0);
    }
    sleepMilliseconds(120);
    if (strcmp(argv[2], "exit") == 0) return stopped("the rest is for the test to see");
    for (int i = 0; i < 300; ++i) sleepMilliseconds(100);
    return escaped("nobody stopped it in 30 s");
}
