/* The functions of the C library that belljar-shim uses on memory and text, and the search for a program: see libc.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { kLongestPath = 4096 };

/* ---- memory and text ---- */

void* memcpy(void* restrict to, const void* restrict from, size_t size)
{
    for (size_t i = 0; i < size; ++i) ((char*)to)[i] = ((const char*)from)[i];
    return to;
}

void* memset(void* at, int value, size_t size)
{
    for (size_t i = 0; i < size; ++i) ((char*)at)[i] = (char)value;
    return at;
}

void* memchr(const void* at, int value, size_t size)
{
    const char* bytes = at;
    for (size_t i = 0; i < size; ++i)
        if (bytes[i] == (char)value) return (void*)(uintptr_t)(bytes + i);
    return NULL;
}

size_t strlen(const char* text)
{
    size_t length = 0;
    while (text[length] != '\0') ++length;
    return length;
}

int strcmp(const char* one, const char* other)
{
    while (*one != '\0' && *one == *other) ++one, ++other;
    return (unsigned char)*one - (unsigned char)*other;
}

int strncmp(const char* one, const char* other, size_t size)
{
    for (; size > 0; --size, ++one, ++other)
        if (*one != *other || *one == '\0') return (unsigned char)*one - (unsigned char)*other;
    return 0;
}

char* strcpy(char* restrict to, const char* restrict from)
{
    memcpy(to, from, strlen(from) + 1);
    return to;
}

char* strncpy(char* restrict to, const char* restrict from, size_t size)
{
    size_t i = 0;
    for (; i < size && from[i] != '\0'; ++i) to[i] = from[i];
    for (; i < size; ++i) to[i] = '\0';
    return to;
}

char* strchr(const char* text, int value)
{
    for (;; ++text) {
        if (*text == (char)value) return (char*)(uintptr_t)text;
        if (*text == '\0') return NULL;
    }
}

char* strrchr(const char* text, int value)
{
    for (size_t i = strlen(text) + 1; i-- > 0;)
        if (text[i] == (char)value) return (char*)(uintptr_t)(text + i);
    return NULL;
}

int atoi(const char* text)
{
    int value = 0;
    while (*text >= '0' && *text <= '9') value = value * 10 + (*text++ - '0');
    return value;
}

/* ---- starting a program ---- */

/* A file without a format that the kernel knows is a script of the shell, as everywhere. */
static void execFile(const char* path, char* const argv[])
{
    syscall(SYS_execve, path, argv, environ);
    if (errno != ENOEXEC) return;
    size_t count = 0;
    while (argv[count] != NULL) ++count;
    const size_t size = (count + 3) * sizeof(char*);
    const char** words = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (words == MAP_FAILED) return;
    words[0] = "/bin/sh";
    words[1] = path;
    for (size_t i = 1; i < count; ++i) words[i + 1] = argv[i];
    syscall(SYS_execve, words[0], words, environ);
}

static const char* searchPath(void)
{
    for (char** entry = environ; *entry != NULL; ++entry) {
        const char* name = "PATH=";
        size_t i = 0;
        while (name[i] != '\0' && (*entry)[i] == name[i]) ++i;
        if (name[i] == '\0') return *entry + i;
    }
    return "/bin:/usr/bin";
}

int execvp(const char* file, char* const argv[])
{
    if (strchr(file, '/') != NULL) {
        execFile(file, argv);
        return -1;
    }
    int denied = 0;
    const size_t length = strlen(file);
    errno = ENOENT;
    for (const char* folder = searchPath(); length > 0; ++folder) {
        const char* end = folder;
        while (*end != '\0' && *end != ':') ++end;
        const size_t size = (size_t)(end - folder);
        char path[kLongestPath];
        if (size + length + 2 <= sizeof path) {
            memcpy(path, folder, size);
            path[size] = '/';
            /* An empty entry is the current folder. */
            memcpy(path + size + (size > 0), file, length + 1);
            execFile(path, argv);
            if (errno == EACCES) denied = 1;
            else if (errno != ENOENT && errno != ENOTDIR && errno != ESTALE && errno != ENODEV && errno != ETIMEDOUT)
                return -1;
        }
        if (*end == '\0') break;
        folder = end;
    }
    if (denied) errno = EACCES;
    return -1;
}
