/* What takes its time, or has two ends in the sandbox. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "tests/sandbox/network/net_probe.h"

enum { kServePatienceMs = 20000 };

/* The sandbox's own loopback goes on to work: a listener and a client, at that address. */
int tryOwn(char** words)
{
    struct Peer own = peerOf(words[0], "0");
    const int listener = open_(own.address.any.sa_family, SOCK_STREAM, 0);
    if (bind(listener, &own.address.any, own.length) != 0) return failed("bind");
    if (listen(listener, 1) != 0) return failed("listen");
    getsockname(listener, &own.address.any, &own.length);
    const int client = open_(own.address.any.sa_family, SOCK_STREAM, 0);
    if (connect(client, &own.address.any, own.length) != 0) return failed("connect");
    const int other = accept(listener, NULL, NULL);
    if (other < 0) return failed("accept");
    if (send(other, "own", 3, 0) != 3) return failed("send");
    close(other);
    return talk(client, "");
}

/* Sends so many bytes and ends the program: host, port, bytes. */
int trySendAndEnd(char** words)
{
    static const char part[65536];
    const struct Peer peer = peerOf(words[0], words[1]);
    const int stream = open_(peer.address.any.sa_family, SOCK_STREAM, 0);
    if (stream < 0) return -1;
    if (connect(stream, &peer.address.any, peer.length) != 0) return failed("connect");
    for (long long left = atoll(words[2]); left > 0;) {
        const ssize_t sent = send(stream, part, left < (long long)sizeof part ? (size_t)left : sizeof part, 0);
        if (sent < 0) return failed("send");
        left -= sent;
    }
    _exit(0);
}

/* Holds a connection, says so, and tells how it ends: host, port. */
int tryHold(char** words)
{
    const struct Peer peer = peerOf(words[0], words[1]);
    const int stream = open_(peer.address.any.sa_family, SOCK_STREAM, 0);
    if (stream < 0) return -1;
    if (connect(stream, &peer.address.any, peer.length) != 0) return failed("connect");
    printf("hold ok 0 0 held\n");
    fflush(stdout);
    const struct timeval patience = {.tv_sec = 20};
    setsockopt(stream, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    const ssize_t got = recv(stream, g_text, sizeof g_text - 1, 0);
    if (got < 0) return failed("recv");
    g_text[got] = '\0';
    return 0;
}

/* Host, port, bytes: all of it comes back. */
int tryBulk(char** words)
{
    static char part[262144];
    const struct Peer peer = peerOf(words[0], words[1]);
    const long long size = atoll(words[2]);
    const int stream = open_(peer.address.any.sa_family, SOCK_STREAM, 0);
    if (stream < 0) return -1;
    if (connect(stream, &peer.address.any, peer.length) != 0) return failed("connect");
    fcntl(stream, F_SETFL, O_NONBLOCK);
    long long out = 0;
    long long back = 0;
    while (back < size) {
        struct pollfd wait = {.fd = stream, .events = (short)(POLLIN | (out < size ? POLLOUT : 0))};
        if (poll(&wait, 1, kPatienceMs) <= 0) {
            errno = ETIMEDOUT;
            return failed("poll");
        }
        if (out < size && (wait.revents & POLLOUT)) {
            const long long left = size - out;
            for (long long i = 0; i < (long long)sizeof part; ++i) part[i] = (char)((out + i) * 31 >> 3);
            const ssize_t sent =
                send(stream, part, left < (long long)sizeof part ? (size_t)left : sizeof part, MSG_NOSIGNAL);
            if (sent < 0 && errno != EAGAIN) return failed("send");
            if (sent > 0) out += sent;
            if (out == size) shutdown(stream, SHUT_WR);
        }
        const ssize_t got = recv(stream, g_text, sizeof g_text, 0);
        if (got < 0 && errno != EAGAIN) return failed("recv");
        if (got == 0) break;
        for (ssize_t i = 0; i < got; ++i)
            if (g_text[i] != (char)((back + i) * 31 >> 3)) {
                errno = EBADMSG;
                return failed("other bytes");
            }
        if (got > 0) back += got;
    }
    snprintf(g_text, sizeof g_text, "%lld", back);
    return 0;
}

/* Waits for connections and sends back what comes, one after the other: host, port, how many. Says when it begins; the
 * text is who came last. */
int tryServe(char** words)
{
    const struct Peer own = peerOf(words[0], words[1]);
    const int listener = open_(own.address.any.sa_family, SOCK_STREAM, 0);
    const int yes = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, &own.address.any, own.length) != 0) return failed("bind");
    if (listen(listener, 8) != 0) return failed("listen");
    printf("serve ok 0 0 listening\n");
    fflush(stdout);
    for (int left = atoi(words[2]); left > 0; --left) {
        struct Peer from = {.length = sizeof from.address};
        struct pollfd wait = {.fd = listener, .events = POLLIN};
        if (poll(&wait, 1, kServePatienceMs) <= 0) return failed("poll");
        const int peer = accept(listener, &from.address.any, &from.length);
        if (peer < 0) return failed("accept");
        char part[4096];
        ssize_t got = 0;
        while ((got = recv(peer, part, sizeof part, 0)) > 0)
            if (send(peer, part, (size_t)got, MSG_NOSIGNAL) != got) break;
        close(peer);
        const int isIpv6 = from.address.any.sa_family == AF_INET6;
        const void* address = isIpv6 ? (void*)&from.address.six.sin6_addr : (void*)&from.address.four.sin_addr;
        inet_ntop(from.address.any.sa_family, address, g_text, sizeof g_text);
    }
    return 0;
}

/* The same with datagrams; an empty one counts, and is not answered. */
int tryServeUdp(char** words)
{
    static char part[65536];
    const struct Peer own = peerOf(words[0], words[1]);
    const int served = open_(own.address.any.sa_family, SOCK_DGRAM, 0);
    if (bind(served, &own.address.any, own.length) != 0) return failed("bind");
    printf("serve-udp ok 0 0 listening\n");
    fflush(stdout);
    for (int left = atoi(words[2]); left > 0; --left) {
        struct Peer from = {.length = sizeof from.address};
        struct pollfd wait = {.fd = served, .events = POLLIN};
        if (poll(&wait, 1, kServePatienceMs) <= 0) return failed("poll");
        const ssize_t got = recvfrom(served, part, sizeof part, 0, &from.address.any, &from.length);
        if (got < 0) return failed("recvfrom");
        if (got > 0 && sendto(served, part, (size_t)got, 0, &from.address.any, from.length) != got)
            return failed("sendto");
        const int isIpv6 = from.address.any.sa_family == AF_INET6;
        const void* address = isIpv6 ? (void*)&from.address.six.sin6_addr : (void*)&from.address.four.sin_addr;
        inet_ntop(from.address.any.sa_family, address, g_text, sizeof g_text);
    }
    return 0;
}

int trySleep(char** words)
{
    usleep((useconds_t)atoi(words[0]) * 1000);
    return 0;
}
