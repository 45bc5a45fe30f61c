/* What a program in a sandbox can try with a network: belljar-net-probe "VERB ARGUMENTS" ...
 *
 * One line for each try: "VERB ok|fail ERRNO MICROSECONDS TEXT". Text is what the peer answered, or the step that
 * failed. The same program shows outside that the try itself is sound. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "tests/sandbox/network/net_probe.h"

char g_text[kTextRoom];
static const char* g_step = "";

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

int failed(const char* step)
{
    g_step = step;
    return -1;
}

struct Peer peerOf(const char* host, const char* port)
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

int open_(int family, int type, int protocol)
{
    const int made = socket(family, type | SOCK_CLOEXEC, protocol);
    if (made < 0) return failed("socket");
    const struct timeval patience = {.tv_sec = kPatienceMs / 1000};
    setsockopt(made, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(made, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    return made;
}

int talk(int stream, const char* text)
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

int answer(int datagrams)
{
    const ssize_t got = recv(datagrams, g_text, sizeof g_text - 1, 0);
    if (got < 0) return failed("recv");
    g_text[got] = '\0';
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
    {"udp-to-hearing", 3, tryUdpToHearing},
    {"udp-sendmsg", 3, tryUdpSendmsg},
    {"udp-sendmmsg", 3, tryUdpSendmmsg},
    {"udp-large", 3, tryUdpLarge},
    {"family", 1, tryFamily},
    {"netlink-kind", 1, tryNetlinkKind},
    {"raw", 0, tryRaw},
    {"raw6", 0, tryRaw6},
    {"packet", 0, tryPacket},
    {"ping", 1, tryPing},
    {"echo", 3, tryEcho},
    {"echo-on", 1, tryEchoOn},
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
    {"send-and-end", 3, trySendAndEnd},
    {"hold", 2, tryHold},
    {"bulk", 3, tryBulk},
    {"serve", 3, tryServe},
    {"serve-udp", 3, tryServeUdp},
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
