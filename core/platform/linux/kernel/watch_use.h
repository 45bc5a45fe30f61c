/* How much was read from and written to each open file: counted here, told once when the descriptor is closed. */
#ifndef BELLJAR_KERNEL_WATCH_USE_H
#define BELLJAR_KERNEL_WATCH_USE_H

#include "core/platform/linux/kernel/watch_sockets.h"

struct UseKey {
    __u32 pid;
    __u32 descriptor;
};
struct Use {
    __u64 file;   /* What the descriptor stood for. */
    __u64 number; /* By which the records name this use. */
    __u64 bytesRead;
    __u64 bytesWritten;
    __u64 first;
    __u64 last;
};
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 32768);
    __type(key, struct UseKey);
    __type(value, struct Use);
} uses SEC(".maps");

/* The highest descriptor of a process that was counted, so that its end need not look at all. */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 16384);
    __type(key, __u32);
    __type(value, __u32);
} highest SEC(".maps");

static __always_inline void tellUse(const struct BelljarSession* session, __u64 task, struct Scratch* scratch,
                                    const struct Use* use)
{
    struct BelljarRecord* record = &scratch->record;
    describe(session->depth, kRecordFileEnd);
    record->arguments[0] = use->number;
    record->arguments[1] = use->bytesRead;
    record->arguments[2] = use->bytesWritten;
    record->arguments[3] = use->first;
    record->arguments[4] = use->last;
    emit(session, scratch);
}

static __always_inline struct Use* beginUse(const struct BelljarSession* session, __u64 task, struct Scratch* scratch,
                                            struct UseKey* key, __u64 file, __u16 mode)
{
    struct BelljarRecord* record = &scratch->record;
    describe(session->depth, kRecordFileUse);
    if (record->inside == 1) return 0;
    const struct Use fresh = {
        .file = file, .number = bpf_ktime_get_ns() << 8 | (bpf_get_smp_processor_id() & 0xff), .first = record->timeNs};
    record->arguments[0] = fresh.number;
    record->fileMode = mode;
    addFile(file, kTextFolder);
    if (record->flags & kFlagOutside) return 0; /* memfd and the like, which have no name */
    if (bpf_map_update_elem(&uses, key, &fresh, BPF_ANY) != 0) {
        countLoss(session);
        return 0;
    }
    if (emit(session, scratch) != 0) bpf_map_delete_elem(&uses, key);
    const __u32* known = bpf_map_lookup_elem(&highest, &key->pid);
    if (!known || *known < key->descriptor) bpf_map_update_elem(&highest, &key->pid, &key->descriptor, BPF_ANY);
    return bpf_map_lookup_elem(&uses, key);
}

/* A descriptor was closed: tells what was counted. */
static __always_inline int endUse(__s32 descriptor, __u64 task, __u32 space)
{
    struct UseKey key = {.pid = (__u32)(bpf_get_current_pid_tgid() >> 32), .descriptor = (__u32)descriptor};
    struct Use* use = bpf_map_lookup_elem(&uses, &key);
    if (!use) return 0;
    struct BelljarSession* session = sessionAt(task, space);
    struct Scratch* scratch = session ? scratchRoom() : 0;
    if (!scratch) return 0;
    const struct Use ended = *use;
    bpf_map_delete_elem(&uses, &key);
    tellUse(session, task, scratch, &ended);
    return 0;
}

/* The call's result stands in the record. */
static __noinline int countUse(struct BelljarSession* session, __u64 task, struct Scratch* scratch, __u8 work,
                               __s32 descriptor)
{
    if (!session || !scratch) return 0;
    const __s64 result = scratch->record.result;
    if (result < 0 || descriptor < 0 || descriptor >= kMostCountedFd) return 0;
    struct UseKey key = {.pid = (__u32)(bpf_get_current_pid_tgid() >> 32), .descriptor = (__u32)descriptor};
    struct Use* use = bpf_map_lookup_elem(&uses, &key);
    const __u64 file = fileOf(descriptor);
    if (!file) return 0;
    if (!use || use->file != file) {
        enum { kRegular = 0100000, kFolder = 0040000 };
        const __u16 mode = modeOf(file);
        if ((mode & kTypeMask) != (work == kWorkList ? kFolder : kRegular)) return 0;
        if (use) {
            const struct Use ended = *use;
            tellUse(session, task, scratch, &ended);
        }
        use = beginUse(session, task, scratch, &key, file, mode);
        if (!use) return 0;
    }
    use->last = bpf_ktime_get_ns();
    if (work == kWorkRead) __sync_fetch_and_add(&use->bytesRead, (__u64)result);
    else if (work == kWorkWrite) __sync_fetch_and_add(&use->bytesWritten, (__u64)result);
    return 0;
}

struct EndWalk {
    struct BelljarSession* session;
    struct Scratch* scratch;
    __u32 pid;
};

static long endStep(__u32 index, struct EndWalk* walk)
{
    struct UseKey key = {.pid = walk->pid, .descriptor = index};
    struct Use* use = bpf_map_lookup_elem(&uses, &key);
    if (!use) return 0;
    const struct Use ended = *use;
    bpf_map_delete_elem(&uses, &key);
    tellUse(walk->session, bpf_get_current_task(), walk->scratch, &ended);
    return 0;
}

/* A process ends: so do all its descriptors. */
static __always_inline void endUses(struct BelljarSession* session, __u64 task, struct Scratch* scratch)
{
    __u32 pid = (__u32)(bpf_get_current_pid_tgid() >> 32);
    const __u32* known = bpf_map_lookup_elem(&highest, &pid);
    if (!known) return;
    const __u32 most = *known;
    bpf_map_delete_elem(&highest, &pid);
    struct EndWalk walk = {.session = session, .scratch = scratch, .pid = pid};
    bpf_loop(most < kMostCountedFd ? most + 1 : kMostCountedFd, endStep, &walk, 0);
}

#endif
