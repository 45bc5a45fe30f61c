/* kernel_kexec: asks the kernel to load another kernel, modules and to reboot, always with arguments that it would
 * refuse. Escape: a call reaches its argument checks. */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/probes/probe.h"

PROBE(kernel_kexec)
{
    (void)argv;
    if (argc != 1) return couldNot("usage: kernel_kexec");
    if (syscall(SYS_kexec_load, 0, 1000000UL, NULL, 0xffffUL) == 0 || errno == EINVAL)
        return escaped("kexec_load is reachable");
    if (syscall(SYS_finit_module, -1, "", 0xffff) == 0 || errno == EINVAL || errno == EBADF)
        return escaped("finit_module is reachable");
    if (syscall(SYS_reboot, 0, 0, 0, NULL) == 0 || errno == EINVAL) return escaped("reboot is reachable");
    return stopped("kexec_load, finit_module, reboot");
}
