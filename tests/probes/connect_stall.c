/* connect_stall PATH: connects to a granted unix socket that has no room, while a second process takes O_NONBLOCK away
 * from the same open file again and again, so that who connects in our place waits in the kernel. Never ends by itself:
 * what counts is that Belljar still ends it. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/probes/probe.h"

PROBE(connect_stall)
{
    if (argc != 2) return couldNot("usage: connect_stall PATH");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, argv[1], sizeof address.sun_path - 1);
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0) return couldNot("socket");
    const pid_t second = fork();
    if (second == 0)
        for (;;) fcntl(fd, F_SETFL, O_RDWR);
    if (second < 0) return couldNot("fork");
    const int failed = connect(fd, (const struct sockaddr*)&address, sizeof address);
    kill(second, SIGKILL);
    return failed ? stopped("%s", argv[1]) : couldNot("%s has room", argv[1]);
}
