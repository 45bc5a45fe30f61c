// That belljar-monitord has given up what it does not need: as the kernel shows it, and by trying.
#include <fcntl.h>
#include <linux/bpf.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "app/monitord/privileges.h"
#include "tests/app/monitord/helper_scene.h"

namespace belljar::test {
namespace {

using namespace linux_platform;
using namespace std::chrono_literals;

constexpr const char* kNone = "0000000000000000";
constexpr const char* kOnlyBpf = "0000008000000000";

TEST(HelperPrivileges, KeepsCapBpfOnly)
{
    FakeHelper helper;
    HelperClient client(helper.socket(), ::geteuid());
    ASSERT_TRUE(client.hello());
    const bool root = ::geteuid() == 0;
    EXPECT_EQ(statusLine(helper.pid(), "CapEff"), root ? kOnlyBpf : kNone);
    EXPECT_EQ(statusLine(helper.pid(), "CapPrm"), root ? kOnlyBpf : kNone);
    EXPECT_EQ(statusLine(helper.pid(), "CapInh"), kNone);
    EXPECT_EQ(statusLine(helper.pid(), "CapAmb"), kNone);
    EXPECT_EQ(statusLine(helper.pid(), "NoNewPrivs"), "1");
    if (root) {
        EXPECT_EQ(statusLine(helper.pid(), "CapBnd"), kNone);
        EXPECT_EQ(statusLine(helper.pid(), "Uid"), "65534\t65534\t65534\t65534");
        EXPECT_EQ(statusLine(helper.pid(), "Gid"), "65534\t65534\t65534\t65534");
        EXPECT_EQ(statusLine(helper.pid(), "Groups"), " ");
    }
#ifndef __SANITIZE_ADDRESS__
    EXPECT_EQ(statusLine(helper.pid(), "Seccomp"), "2");
#endif
}

TEST(HelperPrivileges, WorkersKeepNothingOnceTheyWatch)
{
    OtherNamespace own(::geteuid());
    if (!own.made()) GTEST_SKIP() << "this user cannot make a pid namespace";
    FakeHelper helper;
    HelperClient client(helper.socket(), ::geteuid());
    client.hello();
    ASSERT_EQ(client.watch(own.descriptor())->kind, MonitorReplyKind::watching);
    ASSERT_EQ(helper.workers().size(), 1U);
    const pid_t worker = helper.workers().front();
    EXPECT_TRUE(eventually([&] { return statusLine(worker, "CapEff") == kNone; }));
    EXPECT_EQ(statusLine(worker, "CapPrm"), kNone);
    EXPECT_EQ(statusLine(worker, "NoNewPrivs"), "1");
}

TEST(HelperPrivileges, CannotBeTracedByItsOwnUser)
{
    if (::geteuid() != 0) GTEST_SKIP() << "only root can be several users";
    FakeHelper helper;
    ASSERT_TRUE(helper.serves());
    ChildProcess nosy(65534, [&] { return ::ptrace(PTRACE_ATTACH, helper.pid(), nullptr, nullptr) == 0 ? 1 : 0; });
    EXPECT_EQ(nosy.wait(5s), 0);
    ChildProcess control(65534, [] {
        ::pause();
        return 0;
    });
    ASSERT_TRUE(eventually([&] { return statusLine(control.pid(), "Uid").starts_with("65534"); }));
    ChildProcess able(65534, [&] {
        return eventually([&] { return ::ptrace(PTRACE_ATTACH, control.pid(), nullptr, nullptr) == 0; }) ? 1 : 0;
    });
    EXPECT_EQ(able.wait(10s), 1 << 8) << "the trial itself does not work";
}

long loadProgram()
{
    bpf_attr attributes{};
    attributes.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
    return ::syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof attributes);
}

struct Forbidden {
    const char* name;
    std::function<void()> act;
};

const std::vector<Forbidden>& forbiddenActs()
{
    static const std::vector<Forbidden> acts = {
        {"open a file", [] { ::open("/etc/hostname", O_RDONLY); }},
        {"look at a path", [] { ::access("/etc/hostname", R_OK); }},
        {"make a socket", [] { ::socket(AF_UNIX, SOCK_STREAM, 0); }},
        {"make a pair of sockets that are not local",
         [] {
             int ends[2];
             ::socketpair(AF_INET, SOCK_STREAM, 0, ends);
         }},
        {"start a program", [] { ::execl("/bin/true", "true", nullptr); }},
        {"load a program into the kernel", [] { loadProgram(); }},
        {"make memory executable",
         [] { ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }},
        {"make a namespace", [] { ::syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, nullptr, nullptr, nullptr, 0UL); }},
        {"trace", [] { ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr); }},
        {"signal others", [] { ::kill(1, 0); }},
        {"take a terminal's input", [] { ::syscall(SYS_ioctl, 0, 0x5412 /* TIOCSTI */, "x"); }},
        {"be dumpable again", [] { ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); }},
        {"change its user", [] { [[maybe_unused]] const int error = ::setuid(0); }},
    };
    return acts;
}

TEST(HelperPrivileges, EndsAtAnyOtherCall)
{
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "sanitizers make calls of their own";
#endif
    for (const Forbidden& forbidden : forbiddenActs()) {
        ChildProcess child(::geteuid(), [&] {
            if (!monitord::keepLoadingRights("nobody") || !monitord::keepServingRights()) return 2;
            forbidden.act();
            return 0;
        });
        const std::optional<int> status = child.wait(5s);
        ASSERT_TRUE(status) << forbidden.name;
        EXPECT_TRUE(WIFSIGNALED(*status) && WTERMSIG(*status) == SIGSYS) << forbidden.name << ": " << *status;
    }
    // What it needs works: so the above did not fail for another reason.
    ChildProcess able(::geteuid(), [] {
        if (!monitord::keepLoadingRights("nobody") || !monitord::keepServingRights()) return 2;
        const pid_t child = ::fork();
        if (child == 0) ::_exit(7);
        int ended = 0;
        return child > 0 && ::waitpid(child, &ended, 0) == child && WEXITSTATUS(ended) == 7 ? 0 : 1;
    });
    EXPECT_EQ(able.wait(5s), 0);
}

TEST(HelperPrivileges, LandlockClosesFilesWithoutTheFilter)
{
    // The steps before the filter are tried by themselves: a file that was open to everybody is closed.
    ChildProcess child(::geteuid(), [] {
        const UniqueFd before(::open("/proc/self/status", O_RDONLY | O_CLOEXEC));
        if (!before || !monitord::keepLoadingRights("nobody") || !monitord::closeFiles()) return 2;
        const UniqueFd after(::open("/etc/hostname", O_RDONLY | O_CLOEXEC));
        return after ? 1 : 0;
    });
    if (::syscall(SYS_landlock_create_ruleset, nullptr, 0, 1U) < 1) GTEST_SKIP() << "this kernel has no Landlock";
    EXPECT_EQ(child.wait(5s), 0);
}

}  // namespace
}  // namespace belljar::test
