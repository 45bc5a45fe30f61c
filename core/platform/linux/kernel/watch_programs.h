/* Starting programs: the beginning of a session, argument lists, environments. */
#ifndef BELLJAR_KERNEL_WATCH_PROGRAMS_H
#define BELLJAR_KERNEL_WATCH_PROGRAMS_H

#include "core/platform/linux/kernel/watch_paths.h"

/* The first program that anybody but our init starts: from here on everything is the sandboxee's. */
static __always_inline void startSession(struct BelljarSession* session, __u64 task, struct Scratch* scratch)
{
    __u32 inside = 0;
    __u32 depth = 0;
    const __u64 pid = POINTER(POINTER(task, task_struct, group_leader), task_struct, thread_pid);
    READ(depth, FIELD(pid, pid, level));
    READ(inside, FIELD(pid, pid, numbers[depth].nr));
    if (inside == 1) return;
    session->depth = depth;
    session->live = 1;
    describe(depth, kRecordFork);
    emit(session, scratch);
}

static __always_inline void adoptNamespace(const struct BelljarSession* session, __u32 number)
{
    const struct BelljarSession* known = bpf_map_lookup_elem(&sessions, &number);
    if (known && known->slot == session->slot) return;
    /* What stands there otherwise was about a namespace that is gone: its number has been given out again. */
    const struct BelljarSession copy = *session;
    if (bpf_map_update_elem(&sessions, &number, &copy, BPF_ANY) != 0) return;
    const __u32 zero = 0;
    __u64* hint = bpf_map_lookup_elem(&hints, &zero);
    if (hint) __sync_fetch_and_or(hint, 1ULL << (number & 63));
}

static __always_inline void addKernelText(struct Scratch* scratch, __u64 address, __u32 slot)
{
    struct BelljarRecord* record = &scratch->record;
    const __u32 used = record->textBytes;
    if (used > kTextRoom - kPathRoom) return;
    const long length = bpf_probe_read_kernel_str(scratch->texts + used, kPathRoom, (const void*)address);
    if (length <= 0) return;
    record->texts[slot].at = (__u16)used;
    record->texts[slot].length = (__u16)(length - 1);
    record->textBytes = used + ((__u32)length & 0x1fff);
}

static __always_inline void addBlock(struct Scratch* scratch, __u64 from, __u64 to, __u32 slot)
{
    struct BelljarRecord* record = &scratch->record;
    const __u32 used = record->textBytes;
    __u64 length = to - from;
    if (length == 0 || to < from) return;
    UNKNOWN(length);
    if (length > kArgumentRoom) {
        length = kArgumentRoom;
        record->flags |= kFlagCut;
    }
    if (used > kTextRoom - kArgumentRoom) return;
    if (bpf_probe_read_user(scratch->texts + used, (__u32)length, (const void*)from) != 0) return;
    record->texts[slot].at = (__u16)used;
    record->texts[slot].length = (__u16)length;
    record->textBytes = used + (__u32)length;
}

/* Arguments and environment of a program that has just been started, from where the kernel has put them. */
static __always_inline void addProgramText(struct Scratch* scratch, __u64 task)
{
    const __u64 memory = POINTER(task, task_struct, mm);
    addBlock(scratch, POINTER(memory, mm_struct, arg_start), POINTER(memory, mm_struct, arg_end), kTextPath2);
    addBlock(scratch, POINTER(memory, mm_struct, env_start), POINTER(memory, mm_struct, env_end), kTextExtra);
}

struct ArgumentWalk {
    struct Scratch* scratch;
    __u64 list;
    __u32 used;
    __u32 end;
};

static long argumentStep(__u32 index, struct ArgumentWalk* walk)
{
    __u64 text = 0;
    if (bpf_probe_read_user(&text, sizeof text, (const void*)(walk->list + 8 * (__u64)index)) != 0 || text == 0)
        return 1;
    const __u32 used = walk->used;
    if (used >= walk->end || used > kTextRoom - kPathRoom) return 1;
    const long length = bpf_probe_read_user_str(walk->scratch->texts + used, kPathRoom, (const void*)text);
    if (length <= 0) return 1;
    walk->used = used + ((__u32)length & 0x1fff);
    return 0;
}

/* The argument list of a program that could not be started, each text with its NUL. */
__noinline int addArguments(__u64 list)
{
    struct Scratch* scratch = scratchRoom();
    if (!scratch) return 0;
    struct BelljarRecord* record = &scratch->record;
    const __u32 used = record->textBytes;
    struct ArgumentWalk walk = {.scratch = scratch, .list = list, .used = used, .end = used + kArgumentRoom};
    bpf_loop(kMostArguments, argumentStep, &walk, 0);
    record->texts[kTextPath2].at = (__u16)used;
    record->texts[kTextPath2].length = (__u16)(walk.used - used);
    record->textBytes = walk.used;
    return 0;
}

#endif
