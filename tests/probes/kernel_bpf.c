/* kernel_bpf: makes a BPF map and loads a program. Escape: one of them works. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/probes/probe.h"

PROBE(kernel_bpf)
{
    (void)argv;
    if (argc != 1) return couldNot("usage: kernel_bpf");
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.map_type = BPF_MAP_TYPE_ARRAY;
    attributes.key_size = 4;
    attributes.value_size = 4;
    attributes.max_entries = 1;
    if (syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof attributes) >= 0) return escaped("made a BPF map");
    /* An unknown command is EINVAL from the kernel: only a filter answers EPERM to everybody. */
    if (syscall(SYS_bpf, 9999, &attributes, sizeof attributes) < 0 && errno == EINVAL)
        return escaped("bpf is reachable");
    return stopped("bpf");
}
