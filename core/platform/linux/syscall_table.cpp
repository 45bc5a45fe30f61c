#include "core/platform/linux/syscall_table.h"

#include <fcntl.h>
#include <linux/sched.h>
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

    void path(int number, const char* name, EventKind kind, std::int8_t folder, std::int8_t pathArgument,
              bool follows = true, std::int8_t extra = kNoArgument)
    {
        add({.number = number,
             .shape = CallShape::path,
             .kind = kind,
             .folder = folder,
             .path = pathArgument,
             .extra = extra,
             .followsLinks = follows,
             .name = name});
    }

    void descriptor(int number, const char* name, EventKind kind, std::int8_t extra = kNoArgument)
    {
        add({.number = number,
             .shape = CallShape::descriptor,
             .kind = kind,
             .folder = 0,
             .extra = extra,
             .name = name});
    }

    void refuse(int number, const char* name, EventKind kind, int error, std::optional<ArgumentTest> when = {},
                std::optional<ArgumentTest> when2 = {})
    {
        add({.number = number,
             .shape = CallShape::refuse,
             .kind = kind,
             .refuseWith = error,
             .when = when,
             .when2 = when2,
             .name = name});
    }
};

#define BELLJAR_CALL(name) SCMP_SYS(name), #name

void addFileCalls(TableBuilder& t)
{
    using K = EventKind;
    t.add({.number = SCMP_SYS(open),
           .shape = CallShape::open,
           .kind = K::fileOpen,
           .path = 0,
           .extra = 1,
           .name = "open"});
    t.add({.number = SCMP_SYS(openat),
           .shape = CallShape::open,
           .kind = K::fileOpen,
           .folder = 0,
           .path = 1,
           .extra = 2,
           .name = "openat"});
    t.add({.number = SCMP_SYS(openat2),
           .shape = CallShape::openHow,
           .kind = K::fileOpen,
           .folder = 0,
           .path = 1,
           .extra = 2,
           .name = "openat2"});
    t.add({.number = SCMP_SYS(creat), .shape = CallShape::create, .kind = K::fileCreate, .path = 0, .name = "creat"});

    // fstat(2) in glibc is newfstatat with AT_EMPTY_PATH: it asks about what is open already and is no probe.
    const ArgumentTest notEmptyPath3{3, AT_EMPTY_PATH, 0};
    const ArgumentTest notEmptyPath2{2, AT_EMPTY_PATH, 0};
    t.path(BELLJAR_CALL(stat), K::fileStat, kNoArgument, 0);
    t.path(BELLJAR_CALL(lstat), K::fileStat, kNoArgument, 0, false);
    t.path(BELLJAR_CALL(access), K::fileStat, kNoArgument, 0);
    t.path(BELLJAR_CALL(faccessat), K::fileStat, 0, 1);
    t.path(BELLJAR_CALL(faccessat2), K::fileStat, 0, 1);
    t.add({.number = SCMP_SYS(newfstatat),
           .shape = CallShape::path,
           .kind = K::fileStat,
           .folder = 0,
           .path = 1,
           .when = notEmptyPath3,
           .name = "newfstatat"});
    t.add({.number = SCMP_SYS(statx),
           .shape = CallShape::path,
           .kind = K::fileStat,
           .folder = 0,
           .path = 1,
           .when = notEmptyPath2,
           .name = "statx"});
    t.path(BELLJAR_CALL(readlink), K::fileReadLink, kNoArgument, 0, false);
    t.path(BELLJAR_CALL(readlinkat), K::fileReadLink, 0, 1, false);

    t.path(BELLJAR_CALL(unlink), K::fileUnlink, kNoArgument, 0, false);
    t.path(BELLJAR_CALL(unlinkat), K::fileUnlink, 0, 1, false, 2);
    t.path(BELLJAR_CALL(rmdir), K::fileRmdir, kNoArgument, 0, false);
    t.path(BELLJAR_CALL(mkdir), K::fileMkdir, kNoArgument, 0, false);
    t.path(BELLJAR_CALL(mkdirat), K::fileMkdir, 0, 1, false);
    t.path(BELLJAR_CALL(mknod), K::fileMknod, kNoArgument, 0, false);
    t.path(BELLJAR_CALL(mknodat), K::fileMknod, 0, 1, false);
    t.path(BELLJAR_CALL(chmod), K::fileChmod, kNoArgument, 0, true, 1);
    t.path(BELLJAR_CALL(fchmodat), K::fileChmod, 0, 1, true, 2);
    constexpr int kFchmodat2 = 452;  // Linux 6.6; unknown to libseccomp 2.5.
    t.path(kFchmodat2, "fchmodat2", K::fileChmod, 0, 1, true, 2);
    t.descriptor(BELLJAR_CALL(fchmod), K::fileChmod, 1);
    t.path(BELLJAR_CALL(chown), K::fileChown, kNoArgument, 0);
    t.path(BELLJAR_CALL(lchown), K::fileChown, kNoArgument, 0, false);
    t.path(BELLJAR_CALL(fchownat), K::fileChown, 0, 1);
    t.descriptor(BELLJAR_CALL(fchown), K::fileChown);
    t.path(BELLJAR_CALL(truncate), K::fileTruncate, kNoArgument, 0);
    t.descriptor(BELLJAR_CALL(ftruncate), K::fileTruncate);
    t.path(BELLJAR_CALL(utime), K::fileTimes, kNoArgument, 0);
    t.path(BELLJAR_CALL(utimes), K::fileTimes, kNoArgument, 0);
    t.path(BELLJAR_CALL(futimesat), K::fileTimes, 0, 1);
    t.path(BELLJAR_CALL(utimensat), K::fileTimes, 0, 1);
    t.path(BELLJAR_CALL(setxattr), K::fileXattr, kNoArgument, 0);
    t.path(BELLJAR_CALL(lsetxattr), K::fileXattr, kNoArgument, 0, false);
    t.descriptor(BELLJAR_CALL(fsetxattr), K::fileXattr);
    t.path(BELLJAR_CALL(removexattr), K::fileXattr, kNoArgument, 0);
    t.path(BELLJAR_CALL(lremovexattr), K::fileXattr, kNoArgument, 0, false);

    const auto two = [&](int number, const char* name, EventKind kind, std::int8_t f1, std::int8_t p1, std::int8_t f2,
                         std::int8_t p2) {
        t.add({.number = number,
               .shape = CallShape::twoPaths,
               .kind = kind,
               .folder = f1,
               .path = p1,
               .folder2 = f2,
               .path2 = p2,
               .followsLinks = false,
               .name = name});
    };
    two(BELLJAR_CALL(rename), K::fileRename, kNoArgument, 0, kNoArgument, 1);
    two(BELLJAR_CALL(renameat), K::fileRename, 0, 1, 2, 3);
    two(BELLJAR_CALL(renameat2), K::fileRename, 0, 1, 2, 3);
    two(BELLJAR_CALL(link), K::fileLink, kNoArgument, 0, kNoArgument, 1);
    two(BELLJAR_CALL(linkat), K::fileLink, 0, 1, 2, 3);
    t.add({.number = SCMP_SYS(symlink),
           .shape = CallShape::symlink,
           .kind = K::fileSymlink,
           .path = 1,
           .path2 = 0,
           .followsLinks = false,
           .name = "symlink"});
    t.add({.number = SCMP_SYS(symlinkat),
           .shape = CallShape::symlink,
           .kind = K::fileSymlink,
           .folder = 1,
           .path = 2,
           .path2 = 0,
           .followsLinks = false,
           .name = "symlinkat"});
}

