/* own_sockets FOLDER...: what a program does with sockets of its own: streams, packets and datagrams at paths in each
 * FOLDER and at abstract names, after a rename, passing descriptors, with a listener whose queue is full, over TCP and
 * UDP on the loopback interface, in messages of some megabytes. Nothing forbidden; STOPPED says that all of it works.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "tests/probes/probe.h"

static const char* g_step = "";

static int made(const char* step, int fine)
{
    if (fine) errno = 0;
    else g_step = step;
    return fine;
}

static int streams(const char* path, int type)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char moved[sizeof address.sun_path];
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    snprintf(moved, sizeof moved, "%.90s.moved", path);
    const int listener = socket(AF_UNIX, type, 0);
    if (!made("bind", bind(listener, (struct sockaddr*)&address, sizeof address) == 0 && listen(listener, 4) == 0))
        return 0;
    int one = socket(AF_UNIX, type, 0);
    if (!made("connect", connect(one, (struct sockaddr*)&address, sizeof address) == 0)) return 0;
    int other = accept(listener, NULL, NULL);
    char text[8] = "";
    if (!made("talk", write(one, "hello", 5) == 5 && read(other, text, sizeof text) == 5)) return 0;
    close(one);
    close(other);
    if (!made("rename", rename(path, moved) == 0)) return 0;
    snprintf(address.sun_path, sizeof address.sun_path, "%.100s", moved);
    one = socket(AF_UNIX, type, 0);
    if (!made("connect after rename", connect(one, (struct sockaddr*)&address, sizeof address) == 0)) return 0;
    close(one);
    close(listener);
    one = socket(AF_UNIX, type, 0);
    const int refused = connect(one, (struct sockaddr*)&address, sizeof address) != 0 && errno == ECONNREFUSED;
    close(one);
    unlink(moved);
    return made("connection refused once closed", refused);
}

static int datagrams(const char* path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    const int box = socket(AF_UNIX, SOCK_DGRAM, 0);
    const int pen = socket(AF_UNIX, SOCK_DGRAM, 0);
    if (!made("bind datagrams", bind(box, (struct sockaddr*)&address, sizeof address) == 0)) return 0;
    char text[64] = "";
    struct iovec parts[2] = {{"he", 2}, {"llo", 3}};
    struct mmsghdr many[2];
    memset(many, 0, sizeof many);
    for (int i = 0; i < 2; ++i)
        many[i].msg_hdr =
            (struct msghdr){.msg_name = &address, .msg_namelen = sizeof address, .msg_iov = parts, .msg_iovlen = 2};
    if (!made("sendto", sendto(pen, "hello", 5, 0, (struct sockaddr*)&address, sizeof address) == 5)) return 0;
    if (!made("sendmsg", sendmsg(pen, &many[0].msg_hdr, 0) == 5)) return 0;
    if (!made("sendmmsg", sendmmsg(pen, many, 2, 0) >= 1 && many[0].msg_len == 5)) return 0;
    for (int i = 0; i < 3; ++i)
        if (!made("receive", recv(box, text, sizeof text, 0) == 5 && memcmp(text, "hello", 5) == 0)) return 0;
    close(box);
    close(pen);
    unlink(path);
    return 1;
}

static int passing(void)
{
    int pair[2];
    int ends[2];
    if (!made("pair", socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0 && pipe(ends) == 0)) return 0;
    char room[CMSG_SPACE(sizeof(int))];
    char text[8] = "fd";
    struct iovec part = {text, 2};
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
    memset(room, 0, sizeof room);
    struct cmsghdr* item = CMSG_FIRSTHDR(&header);
    item->cmsg_level = SOL_SOCKET;
    item->cmsg_type = SCM_RIGHTS;
    item->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(item), &ends[0], sizeof(int));
    if (!made("pass a descriptor", sendmsg(pair[0], &header, 0) == 2)) return 0;
    header.msg_controllen = sizeof room;
    if (!made("take a descriptor", recvmsg(pair[1], &header, 0) == 2)) return 0;
    int taken = -1;
    memcpy(&taken, CMSG_DATA(CMSG_FIRSTHDR(&header)), sizeof taken);
    if (!made("use it", write(ends[1], "via", 3) == 3 && read(taken, text, sizeof text) == 3)) return 0;
    return 1;
}

static void* acceptLate(void* listener)
{
    const struct timespec pause = {.tv_nsec = 100 * 1000 * 1000};
    nanosleep(&pause, NULL);
    for (int i = 0; i < 3; ++i) accept(*(int*)listener, NULL, NULL);
    return NULL;
}

static int fullQueue(const char* path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    if (!made("bind a queue",
              bind(listener, (struct sockaddr*)&address, sizeof address) == 0 && listen(listener, 0) == 0))
        return 0;
    const int first = socket(AF_UNIX, SOCK_STREAM, 0);
    if (!made("fill the queue", connect(first, (struct sockaddr*)&address, sizeof address) == 0)) return 0;
    const int impatient = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (!made("do not wait", connect(impatient, (struct sockaddr*)&address, sizeof address) != 0 && errno == EAGAIN))
        return 0;
    pthread_t thread;
    pthread_create(&thread, NULL, acceptLate, &listener);
    const int patient = socket(AF_UNIX, SOCK_STREAM, 0);
    const int waited = connect(patient, (struct sockaddr*)&address, sizeof address) == 0;
    const int third = socket(AF_UNIX, SOCK_STREAM, 0);
    connect(third, (struct sockaddr*)&address, sizeof address);
    pthread_join(thread, NULL);
    unlink(path);
    return made("wait for a place in the queue", waited);
}

enum { kLarge = 5000000 };

static void* readAll(void* fd)
{
    static char part[65536];
    long count = 0;
    ssize_t length = 0;
    while (count < kLarge && (length = read(*(int*)fd, part, sizeof part)) > 0) count += length;
    return (void*)count;
}

static int loopback(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (!made("bind tcp", bind(listener, (struct sockaddr*)&address, sizeof address) == 0 && listen(listener, 4) == 0))
        return 0;
    getsockname(listener, (struct sockaddr*)&address, &length);
    const int one = socket(AF_INET, SOCK_STREAM, 0);
    if (!made("connect tcp", connect(one, (struct sockaddr*)&address, sizeof address) == 0)) return 0;
    int other = accept(listener, NULL, NULL);
    char* large = calloc(1, kLarge);
    struct iovec part = {large, kLarge};
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
    pthread_t reader;
    void* count = NULL;
    pthread_create(&reader, NULL, readAll, &other);
    const ssize_t sent = sendmsg(one, &header, 0);
    shutdown(one, SHUT_WR);
    pthread_join(reader, &count);
    free(large);
    if (!made("send 5 MB in one message", sent == kLarge && (long)count == kLarge)) return 0;
    const int box = socket(AF_INET, SOCK_DGRAM, 0);
    const int pen = socket(AF_INET, SOCK_DGRAM, 0);
    address.sin_port = 0;
    length = sizeof address;
    char text[8];
    if (!made("bind udp", bind(box, (struct sockaddr*)&address, sizeof address) == 0)) return 0;
    getsockname(box, (struct sockaddr*)&address, &length);
    return made("udp", sendto(pen, "udp", 3, 0, (struct sockaddr*)&address, length) == 3 &&
                           recv(box, text, sizeof text, 0) == 3);
}

PROBE(own_sockets)
{
    int fine = argc >= 2 && passing() && loopback();
    for (int i = 1; i < argc && fine; ++i) {
        char path[100];
        snprintf(path, sizeof path, "%s/own-%d", argv[i], getpid());
        fine = streams(path, SOCK_STREAM) && streams(path, SOCK_SEQPACKET) && datagrams(path) && fullQueue(path);
        if (fine && chdir(argv[i]) == 0) fine = streams("relative", SOCK_STREAM) && datagrams("relative");
    }
    return fine ? stopped("sockets of its own work") : couldNot("%s", g_step);
}
