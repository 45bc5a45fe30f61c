/* tioclinux: TIOCLINUX on the caller's terminal: on a Linux console it pastes the selection into the input. Elsewhere
 * the terminal's driver answers ENOTTY. Escape: the call reaches the driver at all. */
#include <errno.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tests/probes/probe.h"

PROBE(tioclinux)
{
    (void)argv;
    if (argc != 1) return couldNot("usage: tioclinux");
    if (!isatty(0)) return couldNot("standard input is no terminal");
    char paste = 3;
    if (ioctl(0, TIOCLINUX, &paste) == 0 || errno != EPERM) return escaped("TIOCLINUX reaches the driver");
    return stopped("TIOCLINUX");
}
