/* Connections and datagrams, in the ways in which programs make them. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sandbox/network/net_probe.h"

int tryTcp(char** words)
{
    const struct Peer peer = peerOf(words[0], words[1]);
    const int stream = open_(peer.address.any.sa_family, SOCK_STREAM, 0);
    if (stream < 0) return -1;
    if (connect(stream, &peer.address.any, peer.length) != 0) return failed("connect");
    return talk(stream, words[2]);
}

static int waitConnected(int stream)
{
    struct pollfd wait = {.fd = stream, .events = POLLOUT};
    if (poll(&wait, 1, kPatienceMs) != 1) {
        errno = ETIMEDOUT;
        return failed("poll");
    }
    int error = 0;
    socklen_t length = sizeof error;
    getsockopt(stream, SOL_SOCKET, SO_ERROR, &error, &length);
    errno = error;
    return error == 0 ? 0 : failed("connect");
}

/* As most programs do it. */
int tryTcpNonBlocking(char** words)
{
    const struct Peer peer = peerOf(words[0], words[1]);
    const int stream = open_(peer.address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (stream < 0) return -1;
    if (connect(stream, &peer.address.any, peer.length) != 0 && errno != EINPROGRESS) return failed("connect");
    if (waitConnected(stream) != 0) return -1;
    fcntl(stream, F_SETFL, 0);
    return talk(stream, words[2]);
}

/* IPv4 written as IPv6. */
static struct Peer mapped(const char* host, const char* port)
{
    char text[64];
    snprintf(text, sizeof text, "::ffff:%s", host);
    return peerOf(text, port);
}

int tryTcpMapped(char** words)
{
    const struct Peer peer = mapped(words[0], words[1]);
    const int stream = open_(AF_INET6, SOCK_STREAM, 0);
    if (stream < 0) return -1;
    if (connect(stream, &peer.address.any, peer.length) != 0) return failed("connect");
    return talk(stream, words[2]);
}

int tryUdpMapped(char** words)
{
    const struct Peer peer = mapped(words[0], words[1]);
    const int made = open_(AF_INET6, SOCK_DGRAM, 0);
    if (made < 0) return -1;
    if (connect(made, &peer.address.any, peer.length) != 0) return failed("connect");
    if (send(made, words[2], strlen(words[2]), 0) < 0) return failed("send");
    return answer(made);
}

/* Connected where it may, dissolved, connected again: allowed host and port, other host and port, text. */
int tryUnspec(char** words)
{
    const struct Peer first = peerOf(words[0], words[1]);
    const struct Peer second = peerOf(words[2], words[3]);
    const int stream = open_(first.address.any.sa_family, SOCK_STREAM, 0);
    if (stream < 0) return -1;
    if (connect(stream, &first.address.any, first.length) != 0) return failed("first connect");
    const struct sockaddr none = {.sa_family = AF_UNSPEC};
    if (connect(stream, &none, sizeof none) != 0) return failed("disconnect");
    if (connect(stream, &second.address.any, second.length) != 0) return failed("connect");
    return talk(stream, words[4]);
}

int tryUdpUnspec(char** words)
{
    const struct Peer first = peerOf(words[0], words[1]);
    const struct Peer second = peerOf(words[2], words[3]);
    const int made = open_(first.address.any.sa_family, SOCK_DGRAM, 0);
    if (made < 0) return -1;
    if (connect(made, &first.address.any, first.length) != 0) return failed("first connect");
    const struct sockaddr none = {.sa_family = AF_UNSPEC};
    if (connect(made, &none, sizeof none) != 0) return failed("disconnect");
    if (connect(made, &second.address.any, second.length) != 0) return failed("connect");
    if (send(made, words[4], strlen(words[4]), 0) < 0) return failed("send");
    return answer(made);
}

int tryFastOpen(char** words)
{
    const struct Peer peer = peerOf(words[0], words[1]);
    const int stream = open_(peer.address.any.sa_family, SOCK_STREAM, 0);
    if (stream < 0) return -1;
    if (sendto(stream, words[2], strlen(words[2]), MSG_FASTOPEN | MSG_NOSIGNAL, &peer.address.any, peer.length) < 0)
        return failed("sendto");
    return talk(stream, "");
}

int tryFastOpenConnect(char** words)
{
    const struct Peer peer = peerOf(words[0], words[1]);
    const int stream = open_(peer.address.any.sa_family, SOCK_STREAM, 0);
    if (stream < 0) return -1;
    const int yes = 1;
    setsockopt(stream, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, &yes, sizeof yes);
    if (connect(stream, &peer.address.any, peer.length) != 0) return failed("connect");
    return talk(stream, words[2]);
}

int tryUdp(char** words)
{
    const struct Peer peer = peerOf(words[0], words[1]);
    const int made = open_(peer.address.any.sa_family, SOCK_DGRAM, 0);
    if (made < 0) return -1;
    if (connect(made, &peer.address.any, peer.length) != 0) return failed("connect");
    if (send(made, words[2], strlen(words[2]), 0) < 0) return failed("send");
    return answer(made);
}

/* The answer must come from whom was asked. */
static int answerFrom(int made, const struct Peer* peer)
{
    struct Peer from;
    from.length = sizeof from.address;
    const ssize_t got = recvfrom(made, g_text, sizeof g_text - 1, 0, &from.address.any, &from.length);
    if (got < 0) return failed("recvfrom");
    g_text[got] = '\0';
    if (from.length == peer->length && memcmp(&from.address, &peer->address, 8) == 0) return 0;
    errno = EPROTO;
    return failed("answer from somebody else");
}

/* Without connect, by a program that asks to be told of refusals. */
int tryUdpToHearing(char** words)
{
    const struct Peer peer = peerOf(words[0], words[1]);
    const int isIpv6 = peer.address.any.sa_family == AF_INET6;
    const int made = open_(peer.address.any.sa_family, SOCK_DGRAM, 0);
    const int yes = 1;
    if (made < 0) return -1;
    setsockopt(made, isIpv6 ? IPPROTO_IPV6 : IPPROTO_IP, isIpv6 ? IPV6_RECVERR : IP_RECVERR, &yes, sizeof yes);
    if (sendto(made, words[2], strlen(words[2]), 0, &peer.address.any, peer.length) < 0) return failed("sendto");
    return answerFrom(made, &peer);
}

int tryUdpTo(char** words)
{
    const struct Peer peer = peerOf(words[0], words[1]);
    const int made = open_(peer.address.any.sa_family, SOCK_DGRAM, 0);
    if (made < 0) return -1;
    if (sendto(made, words[2], strlen(words[2]), 0, &peer.address.any, peer.length) < 0) return failed("sendto");
    return answerFrom(made, &peer);
}

static int tryUdpMessage(char** words, int many)
{
    struct Peer peer = peerOf(words[0], words[1]);
    const int made = open_(peer.address.any.sa_family, SOCK_DGRAM, 0);
    if (made < 0) return -1;
    struct iovec part = {.iov_base = words[2], .iov_len = strlen(words[2])};
    struct mmsghdr message = {
        .msg_hdr = {.msg_name = &peer.address, .msg_namelen = peer.length, .msg_iov = &part, .msg_iovlen = 1}};
    const long sent = many ? sendmmsg(made, &message, 1, 0) : sendmsg(made, &message.msg_hdr, 0);
    if (sent < 0) return failed("send");
    return answerFrom(made, &peer);
}

int tryUdpSendmsg(char** words)
{
    return tryUdpMessage(words, 0);
}

int tryUdpSendmmsg(char** words)
{
    return tryUdpMessage(words, 1);
}

/* A datagram of many bytes, which comes back whole: host, port, bytes. */
int tryUdpLarge(char** words)
{
    static char large[65536];
    const struct Peer peer = peerOf(words[0], words[1]);
    const size_t size = (size_t)atoi(words[2]);
    const int made = open_(peer.address.any.sa_family, SOCK_DGRAM, 0);
    if (made < 0) return -1;
    memset(large, 'x', sizeof large);
    if (connect(made, &peer.address.any, peer.length) != 0) return failed("connect");
    if (send(made, large, size, 0) < 0) return failed("send");
    const ssize_t got = recv(made, g_text, sizeof g_text, 0);
    if (got < 0) return failed("recv");
    const int same = (size_t)got == size && memcmp(g_text, large, size) == 0;
    strcpy(g_text, same ? "same" : "other");
    return 0;
}
