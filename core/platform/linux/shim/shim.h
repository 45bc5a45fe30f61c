/* What the files of belljar-shim share. */
#ifndef BELLJAR_SHIM_H
#define BELLJAR_SHIM_H

#include "core/platform/linux/shim/protocol.h"

/* Tells the launcher that set-up failed at `step` with errno, and ends. */
_Noreturn void fail(const char* step);

/* As fail(), for a step of the tree (from 1; 0: none). */
_Noreturn void failAt(const char* step, uint32_t treeStep);

/* Makes the sandbox's own tree in place of the host's, in namespaces that are ours alone, and gives all power over them
 * up: the last user namespace owns nothing, and no capability is left. `data` is the launch data of `size` bytes. */
void enterTree(const struct ShimHeader* header, const char* data, size_t size);

/* `janitor FD DIR...`: removes control groups when FD ends. */
int runJanitor(int argc, char** argv);

#endif
