/* memory_bomb MEGABYTES: uses that much memory. Escape: it gets it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tests/probes/probe.h"

PROBE(memory_bomb)
{
    if (argc != 2) return couldNot("usage: memory_bomb MEGABYTES");
    const long wanted = atol(argv[1]);
    for (long i = 0; i < wanted; ++i) {
        void* block = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (block == MAP_FAILED) return stopped("after %ld MiB", i);
        memset(block, 1, 1 << 20);
    }
    return escaped("used %ld MiB", wanted);
}
