/* unix_socket PATH: reaches for a unix socket of the host by its path (a container daemon, an agent with keys), with
 * every type of socket and every call, by its path, a relative path, a link, and after a rename where that is possible.
 * With BELLJAR_PROBE_WAIT it first makes PATH.ready and waits for PATH.go. Escape: a connection is made, something is
 * sent, or the kernel complains about the type of the socket, to which it must have come. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "tests/probes/probe.h"

static const int kTypes[] = {SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM};

enum { kConnect, kSendTo, kSendMessage, kSendMessages, kWays };

static int attempt(int fd, int way, struct sockaddr_un* address)
{
    char text[] = "probe";
    struct iovec part = {text, sizeof text};
    struct mmsghdr many = {
        .msg_hdr = {.msg_name = address, .msg_namelen = sizeof *address, .msg_iov = &part, .msg_iovlen = 1}};
    switch (way) {
        case kConnect: return connect(fd, (const struct sockaddr*)address, sizeof *address);
        case kSendTo:
            return sendto(fd, text, sizeof text, MSG_NOSIGNAL, (const struct sockaddr*)address, sizeof *address) < 0;
        case kSendMessage: return sendmsg(fd, &many.msg_hdr, MSG_NOSIGNAL) < 0;
        default: return sendmmsg(fd, &many, 1, MSG_NOSIGNAL) != 1;
    }
}

/* 1 when the socket at `path` was reached in any way. */
static int reach(const char* path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) return 0;
    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    for (size_t type = 0; type < sizeof kTypes / sizeof *kTypes; ++type) {
        for (int way = 0; way < kWays; ++way) {
            const int fd = socket(AF_UNIX, kTypes[type], 0);
            if (fd < 0) return 0;
            const int failed = attempt(fd, way, &address);
            const int error = errno;
            close(fd);
            errno = error;
            if (!failed || error == EPROTOTYPE) return 1;
        }
    }
    return 0;
}

static void waitForGo(const char* path)
{
    char name[512];
    snprintf(name, sizeof name, "%s.ready", path);
    close(open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    snprintf(name, sizeof name, "%s.go", path);
    for (int i = 0; i < 1000 && access(name, F_OK) != 0; ++i) {
        const struct timespec pause = {.tv_nsec = 5 * 1000 * 1000};
        nanosleep(&pause, NULL);
    }
}

PROBE(unix_socket)
{
    if (argc != 2) return couldNot("usage: unix_socket PATH");
    const char* path = argv[1];
    char other[512];
    if (getenv("BELLJAR_PROBE_WAIT") != NULL) waitForGo(path);
    if (reach(path)) return escaped("reached %s", path);
    const int error = errno;
    snprintf(other, sizeof other, "/tmp/link-%d", getpid());
    const int linked = symlink(path, other) == 0 && reach(other);
    unlink(other);
    if (linked) return escaped("reached %s through a link", path);
    snprintf(other, sizeof other, "%s.renamed", path);
    if (rename(path, other) == 0) {
        const int renamed = reach(other);
        rename(other, path);
        if (renamed) return escaped("reached %s after a rename", path);
    }
    snprintf(other, sizeof other, "%s.linked", path);
    if (link(path, other) == 0) {
        const int hard = reach(other);
        unlink(other);
        if (hard) return escaped("reached %s by a hard link", path);
    }
    snprintf(other, sizeof other, "%s", path);
    char* slash = strrchr(other, '/');
    *slash = 0;
    if (chdir(other) == 0 && reach(slash + 1)) return escaped("reached %s by a relative path", path);
    errno = error;
    return stopped("%s", path);
}
