/* What the tries of belljar-net-probe share; each file of tries_*.c holds those of one kind. */
#ifndef BELLJAR_NET_PROBE_H
#define BELLJAR_NET_PROBE_H

#include <netinet/in.h>
#include <sys/socket.h>

enum { kPatienceMs = 3000, kTextRoom = 65536 };

/* What the peer answered; on one line. */
extern char g_text[kTextRoom];

/* Names the step that failed, with its errno; -1. */
int failed(const char* step);

struct Peer {
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
    } address;
    socklen_t length;
};

/* Ends the program when that is no address. */
struct Peer peerOf(const char* host, const char* port);
/* A socket that waits for kPatienceMs and no longer. */
int open_(int family, int type, int protocol);
/* Sends and half-closes, reads to the end. */
int talk(int stream, const char* text);
/* Reads one datagram. */
int answer(int datagrams);

/* Each takes the words of its line; 0, or -1 with errno. */
int tryTcp(char** words);
int tryTcpNonBlocking(char** words);
int tryTcpMapped(char** words);
int tryUdpMapped(char** words);
int tryUnspec(char** words);
int tryUdpUnspec(char** words);
int tryFastOpen(char** words);
int tryFastOpenConnect(char** words);
int tryUdp(char** words);
int tryUdpTo(char** words);
int tryUdpToHearing(char** words);
int tryUdpSendmsg(char** words);
int tryUdpSendmmsg(char** words);
int tryUdpLarge(char** words);
int tryFamily(char** words);
int tryNetlinkKind(char** words);
int tryRaw(char** words);
int tryRaw6(char** words);
int tryPacket(char** words);
int tryPing(char** words);
int tryEcho(char** words);
int tryEchoOn(char** words);
int tryVsock(char** words);
int tryTransport(char** words);
int tryIoUring(char** words);
int tryFlush(char** words);
int tryAddAddress(char** words);
int tryNestedNamespace(char** words);
int tryJoinNamespace(char** words);
int tryTun(char** words);
int tryAbstract(char** words);
int tryUnixPath(char** words);
int tryTransparent(char** words);
int tryMark(char** words);
int tryFrom(char** words);
int tryUdpFrom(char** words);
int tryOwn(char** words);
int trySendAndEnd(char** words);
int tryHold(char** words);
int tryBulk(char** words);
int tryServe(char** words);
int tryServeUdp(char** words);
int trySleep(char** words);

#endif
