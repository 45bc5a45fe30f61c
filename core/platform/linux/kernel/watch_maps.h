/* What the programs share: sessions, their rings, and the room in which a record is put together. */
#ifndef BELLJAR_KERNEL_WATCH_MAPS_H
#define BELLJAR_KERNEL_WATCH_MAPS_H

#include "core/platform/linux/kernel/kernel_types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "core/platform/linux/kernel/record.h"

/* The compiler must not know the value: it would drop, or move to a copy, the check that the verifier wants to see. */
#define UNKNOWN(value) asm volatile("" : "+r"(value))

/* By the inode number of the sandbox's pid namespace. */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1024);
    __type(key, __u32);
    __type(value, struct BelljarSession);
} sessions SEC(".maps");

/* One bit for each number of a namespace, modulo 64: what costs a process outside nothing but a look here. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64);
} hints SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 2 * kCallNumbers);
    __type(key, __u32);
    __type(value, struct BelljarCallRule);
} calls SEC(".maps");

struct RingTemplate {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
};
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
    __uint(max_entries, kMostSessions);
    __type(key, __u32);
    __array(values, struct RingTemplate);
} rings SEC(".maps");

struct CounterTemplate {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, 1);
    __uint(key_size, sizeof(__u32));
    __uint(value_size, sizeof(struct BelljarCounters));
};
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
    __uint(max_entries, kMostSessions);
    __type(key, __u32);
    __array(values, struct CounterTemplate);
} counters SEC(".maps");

struct Scratch {
    struct BelljarRecord record;
    char texts[kTextRoom];
};
struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct Scratch);
} scratches SEC(".maps");

static __always_inline struct BelljarSession* sessionOfNamespace(__u32 number)
{
    const __u32 zero = 0;
    const __u64* hint = bpf_map_lookup_elem(&hints, &zero);
    if (!hint || !(*hint >> (number & 63) & 1)) return 0;
    return bpf_map_lookup_elem(&sessions, &number);
}

/* A sandboxee cannot make namespaces; where a profile lets it, onFork() adds them. */
static __always_inline struct BelljarSession* sessionOf(struct task_struct* task)
{
    struct nsproxy* spaces = task->nsproxy;
    if (!spaces) return 0;
    return sessionOfNamespace(spaces->pid_ns_for_children->ns.inum);
}

static __always_inline void countLoss(const struct BelljarSession* session)
{
    const __u32 zero = 0;
    __u32 slot = session->slot;
    void* inner = bpf_map_lookup_elem(&counters, &slot);
    struct BelljarCounters* counted = inner ? bpf_map_lookup_elem(inner, &zero) : 0;
    if (counted) __sync_fetch_and_add(&counted->lost, 1);
}

/* 0: it is in the ring. */
static __always_inline int emit(const struct BelljarSession* session, struct Scratch* scratch)
{
    __u32 slot = session->slot;
    void* ring = bpf_map_lookup_elem(&rings, &slot);
    if (!ring) return -1;
    __u64 textBytes = scratch->record.textBytes;
    UNKNOWN(textBytes);
    if (textBytes > kTextRoom) textBytes = kTextRoom;
    const __u64 wake =
        bpf_ringbuf_query(ring, BPF_RB_AVAIL_DATA) >= session->watermark ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP;
    const long error = bpf_ringbuf_output(ring, scratch, sizeof scratch->record + textBytes, wake);
    if (error) countLoss(session);
    return (int)error;
}

static __always_inline struct Scratch* scratchRoom(void)
{
    const __u32 zero = 0;
    return bpf_map_lookup_elem(&scratches, &zero);
}

/* Fills in who does it. */
static __always_inline void describe(struct BelljarRecord* record, struct task_struct* task,
                                     const struct BelljarSession* session, __u8 kind)
{
    struct task_struct* leader = task->group_leader;
    record->timeNs = bpf_ktime_get_ns();
    record->startNs = leader->start_boottime;
    record->pid = task->tgid;
    record->tid = task->pid;
    record->parent = leader->real_parent->tgid;
    bpf_probe_read_kernel(&record->inside, sizeof record->inside, &leader->thread_pid->numbers[session->depth].nr);
    bpf_probe_read_kernel(record->name, sizeof record->name, leader->comm);
    record->kind = kind;
    record->flags = 0;
    record->number = 0;
    record->fileMode = 0;
    record->textBytes = 0;
    record->result = 0;
    __builtin_memset(record->arguments, 0, sizeof record->arguments);
    __builtin_memset(record->texts, 0, sizeof record->texts);
}

#endif
