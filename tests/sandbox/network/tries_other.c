/* Ways around the rules: other families and protocols, false names, power over the network. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/vm_sockets.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/sandbox/network/net_probe.h"

#ifndef SYS_io_uring_setup
#define SYS_io_uring_setup 425
#endif

static int trySocket(int family, int type, int protocol)
{
    const int made = socket(family, type | SOCK_CLOEXEC, protocol);
    if (made < 0) return failed("socket");
    close(made);
    return 0;
}

/* A socket of another family, by its number. */
int tryFamily(char** words)
{
    const int family = atoi(words[0]);
    const int made = socket(family, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (made >= 0 || socket(family, SOCK_SEQPACKET | SOCK_CLOEXEC, 0) >= 0) return 0;
    return failed("socket");
}

/* A netlink socket of another kind than programs need, and whether it can be bound. */
int tryNetlinkKind(char** words)
{
    const struct sockaddr_nl all = {.nl_family = AF_NETLINK, .nl_groups = 1};
    const int made = open_(AF_NETLINK, SOCK_RAW, atoi(words[0]));
    if (made < 0) return -1;
    return bind(made, (const struct sockaddr*)&all, sizeof all) == 0 ? 0 : failed("bind");
}

int tryRaw(char** words)
{
    (void)words;
    return trySocket(AF_INET, SOCK_RAW, IPPROTO_RAW);
}

int tryRaw6(char** words)
{
    (void)words;
    return trySocket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);
}

int tryPacket(char** words)
{
    (void)words;
    return trySocket(AF_PACKET, SOCK_RAW, 0);
}

