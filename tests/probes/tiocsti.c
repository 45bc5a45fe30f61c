/* tiocsti: pushes a key press into the terminal that the caller runs in (standard input, /dev/tty, /dev/console); the
 * caller's shell would run it. Escape: one call works. */
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tests/probes/probe.h"

PROBE(tiocsti)
{
    (void)argv;
    if (argc != 1) return couldNot("usage: tiocsti");
    if (!isatty(0)) return couldNot("standard input is no terminal");
    /* The kernel looks at the lower half of the request only; so must a filter. */
    static const unsigned long kRequests[] = {TIOCSTI, TIOCSTI | 0x100000000UL};
    int error = 0;
    for (unsigned i = 0; i < sizeof kRequests / sizeof *kRequests; ++i) {
        const int terminals[] = {0, 1, open("/dev/tty", O_RDWR), open("/dev/console", O_RDWR | O_NOCTTY)};
        for (unsigned j = 0; j < sizeof terminals / sizeof *terminals; ++j) {
            if (terminals[j] >= 0 && ioctl(terminals[j], kRequests[i], "x") == 0)
                return escaped("typed into terminal %u", j);
            if (j == 0) error = errno;
        }
    }
    errno = error;
    return stopped("TIOCSTI");
}
