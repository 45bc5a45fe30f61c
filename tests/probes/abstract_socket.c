/* abstract_socket NAME: connects to an abstract unix socket of the host (session buses and X servers have one). Escape:
 * the connection is made. */
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "tests/probes/probe.h"

PROBE(abstract_socket)
{
    if (argc != 2) return couldNot("usage: abstract_socket NAME");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path + 1, argv[1], sizeof address.sun_path - 2);
    const socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(argv[1]));
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0) return couldNot("socket");
    if (connect(fd, (const struct sockaddr*)&address, length) == 0) return escaped("connected to @%s", argv[1]);
    return stopped("@%s", argv[1]);
}
