#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>

#include "core/platform/platform.h"
#include "core/platform/posix/user_entry.h"

namespace belljar {
namespace {

TEST(HostInspector, KnowsThisMachine)
{
    const std::unique_ptr<HostFacts> facts = inspectHost(true);
    const SystemFacts& system = facts->system();
    EXPECT_EQ(system.system, "linux");
    EXPECT_FALSE(system.kernel.empty());
    EXPECT_EQ(system.uid, ::geteuid());
    EXPECT_EQ(system.homePath.substr(0, 1), "/");
    EXPECT_TRUE(system.userNamespaces || !system.userNamespacesReason.empty()) << "a no comes with its reason";
    EXPECT_EQ(system.bwrapPath.empty(), system.bwrapVersion.empty());
}

TEST(HostInspector, KnowsUsers)
{
    const UserEntry root = userEntry(0);
    EXPECT_EQ(root.name, "root");
    EXPECT_EQ(root.home.substr(0, 1), "/");
    constexpr uid_t kNobodyHasThis = 3'999'999'999U;
    EXPECT_EQ(userEntry(kNobodyHasThis).name, "");
    EXPECT_EQ(userEntry(kNobodyHasThis).home, "");
}

TEST(HostInspector, TellsLinksFoldersAndMissingApart)
{
    const std::unique_ptr<HostFacts> facts = inspectHost(false);
    EXPECT_EQ(facts->lstat("/").type, FileType::directory);
    EXPECT_EQ(facts->lstat("/etc/passwd").type, FileType::regular);
    EXPECT_EQ(facts->lstat("/dev/null").type, FileType::other);
    EXPECT_EQ(facts->lstat("/proc/self").type, FileType::symlink);
    EXPECT_EQ(facts->lstat("/proc/self").linkTarget, std::to_string(::getpid()));
    EXPECT_EQ(facts->lstat("/no/such/path").type, FileType::missing);
    EXPECT_EQ(facts->lstat("/etc/passwd/x").type, FileType::missing);
}

TEST(HostInspector, KnowsItsAddresses)
{
    std::vector<std::string> own;
    for (const IpNetwork& address : inspectHost(false)->ownAddresses()) own.push_back(ipNetworkText(address));
    if (own.empty()) GTEST_SKIP() << "this machine has no interface with an address";
    EXPECT_NE(std::find(own.begin(), own.end(), "127.0.0.1"), own.end());
}

TEST(HostInspector, ReadsMounts)
{
    const std::unique_ptr<HostFacts> facts = inspectHost(false);
    bool proc = false;
    for (const MountFacts& mount : facts->mounts()) proc |= mount.mountPoint == "/proc" && mount.fileSystem == "proc";
    EXPECT_TRUE(proc);
}

}  // namespace
}  // namespace belljar
