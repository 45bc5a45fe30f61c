/* Both ends of what the network bench measures.
 *
 *   belljar-bench-network serve PORT          echoes on every address, until it is killed; one line when it listens
 *   belljar-bench-network talk HOST PORT N    N connections with a first byte, then N round trips on one: JSON
 *   belljar-bench-network bulk HOST PORT N    N bytes one way and a word back: seconds as JSON
 *   belljar-bench-network refused HOST PORT N how long N refused connections take: JSON
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static char g_room[262144];

static double micros(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static _Noreturn void die(const char* what)
{
    fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
    exit(1);
}

static struct sockaddr_in peerOf(const char* host, const char* port)
{
    struct sockaddr_in peer = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
    if (inet_pton(AF_INET, host, &peer.sin_addr) != 1) die("address");
    return peer;
}

static int newSocket(void)
{
    const int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    if (made < 0) die("socket");
    setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return made;
}

/* A first byte 'b' begins a bulk: everything is swallowed and a word is said at the end. */
static void serve(const char* port)
{
    const int listener = newSocket();
    const int yes = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    struct sockaddr_in own = peerOf("0.0.0.0", port);
    if (bind(listener, (const struct sockaddr*)&own, sizeof own) != 0 || listen(listener, 1024) != 0) die("listen");
    static char bulk[65536];
    const int set = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event interest = {.events = EPOLLIN, .data.fd = listener};
    epoll_ctl(set, EPOLL_CTL_ADD, listener, &interest);
    printf("ready\n");
    fflush(stdout);
    for (;;) {
        struct epoll_event ready[64];
        const int count = epoll_wait(set, ready, 64, -1);
        for (int i = 0; i < count; ++i) {
            const int fd = ready[i].data.fd;
            if (fd == listener) {
                const int peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
                if (peer < 0) continue;
                setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
                bulk[peer] = 0;
                interest.data.fd = peer;
                epoll_ctl(set, EPOLL_CTL_ADD, peer, &interest);
                continue;
            }
            const ssize_t got = recv(fd, g_room, sizeof g_room, 0);
            if (got > 0 && bulk[fd] == 0) bulk[fd] = g_room[0] == 'b' ? 'b' : 'e';
            if (got > 0 && bulk[fd] == 'e') send(fd, g_room, (size_t)got, MSG_NOSIGNAL);
            if (got <= 0) {
                if (bulk[fd] == 'b') send(fd, "done", 4, MSG_NOSIGNAL);
                close(fd);
            }
        }
    }
}

static void print(const char* name, const double* values, int count, const char* end)
{
    printf("\"%s\": [", name);
    for (int i = 0; i < count; ++i) printf("%s%.2f", i == 0 ? "" : ", ", values[i]);
    printf("]%s", end);
}

/* What others have to do about the last connection is not the next one's: they get this processor until they are done.
 * Sleeping would give it to programs that have nothing to do with it. */
static void settle(void)
{
    const double end = micros() + 100;
    while (micros() < end) sched_yield();
}

static void talk(const struct sockaddr_in* peer, int rounds)
{
    double* connects = calloc((size_t)rounds, sizeof *connects);
    double* firsts = calloc((size_t)rounds, sizeof *firsts);
    double* trips = calloc((size_t)rounds, sizeof *trips);
    char byte = 'e';
    for (int i = 0; i < rounds; ++i) {
        const int stream = newSocket();
        const double begin = micros();
        if (connect(stream, (const struct sockaddr*)peer, sizeof *peer) != 0) die("connect");
        connects[i] = micros() - begin;
        if (send(stream, &byte, 1, 0) != 1 || recv(stream, &byte, 1, 0) != 1) die("first byte");
        firsts[i] = micros() - begin;
        close(stream);
        settle();
    }
    const int stream = newSocket();
    if (connect(stream, (const struct sockaddr*)peer, sizeof *peer) != 0) die("connect");
    for (int i = 0; i < rounds; ++i) {
        const double begin = micros();
        if (send(stream, &byte, 1, 0) != 1 || recv(stream, &byte, 1, 0) != 1) die("round trip");
        trips[i] = micros() - begin;
    }
    printf("{");
    print("connect", connects, rounds, ", ");
    print("first", firsts, rounds, ", ");
    print("trip", trips, rounds, "}\n");
}

static void bulk(const struct sockaddr_in* peer, long long bytes)
{
    memset(g_room, 'b', sizeof g_room);
    const int stream = newSocket();
    if (connect(stream, (const struct sockaddr*)peer, sizeof *peer) != 0) die("connect");
    const double begin = micros();
    for (long long left = bytes; left > 0;) {
        const ssize_t sent = send(stream, g_room, left < (long long)sizeof g_room ? (size_t)left : sizeof g_room, 0);
        if (sent < 0) die("send");
        left -= sent;
    }
    shutdown(stream, SHUT_WR);
    if (recv(stream, g_room, sizeof g_room, MSG_WAITALL) != 4) die("answer");
    printf("{\"seconds\": %.6f}\n", (micros() - begin) / 1e6);
}

static void refused(const struct sockaddr_in* peer, int rounds)
{
    double* times = calloc((size_t)rounds, sizeof *times);
    for (int i = 0; i < rounds; ++i) {
        const int stream = newSocket();
        const double begin = micros();
        if (connect(stream, (const struct sockaddr*)peer, sizeof *peer) == 0) die("this should be refused");
        times[i] = micros() - begin;
        close(stream);
    }
    printf("{");
    print("refused", times, rounds, "}\n");
}

int main(int argc, char** argv)
{
    if (argc == 3 && strcmp(argv[1], "serve") == 0) serve(argv[2]);
    if (argc != 5) return 2;
    const struct sockaddr_in peer = peerOf(argv[2], argv[3]);
    if (strcmp(argv[1], "talk") == 0) talk(&peer, atoi(argv[4]));
    else if (strcmp(argv[1], "bulk") == 0) bulk(&peer, atoll(argv[4]));
    else if (strcmp(argv[1], "refused") == 0) refused(&peer, atoi(argv[4]));
    else return 2;
    return 0;
}
