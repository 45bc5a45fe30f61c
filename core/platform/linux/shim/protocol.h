/* What the launcher and belljar-shim say to each other. C, because the shim is C.
 *
 * The launcher hands the shim one read-only memory file (ShimHeader, then its strings, then the filter program, then
 * the steps of the tree) and one end of a SOCK_SEQPACKET pair. Both ends are the same build of Belljar, so there is a
 * magic but no version dance. */
#ifndef BELLJAR_SHIM_PROTOCOL_H
#define BELLJAR_SHIM_PROTOCOL_H

#include <stdint.h>

#define BELLJAR_SHIM_MAGIC 0x4a4c4c42u

enum {
    kShimListen = 1u,          /* Install the filter with a listener and send it. */
    kShimTerminal = 2u,        /* Standard input is a terminal to become controlling. */
    kShimScopeSockets = 4u,    /* Landlock: no abstract unix sockets and no signals to the outside. */
    kShimBuildTree = 8u,       /* The shim starts in new namespaces, on the host's tree: it makes the sandbox's own. */
    kShimOwnNetwork = 16u,     /* With kShimBuildTree: the network namespace is new, too. */
    kShimFencePrograms = 32u,  /* Landlock: nothing but the programs may be executed. */
    kShimOfferNetwork = 64u,   /* With kShimOwnNetwork: sends sockets made in it, for a network that Belljar relays. */
    kShimWithoutFilter = 128u, /* With kShimOfferNetwork: the kernel has no NETLINK_NETFILTER. */
};

/* What a step makes at its target. Each does what bubblewrap's option of that name does. */
enum ShimStepKind {
    kStepBind = 1,
    kStepReadOnlyBind = 2,
    kStepTmpfs = 3,   /* With `mode`, and `size` bytes unless that is 0. */
    kStepDevices = 4, /* --dev */
    kStepProc = 5,
    kStepEmptyFile = 6, /* --ro-bind-data of nothing, with `mode`. */
    kStepFolder = 7,    /* --dir, with `mode`. */
    kStepLink = 8,      /* `source` is the link's content. */
    kStepReadOnly = 9,  /* --remount-ro: this mount, not those below it. */
    kStepNoExec = 10,   /* The mount at the target, with those below it, holds nothing that can be executed. */
    kStepData = 11,     /* A read-only file of `size` bytes, which stand at `source`, with `mode`. */
    kStepOpenProc = 12, /* As kStepProc, but what belongs to processes can be written, as far as they may. */

    /* Of changes while the sandbox runs only. */
    kStepToggle =
        20, /* The mount at the target becomes read-only (`mode` 1) or writable (0); `size` 1: all below it, too. */
    kStepPlace = 21,    /* A tree made by the next `size` steps comes to the target. `mode`: ShimPlaceFlags. */
    kStepTake = 22,     /* The mount at the target goes. `mode`: ShimPlaceFlags. */
    kStepMakeLink = 23, /* `source` is the link's content. */
    kStepUnmake = 24,   /* What was made for a mount goes: an empty folder or file (`mode` 1), or a link (0). */
    kStepRetire = 25,   /* As kStepTake, of a mount that an earlier step of this change covers. */
};

enum ShimPlaceFlags {
    kPlaceReplaces = 1u, /* A mount of ours stands there, whose place it takes in one moment. */
    kPlaceBuries = 2u,   /* What goes has mounts below it, which must stay on it for who is inside. */
    kPlaceNarrows = 4u,  /* What goes becomes read-only for who is inside. */
    kPlaceMakes = 8u,    /* The target and the folders above it are made where they are missing. */
    kPlaceFile = 16u,    /* The target is no folder. */
};

/* Which object of the host is meant, for `size` of a bind step in a change: the sum is never 0. */
#define BELLJAR_IDENTITY(device, inode) ((uint64_t)(inode)*31u + (uint64_t)(device) + 1u)

struct ShimStep {
    uint32_t kind;
    uint32_t mode;
    uint64_t size;
    uint32_t source; /* Offset of a NUL-terminated string in the memory file; 0: none. */
    uint32_t target; /* The same; absolute, without "." and "..". */
};