/* An echo request, as ping makes them without privilege: host. */
int tryPing(char** words)
{
    const struct Peer peer = peerOf(words[0], "0");
    const int isIpv6 = peer.address.any.sa_family == AF_INET6;
    const int made = open_(peer.address.any.sa_family, SOCK_DGRAM, isIpv6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
    if (made < 0) return -1;
    const char echo[8] = {(char)(isIpv6 ? 128 : 8)};
    if (sendto(made, echo, sizeof echo, 0, &peer.address.any, peer.length) < 0) return failed("sendto");
    if (answer(made) != 0) return -1;
    g_text[0] = '\0';
    return 0;
}

/* A socket that is tied to its peer hears what becomes of its echo requests. */
static int openEcho(const struct Peer* peer)
{
    const int isIpv6 = peer->address.any.sa_family == AF_INET6;
    const int made = open_(peer->address.any.sa_family, SOCK_DGRAM, isIpv6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
    const int yes = 1;
    if (made < 0) return -1;
    setsockopt(made, isIpv6 ? IPPROTO_IPV6 : IPPROTO_IP, isIpv6 ? IPV6_RECVERR : IP_RECVERR, &yes, sizeof yes);
    return connect(made, &peer->address.any, peer->length) == 0 ? made : failed("connect");
}

/* One request with that number and so many bytes, and the answer to it. */
static int echoOnce(int made, int isIpv6, int number, size_t size)
{
    static unsigned char asked[65536];
    static unsigned char got[65536];
    asked[0] = isIpv6 ? 128 : 8;
    asked[6] = (unsigned char)(number >> 8);
    asked[7] = (unsigned char)number;
    for (size_t i = 0; i < size; ++i) asked[8 + i] = (unsigned char)(i * 7 + (size_t)number);
    if (send(made, asked, 8 + size, 0) < 0) return failed("send");
    const ssize_t length = recv(made, got, sizeof got, 0);
    if (length < 0) return failed("recv");
    const int same =
        (size_t)length == 8 + size && got[0] == (isIpv6 ? 129 : 0) && memcmp(got + 6, asked + 6, 2 + size) == 0;
    if (same) return 0;
    errno = EBADMSG;
    return failed("another answer");
}

/* Host, how many, bytes each. */
int tryEcho(char** words)
{
    const struct Peer peer = peerOf(words[0], "0");
    const int made = openEcho(&peer);
    if (made < 0) return -1;
    for (int number = 1; number <= atoi(words[1]); ++number)
        if (echoOnce(made, peer.address.any.sa_family == AF_INET6, number, (size_t)atoi(words[2])) != 0) return -1;
    return 0;
}

/* Says when the first answer has come, and goes on until one does not. */
int tryEchoOn(char** words)
{
    const struct Peer peer = peerOf(words[0], "0");
    const int made = openEcho(&peer);
    if (made < 0) return -1;
    for (int number = 1;; ++number) {
        if (echoOnce(made, peer.address.any.sa_family == AF_INET6, number, 8) != 0) return -1;
        if (number == 1) printf("echo-on ok 0 0 listening\n");
        fflush(stdout);
        usleep(10000);
    }
}

int tryVsock(char** words)
{
    (void)words;
    const int made = socket(AF_VSOCK, SOCK_STREAM, 0);
    if (made < 0) return failed("socket");
    const struct sockaddr_vm host = {.svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_HOST, .svm_port = 1024};
    if (connect(made, (const struct sockaddr*)&host, sizeof host) != 0) return failed("connect");
    return 0;
}

/* An existing transport other than TCP and UDP: number, host, port, text. */
int tryTransport(char** words)
{
    const int protocol = atoi(words[0]);
    const struct Peer peer = peerOf(words[1], words[2]);
    const int streams = protocol == IPPROTO_MPTCP || protocol == IPPROTO_SCTP;
    const int made = open_(peer.address.any.sa_family, streams ? SOCK_STREAM : SOCK_DGRAM, protocol);
    if (made < 0) return -1;
    if (connect(made, &peer.address.any, peer.length) != 0) return failed("connect");
    if (streams) return talk(made, words[3]);
    if (send(made, words[3], strlen(words[3]), 0) < 0) return failed("send");
    return answer(made);
}

int tryIoUring(char** words)
{
    (void)words;
    char parameters[256] = {0};
    const long made = syscall(SYS_io_uring_setup, 4, parameters);
    return made < 0 ? failed("io_uring_setup") : 0;
}

/* One netlink message, answered by the kernel. */
static int netlink(int protocol, const void* bytes, size_t length)
{
    const int made = open_(AF_NETLINK, SOCK_RAW, protocol);
    if (made < 0) return -1;
    if (send(made, bytes, length, 0) < 0) return failed("send");
    char room[4096];
    const ssize_t got = recv(made, room, sizeof room, 0);
    if (got < 0) return failed("recv");
    const struct nlmsghdr* header = (const struct nlmsghdr*)(const void*)room;
    if (header->nlmsg_type != NLMSG_ERROR) return 0;
    errno = -((const struct nlmsgerr*)NLMSG_DATA(header))->error;
    return errno == 0 ? 0 : failed("refused by the kernel");
}

/* Asks for all rules of the packet filter to go. */
int tryFlush(char** words)
{
    (void)words;
    struct {
        struct nlmsghdr header[1];
        unsigned char general[4];
    } parts[3];
    memset(parts, 0, sizeof parts);
    const unsigned types[3] = {16, 10U << 8U | 2, 17}; /* batch begin, delete table, batch end */
    for (int i = 0; i < 3; ++i) {
        parts[i].header->nlmsg_len = sizeof parts[i];
        parts[i].header->nlmsg_type = (unsigned short)types[i];
        parts[i].header->nlmsg_flags = NLM_F_REQUEST | (i == 1 ? NLM_F_ACK : 0);
        parts[i].general[3] = i == 1 ? 0 : 10;
    }
    return netlink(NETLINK_NETFILTER, parts, sizeof parts);
}

/* Asks for an address of its own on the loopback interface. */
int tryAddAddress(char** words)
{
    (void)words;
    struct {
        struct nlmsghdr header;
        struct ifaddrmsg what;
        struct rtattr attribute;
        unsigned char address[4];
    } message;
    memset(&message, 0, sizeof message);
    message.header.nlmsg_len = sizeof message;
    message.header.nlmsg_type = RTM_NEWADDR;
    message.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE;
    message.what.ifa_family = AF_INET;
    message.what.ifa_prefixlen = 32;
    message.what.ifa_index = 1;
    message.attribute.rta_len = RTA_LENGTH(4);
    message.attribute.rta_type = IFA_LOCAL;
    memcpy(message.address, "\xc0\x00\x02\x63", 4);
    return netlink(NETLINK_ROUTE, &message, sizeof message);
}

int tryNestedNamespace(char** words)
{
    (void)words;
    return unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0 ? 0 : failed("unshare");
}

int tryJoinNamespace(char** words)
{
    (void)words;
    const int space = open("/proc/1/ns/net", O_RDONLY | O_CLOEXEC);
    if (space < 0) return failed("open");
    return setns(space, CLONE_NEWNET) == 0 ? 0 : failed("setns");
}

int tryTun(char** words)
{
    (void)words;
    const int made = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
    return made < 0 ? failed("open") : 0;
}

int tryAbstract(char** words)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const size_t length = strlen(words[0]);
    memcpy(address.sun_path + 1, words[0], length);
    const int made = open_(AF_UNIX, SOCK_STREAM, 0);
    if (made < 0) return -1;
    const socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length);
    if (connect(made, (const struct sockaddr*)&address, size) != 0) return failed("connect");
    return talk(made, "unix");
}

