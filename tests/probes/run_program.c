/* run_program PROGRAM FOLDER LOADER: starts PROGRAM, whose exit code is 0, in every way that avoids its name: by its
 * path, a link, a copy and a hard link in FOLDER, a script, a descriptor, a memory file by descriptor and by path, and
 * through LOADER; and maps a copy in FOLDER as code. ESCAPED names the first that works. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/probes/probe.h"

enum { kNotStarted = 111 };

struct Way {
    const char* path;
    const char* argument; /* Or NULL. */
    int fd;               /* Not -1: by this descriptor. */
};

static int start(const struct Way* way)
{
    const pid_t child = fork();
    if (child == 0) {
        char* arguments[] = {(char*)"true", (char*)way->argument, NULL};
        char* environment[] = {NULL};
        const int quiet = open("/dev/null", O_WRONLY);
        dup2(quiet, 1);
        dup2(quiet, 2);
        if (way->fd >= 0) syscall(SYS_execveat, way->fd, "", arguments, environment, AT_EMPTY_PATH);
        else execve(way->path, arguments, environment);
        _exit(kNotStarted);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) return 0;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int copyTo(const char* from, int to)
{
    char part[65536];
    const int in = open(from, O_RDONLY);
    ssize_t got = 0;
    while (in >= 0 && (got = read(in, part, sizeof part)) > 0)
        if (write(to, part, (size_t)got) != got) return 0;
    if (in >= 0) close(in);
    return in >= 0 && got == 0;
}

static int made(const char* from, const char* to)
{
    const int file = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0755);
    const int fine = file >= 0 && copyTo(from, file);
    if (file >= 0) close(file);
    return fine;
}

static const char* byMemory(const char* program)
{
    static char path[64];
    const int file = memfd_create("program", 0);
    if (file < 0 || !copyTo(program, file)) return NULL;
    const struct Way byDescriptor = {NULL, NULL, file};
    if (start(&byDescriptor)) return "a memory file by its descriptor";
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    const struct Way byPath = {path, NULL, -1};
    return start(&byPath) ? "a memory file by its path" : NULL;
}

static int mapsAsCode(const char* path)
{
    const int file = open(path, O_RDONLY);
    void* at = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0);
    close(file);
    if (at == MAP_FAILED) return 0;
    munmap(at, 4096);
    return 1;
}

PROBE(run_program)
{
    if (argc != 4) return couldNot("usage: run_program PROGRAM FOLDER LOADER");
    char copy[4096], link[4096], hard[4096], script[4096];
    snprintf(copy, sizeof copy, "%s/copy", argv[2]);
    snprintf(link, sizeof link, "%s/link", argv[2]);
    snprintf(hard, sizeof hard, "%s/hard", argv[2]);
    snprintf(script, sizeof script, "%s/script", argv[2]);
    if (!made(argv[1], copy)) return couldNot("no copy");
    const int text = open(script, O_WRONLY | O_CREAT | O_TRUNC, 0755);
    dprintf(text, "#!%s\n", argv[1]);
    close(text);
    unlink(link);
    unlink(hard);
    if (symlink(argv[1], link) != 0) return couldNot("no link");
    const int hardLink = linkat(AT_FDCWD, copy, AT_FDCWD, hard, 0);
    const int opened = open(argv[1], O_RDONLY);
    const struct {
        const char* name;
        struct Way way;
    } ways[] = {{"its path", {argv[1], NULL, -1}},      {"a link", {link, NULL, -1}},
                {"a copy", {copy, NULL, -1}},           {"a hard link", {hardLink == 0 ? hard : copy, NULL, -1}},
                {"a script", {script, NULL, -1}},       {"its descriptor", {NULL, NULL, opened}},
                {"the loader", {argv[3], argv[1], -1}}, {"the loader with a copy", {argv[3], copy, -1}}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; ++i)
        if (start(&ways[i].way)) return escaped("%s is started by %s", argv[1], ways[i].name);
    const char* memory = byMemory(argv[1]);
    if (memory != NULL) return escaped("it is started as %s", memory);
    if (mapsAsCode(copy)) return escaped("a copy is mapped as code");
    errno = 0;
    return stopped("it is not started");
}
