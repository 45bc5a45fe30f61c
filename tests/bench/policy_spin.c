/* Runs in a sandbox: tries one thing again and again and notes in a shared file when the answer changes.
 *
 *   policy_spin SHARED read|write PATH
 *   policy_spin SHARED connect HOST:PORT
 *   policy_spin SHARED talk HOST:PORT        the same connection all the time; ECONNRESET while there is none
 *
 * SHARED is a file of one page: see struct Shared. Ends when `stop` is set. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { kPauseNs = 1000 };

struct Shared {
    volatile int64_t changes;   /* How often the answer changed. */
    volatile int64_t changedNs; /* CLOCK_MONOTONIC, after the first call with the new answer. */
    volatile int64_t answer;    /* errno, 0: it works. */
    volatile int64_t stop;
};

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* Without it this program alone holds the folder's lock most of the time, and a grant, which makes an entry there,
 * waits for it: 1 ms at the 99th percentile instead of 0.5. */
static void pauseFor(int64_t ns)
{
    for (const int64_t end = now() + ns; now() < end;) {}
}

static int connectTo(const char* place, int* error)
{
    char host[64];
    const char* colon = strrchr(place, ':');
    snprintf(host, sizeof host, "%.*s", (int)(colon - place), place);
    struct sockaddr_in peer = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(colon + 1))};
    inet_pton(AF_INET, host, &peer.sin_addr);
    const int stream = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    *error = connect(stream, (const struct sockaddr*)&peer, sizeof peer) == 0 ? 0 : errno;
    return stream;
}

static int tryToConnect(const char* place)
{
    int error = 0;
    close(connectTo(place, &error));
    return error;
}

static int tryToTalk(const char* place)
{
    static int stream = -1;
    char byte = 0;
    int error = 0;
    if (stream < 0) stream = connectTo(place, &error);
    if (error == 0 && recv(stream, &byte, 1, MSG_DONTWAIT) < 0 && errno == EAGAIN) return 0;
    close(stream);
    stream = -1;
    return ECONNRESET;
}

static int tryOnce(const char* what, const char* path)
{
    if (strcmp(what, "connect") == 0) return tryToConnect(path);
    if (strcmp(what, "talk") == 0) return tryToTalk(path);
    if (strcmp(what, "write") == 0) return access(path, W_OK) == 0 ? 0 : errno;
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return errno;
    close(file);
    return 0;
}

int main(int argc, char** argv)
{
    if (argc != 4) return 2;
    const int file = open(argv[1], O_RDWR | O_CLOEXEC);
    struct Shared* shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (shared == MAP_FAILED) return 3;
    int before = -1;
    while (!shared->stop) {
        const int answer = tryOnce(argv[2], argv[3]);
        if (answer == before) {
            pauseFor(kPauseNs);
            continue;
        }
        shared->changedNs = now();
        shared->answer = answer;
        __atomic_add_fetch(&shared->changes, 1, __ATOMIC_SEQ_CST);
        before = answer;
    }
    return 0;
}
