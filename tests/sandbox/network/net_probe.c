/* What a program in a sandbox can try with a network: belljar-net-probe "VERB ARGUMENTS" ...
 *
 * One line for each try: "VERB ok|fail ERRNO MICROSECONDS TEXT". Text is what the peer answered, or the step that
 * failed. The same program shows outside that the try itself is sound. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_io_uring_setup
#define SYS_io_uring_setup 425
#endif

enum { kPatienceMs = 3000 };

static char g_text[65536];
static const char* g_step = "";

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

static int failed(const char* step)
{
    g_step = step;
    return -1;
}

struct Peer {
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
    } address;
    socklen_t length;
};

static struct Peer peerOf(const char* host, const char* port)
{
    struct Peer peer;
    memset(&peer, 0, sizeof peer);
    const in_port_t number = htons((uint16_t)atoi(port));
    if (inet_pton(AF_INET, host, &peer.address.four.sin_addr) == 1) {
        peer.address.four.sin_family = AF_INET;
        peer.address.four.sin_port = number;
        peer.length = sizeof peer.address.four;
    } else if (inet_pton(AF_INET6, host, &peer.address.six.sin6_addr) == 1) {
        peer.address.six.sin6_family = AF_INET6;
        peer.address.six.sin6_port = number;
        peer.length = sizeof peer.address.six;
    } else {
        fprintf(stderr, "no address: %s\n", host);
        exit(2);
    }
    return peer;
}

static int open_(int family, int type, int protocol)
{
    const int made = socket(family, type | SOCK_CLOEXEC, protocol);
    if (made < 0) return failed("socket");
    const struct timeval patience = {.tv_sec = kPatienceMs / 1000};
    setsockopt(made, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(made, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    return made;
}

/* Sends and half-closes, reads to the end. */
static int talk(int stream, const char* text)
{
    if (text[0] != '\0' && send(stream, text, strlen(text), MSG_NOSIGNAL) < 0) return failed("send");
    if (shutdown(stream, SHUT_WR) != 0) return failed("shutdown");
    size_t length = 0;
    for (;;) {
        const ssize_t got = recv(stream, g_text + length, sizeof g_text - 1 - length, 0);
        if (got < 0) return failed("recv");
        if (got == 0) break;
        length += (size_t)got;
        if (length == sizeof g_text - 1) break;
    }
    g_text[length] = '\0';
    return 0;
}

static int answer(int datagrams)
{
    const ssize_t got = recv(datagrams, g_text, sizeof g_text - 1, 0);
    if (got < 0) return failed("recv");
    g_text[got] = '\0';
    return 0;
}

static int tryTcp(char** words)
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
static int tryTcpNonBlocking(char** words)
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

static int tryTcpMapped(char** words)
{
    const struct Peer peer = mapped(words[0], words[1]);
    const int stream = open_(AF_INET6, SOCK_STREAM, 0);
    if (stream < 0) return -1;
    if (connect(stream, &peer.address.any, peer.length) != 0) return failed("connect");
    return talk(stream, words[2]);
}

static int tryUdpMapped(char** words)
{
    const struct Peer peer = mapped(words[0], words[1]);
    const int made = open_(AF_INET6, SOCK_DGRAM, 0);
    if (made < 0) return -1;
    if (connect(made, &peer.address.any, peer.length) != 0) return failed("connect");
    if (send(made, words[2], strlen(words[2]), 0) < 0) return failed("send");
    return answer(made);
}

/* Connected where it may, dissolved, connected again: allowed host and port, other host and port, text. */
static int tryUnspec(char** words)
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

static int tryUdpUnspec(char** words)
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

static int tryFastOpen(char** words)
{
    const struct Peer peer = peerOf(words[0], words[1]);
    const int stream = open_(peer.address.any.sa_family, SOCK_STREAM, 0);
    if (stream < 0) return -1;
    if (sendto(stream, words[2], strlen(words[2]), MSG_FASTOPEN | MSG_NOSIGNAL, &peer.address.any, peer.length) < 0)
        return failed("sendto");
    return talk(stream, "");
}

