/* Addresses of sockets that are open already, as the bytes of a socket address. */
#ifndef BELLJAR_KERNEL_WATCH_SOCKETS_H
#define BELLJAR_KERNEL_WATCH_SOCKETS_H

#include "core/platform/linux/kernel/socket_types.h"
#include "core/platform/linux/kernel/watch_paths.h"

enum { kFamilyUnix = 1, kFamilyInet = 2, kFamilyInet6 = 10, kTypeMask = 0170000, kSocketType = 0140000 };

static __always_inline __u16 modeOf(__u64 file)
{
    __u64 inode = 0;
    __u16 mode = 0;
    READ(inode, FIELD(file, file, f_inode));
    READ(mode, FIELD(inode, inode, i_mode));
    return mode;
}

/* Not a pipe or a socket. */
static __always_inline int isInTree(__u64 file)
{
    enum { kPipeType = 0010000 };
    const __u16 type = modeOf(file) & kTypeMask;
    return type != kSocketType && type != kPipeType;
}

/* The kernel's struct sock; 0 when it is no socket. */
static __always_inline __u64 socketOf(__s32 descriptor)
{
    const __u64 file = fileOf(descriptor);
    if (!file || (modeOf(file) & kTypeMask) != kSocketType) return 0;
    __u64 pointer = 0;
    READ(pointer, FIELD(file, file, private_data));
    READ(pointer, FIELD(pointer, socket, sk));
    return pointer;
}

/* Which transport an address is for. */
static __always_inline void addProtocol(struct BelljarRecord* record, __u64 pointer)
{
    __u16 protocol = 0;
    if (pointer) READ(protocol, FIELD(pointer, sock, sk_protocol));
    record->fileMode = protocol;
}

/* Its own address, or its peer's; false for families without one. */
__noinline int addSocket(__s32 descriptor, __u32 peer)
{
    struct Scratch* scratch = scratchRoom();
    const __u64 pointer = socketOf(descriptor);
    if (!scratch || !pointer) return 0;
    struct BelljarRecord* record = &scratch->record;
    const __u32 used = record->textBytes;
    if (used > kTextRoom - kSocketRoom) return 0;
    char* to = scratch->texts + used;
    struct BelljarSpan* text = &record->texts[kTextPath];
    text->at = (__u16)used;
    __u16 family = 0;
    READ(family, FIELD(pointer, sock, __sk_common.skc_family));
    __builtin_memset(to, 0, 32);
    *(__u16*)to = family;
    if (family == kFamilyUnix) {
        /* An accepted connection has the name of its listener. */
        __u64 named = 0;
        __s32 length = 0;
        READ(named, FIELD(pointer, unix_sock, addr));
        if (named == 0) return 0;
        READ(length, FIELD(named, unix_address, len));
        if (length <= 0 || length > 110) return 0;
        if (bpf_probe_read_kernel(to, (__u32)length, FIELD(named, unix_address, name)) != 0) return 0;
        text->length = (__u16)length;
        record->textBytes = used + (__u32)length;
        return 1;
    }
    if (family != kFamilyInet && family != kFamilyInet6) return 0;
    __u16 port = 0;
    if (peer) {
        READ(port, FIELD(pointer, sock, __sk_common.skc_dport));
    } else {
        READ(port, FIELD(pointer, sock, __sk_common.skc_num));
        port = __builtin_bswap16(port);
    }
    *(__u16*)(to + 2) = port;
    if (family == kFamilyInet) {
        if (peer) bpf_probe_read_kernel(to + 4, 4, FIELD(pointer, sock, __sk_common.skc_daddr));
        else bpf_probe_read_kernel(to + 4, 4, FIELD(pointer, sock, __sk_common.skc_rcv_saddr));
    } else {
        if (peer) bpf_probe_read_kernel(to + 8, 16, FIELD(pointer, sock, __sk_common.skc_v6_daddr));
        else bpf_probe_read_kernel(to + 8, 16, FIELD(pointer, sock, __sk_common.skc_v6_rcv_saddr));
    }
    text->length = family == kFamilyInet ? 16 : 28;
    record->textBytes = used + 28;
    return 1;
}

#endif
