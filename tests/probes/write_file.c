/* write_file FOLDER FILE: changes a read-only grant in every way: writes and truncates FOLDER/FILE, makes, removes,
 * renames, links, changes mode, times and attributes, reopens a read descriptor for writing. Escape: any of it works.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "tests/probes/probe.h"

static int works(int result)
{
    return result >= 0;
}

PROBE(write_file)
{
    if (argc != 3) return couldNot("usage: write_file FOLDER FILE");
    if (chdir(argv[1]) != 0) return couldNot("enter %s", argv[1]);
    const char* file = argv[2];
    const int reader = open(file, O_RDONLY | O_CLOEXEC);
    if (reader < 0) return couldNot("read %s", file);
    char again[64];
    snprintf(again, sizeof again, "/proc/self/fd/%d", reader);
    if (works(open(file, O_WRONLY | O_CLOEXEC))) return escaped("opened %s to write", file);
    const int error = errno;
    if (works(open(again, O_RDWR | O_CLOEXEC))) return escaped("reopened %s to write", file);
    if (works(open(file, O_RDONLY | O_TRUNC | O_CLOEXEC))) return escaped("truncated %s on opening", file);
    if (works(truncate(file, 0))) return escaped("truncated %s", file);
    if (works(open("new-file", O_WRONLY | O_CREAT | O_CLOEXEC, 0600))) return escaped("made a file");
    if (works(open(".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600))) return escaped("made a nameless file");
    if (works(mkdir("new-folder", 0700))) return escaped("made a folder");
    if (works(symlink("/", "new-link"))) return escaped("made a link");
    if (works(mkfifo("new-pipe", 0600))) return escaped("made a pipe");
    if (works(link(file, "new-name"))) return escaped("linked %s", file);
    if (works(rename(file, "renamed"))) return escaped("renamed %s", file);
    if (works(chmod(file, 0666)) || works(fchmod(reader, 0666))) return escaped("changed the mode of %s", file);
    if (works(chown(file, getuid(), getgid()))) return escaped("changed the owner of %s", file);
    const struct timespec times[2] = {{1, 0}, {1, 0}};
    if (works(utimensat(AT_FDCWD, file, times, 0)) || works(futimens(reader, times))) return escaped("changed times");
    if (works(setxattr(file, "user.belljar", "x", 1, 0))) return escaped("set an attribute");
    if (works(unlink(file))) return escaped("removed %s", file);
    errno = error;
    return stopped("%s/%s", argv[1], file);
}
