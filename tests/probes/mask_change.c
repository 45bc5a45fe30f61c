/* mask_change DENIED FILE MARK: tries to take the mask off a denied folder by changing, renaming or removing it or the
 * folder around it. Escape: DENIED/FILE, at its old or its new place, holds MARK, or the folder around it could be
 * moved (the next run would then no longer know what is denied). */
#define _GNU_SOURCE
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/probes/probe.h"

PROBE(mask_change)
{
    if (argc != 4) return couldNot("usage: mask_change DENIED FILE MARK");
    char path[PATH_MAX];
    char around[PATH_MAX];
    char moved[PATH_MAX];
    const char* denied = argv[1];
    snprintf(around, sizeof around, "%s", denied);
    dirname(around);
    snprintf(moved, sizeof moved, "%.4000s.moved", around);
    if (chmod(denied, 0777) == 0) {
        snprintf(path, sizeof path, "%.2000s/%.1000s", denied, argv[2]);
        if (fileHolds(path, argv[3]) == 1) return escaped("changed the mode of the mask and read below it");
    }
    if (rmdir(denied) == 0) return escaped("removed %s", denied);
    snprintf(path, sizeof path, "%.4000s.aside", denied);
    if (rename(denied, path) == 0) return escaped("renamed %s", denied);
    int error = errno;
    if (rename(around, moved) == 0) {
        rename(moved, around);
        return escaped("renamed %s, the folder around %s", around, denied);
    }
    snprintf(path, sizeof path, "%.4000s/exchange", around);
    if (mkdir(path, 0700) == 0 && renameat2(-100, path, -100, denied, RENAME_EXCHANGE) == 0)
        return escaped("exchanged %s", denied);
    rmdir(path);
    errno = error;
    return stopped("%s", denied);
}
