/* unix_socket PATH: connects to a unix socket of the host by its path (a container daemon, an agent with keys). Escape:
 * the connection is made. */
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "tests/probes/probe.h"

PROBE(unix_socket)
{
    if (argc != 2) return couldNot("usage: unix_socket PATH");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(argv[1]) >= sizeof address.sun_path) return couldNot("%s is too long", argv[1]);
    strncpy(address.sun_path, argv[1], sizeof address.sun_path - 1);
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0) return couldNot("socket");
    if (connect(fd, (const struct sockaddr*)&address, sizeof address) == 0) return escaped("connected to %s", argv[1]);
    return stopped("%s", argv[1]);
}
