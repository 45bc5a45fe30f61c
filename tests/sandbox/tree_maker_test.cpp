// Who makes the sandbox's tree: belljar-shim itself, or bubblewrap where the system refuses the shim. Both make the
// same.
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/sandbox/runner.h"

namespace belljar::test {
namespace {

/// From here on `call` fails with EPERM in this process and its children, as a security module would have it.
void refuseCall(int call)
{
    const auto number = static_cast<std::uint32_t>(call);
    std::array program{
        sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
        sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const sock_fprog filter{program.size(), program.data()};
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0)
        ::_exit(99);
}

class TreeMaker : public testing::Test {
protected:
    TreeMaker()
    {
        m_profile.readWrite = {m_folder.folder("work")};
        m_profile.readOnly = {m_folder.folder("data")};
        m_profile.denied = {m_folder.folder("data/secret"), m_folder.file("data/key", "secret\n")};
        m_folder.file("tools/bwrap", "#!/bin/sh\n: > '" + m_mark + "'\nexec /usr/bin/bwrap \"$@\"\n", 0755);
        m_options.env = {{"PATH", m_folder / "tools" + ":/usr/bin:/bin"}};
    }

    RunResult run(const std::string& script)
    {
        return runProgram(belljarRun(m_folder, m_profile.json(), {"--events", "none"}, {"/bin/sh", "-c", script}),
                          m_options);
    }

    TempFolder m_folder;
    const std::string m_mark = m_folder / "bubblewrap-was-started";
    Profile m_profile;
    RunOptions m_options;
};

TEST_F(TreeMaker, IsTheShimAsARule)
{
    const RunResult plain = run("echo inside");
    EXPECT_EQ(plain.out, "inside\n") << plain.err;
    EXPECT_FALSE(exists(m_mark));
}

TEST_F(TreeMaker, IsBubblewrapWhereMountsAreRefused)
{
    m_options.inChild = [] { refuseCall(SYS_open_tree); };
    const RunResult refused = run("echo inside");
    EXPECT_EQ(refused.out, "inside\n") << refused.err;
    EXPECT_TRUE(exists(m_mark));
}

TEST_F(TreeMaker, FailsOpenlyWhereBothAreRefused)
{
    m_options.inChild = [] {
        refuseCall(SYS_open_tree);
        refuseCall(SYS_mount);
    };
    const RunResult refused = run("echo inside");
    EXPECT_EQ(refused.status, 125);
    EXPECT_EQ(refused.out, "");
    EXPECT_NE(refused.err.find("could not set up the sandbox"), std::string::npos) << refused.err;
}

/// Mount points with what they allow. bubblewrap covers parts of /proc by themselves, which is read-only as a whole.
std::set<std::string> mountsOf(const std::string& mountInfo)
{
    std::set<std::string> mounts;
    std::istringstream lines(mountInfo);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream fields(line);
        std::string skipped, place, allowed;
        fields >> skipped >> skipped >> skipped >> skipped >> place >> allowed;
        for (const char* cover : {"/proc/sys", "/proc/irq", "/proc/bus", "/proc/sysrq-trigger", "/proc/fs"})
            if (place == cover) place.clear();
        if (!place.empty()) mounts.insert(place + " " + allowed);
    }
    return mounts;
}

TEST_F(TreeMaker, MakesTheSameTreeAsBubblewrap)
{
    const std::string mounts = "cat /proc/self/mountinfo";
    const std::string files =
        "cd /; ls -A; ls -lA bin dev tmp dev/shm " + m_folder.path() +
        " 2>&1 | sed 's/ [A-Z][a-z][a-z] .*:[0-9][0-9] / /';"
        "stat -c '%A %U %n' / /dev /tmp /proc " +
        m_folder / "data/*" +
        "; cat /proc/self/uid_map /proc/self/gid_map;"
        "hostname; grep -E 'Cap|NoNewPrivs|Seccomp:' /proc/self/status; umask; cat /sys/class/net/lo/flags";
    const std::set<std::string> ownMounts = mountsOf(run(mounts).out);
    const std::string ownFiles = run(files).out;
    ASSERT_FALSE(exists(m_mark));
    m_options.inChild = [] { refuseCall(SYS_open_tree); };
    EXPECT_EQ(ownMounts, mountsOf(run(mounts).out));
    EXPECT_EQ(ownFiles, run(files).out);
    EXPECT_TRUE(exists(m_mark));
    EXPECT_GT(ownMounts.size(), 10U);
}

}  // namespace
}  // namespace belljar::test
