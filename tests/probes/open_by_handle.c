/* open_by_handle FILE: opens a file by its file-system handle, which ignores mounts and masks: with one such call any
 * file of the same disk can be had. Escape: it works. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/probes/probe.h"

PROBE(open_by_handle)
{
    if (argc != 2) return couldNot("usage: open_by_handle FILE");
    struct file_handle* handle = malloc(sizeof *handle + MAX_HANDLE_SZ);
    if (handle == NULL) return couldNot("memory");
    handle->handle_bytes = MAX_HANDLE_SZ;
    int mount = 0;
    if (name_to_handle_at(AT_FDCWD, argv[1], handle, &mount, 0) != 0) {
        if (errno == EOPNOTSUPP) return skipped("the file system of %s has no handles", argv[1]);
        return stopped("name_to_handle_at");
    }
    const int around = open(argv[1], O_RDONLY | O_CLOEXEC);
    if (around < 0) return couldNot("open %s", argv[1]);
    const int fd = open_by_handle_at(around, handle, O_RDONLY);
    if (fd >= 0) return escaped("opened %s by its handle", argv[1]);
    return stopped("open_by_handle_at");
}
