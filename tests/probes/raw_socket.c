/* raw_socket: opens raw IP sockets. Escape: one opens. */
#include <netinet/in.h>
#include <sys/socket.h>

#include "tests/probes/probe.h"

PROBE(raw_socket)
{
    (void)argv;
    if (argc != 1) return couldNot("usage: raw_socket");
    if (socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) >= 0) return escaped("a raw IPv4 socket");
    if (socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6) >= 0) return escaped("a raw IPv6 socket");
    if (socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK, IPPROTO_RAW) >= 0)
        return escaped("a raw IPv4 socket for any protocol");
    return stopped("raw sockets");
}