void addProcessAndNetworkCalls(TableBuilder& t)
{
    using K = EventKind;
    t.add({.number = SCMP_SYS(execve),
           .shape = CallShape::exec,
           .kind = K::processExec,
           .path = 0,
           .extra = 1,
           .name = "execve"});
    t.add({.number = SCMP_SYS(execveat),
           .shape = CallShape::exec,
           .kind = K::processExec,
           .folder = 0,
           .path = 1,
           .extra = 2,
           .name = "execveat"});
    t.add({.number = SCMP_SYS(exit_group),
           .shape = CallShape::exit,
           .kind = K::processExit,
           .extra = 0,
           .name = "exit_group"});
    t.add({.number = SCMP_SYS(connect),
           .shape = CallShape::address,
           .kind = K::netConnect,
           .path = 1,
           .extra = 2,
           .name = "connect"});
    t.add({.number = SCMP_SYS(bind),
           .shape = CallShape::address,
           .kind = K::netBind,
           .path = 1,
           .extra = 2,
           .name = "bind"});
    t.add({.number = SCMP_SYS(sendto),
           .shape = CallShape::sendTo,
           .kind = K::netSend,
           .path = 4,
           .extra = 5,
           .name = "sendto"});
    t.add({.number = SCMP_SYS(sendmsg),
           .shape = CallShape::sendMessage,
           .kind = K::netSend,
           .path = 1,
           .name = "sendmsg"});
    t.add({.number = SCMP_SYS(sendmmsg),
           .shape = CallShape::sendMessage,
           .kind = K::netSend,
           .path = 1,
           .name = "sendmmsg"});
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

void addClosedCalls(TableBuilder& t)
{
    using K = EventKind;
    const auto close = [&](K kind, std::initializer_list<std::pair<int, const char*>> calls, int error = EPERM) {
        for (const auto& [number, name] : calls) t.refuse(number, name, kind, error);
    };
    constexpr int kOpenTreeAttr = 467;  // Linux 6.15; unknown to libseccomp 2.5.
    close(K::privMount, {{BELLJAR_CALL(mount)},
                         {BELLJAR_CALL(umount)},
                         {BELLJAR_CALL(umount2)},
                         {BELLJAR_CALL(pivot_root)},
                         {BELLJAR_CALL(chroot)},
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
    close(K::privNamespace, {{BELLJAR_CALL(setns)}});
    for (const std::uint64_t flag :
         {CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET}) {
        t.refuse(BELLJAR_CALL(unshare), K::privNamespace, EPERM, ArgumentTest{0, flag, flag});
        t.refuse(BELLJAR_CALL(clone), K::privNamespace, EPERM, ArgumentTest{0, flag, flag});
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
        builder.rows.reserve(200);
        addFileCalls(builder);
        addProcessAndNetworkCalls(builder);
        addSocketFamilies(builder);
        addClosedCalls(builder);
        return std::move(builder.rows);
    }();
    return table;
}

}  // namespace belljar::linux_platform