/* A program that may be executed, or a folder with such. */
struct ShimProgram {
    uint64_t device; /* With `size` not ~0: what must stand there. */
    uint64_t inode;
    uint64_t size;
    int64_t changedNs;
    uint32_t path; /* Offset of a string. */
    uint32_t reserved;
};

/* A change, in one message: the steps follow, then their strings. */
struct ShimChange {
    uint32_t magic;
    uint32_t steps;
};

enum { kShimLongestChange = 131072 };

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
    uint32_t steps;          /* With kShimBuildTree: how many. */
    uint32_t stepsOffset;    /* Multiple of 8. */
    uint32_t hostName;       /* Offset of a string. */
    uint32_t processNumbers; /* Offset of a string, with kShimBuildTree: the highest process number; 0: the kernel's. */
    uint32_t uid;            /* Whom the program runs as: our own user and group. */
    uint32_t gid;
    uint32_t programs;       /* With kShimFencePrograms: how many. */
    uint32_t programsOffset; /* Multiple of 8. */
    uint32_t display;        /* Offset of a string: where the socket of its display is to stand; 0: it has none. */
    uint32_t folder;         /* Offset of a string: where the launcher puts more sockets; 0: nowhere. */
};

/* Messages of the shim. Before it starts the program it waits for one byte, so that the launcher can place it in its
 * groups; one that the launcher does not know yet, because bubblewrap started it, says hello before. */
enum ShimMessageKind {
    kShimHello = 1,
    kShimStarted = 2,    /* With kShimListen the listener's descriptor comes along. */
    kShimExecFailed = 3, /* `value` is the errno of execve. */
    kShimExited = 4,     /* `value` is the wait status of the program. */
    kShimFailed = 5,     /* Set-up failed: `value` is the errno, `step` says where. Of a change: nothing was changed. */
    kShimBroken = 6,     /* As kShimFailed, of a change that was half done. */
    kShimChanged = 7,    /* The change is done. */
    kShimObeyed = 8,     /* After ShimWord: `value` is an errno. */
    kShimNetwork = 9,  /* With kShimOfferNetwork, before the tree is made; descriptors in ShimNetworkSocket's order. */
    kShimDisplay = 10, /* Once the tree is made; descriptors in ShimDisplaySocket's order. */
    kShimFolder = 11,  /* Once the tree is made, with the folder for sockets (O_PATH). */
    kShimRoot = 12,    /* Before kShimStarted, with the sandbox's root (O_PATH). */
};

/* Sockets of the sandbox's network. The launcher may use them for what they were made for, because its user owns the
 * namespace; nobody inside gets one. */
enum ShimNetworkSocket {
    kSocketRoute,  /* NETLINK_ROUTE */
    kSocketFilter, /* NETLINK_NETFILTER; with kShimWithoutFilter NETLINK_ROUTE, of no use */
    kSocketQueue,  /* The same. */
    kSocketStream4,
    kSocketStream6,
    kSocketDatagram4,
    kSocketDatagram6,
    kSocketRaw4,
    kSocketRaw6,
    kSocketMakerListener, /* TCP over IPv6 and IPv4 */
    kSocketMakerDialer,
    kSocketMessages, /* NETLINK_NETFILTER */
    kNetworkSockets
};

enum ShimDisplaySocket {
    kSocketDisplay, /* Listens. */
    kSocketClient,  /* The first connection to it. */
    kSocketObject,  /* O_PATH: the socket's file. */
    kDisplaySockets
};

/* What the launcher says to process 1 while the program runs, in one byte. */
enum ShimWord { kShimFreeze = 'f', kShimThaw = 't' };

struct ShimMessage {
    uint32_t kind;
    int32_t value;
    uint64_t cpuMicroseconds; /* kShimExited: user + system of all reaped processes. */
    uint64_t peakMemoryKb;
    uint32_t treeStep; /* kShimFailed: the number of the step of the tree, from 1; 0: none. */
    char step[36];
};

#endif
