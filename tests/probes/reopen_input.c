/* reopen_input: the caller gave a file read-only as standard input ("belljar run ... < FILE"); opens it again for
 * writing through /proc/self/fd/0, which leads to the host's own mount. Escape: the file can be written. */
#include <fcntl.h>
#include <unistd.h>

#include "tests/probes/probe.h"

PROBE(reopen_input)
{
    (void)argv;
    if (argc != 1) return couldNot("usage: reopen_input");
    char byte = 0;
    if (read(0, &byte, 1) != 1) return couldNot("standard input is empty");
    const int fd = open("/proc/self/fd/0", O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0 && lseek(fd, 0, SEEK_SET) == 0) return escaped("the file behind standard input can be written");
    return stopped("standard input");
}
