/* Changing the tree of a running sandbox from inside its mount namespace (inside.c), for mounts.c. What fails ends the
 * process, as in steps.h; once something has changed, it is kShimBroken. */
#ifndef BELLJAR_INSIDE_H
#define BELLJAR_INSIDE_H

#include <stdint.h>

/* The sandbox's root, and the host's /proc/self/fd. */
void useInside(int root, int ownFiles);

/* What stands at `target`; an error unless it may be missing (-1). */
int openInside(const char* target, int mayBeMissing);

/* The steps of those names. `flags` are ShimPlaceFlags; `tree` and `old` are mounts. */
void placeTree(int tree, const char* target, uint32_t flags);
void takeAway(int old, uint32_t flags);
void toggle(const char* target, int readOnly, int all);
void makeLinkInside(const char* target, const char* content);
void unmake(const char* target, int isPlace);

/* Lets go of what is mounted at `place`, whatever name leads there. */
void detach(int place);

/* Closing a mount that stands nowhere waits for the whole machine, so it is done when there is time. */
void closeLater(int fd);
uint32_t countLater(void);
void closeOneLater(void);

#endif
