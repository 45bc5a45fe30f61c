/* What the launcher and belljar-shim say to each other. C, because the shim is C.
 *
 * The launcher hands the shim one read-only memory file (ShimHeader, then its strings, then the filter program) and one
 * end of a SOCK_SEQPACKET pair. Both ends are the same build of Belljar, so there is a magic but no version dance. */
#ifndef BELLJAR_SHIM_PROTOCOL_H
#define BELLJAR_SHIM_PROTOCOL_H

#include <stdint.h>

#define BELLJAR_SHIM_MAGIC 0x4a4c4c42u

enum {
    kShimListen = 1u,       /* Install the filter with a listener and send it. */
    kShimTerminal = 2u,     /* Standard input is a terminal to become controlling. */
    kShimScopeSockets = 4u, /* Landlock: no abstract unix sockets and no signals to the outside. */
};

/* Followed, without padding, by NUL-terminated strings: cwd, argv..., env...; then at filterOffset the BPF program. */
struct ShimHeader {
    uint32_t magic;
    uint32_t flags;
    uint32_t argc;
    uint32_t envc;
    uint32_t stringsOffset;
    uint32_t filterOffset;       /* Multiple of 8. */
    uint32_t filterInstructions; /* 0: no filter. */
    uint32_t cpuSeconds;         /* 0: no limit, as for all limits. */
    uint64_t memoryBytes;
    uint32_t processes;
    uint32_t reserved;
};

/* Messages of the shim. After kShimHello it waits for one byte, so that the launcher can place it in its groups. */
enum ShimMessageKind {
    kShimHello = 1,
    kShimStarted = 2,    /* With descriptors: the sandbox's root, and the listener with kShimListen. */
    kShimExecFailed = 3, /* `value` is the errno of execve. */
    kShimExited = 4,     /* `value` is the wait status of the program. */
    kShimFailed = 5,     /* Set-up failed: `value` is the errno, `step` says where. */
};

struct ShimMessage {
    uint32_t kind;
    int32_t value;
    uint64_t cpuMicroseconds; /* kShimExited: user + system of all reaped processes. */
    uint64_t peakMemoryKb;
    char step[40];
};

#endif
