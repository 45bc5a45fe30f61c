/* Which session a task belongs to, and how a record is begun and sent. */
#ifndef BELLJAR_KERNEL_WATCH_SESSION_H
#define BELLJAR_KERNEL_WATCH_SESSION_H

#include "core/platform/linux/kernel/watch_maps.h"

/* The compiler must not know the value: it would drop, or move to a copy, the check that the verifier wants to see. */
#define UNKNOWN(value) asm volatile("" : "+r"(value))

#define READ(to, from) bpf_probe_read_kernel(&(to), sizeof(to), (const void*)(from))
#define FIELD(address, type, field)                                 \
    ({                                                              \
        const struct type* object_ = (const struct type*)(address); \
        &object_->field;                                            \
    })

/* A pointer in the kernel. Plain C would do and is faster, but the verifier searches all names of the kernel for each
 * pointer that it sees loaded, milliseconds a piece when the programs are loaded: plain C stands where every event
 * goes. */
#define POINTER(address, type, field)                \
    ({                                               \
        __u64 pointer_ = 0;                          \
        READ(pointer_, FIELD(address, type, field)); \
        pointer_;                                    \
    })

/* Two fields that are read at once where this kernel has them side by side. Decided when the program is loaded. */
#define SIDE_BY_SIDE(type, first, second)                                                      \
    (bpf_core_field_offset(struct type, second) - bpf_core_field_offset(struct type, first) == \
     bpf_core_field_size(struct type, first))

/* Whether the session's own namespace is that of the task or one above it. The number of a namespace that was made in
 * the sandbox may be somebody else's by now; the session's own is held open by whoever asked for the session. */
static __always_inline int isBelow(__u64 task, const struct BelljarSession* session)
{
    const __u64 pid = POINTER(task, task_struct, thread_pid);
    __u32 level = 0;
    __u32 number = 0;
    READ(level, FIELD(pid, pid, level));
    const __u32 depth = session->live ? session->depth : level;
    if (pid == 0 || level < depth) return 0;
    const __u64 space = POINTER(pid, pid, numbers[depth].ns);
    READ(number, FIELD(space, pid_namespace, ns.inum));
    return number == session->root;
}

/* The number of the running task's pid namespace if a session may belong to it, otherwise 0. Every process of the host
 * comes here at each call, hence the plain C. */
static __always_inline __u32 hintedNamespace(struct task_struct* caller)
{
    const __u32 zero = 0;
    struct nsproxy* spaces = caller->nsproxy;
    const __u64* hint = bpf_map_lookup_elem(&hints, &zero);
    if (!spaces || !hint) return 0;
    const __u32 number = spaces->pid_ns_for_children->ns.inum;
    return *hint >> (number & 63) & 1 ? number : 0;
}

static __always_inline __u32 namespaceOf(__u64 task)
{
    const __u64 spaces = POINTER(task, task_struct, nsproxy);
    const __u64 space = POINTER(spaces, nsproxy, pid_ns_for_children);
    __u32 number = 0;
    READ(number, FIELD(space, pid_namespace, ns.inum));
    return number;
}

/* The number of the session's own namespace needs no second look: it is nobody else's. */
static __always_inline struct BelljarSession* sessionAt(__u64 task, __u32 number)
{
    struct BelljarSession* session = bpf_map_lookup_elem(&sessions, &number);
    return session && (number == session->root || isBelow(task, session)) ? session : 0;
}

static __always_inline struct BelljarSession* sessionOf(__u64 task)
{
    const __u32 number = namespaceOf(task);
    const __u32 zero = 0;
    const __u64* hint = bpf_map_lookup_elem(&hints, &zero);
    return hint && *hint >> (number & 63) & 1 ? sessionAt(task, number) : 0;
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

static __always_inline void clearRecord(struct BelljarRecord* record, __u32 kind)
{
    record->timeNs = bpf_ktime_get_ns();
    record->kind = (__u8)kind;
    record->flags = 0;
    record->number = 0;
    record->fileMode = 0;
    record->textBytes = 0;
    if (kind != kRecordCall) {
        record->result = 0;
        __builtin_memset(record->arguments, 0, sizeof record->arguments);
    }
    __builtin_memset(record->texts, 0, sizeof record->texts);
}

static __always_inline void addName(struct BelljarRecord* record, __u64 leader, __u32 depth)
{
    const __u64 pid = POINTER(leader, task_struct, thread_pid);
    READ(record->inside, FIELD(pid, pid, numbers[depth].nr));
    READ(record->name, FIELD(leader, task_struct, comm));
}

/* Begins a record: what the running task does, and when. Result and arguments of a call stand there already. */
__noinline int describe(__u32 depth, __u32 kind)
{
    struct Scratch* scratch = scratchRoom();
    struct task_struct* caller = bpf_get_current_task_btf();
    struct task_struct* leader = caller->group_leader;
    if (!scratch || !leader) return 0;
    struct BelljarRecord* record = &scratch->record;
    struct task_struct* parent = leader->real_parent;
    clearRecord(record, kind);
    record->startNs = leader->start_boottime;
    record->tid = caller->pid;
    record->pid = caller->tgid;
    record->parent = parent ? parent->tgid : 0;
    addName(record, (__u64)leader, depth);
    return 0;
}

/* The same for another task, the leader of its threads. */
__noinline int describeOther(__u64 leader, __u32 depth, __u32 kind)
{
    struct Scratch* scratch = scratchRoom();
    if (!scratch) return 0;
    struct BelljarRecord* record = &scratch->record;
    clearRecord(record, kind);
    READ(record->startNs, FIELD(leader, task_struct, start_boottime));
    READ(record->tid, FIELD(leader, task_struct, pid));
    READ(record->pid, FIELD(leader, task_struct, tgid));
    READ(record->parent, FIELD(POINTER(leader, task_struct, real_parent), task_struct, tgid));
    addName(record, leader, depth);
    return 0;
}

#endif
