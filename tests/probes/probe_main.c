/* Finds the probe by name and runs it; the helpers of probe.h. */
#define _GNU_SOURCE
#include "tests/probes/probe.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROBE_ENTRY(name) PROBE(name);
#include "probe_list.inc"
#undef PROBE_ENTRY

struct Entry {
    const char* name;
    int (*run)(int argc, char** argv);
};

static const struct Entry kProbes[] = {
#define PROBE_ENTRY(name) {#name, probe_##name},
#include "probe_list.inc"
#undef PROBE_ENTRY
};

static int say(int code, const char* word, int error, const char* format, va_list arguments)
{
    printf("%s: ", word);
    vprintf(format, arguments);
    if (error != 0) printf(" (%s)", strerrorname_np(error));
    printf("\n");
    fflush(stdout);
    return code;
}

int stopped(const char* format, ...)
{
    const int error = errno;
    va_list arguments;
    va_start(arguments, format);
    const int code = say(kStopped, "STOPPED", error, format, arguments);
    va_end(arguments);
    return code;
}

int escaped(const char* format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int code = say(kEscaped, "ESCAPED", 0, format, arguments);
    va_end(arguments);
    return code;
}

int couldNot(const char* format, ...)
{
    const int error = errno;
    va_list arguments;
    va_start(arguments, format);
    const int code = say(kCouldNot, "COULD NOT TRY", error, format, arguments);
    va_end(arguments);
    return code;
}

int skipped(const char* format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int code = say(kSkipped, "SKIP", 0, format, arguments);
    va_end(arguments);
    return code;
}

int descriptorHolds(int fd, const char* mark)
{
    static char text[65537];
    size_t filled = 0;
    ssize_t length = 0;
    while (filled < sizeof text - 1 && (length = read(fd, text + filled, sizeof text - 1 - filled)) > 0)
        filled += (size_t)length;
    if (length < 0) return -1;
    return memmem(text, filled, mark, strlen(mark)) != NULL;
}

int fileHolds(const char* path, const char* mark)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return -1;
    const int holds = descriptorHolds(fd, mark);
    const int error = errno;
    close(fd);
    errno = error;
    return holds;
}

int folderHas(const char* path, const char* name)
{
    DIR* folder = opendir(path);
    if (folder == NULL) return -1;
    int found = 0;
    const struct dirent* entry = NULL;
    while (!found && (entry = readdir(folder)) != NULL) found = strcmp(entry->d_name, name) == 0;
    closedir(folder);
    errno = 0;
    return found;
}

int forEachProcess(int (*visit)(int pid, void* context), void* context)
{
    DIR* folder = opendir("/proc");
    if (folder == NULL) return 0;
    int result = 0;
    const struct dirent* entry = NULL;
    while (result == 0 && (entry = readdir(folder)) != NULL) {
        const int pid = atoi(entry->d_name);
        if (pid > 0) result = visit(pid, context);
    }
    closedir(folder);
    return result;
}

int inChild(int (*attempt)(void* context), void* context)
{
    fflush(stdout);
    const pid_t child = fork();
    if (child < 0) return kCouldNot;
    if (child == 0) {
        const int code = attempt(context);
        fflush(stdout);
        _exit(code);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : kCouldNot;
}

static int writeText(const char* path, const char* text)
{
    const int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    const ssize_t length = write(fd, text, strlen(text));
    close(fd);
    return length == (ssize_t)strlen(text) ? 0 : -1;
}

int enterOwnNamespaces(void)
{
    char map[64];
    const unsigned user = (unsigned)getuid();
    const unsigned group = (unsigned)getgid();
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return -1;
    snprintf(map, sizeof map, "0 %u 1", user);
    if (writeText("/proc/self/uid_map", map) != 0) return -1;
    if (writeText("/proc/self/setgroups", "deny") != 0) return -1;
    snprintf(map, sizeof map, "0 %u 1", group);
    return writeText("/proc/self/gid_map", map);
}

int main(int argc, char** argv)
{
    for (size_t i = 0; argc >= 2 && i < sizeof kProbes / sizeof *kProbes; ++i) {
        if (strcmp(argv[1], kProbes[i].name) != 0) continue;
        errno = 0;
        return kProbes[i].run(argc - 1, argv + 1);
    }
    if (argc == 2 && strcmp(argv[1], "--list") == 0) {
        for (size_t i = 0; i < sizeof kProbes / sizeof *kProbes; ++i) printf("%s\n", kProbes[i].name);
        return 0;
    }
    fprintf(stderr, "usage: belljar-probe NAME [ARGUMENT...] | --list\n");
    return kCouldNot;
}
