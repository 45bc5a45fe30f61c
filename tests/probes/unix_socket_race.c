/* unix_socket_race PATH FOLDER: connects again and again to a socket of its own in FOLDER while another thread
 * overwrites the address with PATH. Whoever looks at the address and lets the kernel read it again loses this race.
 * Escape: a connection to PATH. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/probes/probe.h"

static struct sockaddr_un g_shared;
static struct sockaddr_un g_own;
static struct sockaddr_un g_wanted;
static atomic_int g_stop;

static void* overwrite(void* unused)
{
    (void)unused;
    while (!g_stop) {
        memcpy(&g_shared, &g_wanted, sizeof g_shared);
        __asm__ volatile("" ::: "memory"); /* Both are to be written. */
        memcpy(&g_shared, &g_own, sizeof g_shared);
        __asm__ volatile("" ::: "memory");
    }
    return NULL;
}

static int isWanted(int fd)
{
    struct sockaddr_un peer;
    socklen_t length = sizeof peer;
    memset(&peer, 0, sizeof peer);
    return getpeername(fd, (struct sockaddr*)&peer, &length) == 0 && strcmp(peer.sun_path, g_wanted.sun_path) == 0;
}

PROBE(unix_socket_race)
{
    if (argc != 3) return couldNot("usage: unix_socket_race PATH FOLDER");
    g_own.sun_family = g_wanted.sun_family = AF_UNIX;
    snprintf(g_own.sun_path, sizeof g_own.sun_path, "%s/own-%d", argv[2], getpid());
    if (strlen(argv[1]) >= sizeof g_wanted.sun_path) return couldNot("%s is too long", argv[1]);
    strcpy(g_wanted.sun_path, argv[1]);
    memcpy(&g_shared, &g_own, sizeof g_shared);
    const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (bind(listener, (const struct sockaddr*)&g_own, sizeof g_own) != 0 || listen(listener, 64) != 0)
        return couldNot("own socket");
    pthread_t racer;
    if (pthread_create(&racer, NULL, overwrite, NULL) != 0) return couldNot("thread");
    int own = 0;
    int wanted = 0;
    for (int i = 0; i < 10000 && wanted == 0; ++i) {
        const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (connect(fd, (const struct sockaddr*)&g_shared, sizeof g_shared) == 0) {
            if (isWanted(fd)) ++wanted;
            else ++own;
        }
        close(fd);
        const int taken = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        if (taken >= 0) close(taken);
    }
    g_stop = 1;
    pthread_join(racer, NULL);
    unlink(g_own.sun_path);
    if (wanted != 0) return escaped("connected to %s after %d own connections", argv[1], own);
    errno = 0;
    if (own == 0) return couldNot("not even its own socket was reached");
    return stopped("%d connections, all to its own socket", own);
}
