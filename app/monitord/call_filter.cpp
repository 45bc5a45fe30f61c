#include "app/monitord/call_filter.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <memory>

#include "core/platform/posix/errno_text.h"

namespace belljar::monitord {
namespace {

constexpr unsigned kPidFromNamespace = _IOR(NSIO, 0x6, int);
constexpr unsigned kPeerPidfd = 77;

/// The first argument, or the second, may have these values only.
struct Choice {
    int call;
    unsigned argument;
    scmp_datum_t value;
};

constexpr std::array kPlainCalls{
    SCMP_SYS(accept4),      SCMP_SYS(alarm),        SCMP_SYS(brk),
    SCMP_SYS(capget),       SCMP_SYS(capset),       SCMP_SYS(clock_gettime),
    SCMP_SYS(close),        SCMP_SYS(exit),         SCMP_SYS(exit_group),
    SCMP_SYS(fstat),        SCMP_SYS(fstatfs),      SCMP_SYS(futex),
    SCMP_SYS(getpid),       SCMP_SYS(getppid),      SCMP_SYS(getrandom),
    SCMP_SYS(gettid),       SCMP_SYS(getuid),       SCMP_SYS(madvise),
    SCMP_SYS(munmap),       SCMP_SYS(poll),         SCMP_SYS(ppoll),
    SCMP_SYS(read),         SCMP_SYS(recvmsg),      SCMP_SYS(restart_syscall),
    SCMP_SYS(rseq),         SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn), SCMP_SYS(sendmsg),      SCMP_SYS(set_robust_list),
    SCMP_SYS(setitimer),    SCMP_SYS(wait4),        SCMP_SYS(write),
};

constexpr std::array kChoices{
    Choice{SCMP_SYS(bpf), 0, BPF_MAP_CREATE},
    Choice{SCMP_SYS(bpf), 0, BPF_MAP_LOOKUP_ELEM},
    Choice{SCMP_SYS(bpf), 0, BPF_MAP_UPDATE_ELEM},
    Choice{SCMP_SYS(bpf), 0, BPF_MAP_DELETE_ELEM},
    Choice{SCMP_SYS(bpf), 0, BPF_MAP_GET_NEXT_KEY},
    Choice{SCMP_SYS(bpf), 0, BPF_MAP_FREEZE},
    Choice{SCMP_SYS(bpf), 0, BPF_OBJ_GET_INFO_BY_FD},
    Choice{SCMP_SYS(bpf), 0, BPF_ITER_CREATE},
    Choice{SCMP_SYS(ioctl), 1, NS_GET_NSTYPE},
    Choice{SCMP_SYS(ioctl), 1, NS_GET_PARENT},
    Choice{SCMP_SYS(ioctl), 1, NS_GET_USERNS},
    Choice{SCMP_SYS(ioctl), 1, NS_GET_OWNER_UID},
    Choice{SCMP_SYS(ioctl), 1, kPidFromNamespace},
    Choice{SCMP_SYS(getsockopt), 2, SO_PEERCRED},
    Choice{SCMP_SYS(getsockopt), 2, kPeerPidfd},
    Choice{SCMP_SYS(prctl), 0, PR_SET_PDEATHSIG},
    Choice{SCMP_SYS(fcntl), 1, F_SETLKW},
    Choice{SCMP_SYS(socketpair), 0, AF_UNIX},  // leads to nobody: to spare workers
};

constexpr scmp_datum_t kNewNamespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |
                                        CLONE_NEWPID | CLONE_NEWNET | CLONE_VM;

bool addRules(scmp_filter_ctx filter)
{
    bool added = true;
    for (const int call : kPlainCalls) added = added && seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0;
    for (const Choice& choice : kChoices) {
        const scmp_arg_cmp same{choice.argument, SCMP_CMP_EQ, choice.value, 0};
        added = added && seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, choice.call, 1, &same) == 0;
    }
    // fork(), for the workers: neither threads nor namespaces.
    const scmp_arg_cmp forks{0, SCMP_CMP_MASKED_EQ, kNewNamespaces, 0};
    const scmp_arg_cmp notExecutable{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0};
    return added && seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, &forks) == 0 &&
           seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, &notExecutable) == 0 &&
           seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(mremap), 0, nullptr) == 0;
}

}  // namespace

Result<void> installCallFilter()
{
    const std::unique_ptr<void, void (*)(scmp_filter_ctx)> filter(seccomp_init(SCMP_ACT_KILL_PROCESS),
                                                                  &seccomp_release);
    if (!filter || !addRules(filter.get()))
        return Error{ErrorCode::backendError, "the system-call filter cannot be made", {}, {}, {}};
    const int error = seccomp_load(filter.get());
    if (error != 0)
        return Error{ErrorCode::backendError, "the system-call filter is refused", {}, errnoText(-error), {}};
    return {};
}

}  // namespace belljar::monitord
