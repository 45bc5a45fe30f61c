// The call table and the filter that is built from it.
#include "core/platform/linux/syscall_table.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/platform/linux/notify_decode.h"
#include "core/platform/linux/syscall_filter.h"
#include "core/platform/linux/syscall_names.h"

namespace belljar::linux_platform {
namespace {

/// What the kernel would do with `call`: a classic BPF interpreter for the instructions that libseccomp emits.
std::uint32_t runFilter(const std::string& program, const seccomp_data& call)
{
    std::uint32_t a = 0;
    for (std::size_t pc = 0; pc < program.size() / sizeof(sock_filter); ++pc) {
        sock_filter i{};
        std::memcpy(&i, program.data() + pc * sizeof i, sizeof i);
        switch (i.code) {
            case BPF_LD | BPF_W | BPF_ABS: std::memcpy(&a, reinterpret_cast<const char*>(&call) + i.k, sizeof a); break;
            case BPF_ALU | BPF_AND | BPF_K: a &= i.k; break;
            case BPF_JMP | BPF_JA: pc += i.k; break;
            case BPF_JMP | BPF_JEQ | BPF_K: pc += a == i.k ? i.jt : i.jf; break;
            case BPF_JMP | BPF_JGT | BPF_K: pc += a > i.k ? i.jt : i.jf; break;
            case BPF_JMP | BPF_JGE | BPF_K: pc += a >= i.k ? i.jt : i.jf; break;
            case BPF_RET | BPF_K: return i.k;
            default: ADD_FAILURE() << "instruction " << i.code; return 0;
        }
    }
    ADD_FAILURE() << "the program runs off its end";
    return 0;
}

seccomp_data callOf(int number, std::initializer_list<std::uint64_t> arguments = {})
{
    seccomp_data call{};
    call.nr = number;
    call.arch = seccomp_arch_native();
    std::size_t i = 0;
    for (const std::uint64_t value : arguments) call.args[i++] = value;
    return call;
}

std::uint32_t errnoAction(int error)
{
    return SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(error);
}

class Filter : public testing::TestWithParam<bool> {
protected:
    void SetUp() override
    {
        Result<std::string> built = syscallFilter({true, GetParam() ? FilterWatch::full : FilterWatch::none, false});
        ASSERT_TRUE(built.ok());
        m_program = std::move(built).value();
    }
    [[nodiscard]] std::uint32_t closed(int error) const
    {
        return GetParam() ? SECCOMP_RET_USER_NOTIF : errnoAction(error);
    }
    std::string m_program;
};

TEST_P(Filter, AllowsOrdinaryCalls)
{
    EXPECT_EQ(runFilter(m_program, callOf(SCMP_SYS(read))), SECCOMP_RET_ALLOW);
    EXPECT_EQ(runFilter(m_program, callOf(SCMP_SYS(mmap))), SECCOMP_RET_ALLOW);
    EXPECT_EQ(runFilter(m_program, callOf(SCMP_SYS(clone), {SIGCHLD})), SECCOMP_RET_ALLOW);
    EXPECT_EQ(runFilter(m_program, callOf(SCMP_SYS(unshare), {CLONE_FILES})), SECCOMP_RET_ALLOW);
    for (const std::uint64_t family : {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK})
        EXPECT_EQ(runFilter(m_program, callOf(SCMP_SYS(socket), {family, SOCK_STREAM})), SECCOMP_RET_ALLOW);
    EXPECT_EQ(runFilter(m_program, callOf(SCMP_SYS(ioctl), {0, 0x5401})), SECCOMP_RET_ALLOW) << "TCGETS";
}

TEST_P(Filter, ClosesDangerousCalls)
{
    for (const int number : {SCMP_SYS(mount), SCMP_SYS(umount2), SCMP_SYS(ptrace), SCMP_SYS(keyctl), SCMP_SYS(bpf),
                             SCMP_SYS(perf_event_open), SCMP_SYS(kexec_load), SCMP_SYS(setns), SCMP_SYS(pivot_root)})
        EXPECT_EQ(runFilter(m_program, callOf(number)), closed(EPERM)) << number;
    EXPECT_EQ(runFilter(m_program, callOf(SCMP_SYS(unshare), {CLONE_NEWUSER})), closed(EPERM));
    EXPECT_EQ(runFilter(m_program, callOf(SCMP_SYS(clone), {CLONE_NEWUSER | SIGCHLD})), closed(EPERM));
    EXPECT_EQ(runFilter(m_program, callOf(SCMP_SYS(clone3))), errnoAction(ENOSYS));
    EXPECT_EQ(runFilter(m_program, callOf(SCMP_SYS(io_uring_setup))), errnoAction(ENOSYS));
    EXPECT_EQ(runFilter(m_program, callOf(SCMP_SYS(ioctl), {0, 0x5412})), closed(EPERM)) << "TIOCSTI";
    EXPECT_EQ(runFilter(m_program, callOf(SCMP_SYS(socket), {AF_VSOCK, SOCK_STREAM})), closed(EAFNOSUPPORT));
    EXPECT_EQ(runFilter(m_program, callOf(SCMP_SYS(socket), {AF_INET, SOCK_RAW})), closed(EPERM));
}

TEST_P(Filter, IsNotFooledByTheUpperHalfOfInts)
{
    constexpr std::uint64_t kUpper = std::uint64_t{1} << 32U;
    EXPECT_EQ(runFilter(m_program, callOf(SCMP_SYS(ioctl), {0, kUpper | 0x5412})), closed(EPERM));
    EXPECT_EQ(runFilter(m_program, callOf(SCMP_SYS(socket), {kUpper | AF_VSOCK, SOCK_STREAM})), closed(EAFNOSUPPORT));
}

TEST_P(Filter, RefusesForeignAbis)
{
    seccomp_data call = callOf(SCMP_SYS(read));
    call.arch = AUDIT_ARCH_I386;
    EXPECT_EQ(runFilter(m_program, call), errnoAction(ENOSYS));
#ifdef __x86_64__
    constexpr int kX32Bit = 0x40000000;
    EXPECT_EQ(runFilter(m_program, callOf(kX32Bit | SCMP_SYS(read))), errnoAction(ENOSYS));
#endif
}

TEST(DenyList, ReplacesEverythingElseThatIsSaidOfACall)
{
    SyscallFilterPlan plan{true, FilterWatch::full, false};
    plan.deny = {"mkdir", "connect", "unshare", "exit_group"};
    const Result<std::string> watched = buildSyscallFilter(plan);
    plan.watch = FilterWatch::none;
    const Result<std::string> alone = buildSyscallFilter(plan);
    ASSERT_TRUE(watched.ok() && alone.ok());
    for (const int number : {SCMP_SYS(mkdir), SCMP_SYS(connect), SCMP_SYS(unshare), SCMP_SYS(exit_group)}) {
        EXPECT_EQ(runFilter(*alone, callOf(number, {1, 2, 3})), errnoAction(EPERM)) << number;
        EXPECT_EQ(runFilter(*watched, callOf(number, {1, 2, 3})), SECCOMP_RET_USER_NOTIF) << number;
        EXPECT_NE(deniedCall(plan, number), nullptr);
    }
    EXPECT_EQ(runFilter(*alone, callOf(SCMP_SYS(mkdirat))), SECCOMP_RET_ALLOW);
    EXPECT_EQ(runFilter(*alone, callOf(SCMP_SYS(bind))), SECCOMP_RET_USER_NOTIF) << "the socket guard stays";
    EXPECT_EQ(deniedCall(plan, SCMP_SYS(bind)), nullptr);
    seccomp_data foreign = callOf(SCMP_SYS(mkdir));
    foreign.arch = AUDIT_ARCH_I386;
    EXPECT_EQ(runFilter(*alone, foreign), errnoAction(ENOSYS));
}

TEST(DenyList, UnknownNamesBuildNoFilter)
{
    SyscallFilterPlan plan;
    plan.deny = {"mkdri"};
    EXPECT_FALSE(buildSyscallFilter(plan).ok());
}

TEST(SystemCallNames, KnowThisMachineAndOthers)
{
    const std::vector<SystemCallFacts> calls = systemCallNames();
    const auto find = [&](const std::string& name) {
        return std::find_if(calls.begin(), calls.end(), [&](const SystemCallFacts& call) { return call.name == name; });
    };
    ASSERT_NE(find("openat"), calls.end());
    EXPECT_TRUE(find("openat")->native);
    EXPECT_EQ(find("openat")->closedWith, 0);
    ASSERT_NE(find("ptrace"), calls.end());
    EXPECT_EQ(find("ptrace")->closedWith, EPERM);
    ASSERT_NE(find("clone"), calls.end());
    EXPECT_EQ(find("clone")->closedWith, 0) << "only with some arguments";
    EXPECT_EQ(find("mkdri"), calls.end());
    ASSERT_NE(find("socketcall"), calls.end()) << "of 32-bit processors only";
#ifdef __x86_64__
    EXPECT_FALSE(find("socketcall")->native);
#endif
}

INSTANTIATE_TEST_SUITE_P(WatchedAndNot, Filter, testing::Bool());

TEST(ReadyFilter, IsWhatWouldBeBuiltNow)
{
    for (int flags = 0; flags < 12; ++flags) {
        const SyscallFilterPlan plan{(flags & 1) != 0, static_cast<FilterWatch>(flags >> 2), (flags & 2) != 0};
        const Result<std::string> ready = syscallFilter(plan);
        const Result<std::string> built = buildSyscallFilter(plan);
        ASSERT_TRUE(ready.ok() && built.ok()) << flags;
        EXPECT_EQ(*ready, *built) << flags;
    }
}

TEST(WatchFilter, ReportsAttemptsButNotFstat)
{
    const Result<std::string> program = buildSyscallFilter({true, FilterWatch::full, false});
    ASSERT_TRUE(program.ok());
    EXPECT_EQ(runFilter(*program, callOf(SCMP_SYS(openat))), SECCOMP_RET_USER_NOTIF);
    EXPECT_EQ(runFilter(*program, callOf(SCMP_SYS(connect))), SECCOMP_RET_USER_NOTIF);
    EXPECT_EQ(runFilter(*program, callOf(SCMP_SYS(newfstatat), {3, 0, 0, AT_EMPTY_PATH})), SECCOMP_RET_ALLOW);
    EXPECT_EQ(runFilter(*program, callOf(SCMP_SYS(newfstatat), {3, 0, 0, 0})), SECCOMP_RET_USER_NOTIF);
    EXPECT_EQ(runFilter(*program, callOf(SCMP_SYS(sendto), {3, 0, 0, 0, 0, 0})), SECCOMP_RET_ALLOW) << "connected";
    EXPECT_EQ(runFilter(*program, callOf(SCMP_SYS(sendto), {3, 0, 0, 0, 1, 16})), SECCOMP_RET_USER_NOTIF);
}

TEST(WatchFilter, StandardTraceReportsWhatChangesSomething)
{
    const Result<std::string> program = buildSyscallFilter({true, FilterWatch::standard, false});
    ASSERT_TRUE(program.ok());
    const auto reports = [&](int number, std::initializer_list<std::uint64_t> arguments) {
        return runFilter(*program, callOf(number, arguments)) == SECCOMP_RET_USER_NOTIF;
    };
    for (const std::uint64_t flags :
         {O_WRONLY, O_RDWR, O_ACCMODE, O_CREAT, O_TRUNC, O_WRONLY | O_APPEND | O_CLOEXEC, O_TMPFILE & ~O_DIRECTORY}) {
        EXPECT_TRUE(reports(SCMP_SYS(open), {1, flags})) << flags;
        EXPECT_TRUE(reports(SCMP_SYS(openat), {3, 1, flags})) << flags;
    }
    for (const std::uint64_t flags : {O_RDONLY, O_CLOEXEC | O_DIRECTORY, O_PATH, O_NOFOLLOW | O_NONBLOCK}) {
        EXPECT_FALSE(reports(SCMP_SYS(open), {1, flags})) << flags;
        EXPECT_FALSE(reports(SCMP_SYS(openat), {3, 1, flags})) << flags;
    }
    for (const int number :
         {SCMP_SYS(openat2),    SCMP_SYS(creat),     SCMP_SYS(execve),    SCMP_SYS(execveat),
          SCMP_SYS(exit_group), SCMP_SYS(unlinkat),  SCMP_SYS(renameat2), SCMP_SYS(mkdir),
          SCMP_SYS(linkat),     SCMP_SYS(symlink),   SCMP_SYS(mknodat),   SCMP_SYS(fchmod),
          SCMP_SYS(fchownat),   SCMP_SYS(ftruncate), SCMP_SYS(utimensat), SCMP_SYS(fsetxattr),
          SCMP_SYS(connect),    SCMP_SYS(bind),      SCMP_SYS(listen),    SCMP_SYS(accept4),
          SCMP_SYS(kill),       SCMP_SYS(tgkill),    SCMP_SYS(chdir),     SCMP_SYS(pidfd_send_signal),
          SCMP_SYS(mount),      SCMP_SYS(ptrace),    SCMP_SYS(bpf)})
        EXPECT_TRUE(reports(number, {})) << number;
    for (const int number :
         {SCMP_SYS(stat), SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(access), SCMP_SYS(readlink),
          SCMP_SYS(getdents64), SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(futex), SCMP_SYS(mmap)})
        EXPECT_FALSE(reports(number, {})) << number;
    EXPECT_TRUE(reports(SCMP_SYS(clone), {CLONE_FS | CLONE_VM | SIGCHLD})) << "a process that shares a working folder";
    EXPECT_FALSE(reports(SCMP_SYS(clone), {CLONE_FS | CLONE_THREAD | CLONE_VM})) << "an ordinary thread";
    EXPECT_TRUE(reports(SCMP_SYS(unshare), {CLONE_FS}));
}

TEST(WatchFilter, FullTraceReportsAllOfTheStandardOne)
{
    const Result<std::string> standard = buildSyscallFilter({true, FilterWatch::standard, true});
    const Result<std::string> full = buildSyscallFilter({true, FilterWatch::full, true});
    ASSERT_TRUE(standard.ok() && full.ok());
    for (const CallRow& row : callTable()) {
        seccomp_data call = callOf(row.number);
        for (const std::optional<ArgumentTest>& when : {row.when, row.when2})
            if (when) call.args[when->argument] = when->value;
        if (row.shape == CallShape::sendTo) call.args[4] = 1;
        if (row.shape == CallShape::refuse) continue;
        EXPECT_EQ(runFilter(*full, call), SECCOMP_RET_USER_NOTIF) << row.name;
        EXPECT_EQ(runFilter(*standard, call) == SECCOMP_RET_USER_NOTIF, row.level == FilterWatch::standard) << row.name;
    }
}

TEST(GuardFilter, AsksAboutAddressesWithoutANetwork)
{
    const Result<std::string> alone = buildSyscallFilter({true, FilterWatch::none, false});
    const Result<std::string> shared = buildSyscallFilter({true, FilterWatch::none, true});
    ASSERT_TRUE(alone.ok() && shared.ok());
    for (const int number : {SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(sendmsg), SCMP_SYS(sendmmsg)}) {
        EXPECT_EQ(runFilter(*alone, callOf(number)), SECCOMP_RET_USER_NOTIF) << number;
        EXPECT_EQ(runFilter(*shared, callOf(number)), SECCOMP_RET_ALLOW) << number;
    }
    EXPECT_EQ(runFilter(*alone, callOf(SCMP_SYS(sendto), {3, 0, 0, 0, 1, 16})), SECCOMP_RET_USER_NOTIF);
    for (const int number : {SCMP_SYS(openat), SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(socket), SCMP_SYS(accept4)})
        EXPECT_EQ(runFilter(*alone, callOf(number, {AF_UNIX, SOCK_STREAM})), SECCOMP_RET_ALLOW) << number;
    EXPECT_EQ(runFilter(*alone, callOf(SCMP_SYS(sendto), {3, 0, 0, 0, 0, 0})), SECCOMP_RET_ALLOW);
    // SO_PEERPIDFD and SO_PASSPIDFD at SOL_SOCKET, and their numbers at another level.
    EXPECT_EQ(runFilter(*alone, callOf(SCMP_SYS(getsockopt), {3, SOL_SOCKET, 77})), errnoAction(ENOPROTOOPT));
    EXPECT_EQ(runFilter(*alone, callOf(SCMP_SYS(setsockopt), {3, SOL_SOCKET, 76})), errnoAction(ENOPROTOOPT));
    EXPECT_EQ(runFilter(*alone, callOf(SCMP_SYS(getsockopt), {3, 41, 77})), SECCOMP_RET_ALLOW);
}

TEST(NestingFilter, OpensThreeNamespacesAndClosesDatagrams)
{
    SyscallFilterPlan plan{true, FilterWatch::none, false};
    const Result<std::string> plain = buildSyscallFilter(plan);
    plan.nestsSandboxes = true;
    const Result<std::string> nesting = buildSyscallFilter(plan);
    ASSERT_TRUE(plain.ok() && nesting.ok());
    const auto expect = [&](const seccomp_data& call, std::uint32_t before, std::uint32_t after, const char* what) {
        EXPECT_EQ(runFilter(*plain, call), before) << what;
        EXPECT_EQ(runFilter(*nesting, call), after) << what;
    };
    const std::uint32_t refused = errnoAction(EPERM);
    for (const std::uint64_t flag : {CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET})
        for (const int number : {SCMP_SYS(clone), SCMP_SYS(unshare)})
            expect(callOf(number, {flag}), refused, SECCOMP_RET_ALLOW, "a namespace that is needed");
    for (const std::uint64_t flag : {CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUTS, CLONE_NEWCGROUP})
        for (const int number : {SCMP_SYS(clone), SCMP_SYS(unshare)})
            expect(callOf(number, {flag | CLONE_NEWUSER}), refused, refused, "one that is not");
    expect(callOf(SCMP_SYS(chroot)), refused, SECCOMP_RET_ALLOW, "chroot");
    for (const int number : {SCMP_SYS(mount), SCMP_SYS(setns), SCMP_SYS(ptrace), SCMP_SYS(bpf)})
        expect(callOf(number), refused, refused, "closed anyway");
    expect(callOf(SCMP_SYS(clone3)), errnoAction(ENOSYS), errnoAction(ENOSYS), "clone3");
    expect(callOf(SCMP_SYS(socket), {AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC}), SECCOMP_RET_ALLOW, refused, "datagrams");
    expect(callOf(SCMP_SYS(socketpair), {AF_UNIX, SOCK_DGRAM}), SECCOMP_RET_ALLOW, refused, "a pair");
    expect(callOf(SCMP_SYS(socketpair), {AF_UNIX, SOCK_SEQPACKET}), SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW, "packets");
    expect(callOf(SCMP_SYS(socket), {AF_NETLINK, SOCK_DGRAM, 12}), SECCOMP_RET_ALLOW, errnoAction(EPROTONOSUPPORT),
           "netfilter");
    expect(callOf(SCMP_SYS(socket), {AF_NETLINK, SOCK_DGRAM, 0}), SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW, "routes");
    expect(callOf(SCMP_SYS(sendmsg)), SECCOMP_RET_USER_NOTIF, SECCOMP_RET_ALLOW, "sendmsg");
    expect(callOf(SCMP_SYS(connect)), SECCOMP_RET_USER_NOTIF, SECCOMP_RET_USER_NOTIF, "connect");
}

TEST(CallTable, EveryReportedCallFindsItsRow)
{
    for (const CallRow& row : callTable()) {
        seccomp_data call = callOf(row.number);
        for (const std::optional<ArgumentTest>& when : {row.when, row.when2})
            if (when) call.args[when->argument] = when->value;
        const CallRow* found = rowOf(call);
        ASSERT_NE(found, nullptr) << row.name;
        EXPECT_EQ(found->number, row.number);
        EXPECT_EQ(found->shape, row.shape) << row.name;
    }
    EXPECT_EQ(rowOf(callOf(SCMP_SYS(read))), nullptr);
}

}  // namespace
}  // namespace belljar::linux_platform
