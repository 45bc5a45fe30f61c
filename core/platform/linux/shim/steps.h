/* Making a tree step by step, for the launch (tree.c) and for changes while the sandbox runs (mounts.c). */
#ifndef BELLJAR_STEPS_H
#define BELLJAR_STEPS_H

#include <stddef.h>
#include <stdint.h>

#include "core/platform/linux/shim/protocol.h"

enum { kLongestPath = 4096 };

/* Below which folder the next steps are made. */
void useRoot(int root);
/* For changes: sources are looked up below `hostRoot` rather than "/", and what the host mounts in them later does not
 * appear inside. */
void useLiveHost(int hostRoot);
/* Which step is being made, from 1; 0: none. Said when it fails. */
void beginStep(uint32_t number);
/* Tells that the step failed at `what` with errno, and ends. */
_Noreturn void failStep(const char* what);

/* Makes what `step` says. */
void makeStep(const struct ShimStep* step, const char* source, const char* target);
/* After the last step: the file that empty files are mounts of stands nowhere any more. */
void dropEmptyFile(void);

/* The path as it is written: a symbolic link anywhere on it is an error (ELOOP). */
int openPlain(int folder, const char* path);
/* A host object by its path. `identity` is 0 or its BELLJAR_IDENTITY; with another object there it fails (ESTALE). */
int openSource(const char* source, uint64_t identity);
/* A target without its leading slash; "." for the root. */
const char* belowRoot(const char* target);
/* A copy of the mounts at `path` in `folder`, which stands nowhere yet. `flags` are open_tree(2)'s. */
int copyMounts(int folder, const char* path, unsigned flags, uint64_t attributes);
/* An empty file of that mode as a mount that stands nowhere yet; made in the root of useRoot(). */
int copyEmptyFile(uint32_t mode);
/* A file system in memory of `size` bytes (0: the kernel's default), which stands nowhere yet. */
int makeTmpfs(uint32_t mode, uint64_t size);

/* `text`, and its end as the place for more. Callers know that there is room. */
char* put(char* at, const char* text);
char* putNumber(char* at, uint64_t value, unsigned base);

#endif
