// What a sandbox has to withstand, files: rows F1 - F19b of the team's list of escapes that MXC's own executor was
// measured with. Each test's name begins with its row. Everything runs not watched and watched, as whoever runs the
// test.
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/probes/probe_fixture.h"

namespace belljar::test {
namespace {

namespace fs = std::filesystem;

class FilesReliability : public ProbeTest {
protected:
    [[nodiscard]] static bool isRoot() { return ::geteuid() == 0; }

    RunResult runShell(const std::string& script, const char* events = "none", const RunOptions& options = {})
    {
        return runProgram(belljarRun(m_folder, m_profile.json(),
                                     {"--events", events, "--events-to", m_folder / "events"}, {"sh", "-c", script}),
                          options);
    }

    /// The secret in none of what `script` prints, not watched and watched.
    void expectNoSecret(const std::string& script)
    {
        for (const char* events : {"none", "jsonl"}) {
            const RunResult run = runShell(script, events);
            EXPECT_EQ((run.out + run.err).find(m_mark), std::string::npos) << script << "\n" << run.out << run.err;
            EXPECT_NE(run.out.find("done"), std::string::npos) << "it did not get to its end\n" << run.err;
        }
    }

    /// Bind mounts in a mount namespace of the run's own; for RunOptions::inChild. Exit code 99: not possible here.
    static void bindOrLeave(const std::string& from, const std::string& to)
    {
        const std::string user = std::to_string(::getuid());
        const std::string group = std::to_string(::getgid());
        if (::unshare(isRoot() ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER) != 0) ::_exit(99);
        if (!isRoot()) {
            std::ofstream("/proc/self/uid_map") << user << " " << user << " 1";
            std::ofstream("/proc/self/setgroups") << "deny";
            std::ofstream("/proc/self/gid_map") << group << " " << group << " 1";
        }
        if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
            ::mount(from.c_str(), to.c_str(), nullptr, MS_BIND, nullptr) != 0)
            ::_exit(99);
    }
};

TEST_F(FilesReliability, F1_DeniedFolderAndFileReadDirectly)
{
    expectOnlyOutside({"read_path", m_secret, m_mark});
    expectOnlyOutside({"read_path", m_deniedFile, m_mark});
    expectOnlyOutside({"list_folder", m_denied, "secret"});
    EXPECT_EQ(runShell("cat " + m_readOnly + "/plain").out, "plain\n") << "control: what is granted can be read";
}

TEST_F(FilesReliability, F2_DeniedReadThroughALinkInAWritableFolder)
{
    expectEscapesOutside({"symlink_escape", m_folder.folder("control"), m_secret, m_mark});
    expectStopped({"symlink_escape", m_writable, m_secret, m_mark});
}

TEST_F(FilesReliability, F3_DeniedReadThroughAnExistingHardLink)
{
    for (const std::string& folder : {m_writable, m_readOnly}) {
        fs::create_hard_link(m_secret, folder + "/alias-of-folder-content");
        fs::create_hard_link(m_deniedFile, folder + "/alias-of-file");
        expectOnlyOutside({"read_path", folder + "/alias-of-folder-content", m_mark});
        expectOnlyOutside({"read_path", folder + "/alias-of-file", m_mark});
    }
    expectNoSecret("cat " + m_readOnly + "/plain; grep -r mark- " + m_readOnly + " " + m_writable + "; echo done");
}

TEST_F(FilesReliability, F4_OtherRoadsToWhatIsDeniedOrNotGranted)
{
    RunOptions outside;
    outside.cwd = m_outside;
    expectOnlyOutside({"proc_root", m_outsideSecret, m_mark});
    expectStopped({"proc_root", m_secret, m_mark});
    expectOnlyOutside({"proc_cwd", m_outsideSecret, m_mark}, {}, outside);
    expectStopped({"dotdot_climb", m_writable, m_outsideSecret, m_mark});
    expectStopped({"dotdot_climb", m_readOnly, m_secret, m_mark});
    expectStopped({"symlink_escape", m_writable, m_outsideSecret, m_mark});
    expectNoSecret("cat /proc/1/root" + m_outsideSecret + " /proc/self/root" + m_secret + " /proc//cwd" + m_secret +
                   "; echo done");
}

TEST_F(FilesReliability, F5_MaskRenamedOrRemoved)
{
    expectStopped({"mask_change", m_denied, "secret", m_mark});
    EXPECT_EQ(readAll(m_secret), m_mark + "\n");
    expectEscapesOutside({"mask_change", m_denied, "secret", m_mark});
}

TEST_F(FilesReliability, F6a_ParentOfADeniedFolderRenamedInTheRun)
{
    const std::string around = m_writable + "/around";
    expectNoSecret("mv " + around + " " + m_writable + "/moved; cat " + m_writable + "/moved/denied/secret " +
                   m_secret + "; echo done");
    EXPECT_TRUE(exists(m_secret)) << "the denied folder was moved away";
    EXPECT_EQ(runShell("mkdir " + m_writable + "/own && mv " + m_writable + "/own " + m_writable + "/other").status, 0)
        << "control: other folders can be renamed";
}

TEST_F(FilesReliability, F6b_ARenameInOneRunOpensNothingForTheNext)
{
    const std::string around = m_writable + "/around";
    const std::string steal = "mv " + around + " " + m_writable + "/moved; mkdir -p " + m_denied + "; mv " + m_denied +
                              " " + m_writable + "/got; ln " + m_deniedFile + " " + m_writable + "/linked; mv " +
                              m_deniedFile + " " + m_writable + "/file; echo done";
    expectNoSecret(steal);
    expectNoSecret("grep -r mark- " + m_writable + " " + m_readOnly + "; cat " + m_writable + "/moved/denied/secret " +
                   m_writable + "/got/secret " + m_writable + "/linked " + m_writable + "/file; echo done");
    EXPECT_EQ(readAll(m_secret), m_mark + "\n");
    EXPECT_EQ(readAll(m_deniedFile), m_mark + "\n");
}

TEST_F(FilesReliability, F7_MissingDeniedPathLeavesNothingOnTheHost)
{
    const std::string before = hostTraces();
    m_profile.denied.push_back(m_readOnly + "/missing/deep");
    m_profile.denied.push_back(m_outside + "/missing");
    expectStopped({"read_path", m_secret, m_mark});
    EXPECT_FALSE(exists(m_readOnly + "/missing"));
    EXPECT_FALSE(exists(m_outside + "/missing"));
    m_profile.denied.push_back(m_writable + "/missing");
    const RunResult refused = runInside({"read_path", m_secret, m_mark}, {"--events", "none"});
    EXPECT_EQ(refused.status, 125);
    EXPECT_NE(refused.err.find("missing"), std::string::npos) << refused.err;
    EXPECT_FALSE(exists(m_writable + "/missing"));
    EXPECT_EQ(hostTraces(), before);
}

TEST_F(FilesReliability, F8_ReadOnlyGrantChanged)
{
    expectStopped({"write_file", m_readOnly, "plain"});
    EXPECT_EQ(readAll(m_readOnly + "/plain"), "plain\n");
    EXPECT_EQ(std::distance(fs::directory_iterator(m_readOnly), {}), 1);
    expectEscapesOutside({"write_file", m_readOnly, "plain"});
}

TEST_F(FilesReliability, F9_ReadOnlyGrantRemounted)
{
    expectStopped({"remount_writable", m_readOnly});
    expectEscapesOutside({"remount_writable", m_readOnly});
}

TEST_F(FilesReliability, F10_MaskUnmounted)
{
    expectOnlyOutside({"unmount_mask", m_denied, "secret", m_mark});
}

TEST_F(FilesReliability, F11_BindMountLooksBelowTheMask)
{
    expectOnlyOutside({"bind_below_mask", m_writable, "around/denied/secret", m_mark});
}

TEST_F(FilesReliability, F12_DescriptorsOfTheCaller)
{
    RunOptions options;
    options.inChild = [&] {
        for (const int number : {3, 5, 9, 64, 250}) ::dup2(::open(m_outside.c_str(), O_RDONLY | O_DIRECTORY), number);
    };
    expectOnlyOutside({"inherited_fd"}, {}, options);
    expectNoSecret("for n in 3 5 9 64 250; do cat /proc/self/fd/$n/secret /proc/1/fd/$n/secret; done; echo done");
    options.terminal = true;
    expectStopped({"inherited_fd"}, {}, options);
}

TEST_F(FilesReliability, F13_FoldersOfTheHostAreAbsent)
{
    for (const char* folder : {"/root", "/home", "/sys", "/boot", "/mnt", "/media", "/srv", "/opt"}) {
        // A folder on the way to something granted is there, and shows only that way.
        if (!exists(folder) || probeProgram().starts_with(std::string(folder) + "/")) continue;
        expectOnlyOutside({"list_folder", "/", folder + 1});
    }
    expectStopped({"list_folder", "/run", "lock"});
    expectStopped({"list_folder", m_folder.path(), "outside"});
}

TEST_F(FilesReliability, F14_PasswordsOfTheSystem)
{
    for (const char* file : {"/etc/shadow", "/etc/gshadow"}) {
        if (!exists(file)) continue;
        if (isRoot()) expectEscapesOutside({"read_path", file, "root"});
        expectStopped({"read_path", file, "root"});
    }
}

TEST_F(FilesReliability, F15_DevicesAreAbsentAndCannotBeMade)
{
    if (isRoot()) expectEscapesOutside({"device_nodes", m_writable});
    expectStopped({"device_nodes", m_writable});
}

TEST_F(FilesReliability, F16_KernelSettingsAreNotWritable)
{
    if (isRoot()) expectEscapesOutside({"proc_sys_write"});
    expectStopped({"proc_sys_write"});
}

TEST_F(FilesReliability, F17_NoFreshProc)
{
    if (isRoot()) expectEscapesOutside({"fresh_proc"});
    expectStopped({"fresh_proc"});
}

TEST_F(FilesReliability, F18_LinkPlantedByAnEarlierSandbox)
{
    const std::string planted = m_writable + "/project";
    ASSERT_EQ(runShell("ln -s " + m_outside + " " + planted).status, 0);
    ASSERT_EQ(readAll(planted + "/secret"), m_mark + "\n") << "control: it leads there";
    // Another policy, which does not know that the folder was once writable.
    for (const bool write : {false, true}) {
        m_profile = {};
        m_profile.readOnly = {probeProgram()};
        (write ? m_profile.readWrite : m_profile.readOnly).push_back(planted);
        for (const char* events : {"none", "jsonl"}) {
            const RunResult second = runShell("cat " + planted + "/secret " + m_outsideSecret, events);
            EXPECT_EQ(second.status, 125) << second.out;
            EXPECT_EQ(second.out.find(m_mark), std::string::npos);
            EXPECT_NE(second.err.find("planted"), std::string::npos) << second.err;
            EXPECT_NE(second.err.find(planted), std::string::npos) << second.err;
        }
    }
    // The user's own link elsewhere, and the real path by its name, still work.
    m_profile.readWrite.clear();
    fs::create_directory_symlink(m_outside, m_folder / "own-link");
    m_profile.readOnly = {m_folder / "own-link"};
    EXPECT_EQ(runShell("cat " + (m_folder / "own-link") + "/secret").out, m_mark + "\n");
    m_profile.readOnly = {m_outside};
    EXPECT_EQ(runShell("cat " + m_outsideSecret).out, m_mark + "\n");
}

TEST_F(FilesReliability, F18_TheMemoryOfItCannotBeChangedFromInside)
{
    RunOptions options;
    const std::string home = m_folder.folder("home");
    options.env = {{"HOME", home}, {"XDG_STATE_HOME", home + "/state"}};
    m_profile.readWrite = {home};
    m_profile.denied.clear();
    const std::string file = home + "/state/belljar/writable-folders";
    const RunResult first = runShell("ln -s " + m_outside + " " + home + "/planted; rm -rf " + home + "/state; mv " +
                                         home + "/state " + home + "/away; cat " + file + "; (: > " + file + "); true",
                                     "none", options);
    EXPECT_EQ(first.status, 0) << first.err;
    EXPECT_EQ(first.out.find(home), std::string::npos) << first.out;
    EXPECT_NE(readAll(file).find(home), std::string::npos) << "it was not remembered";
    m_profile.readWrite.clear();
    m_profile.readOnly = {home + "/planted"};
    EXPECT_EQ(runShell("cat " + home + "/planted/secret", "none", options).status, 125);
}

TEST_F(FilesReliability, F19_DeniedFolderSeenThroughAnotherBindMount)
{
    const std::string alias = m_folder.folder("writable/alias");
    RunOptions options;
    options.inChild = [&] { bindOrLeave(m_denied, alias); };
    const RunResult control = runProgram(probeCommand({"read_path", alias + "/secret", m_mark}), options);
    if (control.status == 99) GTEST_SKIP() << "no bind mount can be made here, not even in an own user namespace";
    EXPECT_EQ(control.status, kProbeEscaped);
    expectStopped({"read_path", alias + "/secret", m_mark}, {}, options);
}

TEST_F(FilesReliability, F19b_AliasOfADeniedFolderGrantedItself)
{
    const std::string alias = m_folder.folder("alias");
    m_profile.readOnly.push_back(alias);
    RunOptions options;
    options.inChild = [&] { bindOrLeave(m_denied, alias); };
    const RunResult control = runProgram(probeCommand({"read_path", alias + "/secret", m_mark}), options);
    if (control.status == 99) GTEST_SKIP() << "no bind mount can be made here, not even in an own user namespace";
    EXPECT_EQ(control.status, kProbeEscaped);
    expectStopped({"read_path", alias + "/secret", m_mark}, {}, options);
}

}  // namespace
}  // namespace belljar::test
