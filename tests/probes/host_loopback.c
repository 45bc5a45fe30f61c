/* host_loopback PORT: connects to a service that listens on the host's loopback. Escape: the connection is made. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "tests/probes/probe.h"

PROBE(host_loopback)
{
    if (argc != 2) return couldNot("usage: host_loopback PORT");
    static const char* const kHosts[] = {"127.0.0.1", "127.0.0.2", "0.0.0.0"};
    for (unsigned i = 0; i < sizeof kHosts / sizeof *kHosts; ++i) {
        struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[1]))};
        inet_pton(AF_INET, kHosts[i], &address.sin_addr);
        const int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (fd < 0) return couldNot("socket");
        if (connect(fd, (const struct sockaddr*)&address, sizeof address) == 0)
            return escaped("connected to %s:%s", kHosts[i], argv[1]);
    }
    return stopped("port %s of the host's loopback", argv[1]);
}
