/* Of sockets; see kernel_types.h. */
#ifndef BELLJAR_KERNEL_SOCKET_TYPES_H
#define BELLJAR_KERNEL_SOCKET_TYPES_H

#include "core/platform/linux/kernel/kernel_types.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct in6_addr {
    __u32 unused[4];
};
struct sock_common {
    __be32 skc_daddr;
    __be32 skc_rcv_saddr;
    __be16 skc_dport;
    __u16 skc_num;
    __u16 skc_family;
    struct in6_addr skc_v6_daddr;
    struct in6_addr skc_v6_rcv_saddr;
};
struct sock {
    struct sock_common __sk_common;
    __u16 sk_protocol;
};
struct sockaddr_un {
    __u16 sun_family;
};
struct unix_address {
    int len;
    struct sockaddr_un name[1];
};
struct unix_sock {
    struct unix_address* addr;
};
struct socket {
    struct sock* sk;
};

struct msghdr {
    void* msg_name;
    int msg_namelen;
};

#pragma clang attribute pop

#endif
