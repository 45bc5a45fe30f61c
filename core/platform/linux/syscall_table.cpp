#include "core/platform/linux/syscall_table.h"

#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <seccomp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#ifndef AT_EMPTY_PATH
#define AT_EMPTY_PATH 0x1000
#endif
#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

namespace belljar::linux_platform {
namespace {

constexpr std::uint64_t kLow32 = 0xffffffffU;  ///< The kernel ignores the upper half of int arguments; so must we.
constexpr std::uint64_t kTiocsti = 0x5412;
constexpr std::uint64_t kTioclinux = 0x541c;

class TableBuilder {
public:
    std::vector<CallRow> rows;

    /// Calls that this architecture does not have get negative numbers from libseccomp and are left out.
    void add(CallRow row)
    {
        if (row.number >= 0) rows.push_back(row);
    }

    /// Rows of one trace.
    void at(FilterWatch level, std::initializer_list<CallRow> several)
    {
        for (CallRow row : several) {
            row.level = level;
            add(row);
        }
    }

    /// Opens that can change something, told by their flags, in both traces; all others in the full one.
    void open(CallRow row)
    {
        constexpr std::uint64_t kTmpfile = O_TMPFILE & ~static_cast<std::uint64_t>(O_DIRECTORY);
        const auto argument = static_cast<unsigned>(row.extra);
        for (const ArgumentTest& writes :
             {ArgumentTest{argument, O_ACCMODE, O_WRONLY}, ArgumentTest{argument, O_ACCMODE, O_RDWR},
              ArgumentTest{argument, O_ACCMODE, O_ACCMODE}, ArgumentTest{argument, O_CREAT, O_CREAT},
              ArgumentTest{argument, O_TRUNC, O_TRUNC}, ArgumentTest{argument, kTmpfile, kTmpfile}}) {
            row.when = writes;
            add(row);
        }
        row.when.reset();
        row.level = FilterWatch::full;
        add(row);
    }

