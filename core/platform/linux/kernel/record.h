/* What the programs in the kernel and Belljar say to each other. C, because the programs in the kernel are C.
 *
 * Both ends are the same build. Numbers come from the kernel and can be trusted; every text is the sandboxee's. */
#ifndef BELLJAR_KERNEL_RECORD_H
#define BELLJAR_KERNEL_RECORD_H

#ifndef __bpf__
#include <stdint.h>
#endif

enum {
    kMostSessions = 64,   /* At the same time, of one set of loaded programs. */
    kCallNumbers = 512,   /* System calls of one ABI. */
    kPathRoom = 4096,     /* Bytes of one path, with its NUL. */
    kArgumentRoom = 8192, /* Bytes of an argument list or of an environment. */
    kMostArguments = 64,
    kTextRoom = 28672, /* Bytes of all texts of one record. */
    kMostCountedFd = 1024,
    kMostRules = 4096, /* Objects that one session forbids. */
};

/* What a program in the kernel does at the end of a system call; the rest is decoded from the record. */
enum BelljarCallWork {
    kWorkNone = 0,
    kWorkPath,    /* One path, or two. */
    kWorkFile,    /* The object is an open descriptor. */
    kWorkOpen,    /* A path; a success is told by the file that was opened. */
    kWorkOpenHow, /* The same, with flags in a struct. */
    kWorkExec,    /* Only failures: a success has a record of its own. */
    kWorkAddress, /* A socket address: `path`, its length `extra`. */
    kWorkMessage, /* The address stands in a msghdr. */
    kWorkSocket,  /* The address that descriptor `folder` is bound to. */
    kWorkPeer,    /* The address of the peer of the descriptor that was returned. */
    kWorkNumbers, /* Arguments only, and the path, if there is one. */
    kWorkRead,    /* Bytes read from descriptor `folder`: counted. */
    kWorkWrite,   /* Bytes written to it: counted. */
    kWorkList,    /* A folder was listed. */
    kWorkClose,   /* Ends the count of a descriptor. */
};

enum { kNoCallArgument = -1, kPlainText = -2 };

/* One system call; Belljar fills the table from core/platform/linux/syscall_table.h before the programs start. */
struct BelljarCallRule {
    uint8_t work;
    uint8_t onlyFull; /* Not reported at the standard level. */
    int8_t folder;
    int8_t path;
    int8_t extra;
    int8_t folder2; /* kPlainText: path2 is a text that names nothing. */
    int8_t path2;
    int8_t tested; /* Argument that must pass (argument & mask) == value; kNoCallArgument: none. */
    uint64_t mask;
    uint64_t value;
};

struct BelljarSession {
    uint32_t slot;      /* In the tables of rings, counters and policies. */
    uint32_t full;      /* TraceLevel::full */
    uint32_t live;      /* The sandboxee's program has been started: before, it is our own shim. */
    uint32_t depth;     /* Of the sandbox's pid namespace. */
    uint32_t watermark; /* Bytes in the ring at which the reader is woken. */
    uint32_t root;      /* Inode number of the sandbox's pid namespace. */
};

struct BelljarCounters {
    uint64_t lost; /* Records that did not fit into the ring. */
};

enum BelljarRecordKind {
    kRecordCall = 1,
    kRecordExec = 2, /* texts: file, name as given, folder, arguments, environment */
    kRecordFork = 3,
    kRecordExit = 4,    /* result: wait status */
    kRecordFileUse = 5, /* First use of a descriptor: texts: file. arguments[0]: its number in later records. */
    kRecordFileEnd = 6, /* arguments: number, bytes read, written, first and last time. */
    kRecordGuard = 7,   /* An LSM hook, number: BelljarHook. */
};

enum BelljarHook {
    kHookOpen = 1,
    kHookExec = 2,
    kHookConnect = 3,
    kHookBind = 4,
    kHookSend = 5,
    kHookUnlink = 6,
    kHookRmdir = 7,
    kHookMkdir = 8,
    kHookRename = 9,
    kHookLink = 10,
    kHookSymlink = 11,
    kHookStat = 12,
};

enum BelljarText {
    kTextFolder = 0, /* Chains of names, innermost first, each with its NUL. */
    kTextPath = 1,   /* As the sandboxee wrote it, or a socket address. */
    kTextFolder2 = 2,
    kTextPath2 = 3,
    kTextExtra = 4,
    kTexts = 8, /* A power of two: slots are masked. */
};

enum BelljarRecordFlags {
    kFlagFile = 1,        /* kTextFolder is the whole object. */
    kFlagCompat = 2,      /* A 32-bit call. */
    kFlagOutside = 4,     /* The chain in kTextFolder does not end at the sandbox's root ... */
    kFlagOutside2 = 8,    /* ... nor that in kTextFolder2. */
    kFlagCut = 16,        /* A text did not fit. */
    kFlagUnreadable = 32, /* A path could not be read from the sandboxee's memory. */
    kFlagScript = 64,     /* kRecordExec: the file is the interpreter. */
    kFlagRefused = 128,   /* kRecordGuard: denied by a rule of the session. kRecordCall: told only because it ended with
                             EPERM, which may be the filter's doing. */
};

struct BelljarSpan {
    uint16_t at; /* In the bytes behind the record. */
    uint16_t length;
};

struct BelljarRecord {
    uint64_t timeNs;       /* CLOCK_MONOTONIC */
    uint64_t startNs;      /* Of the process, since boot. */
    int64_t result;        /* Negative errno, or the call's value. */
    uint64_t arguments[8]; /* Six of the call; openat2's flags stand in the sixth. [kForbiddenArgument]: see there. */
    uint32_t pid;
    uint32_t tid;
    uint32_t parent;
    uint32_t inside;   /* pid in the sandbox's namespace. */
    uint32_t fileMode; /* f_mode of an opened file; i_mode of one that is used; IPPROTO_* of a socket that gets an
                          address. */
    uint16_t number;
    uint8_t kind;
    uint8_t flags;
    char name[16];
    struct BelljarSpan texts[kTexts];
    uint32_t textBytes; /* Of all texts, behind the record. */
};

/* What a rule of the running session forbids for one object; the key and value of a session's policy map. */
struct BelljarObject {
    uint64_t device; /* As the kernel numbers it: major << 20 | minor. */
    uint64_t inode;
};
enum { kForbidOpen = 1, kForbidExec = 2, kForbidRuleShift = 2 /* The rule's number stands above the two bits. */ };

/* Of kRecordCall and kRecordGuard: the value of the rule that refused the object; 0: none did. */
enum { kForbiddenArgument = 6 };

#endif