int tryUnixPath(char** words)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", words[0]);
    const int made = open_(AF_UNIX, SOCK_STREAM, 0);
    if (made < 0) return -1;
    if (connect(made, (const struct sockaddr*)&address, sizeof address) != 0) return failed("connect");
    return talk(made, "unix");
}

int tryTransparent(char** words)
{
    (void)words;
    const int made = open_(AF_INET, SOCK_STREAM, 0);
    const int yes = 1;
    return setsockopt(made, IPPROTO_IP, IP_TRANSPARENT, &yes, sizeof yes) == 0 ? 0 : failed("setsockopt");
}

/* A mark, which the packet filter reads: number, host, port, text. */
int tryMark(char** words)
{
    const struct Peer peer = peerOf(words[1], words[2]);
    const int stream = open_(peer.address.any.sa_family, SOCK_STREAM, 0);
    const unsigned mark = (unsigned)strtoul(words[0], NULL, 0);
    if (setsockopt(stream, SOL_SOCKET, SO_MARK, &mark, sizeof mark) != 0) return failed("setsockopt");
    if (connect(stream, &peer.address.any, peer.length) != 0) return failed("connect");
    return talk(stream, words[3]);
}

/* In the name of somebody else: source, host, port, text. */
int tryFrom(char** words)
{
    const struct Peer source = peerOf(words[0], "0");
    const struct Peer peer = peerOf(words[1], words[2]);
    const int stream = open_(peer.address.any.sa_family, SOCK_STREAM, 0);
    const int yes = 1;
    setsockopt(stream, IPPROTO_IP, IP_FREEBIND, &yes, sizeof yes);
    if (bind(stream, &source.address.any, source.length) != 0) return failed("bind");
    if (connect(stream, &peer.address.any, peer.length) != 0) return failed("connect");
    return talk(stream, words[3]);
}

int tryUdpFrom(char** words)
{
    const struct Peer source = peerOf(words[0], "5353");
    const struct Peer peer = peerOf(words[1], words[2]);
    const int made = open_(peer.address.any.sa_family, SOCK_DGRAM, 0);
    if (bind(made, &source.address.any, source.length) != 0) return failed("bind");
    if (connect(made, &peer.address.any, peer.length) != 0) return failed("connect");
    if (send(made, words[3], strlen(words[3]), 0) < 0) return failed("send");
    return answer(made);
}