    void refuse(int number, const char* name, EventKind kind, int error, std::optional<ArgumentTest> when = {},
                std::optional<ArgumentTest> when2 = {}, Nesting nesting = Nesting::none)
    {
        add({.number = number,
             .shape = CallShape::refuse,
             .kind = kind,
             .refuseWith = error,
             .when = when,
             .when2 = when2,
             .nesting = nesting,
             .name = name});
    }
};

#define BELLJAR_CALL(call) SCMP_SYS(call), #call

using S = CallShape;
using K = EventKind;

/// A call with the members that most of them have.
CallRow row(int number, const char* name, S shape, K kind, std::int8_t folder, std::int8_t path, CallRow more = {})
{
    more.number = number;
    more.name = name;
    more.shape = shape;
    more.kind = kind;
    more.folder = folder;
    more.path = path;
    return more;
}

constexpr std::int8_t kNone = kNoArgument;

void addLooks(TableBuilder& t)
{
    t.open(row(BELLJAR_CALL(open), S::open, K::fileOpen, kNone, 0, {.extra = 1}));
    t.open(row(BELLJAR_CALL(openat), S::open, K::fileOpen, 0, 1, {.extra = 2}));
    t.add(row(BELLJAR_CALL(openat2), S::openHow, K::fileOpen, 0, 1, {.extra = 2}));  // flags are out of sight
    t.add(row(BELLJAR_CALL(creat), S::create, K::fileCreate, kNone, 0));
    // fstat(2) in glibc is newfstatat with AT_EMPTY_PATH: it asks about what is open already and is no probe.
    const ArgumentTest notEmptyPath3{3, AT_EMPTY_PATH, 0};
    const ArgumentTest notEmptyPath2{2, AT_EMPTY_PATH, 0};
    t.at(FilterWatch::full,
         {row(BELLJAR_CALL(stat), S::path, K::fileStat, kNone, 0),
          row(BELLJAR_CALL(lstat), S::path, K::fileStat, kNone, 0, {.followsLinks = false}),
          row(BELLJAR_CALL(access), S::access, K::fileStat, kNone, 0, {.extra = 1}),
          row(BELLJAR_CALL(faccessat), S::access, K::fileStat, 0, 1, {.extra = 2}),
          row(BELLJAR_CALL(faccessat2), S::access, K::fileStat, 0, 1, {.extra = 2, .flags = 3}),
          row(BELLJAR_CALL(newfstatat), S::path, K::fileStat, 0, 1, {.flags = 3, .when = notEmptyPath3}),
          row(BELLJAR_CALL(statx), S::path, K::fileStat, 0, 1, {.flags = 2, .when = notEmptyPath2}),
          row(BELLJAR_CALL(statfs), S::path, K::fileStat, kNone, 0),
          row(BELLJAR_CALL(readlink), S::path, K::fileReadLink, kNone, 0, {.followsLinks = false}),
          row(BELLJAR_CALL(readlinkat), S::path, K::fileReadLink, 0, 1, {.followsLinks = false}),
          row(BELLJAR_CALL(getdents), S::descriptor, K::fileReadFolder, 0, kNone),
          row(BELLJAR_CALL(getdents64), S::descriptor, K::fileReadFolder, 0, kNone)});
}

void addNameChanges(TableBuilder& t)
{
    const CallRow itself{.followsLinks = false};
    t.add(row(BELLJAR_CALL(unlink), S::path, K::fileUnlink, kNone, 0, itself));
    t.add(row(BELLJAR_CALL(unlinkat), S::path, K::fileUnlink, 0, 1, {.flags = 2, .followsLinks = false}));
    t.add(row(BELLJAR_CALL(rmdir), S::path, K::fileRmdir, kNone, 0, itself));
    t.add(row(BELLJAR_CALL(mkdir), S::path, K::fileMkdir, kNone, 0, itself));
    t.add(row(BELLJAR_CALL(mkdirat), S::path, K::fileMkdir, 0, 1, itself));
    t.add(row(BELLJAR_CALL(mknod), S::path, K::fileMknod, kNone, 0, itself));
    t.add(row(BELLJAR_CALL(mknodat), S::path, K::fileMknod, 0, 1, itself));
    const CallRow plainPair{.folder2 = kNone, .path2 = 1, .followsLinks = false};
    const CallRow pair{.folder2 = 2, .path2 = 3, .followsLinks = false};
    t.add(row(BELLJAR_CALL(rename), S::twoPaths, K::fileRename, kNone, 0, plainPair));
    t.add(row(BELLJAR_CALL(renameat), S::twoPaths, K::fileRename, 0, 1, pair));
    t.add(row(BELLJAR_CALL(renameat2), S::twoPaths, K::fileRename, 0, 1,
              {.extra = 4, .folder2 = 2, .path2 = 3, .followsLinks = false}));
    t.add(row(BELLJAR_CALL(link), S::twoPaths, K::fileLink, kNone, 0, plainPair));
    t.add(row(BELLJAR_CALL(linkat), S::twoPaths, K::fileLink, 0, 1,
              {.flags = 4, .folder2 = 2, .path2 = 3, .followsLinks = false}));
    t.add(row(BELLJAR_CALL(symlink), S::symlink, K::fileSymlink, kNone, 1, {.path2 = 0, .followsLinks = false}));
    t.add(row(BELLJAR_CALL(symlinkat), S::symlink, K::fileSymlink, 1, 2, {.path2 = 0, .followsLinks = false}));
}

void addAttributeChanges(TableBuilder& t)
{
    const CallRow itself{.followsLinks = false};
    t.add(row(BELLJAR_CALL(chmod), S::path, K::fileChmod, kNone, 0, {.extra = 1}));
    t.add(row(BELLJAR_CALL(fchmodat), S::path, K::fileChmod, 0, 1, {.extra = 2}));
    constexpr int kFchmodat2 = 452;  // Linux 6.6; unknown to libseccomp 2.5.
    t.add(row(kFchmodat2, "fchmodat2", S::path, K::fileChmod, 0, 1, {.extra = 2, .flags = 3}));
    t.add(row(BELLJAR_CALL(fchmod), S::descriptor, K::fileChmod, 0, kNone, {.extra = 1}));
    t.add(row(BELLJAR_CALL(chown), S::path, K::fileChown, kNone, 0));
    t.add(row(BELLJAR_CALL(lchown), S::path, K::fileChown, kNone, 0, itself));
    t.add(row(BELLJAR_CALL(fchownat), S::path, K::fileChown, 0, 1, {.flags = 4}));
    t.add(row(BELLJAR_CALL(fchown), S::descriptor, K::fileChown, 0, kNone));
    t.add(row(BELLJAR_CALL(truncate), S::path, K::fileTruncate, kNone, 0));
    t.add(row(BELLJAR_CALL(ftruncate), S::descriptor, K::fileTruncate, 0, kNone));
    t.add(row(BELLJAR_CALL(utime), S::path, K::fileTimes, kNone, 0));
    t.add(row(BELLJAR_CALL(utimes), S::path, K::fileTimes, kNone, 0));
    t.add(row(BELLJAR_CALL(futimesat), S::path, K::fileTimes, 0, 1));
    t.add(row(BELLJAR_CALL(utimensat), S::path, K::fileTimes, 0, 1, {.flags = 3}));
    t.add(row(BELLJAR_CALL(setxattr), S::path, K::fileXattr, kNone, 0));
    t.add(row(BELLJAR_CALL(lsetxattr), S::path, K::fileXattr, kNone, 0, itself));
    t.add(row(BELLJAR_CALL(fsetxattr), S::descriptor, K::fileXattr, 0, kNone));
    t.add(row(BELLJAR_CALL(removexattr), S::path, K::fileXattr, kNone, 0));
    t.add(row(BELLJAR_CALL(lremovexattr), S::path, K::fileXattr, kNone, 0, itself));
    t.add(row(BELLJAR_CALL(fremovexattr), S::descriptor, K::fileXattr, 0, kNone));
    constexpr int kSetxattrat = 463;  // Linux 6.13, like the next.
    constexpr int kRemovexattrat = 466;
    t.add(row(kSetxattrat, "setxattrat", S::path, K::fileXattr, 0, 1, {.flags = 2}));
    t.add(row(kRemovexattrat, "removexattrat", S::path, K::fileXattr, 0, 1, {.flags = 2}));
}

void addProcessCalls(TableBuilder& t)
{
    t.add(row(BELLJAR_CALL(execve), S::exec, K::processExec, kNone, 0, {.extra = 1}));
    t.add(row(BELLJAR_CALL(execveat), S::exec, K::processExec, 0, 1, {.extra = 2, .flags = 4}));
    t.add(row(BELLJAR_CALL(exit_group), S::exit, K::processExit, kNone, kNone, {.extra = 0}));
    t.add(row(BELLJAR_CALL(kill), S::signal, K::processSignal, kNone, 0, {.extra = 1}));
    t.add(row(BELLJAR_CALL(tkill), S::signal, K::processSignal, kNone, 0, {.extra = 1}));
    t.add(row(BELLJAR_CALL(tgkill), S::signal, K::processSignal, kNone, 0, {.extra = 2}));
    t.add(row(BELLJAR_CALL(rt_sigqueueinfo), S::signal, K::processSignal, kNone, 0, {.extra = 1}));
    t.add(row(BELLJAR_CALL(rt_tgsigqueueinfo), S::signal, K::processSignal, kNone, 0, {.extra = 2}));
    t.add(row(BELLJAR_CALL(pidfd_send_signal), S::signal, K::processSignal, 0, kNone, {.extra = 1}));
    t.add(row(BELLJAR_CALL(chdir), S::changeFolder, K::fileStat, kNone, 0));
    t.add(row(BELLJAR_CALL(fchdir), S::changeFolder, K::fileStat, kNone, kNone));
    constexpr std::uint64_t kOwners = CLONE_FS | CLONE_THREAD;
    t.add(row(BELLJAR_CALL(clone), S::shareFolder, K::processFork, kNone, kNone,
              {.when = ArgumentTest{0, kOwners, CLONE_FS}}));
    t.add(row(BELLJAR_CALL(unshare), S::shareFolder, K::processFork, kNone, kNone,
              {.when = ArgumentTest{0, CLONE_FS, CLONE_FS}}));
}

void addNetworkCalls(TableBuilder& t)
{
    t.add(row(BELLJAR_CALL(connect), S::address, K::netConnect, kNone, 1, {.extra = 2}));
    t.add(row(BELLJAR_CALL(bind), S::address, K::netBind, kNone, 1, {.extra = 2}));
    t.add(row(BELLJAR_CALL(sendto), S::sendTo, K::netSend, kNone, 4, {.extra = 5}));
    t.add(row(BELLJAR_CALL(sendmsg), S::sendMessage, K::netSend, kNone, 1));
    t.add(row(BELLJAR_CALL(sendmmsg), S::sendMessage, K::netSend, kNone, 1));
    t.add(row(BELLJAR_CALL(listen), S::ownSocket, K::netListen, 0, kNone, {.extra = 1}));
    t.add(row(BELLJAR_CALL(accept), S::ownSocket, K::netAccept, 0, kNone));
    t.add(row(BELLJAR_CALL(accept4), S::ownSocket, K::netAccept, 0, kNone));
}

void addSocketFamilies(TableBuilder& t)
{
    // Open: unix (1), inet (2), inet6 (10) and route netlink (16). AF_VSOCK and others are not bound to the network
    // namespace and would leave the sandbox.
    constexpr std::uint64_t kHighestFamily = 63;
    for (std::uint64_t family = 0; family <= kHighestFamily; ++family) {
        if (family == AF_UNIX || family == AF_INET || family == AF_INET6 || family == AF_NETLINK) continue;
        t.refuse(BELLJAR_CALL(socket), EventKind::netSocket, EAFNOSUPPORT, ArgumentTest{0, kLow32, family});
    }
    constexpr std::uint64_t kTypeMask = 0xf;
    t.refuse(BELLJAR_CALL(socket), EventKind::netSocket, EPERM, ArgumentTest{1, kTypeMask, SOCK_RAW});
    t.refuse(BELLJAR_CALL(socket), EventKind::netSocket, EPERM, ArgumentTest{1, kTypeMask, SOCK_PACKET});
    // Echo requests. Where they do not leave a network of the sandbox's own, they should not seem to.
    constexpr std::pair<std::uint64_t, std::uint64_t> kEchoes[] = {{AF_INET, IPPROTO_ICMP}, {AF_INET6, IPPROTO_ICMPV6}};
    for (const auto& [family, protocol] : kEchoes) {
        CallRow echo = row(BELLJAR_CALL(socket), CallShape::refuse, EventKind::netSocket, kNone, kNone);
        echo.refuseWith = EPERM;
        echo.when = ArgumentTest{0, kLow32, family};
        echo.when2 = ArgumentTest{2, kLow32, protocol};
        echo.inOwnNetwork = true;
        t.add(echo);
    }
    // Handles of the process at the other end: where Belljar has performed the call (socket_guard.h), that is a process
    // of the host. Unknown before Linux 6.5, so programs can do without.
    constexpr std::uint64_t kPassPidfd = 76;
    constexpr std::uint64_t kPeerPidfd = 77;
    const ArgumentTest socketLevel{1, kLow32, SOL_SOCKET};
    t.refuse(BELLJAR_CALL(setsockopt), EventKind::netSocket, ENOPROTOOPT, socketLevel,
             ArgumentTest{2, kLow32, kPassPidfd});
    t.refuse(BELLJAR_CALL(getsockopt), EventKind::netSocket, ENOPROTOOPT, socketLevel,
             ArgumentTest{2, kLow32, kPeerPidfd});
}

/// Where programs are root of a network of their own, or send without us (SyscallFilterPlan::nestsSandboxes).
void addNestedSockets(TableBuilder& t)
{
    constexpr std::uint64_t kTypeMask = 0xf;
    const auto close = [&](int number, const char* name, int error, std::uint64_t family, const ArgumentTest& test) {
        t.refuse(number, name, EventKind::netSocket, error, ArgumentTest{0, kLow32, family}, test, Nesting::replaces);
    };
    // What a datagram is sent to stands in each message; a pair of the other types never looks at that.
    close(BELLJAR_CALL(socket), EPERM, AF_UNIX, {1, kTypeMask, SOCK_DGRAM});
    for (const std::uint64_t type : {SOCK_DGRAM, SOCK_RAW})  // a raw one is made a datagram one
        close(BELLJAR_CALL(socketpair), EPERM, AF_UNIX, {1, kTypeMask, type});
    // Packet filters and the like. The kernel knows 32 protocols.
    constexpr std::uint64_t kProtocols = 32;
    for (std::uint64_t protocol = NETLINK_ROUTE + 1; protocol < kProtocols; ++protocol)
        close(BELLJAR_CALL(socket), EPROTONOSUPPORT, AF_NETLINK, {2, kLow32, protocol});
}

void addClosedCalls(TableBuilder& t)
{
    const auto close = [&](K kind, std::initializer_list<std::pair<int, const char*>> calls, int error = EPERM) {
        for (const auto& [number, name] : calls) t.refuse(number, name, kind, error);
    };
    constexpr int kOpenTreeAttr = 467;  // Linux 6.15; unknown to libseccomp 2.5.
    close(K::privMount, {{BELLJAR_CALL(mount)},
                         {BELLJAR_CALL(umount)},
                         {BELLJAR_CALL(umount2)},
                         {BELLJAR_CALL(pivot_root)},
                         {BELLJAR_CALL(move_mount)},
                         {BELLJAR_CALL(open_tree)},
                         {BELLJAR_CALL(fsopen)},
                         {BELLJAR_CALL(fsconfig)},
                         {BELLJAR_CALL(fsmount)},
                         {BELLJAR_CALL(fspick)},
                         {BELLJAR_CALL(mount_setattr)},
                         {kOpenTreeAttr, "open_tree_attr"},
                         {BELLJAR_CALL(fanotify_init)},
                         {BELLJAR_CALL(open_by_handle_at)},
                         {BELLJAR_CALL(quotactl)},
                         {BELLJAR_CALL(quotactl_fd)},
                         {BELLJAR_CALL(swapon)},
                         {BELLJAR_CALL(swapoff)}});
    t.refuse(BELLJAR_CALL(chroot), K::privMount, EPERM, {}, {}, Nesting::needs);
    close(K::privNamespace, {{BELLJAR_CALL(setns)}});
    constexpr std::uint64_t kNested = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
    for (const std::uint64_t flag :
         {CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET}) {
        const Nesting nesting = (flag & kNested) != 0 ? Nesting::needs : Nesting::none;
        t.refuse(BELLJAR_CALL(unshare), K::privNamespace, EPERM, ArgumentTest{0, flag, flag}, {}, nesting);
        t.refuse(BELLJAR_CALL(clone), K::privNamespace, EPERM, ArgumentTest{0, flag, flag}, {}, nesting);
    }
    t.refuse(BELLJAR_CALL(unshare), K::privNamespace, EPERM, ArgumentTest{0, CLONE_NEWTIME, CLONE_NEWTIME});
    close(K::privPtrace, {{BELLJAR_CALL(ptrace)},
                          {BELLJAR_CALL(process_vm_readv)},
                          {BELLJAR_CALL(process_vm_writev)},
                          {BELLJAR_CALL(kcmp)},
                          {BELLJAR_CALL(pidfd_getfd)}});
    close(K::privKeyring, {{BELLJAR_CALL(keyctl)}, {BELLJAR_CALL(add_key)}, {BELLJAR_CALL(request_key)}});
    close(K::privKernel, {{BELLJAR_CALL(bpf)},
                          {BELLJAR_CALL(perf_event_open)},
                          {BELLJAR_CALL(kexec_load)},
                          {BELLJAR_CALL(kexec_file_load)},
                          {BELLJAR_CALL(init_module)},
                          {BELLJAR_CALL(finit_module)},
                          {BELLJAR_CALL(delete_module)},
                          {BELLJAR_CALL(reboot)},
                          {BELLJAR_CALL(settimeofday)},
                          {BELLJAR_CALL(clock_settime)},
                          {BELLJAR_CALL(clock_adjtime)},
                          {BELLJAR_CALL(sethostname)},
                          {BELLJAR_CALL(setdomainname)},
                          {BELLJAR_CALL(iopl)},
                          {BELLJAR_CALL(ioperm)},
                          {BELLJAR_CALL(acct)},
                          {BELLJAR_CALL(lookup_dcookie)},
                          {BELLJAR_CALL(syslog)},
                          {BELLJAR_CALL(userfaultfd)},
                          {BELLJAR_CALL(vhangup)},
                          {BELLJAR_CALL(uselib)}});
    t.refuse(BELLJAR_CALL(ioctl), K::privTerminal, EPERM, ArgumentTest{1, kLow32, kTiocsti});
    t.refuse(BELLJAR_CALL(ioctl), K::privTerminal, EPERM, ArgumentTest{1, kLow32, kTioclinux});
    // ENOSYS: programs fall back to what the filter can look into (clone, read/write).
    close(K::privNamespace, {{BELLJAR_CALL(clone3)}}, ENOSYS);
    close(K::privKernel,
          {{BELLJAR_CALL(io_uring_setup)}, {BELLJAR_CALL(io_uring_enter)}, {BELLJAR_CALL(io_uring_register)}}, ENOSYS);
}

}  // namespace

const std::vector<CallRow>& callTable()
{
    static const std::vector<CallRow> table = [] {
        TableBuilder builder;
        builder.rows.reserve(256);
        // Closed ones first: a clone that makes a namespace is that before all.
        addSocketFamilies(builder);
        addNestedSockets(builder);
        addClosedCalls(builder);
        addLooks(builder);
        addNameChanges(builder);
        addAttributeChanges(builder);
        addProcessCalls(builder);
        addNetworkCalls(builder);
        return std::move(builder.rows);
    }();
    return table;
}

}  // namespace belljar::linux_platform