static int tryFastOpenConnect(char** words)
{
    const struct Peer peer = peerOf(words[0], words[1]);
    const int stream = open_(peer.address.any.sa_family, SOCK_STREAM, 0);
    if (stream < 0) return -1;
    const int yes = 1;
    setsockopt(stream, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, &yes, sizeof yes);
    if (connect(stream, &peer.address.any, peer.length) != 0) return failed("connect");
    return talk(stream, words[2]);
}

static int tryUdp(char** words)
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

static int tryUdpTo(char** words)
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

static int tryUdpSendmsg(char** words)
{
    return tryUdpMessage(words, 0);
}

static int tryUdpSendmmsg(char** words)
{
    return tryUdpMessage(words, 1);
}

/* A datagram of many bytes, which comes back whole: host, port, bytes. */
static int tryUdpLarge(char** words)
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

static int trySocket(int family, int type, int protocol)
{
    const int made = socket(family, type | SOCK_CLOEXEC, protocol);
    if (made < 0) return failed("socket");
    close(made);
    return 0;
}

static int tryRaw(char** words)
{
    (void)words;
    return trySocket(AF_INET, SOCK_RAW, IPPROTO_RAW);
}

static int tryRaw6(char** words)
{
    (void)words;
    return trySocket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);
}

static int tryPacket(char** words)
{
    (void)words;
    return trySocket(AF_PACKET, SOCK_RAW, 0);
}

static int tryPing(char** words)
{
    const struct Peer peer = peerOf(words[0], "0");
    const int made = open_(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
    if (made < 0) return -1;
    const char echo[8] = {8};
    if (sendto(made, echo, sizeof echo, 0, &peer.address.any, peer.length) < 0) return failed("sendto");
    return answer(made);
}

static int tryVsock(char** words)
{
    (void)words;
    const int made = socket(AF_VSOCK, SOCK_STREAM, 0);
    if (made < 0) return failed("socket");
    const struct sockaddr_vm host = {.svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_HOST, .svm_port = 1024};
    if (connect(made, (const struct sockaddr*)&host, sizeof host) != 0) return failed("connect");
    return 0;
}

/* An existing transport other than TCP and UDP: number, host, port, text. */
static int tryTransport(char** words)
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

static int tryIoUring(char** words)
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
static int tryFlush(char** words)
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
static int tryAddAddress(char** words)
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

static int tryNestedNamespace(char** words)
{
    (void)words;
    return unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0 ? 0 : failed("unshare");
}

static int tryJoinNamespace(char** words)
{
    (void)words;
    const int space = open("/proc/1/ns/net", O_RDONLY | O_CLOEXEC);
    if (space < 0) return failed("open");
    return setns(space, CLONE_NEWNET) == 0 ? 0 : failed("setns");
}

static int tryTun(char** words)
{
    (void)words;
    const int made = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
    return made < 0 ? failed("open") : 0;
}

static int tryAbstract(char** words)
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

static int tryUnixPath(char** words)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", words[0]);
    const int made = open_(AF_UNIX, SOCK_STREAM, 0);
    if (made < 0) return -1;
    if (connect(made, (const struct sockaddr*)&address, sizeof address) != 0) return failed("connect");
    return talk(made, "unix");
}

static int tryTransparent(char** words)
{
    (void)words;
    const int made = open_(AF_INET, SOCK_STREAM, 0);
    const int yes = 1;
    return setsockopt(made, IPPROTO_IP, IP_TRANSPARENT, &yes, sizeof yes) == 0 ? 0 : failed("setsockopt");
}

/* A mark, which the packet filter reads: number, host, port, text. */
static int tryMark(char** words)
{
    const struct Peer peer = peerOf(words[1], words[2]);
    const int stream = open_(peer.address.any.sa_family, SOCK_STREAM, 0);
    const unsigned mark = (unsigned)strtoul(words[0], NULL, 0);
    if (setsockopt(stream, SOL_SOCKET, SO_MARK, &mark, sizeof mark) != 0) return failed("setsockopt");
    if (connect(stream, &peer.address.any, peer.length) != 0) return failed("connect");
    return talk(stream, words[3]);
}

