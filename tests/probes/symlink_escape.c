/* symlink_escape WRITABLE TARGET MARK: plants symbolic links in a writable folder, one to the target and one to "/"
 * with the rest of the path behind it, and follows them. Escape: the content behind them holds MARK. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/probes/probe.h"

PROBE(symlink_escape)
{
    if (argc != 4) return couldNot("usage: symlink_escape WRITABLE TARGET MARK");
    char link[PATH_MAX];
    char through[PATH_MAX * 2];
    snprintf(link, sizeof link, "%s/planted-file", argv[1]);
    if (symlink(argv[2], link) != 0 && errno != EEXIST) return couldNot("symlink %s", link);
    if (fileHolds(link, argv[3]) == 1) return escaped("read %s through a link", argv[2]);
    snprintf(link, sizeof link, "%s/planted-root", argv[1]);
    if (symlink("/", link) != 0 && errno != EEXIST) return couldNot("symlink %s", link);
    snprintf(through, sizeof through, "%s%s", link, argv[2]);
    if (fileHolds(through, argv[3]) == 1) return escaped("read %s through a link to /", argv[2]);
    return stopped("%s", argv[2]);
}
