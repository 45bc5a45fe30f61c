/* fill_memory_folder MEGABYTES FOLDER...: writes into folders that lie in memory (/tmp, /dev/shm, /dev, /) until they
 * are full. Escape: one takes MEGABYTES. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/probes/probe.h"

PROBE(fill_memory_folder)
{
    static char block[1 << 20];
    if (argc < 3) return couldNot("usage: fill_memory_folder MEGABYTES FOLDER...");
    memset(block, 'x', sizeof block);
    for (int i = 2; i < argc; ++i) {
        char path[PATH_MAX];
        snprintf(path, sizeof path, "%s/filler", argv[i]);
        const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        if (fd < 0) continue;
        long megabytes = 0;
        while (megabytes < atol(argv[1]) && write(fd, block, sizeof block) == (ssize_t)sizeof block) ++megabytes;
        const int error = errno;
        unlink(path);
        close(fd);
        if (megabytes == atol(argv[1])) return escaped("%s took %ld MiB", argv[i], megabytes);
        errno = error;
    }
    return stopped("folders in memory");
}