/* In the name of somebody else: source, host, port, text. */
static int tryFrom(char** words)
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

static int tryUdpFrom(char** words)
{
    const struct Peer source = peerOf(words[0], "5353");
    const struct Peer peer = peerOf(words[1], words[2]);
    const int made = open_(peer.address.any.sa_family, SOCK_DGRAM, 0);
    if (bind(made, &source.address.any, source.length) != 0) return failed("bind");
    if (connect(made, &peer.address.any, peer.length) != 0) return failed("connect");
    if (send(made, words[3], strlen(words[3]), 0) < 0) return failed("send");
    return answer(made);
}

/* The sandbox's own loopback goes on to work: a listener and a client, at that address. */
static int tryOwn(char** words)
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

/* Holds a connection, says so, and tells how it ends: host, port. */
static int tryHold(char** words)
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
static int tryBulk(char** words)
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

static int trySleep(char** words)
{
    usleep((useconds_t)atoi(words[0]) * 1000);
    return 0;
}

static const struct {
    const char* verb;
    int words;
    int (*attempt)(char** words);
} kVerbs[] = {
    {"tcp", 3, tryTcp},
    {"tcp-nonblocking", 3, tryTcpNonBlocking},
    {"tcp-mapped", 3, tryTcpMapped},
    {"udp-mapped", 3, tryUdpMapped},
    {"unspec", 5, tryUnspec},
    {"udp-unspec", 5, tryUdpUnspec},
    {"fastopen", 3, tryFastOpen},
    {"fastopen-connect", 3, tryFastOpenConnect},
    {"udp", 3, tryUdp},
    {"udp-to", 3, tryUdpTo},
    {"udp-sendmsg", 3, tryUdpSendmsg},
    {"udp-sendmmsg", 3, tryUdpSendmmsg},
    {"udp-large", 3, tryUdpLarge},
    {"raw", 0, tryRaw},
    {"raw6", 0, tryRaw6},
    {"packet", 0, tryPacket},
    {"ping", 1, tryPing},
    {"vsock", 0, tryVsock},
    {"transport", 4, tryTransport},
    {"io-uring", 0, tryIoUring},
    {"flush", 0, tryFlush},
    {"add-address", 0, tryAddAddress},
    {"nested-namespace", 0, tryNestedNamespace},
    {"join-namespace", 0, tryJoinNamespace},
    {"tun", 0, tryTun},
    {"abstract", 1, tryAbstract},
    {"unix-path", 1, tryUnixPath},
    {"transparent", 0, tryTransparent},
    {"mark", 4, tryMark},
    {"from", 4, tryFrom},
    {"udp-from", 4, tryUdpFrom},
    {"own", 1, tryOwn},
    {"hold", 2, tryHold},
    {"bulk", 3, tryBulk},
    {"sleep", 1, trySleep},
};

static void run(char* line)
{
    char* words[8] = {0};
    int count = 0;
    for (char* word = strtok(line, " "); word != NULL && count < 8; word = strtok(NULL, " ")) words[count++] = word;
    for (size_t i = 0; i < sizeof kVerbs / sizeof *kVerbs; ++i) {
        if (count == 0 || strcmp(words[0], kVerbs[i].verb) != 0 || count != kVerbs[i].words + 1) continue;
        const int before = open("/dev/null", O_RDONLY | O_CLOEXEC);
        g_text[0] = '\0';
        g_step = "";
        errno = 0;
        const long long begin = now();
        const int result = kVerbs[i].attempt(words + 1);
        const int error = result == 0 ? 0 : errno;
        printf("%s %s %d %lld %s\n", words[0], result == 0 ? "ok" : "fail", error, now() - begin,
               result == 0 ? g_text : g_step);
        fflush(stdout);
        close_range((unsigned)before, ~0U, 0);
        return;
    }
    fprintf(stderr, "no such try: %s\n", line);
    exit(2);
}

int main(int argc, char** argv)
{
    for (int i = 1; i < argc; ++i) run(argv[i]);
    return 0;
}
