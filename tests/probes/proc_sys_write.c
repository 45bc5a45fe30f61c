/* proc_sys_write: opens kernel settings and the magic SysRq trigger for writing, without writing. Escape: one opens. */
#include <errno.h>
#include <fcntl.h>

#include "tests/probes/probe.h"

PROBE(proc_sys_write)
{
    static const char* const kFiles[] = {"/proc/sysrq-trigger",
                                         "/proc/sys/kernel/core_pattern",
                                         "/proc/sys/kernel/modprobe",
                                         "/proc/sys/vm/swappiness",
                                         "/proc/sys/kernel/hostname",
                                         "/proc/sys/kernel/ns_last_pid",
                                         "/proc/irq/default_smp_affinity",
                                         "/sys/kernel/uevent_helper"};
    (void)argv;
    if (argc != 1) return couldNot("usage: proc_sys_write");
    int last = 0;
    for (unsigned i = 0; i < sizeof kFiles / sizeof *kFiles; ++i) {
        if (open(kFiles[i], O_WRONLY | O_CLOEXEC) >= 0) return escaped("%s can be written", kFiles[i]);
        if (i == 0) last = errno;
    }
    errno = last;
    return stopped("kernel settings");
}
