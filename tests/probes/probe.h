/* What every probe shares. A probe is one small file tests/probes/NAME.c with one function PROBE(NAME); it tries one
 * forbidden thing and says how that went. All probes are linked statically into one program, `belljar-probe NAME
 * ARGS...`, so that they run in any sandbox. */
#ifndef BELLJAR_PROBE_H
#define BELLJAR_PROBE_H

#include <stddef.h>

/* Exit codes. kCouldNot is a failed test; kSkipped needs a reason that is not the sandbox's doing. */
enum { kStopped = 0, kEscaped = 1, kCouldNot = 2, kSkipped = 77 };

#define PROBE(name) int probe_##name(int argc, char** argv)

/* Each prints one line with its verdict and returns the exit code. stopped() and couldNot() append errno when set. */
int stopped(const char* format, ...) __attribute__((format(printf, 1, 2)));
int escaped(const char* format, ...) __attribute__((format(printf, 1, 2)));
int couldNot(const char* format, ...) __attribute__((format(printf, 1, 2)));
int skipped(const char* format, ...) __attribute__((format(printf, 1, 2)));

/* 1: the file at `path` can be read and holds `mark` in its first 64 KiB; 0: readable without it; -1: errno says why
 * not. */
int fileHolds(const char* path, const char* mark);
/* The same for an open descriptor. */
int descriptorHolds(int fd, const char* mark);
/* 1 when the folder at `path` has an entry called `name`; 0 without it; -1 with errno. */
int folderHas(const char* path, const char* name);
/* Calls `visit` with each process number in /proc until it returns non-zero, which is then returned. */
int forEachProcess(int (*visit)(int pid, void* context), void* context);
/* Runs `attempt` in a child of its own, so that a half-done escape does not disturb what follows; its exit code. */
int inChild(int (*attempt)(void* context), void* context);
/* Becomes the first user of a new user namespace with its own mounts; 0, or -1 with errno. */
int enterOwnNamespaces(void);

#endif
