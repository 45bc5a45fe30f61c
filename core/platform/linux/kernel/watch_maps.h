/* What the programs share: sessions, their rings, and the room in which a record is put together. */
#ifndef BELLJAR_KERNEL_WATCH_MAPS_H
#define BELLJAR_KERNEL_WATCH_MAPS_H

#include "core/platform/linux/kernel/kernel_types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "core/platform/linux/kernel/record.h"

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

/* A call that a rule of its session has refused and that has not ended yet, by the number of its thread. Only a guard
 * fills it. Should a refusal not be what the call ends with, the place of the call tells it from a later one. */
struct Refusal {
    __u64 at;
    __u64 stack;
    __u32 call;
    __u32 forbidden; /* See kForbiddenArgument. */
};
struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 1024);
    __type(key, __u32);
    __type(value, struct Refusal);
} refusals SEC(".maps");

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

#endif
