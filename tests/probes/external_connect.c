/* external_connect ADDRESS: connects to an address outside and sends a datagram to it. Escape: anything leaves
 * (connected, or still waiting for an answer after a second). The denial must also be fast: programs wait for a network
 * that hangs. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/probes/probe.h"

PROBE(external_connect)
{
    if (argc != 2) return couldNot("usage: external_connect ADDRESS");
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(80)};
    if (inet_pton(AF_INET, argv[1], &address.sin_addr) != 1) return couldNot("%s is no address", argv[1]);
    const int stream = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    const int datagram = socket(AF_INET, SOCK_DGRAM, 0);
    if (stream < 0 || datagram < 0) return couldNot("socket");
    if (sendto(datagram, "x", 1, 0, (const struct sockaddr*)&address, sizeof address) == 1)
        return escaped("sent a datagram to %s", argv[1]);
    if (connect(stream, (const struct sockaddr*)&address, sizeof address) == 0)
        return escaped("connected to %s", argv[1]);
    if (errno != EINPROGRESS) return stopped("%s", argv[1]);
    return escaped("a connection to %s is under way", argv[1]);
}
