/* vsock_socket: opens a socket to the hypervisor or to other machines on it; no network namespace holds those. Other
 * families that leave the sandbox are tried too. Escape: one opens. */
#include <sys/socket.h>

#include "tests/probes/probe.h"

PROBE(vsock_socket)
{
    static const int kFamilies[] = {40 /* AF_VSOCK */,
                                    31 /* AF_BLUETOOTH */,
                                    38 /* AF_ALG */,
                                    30 /* AF_TIPC */,
                                    29 /* AF_CAN */,
                                    44 /* AF_XDP */,
                                    15 /* AF_KEY */};
    (void)argv;
    if (argc != 1) return couldNot("usage: vsock_socket");
    for (unsigned i = 0; i < sizeof kFamilies / sizeof *kFamilies; ++i) {
        for (int type = SOCK_STREAM; type <= SOCK_SEQPACKET; ++type) {
            if (socket(kFamilies[i], type, 0) >= 0)
                return escaped("a socket of family %d, type %d", kFamilies[i], type);
        }
    }
    return stopped("special sockets");
}
