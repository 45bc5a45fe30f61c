/* dotdot_climb FOLDER PATH MARK: climbs out of a granted folder with "..", by chdir, by openat on a descriptor, and
 * after the folder below the feet was moved. Escape: PATH below what it then stands in holds MARK. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/probes/probe.h"

PROBE(dotdot_climb)
{
    if (argc != 4) return couldNot("usage: dotdot_climb FOLDER PATH MARK");
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/../../../../../../../../../../..%s", argv[1], argv[2]);
    if (fileHolds(path, argv[3]) == 1) return escaped("read %s", path);
    const int folder = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0 || chdir(argv[1]) != 0) return couldNot("enter %s", argv[1]);
    snprintf(path, sizeof path, "../../../../../../../../../../..%s", argv[2]);
    const int fd = openat(folder, path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && descriptorHolds(fd, argv[3]) == 1) return escaped("read %s from a descriptor", path);
    for (int i = 0; i < 100; ++i) {
        if (chdir("..") != 0) break;
    }
    if (fileHolds(argv[2] + 1, argv[3]) == 1) return escaped("climbed to %s", argv[2]);
    /* A folder that moves while somebody stands in it: ".." then means the new parent. */
    char inner[PATH_MAX];
    snprintf(inner, sizeof inner, "%s/a", argv[1]);
    mkdirat(folder, "a", 0700);
    mkdirat(folder, "a/b", 0700);
    if (chdir(inner) == 0 && chdir("b") == 0 && renameat(folder, "a/b", folder, "b") == 0) {
        for (int i = 0; i < 100; ++i) {
            if (chdir("..") != 0) break;
        }
        if (fileHolds(argv[2] + 1, argv[3]) == 1) return escaped("climbed from a moved folder");
    }
    return stopped("%s", argv[2]);
}
