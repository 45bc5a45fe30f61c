/* What the files of belljar-shim share. */
#ifndef BELLJAR_SHIM_H
#define BELLJAR_SHIM_H

#include <stddef.h>

#include "core/platform/linux/shim/protocol.h"

/* Tells the launcher that set-up failed at `step` with errno, and ends. */
_Noreturn void fail(const char* step);

/* As fail(), for a step of the tree (from 1; 0: none). */
_Noreturn void failAt(const char* step, uint32_t treeStep);

/* Where messages to the launcher go. */
void speakThrough(int control);
void tell(enum ShimMessageKind kind, int value);
/* The same with at most kNetworkSockets descriptors. */
void hand(enum ShimMessageKind kind, int value, const int* fds, size_t fdCount);

/* What the message of a failure is from now on: kShimFailed at first. */
void callFailures(enum ShimMessageKind kind);

/* Makes the sandbox's own tree in place of the host's, in namespaces that are ours alone, and gives all power over them
 * up: the last user namespace owns nothing, and no capability is left. `data` is the launch data of `size` bytes. */
void enterTree(const struct ShimHeader* header, const char* data, size_t size);

/* Makes the socket of the sandbox's display at `path`, and a connection to it before any program can, and hands both
 * over. */
void offerDisplay(const char* path);
/* Hands over a folder of the sandbox's own, in which the launcher makes sockets. */
void offerFolder(const char* path);

/* Fences of the calling process (landlock.c). Sockets: no abstract ones and no signals to the outside. */
void scopeSockets(void);
/* Standard streams: not to be opened again for more than they came for. */
void guardStreams(void);
/* Nothing is executed but the programs. */
void fencePrograms(const struct ShimHeader* header);

/* `mounts SOCKET NAMESPACE`: changes the mounts of the sandbox whose mount namespace that descriptor is. */
_Noreturn void runMounts(int control, int mountNamespace);

/* `janitor FD DIR...`: removes control groups when FD ends. */
int runJanitor(int argc, char** argv);

#endif
