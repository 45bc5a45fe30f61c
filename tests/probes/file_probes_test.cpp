// Probes that reach for files: by other names, by other roads, by changing what protects them.
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "tests/probes/probe_fixture.h"

namespace belljar::test {
namespace {

namespace fs = std::filesystem;

bool isRoot()
{
    return ::geteuid() == 0;
}

void writeLine(const char* path, const std::string& text)
{
    std::ofstream(path) << text;
}

/// Mounts of one's own, as root directly and as a user in an own user namespace that keeps the uid. For use in the
/// child.
bool takeOwnMounts()
{
    const std::string user = std::to_string(::getuid());
    const std::string group = std::to_string(::getgid());
    if (::unshare(isRoot() ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER) != 0) return false;
    if (!isRoot() || user != "0") {
        writeLine("/proc/self/uid_map", user + " " + user + " 1");
        writeLine("/proc/self/setgroups", "deny");
        writeLine("/proc/self/gid_map", group + " " + group + " 1");
    }
    return ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

/// A socket that listens at `path`; -1 when it cannot be made.
int listenAt(const std::string& path, int type = SOCK_STREAM)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return -1;
    std::memcpy(address.sun_path, path.c_str(), path.size());
    const int listener = ::socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
    const bool listens = ::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                         (type == SOCK_DGRAM || ::listen(listener, 8) == 0);
    return listens ? listener : -1;
}

class FileProbe : public ProbeTest {
protected:
    const std::string m_rule = "deniedPaths: " + m_denied;
};

TEST_F(FileProbe, DeniedFolderCannotBeRead)
{
    expectOnlyOutside({"read_path", m_secret, m_mark}, {{"file.open", m_secret, m_rule}});
}

TEST_F(FileProbe, DeniedFolderCannotBeListed)
{
    expectOnlyOutside({"list_folder", m_denied, "secret"}, {{"file.open", m_denied, m_rule}});
}

TEST_F(FileProbe, DeniedFileCannotBeRead)
{
    expectOnlyOutside({"read_path", m_deniedFile, m_mark},
                      {{"file.open", m_deniedFile, "deniedPaths: " + m_deniedFile}});
}

TEST_F(FileProbe, UngrantedFileIsAbsent)
{
    expectOnlyOutside({"read_path", m_outsideSecret, m_mark}, {{"file.open", m_outsideSecret, "no rule grants"}});
}

TEST_F(FileProbe, UngrantedFolderIsNotSeenFromItsParent)
{
    expectOnlyOutside({"list_folder", m_folder.path(), "outside"});
}

TEST_F(FileProbe, PasswordsOfTheSystemAreHidden)
{
    if (isRoot()) expectEscapesOutside({"read_path", "/etc/shadow", "root"});
    expectStopped({"read_path", "/etc/shadow", "root"}, {{"file.open", "/etc/shadow", "passwords"}});
}

TEST_F(FileProbe, HomeFoldersAreAbsent)
{
    for (const char* folder : {"/root", "/home", "/run", "/sys", "/boot", "/mnt"}) {
        if (!exists(folder)) continue;
        // A folder on the way to the granted probe program is there, but shows only that way.
        if (probeProgram().starts_with(std::string(folder) + "/")) {
            for (const auto& entry : fs::directory_iterator(folder)) {
                if (probeProgram().starts_with(entry.path().string() + "/")) continue;
                expectOnlyOutside({"list_folder", folder, entry.path().filename().string()});
                break;
            }
        } else {
            expectOnlyOutside({"list_folder", "/", folder + 1});
        }
    }
}

TEST_F(FileProbe, LinkToDeniedFileDoesNotHelp)
{
    expectStopped({"symlink_escape", m_writable, m_secret, m_mark}, {{"file.open", m_secret, m_rule}});
    const std::string control = m_folder.folder("control");
    expectEscapesOutside({"symlink_escape", control, m_secret, m_mark});
}

TEST_F(FileProbe, LinkToUngrantedFileDoesNotHelp)
{
    expectStopped({"symlink_escape", m_writable, m_outsideSecret, m_mark},
                  {{"file.open", m_outsideSecret, "no rule grants"}});
}

TEST_F(FileProbe, HardLinkToDeniedFileCannotBeMade)
{
    expectStopped({"hardlink_escape", m_writable, m_secret, m_mark}, {{"file.link", m_secret, m_rule}});
    expectStopped({"hardlink_escape", m_writable, m_deniedFile, m_mark}, {{"file.link", m_deniedFile, "deniedPaths"}});
    expectStopped({"hardlink_escape", m_writable, m_outsideSecret, m_mark},
                  {{"file.link", m_outsideSecret, "no rule grants"}});
    expectEscapesOutside({"hardlink_escape", m_folder.folder("control"), m_secret, m_mark});
}

TEST_F(FileProbe, ExistingHardLinkOfDeniedFileIsMasked)
{
    const std::string alias = m_writable + "/alias";
    fs::create_hard_link(m_secret, alias);
    expectOnlyOutside({"read_path", alias, m_mark}, {{"file.open", alias, m_rule}});
}

TEST_F(FileProbe, BindAliasOfDeniedFolderIsMasked)
{
    const std::string alias = m_folder.folder("writable/alias");
    RunOptions options;
    options.inChild = [&] {
        if (!takeOwnMounts() || ::mount(m_denied.c_str(), alias.c_str(), nullptr, MS_BIND, nullptr) != 0) ::_exit(99);
    };
    const RunResult control = runProgram(probeCommand({"read_path", alias + "/secret", m_mark}), options);
    if (control.status == 99) GTEST_SKIP() << "no bind mount can be made here, not even in an own user namespace";
    EXPECT_EQ(control.status, kProbeEscaped);
    expectStopped({"read_path", alias + "/secret", m_mark}, {{"file.open", alias, m_rule}}, options);
}

TEST_F(FileProbe, ProcRootOfAnyProcessIsTheSandbox)
{
    expectOnlyOutside({"proc_root", m_outsideSecret, m_mark});
    expectStopped({"proc_root", m_secret, m_mark});
}

TEST_F(FileProbe, ProcCwdOfAnyProcessIsTheSandbox)
{
    RunOptions options;
    options.cwd = m_outside;
    expectOnlyOutside({"proc_cwd", m_outsideSecret, m_mark}, {}, options);
}

TEST_F(FileProbe, DotDotStaysInside)
{
    expectStopped({"dotdot_climb", m_writable, m_outsideSecret, m_mark},
                  {{"file.open", m_outsideSecret, "no rule grants"}});
    expectStopped({"dotdot_climb", m_readOnly, m_secret, m_mark}, {{"file.open", m_secret, m_rule}});
    expectEscapesOutside({"dotdot_climb", m_writable, m_outsideSecret, m_mark});
}

TEST_F(FileProbe, ChrootIsClosed)
{
    if (isRoot()) expectEscapesOutside({"chroot_climb", m_writable, m_outsideSecret, m_mark});
    expectStopped({"chroot_climb", m_writable, m_outsideSecret, m_mark}, {{"priv.mount", "chroot", kClosedRule}});
}

TEST_F(FileProbe, FilesCannotBeOpenedByHandle)
{
    if (isRoot()) expectEscapesOutside({"open_by_handle", m_readOnly + "/plain"});
    expectStopped({"open_by_handle", m_readOnly + "/plain"}, {{"priv.mount", "open_by_handle_at", kClosedRule}});
}

TEST_F(FileProbe, ReadOnlyGrantCannotBeChanged)
{
    const std::string rule = "readonlyPaths: " + m_readOnly;
    expectStopped({"write_file", m_readOnly, "plain"}, {{"file.openwrite", m_readOnly + "/plain", rule},
                                                        {"file.create", m_readOnly + "/new-file", rule},
                                                        {"file.mkdir", m_readOnly + "/new-folder", rule},
                                                        {"file.unlink", m_readOnly + "/plain", rule},
                                                        {"file.rename", m_readOnly + "/plain", rule},
                                                        {"file.chmod", m_readOnly + "/plain", rule},
                                                        {"file.truncate", m_readOnly + "/plain", rule},
                                                        {"file.symlink", m_readOnly + "/new-link", rule},
                                                        {"file.link", m_readOnly + "/plain", rule},
                                                        {"file.times", m_readOnly + "/plain", rule}});
    EXPECT_EQ(readAll(m_readOnly + "/plain"), "plain\n");
    EXPECT_EQ(std::distance(fs::directory_iterator(m_readOnly), {}), 1);
    expectEscapesOutside({"write_file", m_readOnly, "plain"});
}

TEST_F(FileProbe, ProgramUnderTestIsNotWritable)
{
    m_profile.readOnly.push_back(m_folder.folder("bin"));
    fs::copy_file(probeProgram(), m_folder / "bin/program");
    expectStopped({"write_file", m_folder / "bin", "program"});
    EXPECT_TRUE(readAll(m_folder / "bin/program") == readAll(probeProgram()));
}

TEST_F(FileProbe, MaskCannotBeChanged)
{
    expectStopped({"mask_change", m_denied, "secret", m_mark},
                  {{"file.rename", m_denied, m_rule}, {"file.rmdir", m_denied, m_rule}});
    EXPECT_EQ(readAll(m_secret), m_mark + "\n");
    expectEscapesOutside({"mask_change", m_denied, "secret", m_mark});
}

TEST_F(FileProbe, ReadOnlyGrantCannotBeRemounted)
{
    expectStopped({"remount_writable", m_readOnly},
                  {{"priv.mount", "mount", kClosedRule}, {"priv.namespace", "unshare", kClosedRule}});
    expectEscapesOutside({"remount_writable", m_readOnly});
}

TEST_F(FileProbe, MaskCannotBeUnmounted)
{
    expectOnlyOutside({"unmount_mask", m_denied, "secret", m_mark}, {{"priv.mount", "umount2", kClosedRule}});
}

TEST_F(FileProbe, BindMountCannotLookBelowTheMask)
{
    expectOnlyOutside({"bind_below_mask", m_writable, "around/denied/secret", m_mark},
                      {{"priv.mount", "mount", kClosedRule}, {"priv.mount", "open_tree", kClosedRule}});
}

TEST_F(FileProbe, StandardInputCannotBeReopenedForWriting)
{
    RunOptions options;
    options.inputFile = m_outsideSecret;
    expectOnlyOutside({"reopen_input"}, {}, options);
}

TEST_F(FileProbe, SocketInReadOnlyFolderCannotBeReached)
{
    const std::string path = m_readOnly + "/socket";
    const int listener = listenAt(path);
    ASSERT_GE(listener, 0);
    expectOnlyOutside({"unix_socket", path}, {{"net.connect", path, "network"}, {"net.send", path, "network"}});
    ::close(listener);
}

TEST_F(FileProbe, SocketsInWritableFolderCannotBeReached)
{
    for (const int type : {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET}) {
        const std::string path = m_writable + "/socket-" + std::to_string(type);
        const int listener = listenAt(path, type);
        ASSERT_GE(listener, 0);
        expectOnlyOutside({"unix_socket", path}, {{"net.connect", path, "network"}, {"net.send", path, "network"}});
        ::close(listener);
    }
}

TEST_F(FileProbe, SocketMadeAfterTheStartCannotBeReached)
{
    const std::string path = m_writable + "/late";
    m_profile.env.push_back("BELLJAR_PROBE_WAIT=1");
    for (const char* events : {"none", "jsonl"}) {
        int listener = -1;
        RunOptions options;
        options.afterStart = [&](pid_t) {
            EXPECT_TRUE(eventually([&] { return exists(path + ".ready"); }));
            listener = listenAt(path);
            writeLine((path + ".go").c_str(), "go");
        };
        const RunResult run =
            runInside({"unix_socket", path}, {"--events", events, "--events-to", m_folder / "events"}, options);
        EXPECT_EQ(run.status, kProbeStopped) << run.out << run.err;
        ASSERT_GE(listener, 0);
        ::close(listener);
        for (const char* end : {"", ".ready", ".go"}) fs::remove(path + end);
    }
}

TEST_F(FileProbe, ChangingTheAddressInTheCallDoesNotHelp)
{
    const std::string path = m_writable + "/raced";
    const int listener = listenAt(path);
    ASSERT_GE(listener, 0);
    expectOnlyOutside({"unix_socket_race", path, m_writable});
    ::close(listener);
}

TEST_F(FileProbe, SocketsOfTheSandboxItselfWork)
{
    expectStopped({"own_sockets", m_writable, "/tmp"});
}

TEST_F(FileProbe, SocketThatTheProfileNamesCanBeReached)
{
    const std::string path = m_readOnly + "/named";
    const int listener = listenAt(path);
    ASSERT_GE(listener, 0);
    m_profile.readOnly.push_back(path);
    for (const char* events : {"none", "jsonl"}) {
        const RunResult run =
            runInside({"unix_socket", path}, {"--events", events, "--events-to", m_folder / "events"});
        EXPECT_EQ(run.status, kProbeEscaped) << run.out << run.err;
    }
    ::close(listener);
}

TEST_F(FileProbe, SocketsElsewhereCannotBeReached)
{
    for (const std::string& folder : {m_outside, m_denied}) {
        const std::string path = folder + "/socket";
        const int listener = listenAt(path);
        ASSERT_GE(listener, 0);
        expectOnlyOutside({"unix_socket", path},
                          {{"net.connect", path, folder == m_denied ? m_rule : "no rule grants"}});
        ::close(listener);
    }
}

TEST_F(FileProbe, LinkPlantedByAnEarlierRunIsRefused)
{
    const std::string planted = m_writable + "/planted-file";
    ASSERT_EQ(runInside({"symlink_escape", m_writable, m_outsideSecret, m_mark}, {"--events", "none"}).status,
              kProbeStopped);
    ASSERT_TRUE(exists(planted));
    m_profile.readOnly.push_back(planted);
    const RunResult second = runInside({"read_path", planted, m_mark}, {"--events", "none"});
    EXPECT_EQ(second.status, 125) << second.out;
    EXPECT_NE(second.err.find("planted"), std::string::npos) << second.err;
}

TEST_F(FileProbe, MissingDeniedPathLeavesNothingOnTheHost)
{
    m_profile.denied.push_back(m_readOnly + "/missing");
    m_profile.denied.push_back(m_outside + "/missing");
    expectStopped({"read_path", m_secret, m_mark});
    EXPECT_FALSE(exists(m_readOnly + "/missing"));
    EXPECT_FALSE(exists(m_outside + "/missing"));
    // In a writable folder the sandboxee could make it: refused, and still nothing is made.
    m_profile.denied.push_back(m_writable + "/missing");
    EXPECT_EQ(runInside({"read_path", m_secret, m_mark}, {"--events", "none"}).status, 125);
    EXPECT_FALSE(exists(m_writable + "/missing"));
}

TEST_F(FileProbe, NothingStaysOnTheHostAfterARun)
{
    const std::string before = hostTraces();
    pid_t belljar = 0;
    RunOptions options;
    options.afterStart = [&](pid_t pid) { belljar = pid; };
    expectStopped({"symlink_escape", m_writable, m_secret, m_mark}, {}, options);
    EXPECT_EQ(hostTraces(), before);
    EXPECT_EQ(controlGroupsOf(belljar), "");
    EXPECT_TRUE(processesWith(m_folder.path()).empty());
}

}  // namespace
}  // namespace belljar::test
