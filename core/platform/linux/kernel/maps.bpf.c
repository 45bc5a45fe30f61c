/* Lists the numbers of all maps of this machine that somebody holds: how belljar-monitord learns, without any further
 * privilege, whether a client still has the maps of a session that ended long ago. */
#include "core/platform/linux/kernel/kernel_types.h"

#include <bpf/bpf_helpers.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct seq_file;
struct bpf_map {
    __u32 id;
};
struct bpf_iter_meta {
    struct seq_file* seq;
};
struct bpf_iter__bpf_map {
    struct bpf_iter_meta* meta;
    struct bpf_map* map;
};
#pragma clang attribute pop

SEC("iter/bpf_map")
int listMaps(struct bpf_iter__bpf_map* context)
{
    const struct bpf_map* map = context->map;
    if (!map) return 0; /* the end */
    const __u32 number = map->id;
    bpf_seq_write(context->meta->seq, &number, sizeof number);
    return 0;
}

char kLicense[] SEC("license") = "Dual MIT/GPL";
