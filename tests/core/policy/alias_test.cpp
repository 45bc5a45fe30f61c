#include "tests/core/policy/policy_fixture.h"

namespace belljar {
namespace {

class Aliases : public PolicyTest {
protected:
    [[nodiscard]] bool masked(const std::string& path) const
    {
        const PathRule* rule = ruleAt(*resolution.policy, path);
        return rule && rule->kind == PathKind::mask && rule->present;
    }
};

TEST_F(Aliases, DeniedFolderSeenThroughAnotherBindMount)
{
    host.bindMount("/home/u/.ssh", "/home/u/proj/keys");
    readWrite({"/home/u/proj"});
    deny({"/home/u/.ssh"});
    policy();
    EXPECT_TRUE(masked("/home/u/proj/keys")) << messages();
    EXPECT_EQ(ruleAt(*resolution.policy, "/home/u/proj/keys")->rule, ruleAt(*resolution.policy, "/home/u/.ssh")->rule);
    EXPECT_NE(finding("alias-masked"), nullptr);
}

TEST_F(Aliases, NothingIsMaskedWhereNothingIsShown)
{
    host.bindMount("/home/u/.ssh", "/mnt/keys");
    readWrite({"/home/u/proj"});
    deny({"/home/u/.ssh"});
    policy();
    EXPECT_EQ(ruleAt(*resolution.policy, "/mnt/keys"), nullptr);
    EXPECT_EQ(finding("alias-masked"), nullptr);
}

TEST_F(Aliases, AMountOfAParentShowsTheDeniedFolderDeeper)
{
    host.bindMount("/home/u", "/mnt/home");
    readOnly({"/mnt"});
    deny({"/home/u/.ssh"});
    policy();
    EXPECT_TRUE(masked("/mnt/home/.ssh")) << messages();
    EXPECT_FALSE(ask(*resolution.policy, AccessKind::read, "/mnt/home/.ssh/id_rsa").allowed);
    EXPECT_TRUE(ask(*resolution.policy, AccessKind::read, "/mnt/home/docs/letter").allowed);
}

TEST_F(Aliases, AMountOfAPartOfTheDeniedFolder)
{
    host.folder("/home/u/.ssh/deep");
    host.bindMount("/home/u/.ssh/deep", "/home/u/proj/part");
    readOnly({"/home/u/proj"});
    deny({"/home/u/.ssh"});
    policy();
    EXPECT_TRUE(masked("/home/u/proj/part")) << messages();
    readOnly({"/home/u/proj", "/home/u/proj/part"});
    policy();
    EXPECT_FALSE(masked("/home/u/proj/part")) << "granted by its own name";
}

TEST_F(Aliases, AFileSystemMountedInsideTheDeniedFolderAndElsewhere)
{
    host.mountPoint("/home/u/.ssh/disk", "/", 50, "ext4");
    host.mountPoint("/home/u/proj/disk", "/", 50, "ext4");
    host.mountPoint("/home/u/proj/another", "/", 51, "ext4");
    readOnly({"/home/u/proj"});
    deny({"/home/u/.ssh"});
    policy();
    EXPECT_TRUE(masked("/home/u/proj/disk"));
    EXPECT_EQ(ruleAt(*resolution.policy, "/home/u/proj/another"), nullptr);
}

TEST_F(Aliases, ABindMountCoveredByAnotherMountIsNoAlias)
{
    host.bindMount("/home/u/.ssh", "/home/u/proj/keys");
    host.mountPoint("/home/u/proj/keys", "/", 60, "tmpfs");
    readOnly({"/home/u/proj"});
    deny({"/home/u/.ssh"});
    policy();
    EXPECT_EQ(ruleAt(*resolution.policy, "/home/u/proj/keys"), nullptr);
}

TEST_F(Aliases, HardLinkToADeniedFile)
{
    host.hardLink("/home/u/proj/src/copy", "/home/u/docs/letter");
    readWrite({"/home/u/proj"});
    deny({"/home/u/docs/letter"});
    policy();
    EXPECT_TRUE(masked("/home/u/proj/src/copy")) << messages();
    EXPECT_FALSE(ruleAt(*resolution.policy, "/home/u/proj/src/copy")->isDirectory);
}

TEST_F(Aliases, HardLinkToAFileInsideADeniedFolder)
{
    host.hardLink("/home/u/proj/key", "/home/u/.ssh/id_rsa");
    readWrite({"/home/u/proj"});
    deny({"/home/u/.ssh"});
    policy();
    EXPECT_TRUE(masked("/home/u/proj/key")) << messages();
    EXPECT_TRUE(ask(*resolution.policy, AccessKind::read, "/home/u/proj/main.c").allowed);
}

TEST_F(Aliases, LinksAmongDeniedFilesOnlyNeedNoSearch)
{
    host.hardLink("/home/u/.ssh/second", "/home/u/.ssh/id_rsa");
    host.hardLink("/home/u/proj/x", "/home/u/proj/main.c");
    readWrite({"/home/u/proj"});
    deny({"/home/u/.ssh"});
    policy();
    EXPECT_EQ(finding("alias-masked"), nullptr);
}

TEST_F(Aliases, AGrantedFileInsideADeniedFolderIsNotDenied)
{
    host.hardLink("/home/u/proj/key.pub", "/home/u/.ssh/id_rsa");
    readOnly({"/home/u/proj", "/home/u/.ssh/id_rsa"});
    deny({"/home/u/.ssh"});
    policy();
    EXPECT_TRUE(ask(*resolution.policy, AccessKind::read, "/home/u/proj/key.pub").allowed);
}

TEST_F(Aliases, LargeDeniedFoldersAreFineWithoutHardLinksOutside)
{
    for (int i = 0; i < 3000; ++i) host.file("/home/u/.ssh/f" + std::to_string(i));
    readWrite({"/home/u/proj"});
    deny({"/home/u/.ssh"});
    host.lookups = 0;
    policy();
    EXPECT_LT(host.lookups, 1'500U) << "the quick look is bounded";
    host.hardLink("/home/u/proj/key", "/home/u/.ssh/f2999");
    policy();
    EXPECT_TRUE(masked("/home/u/proj/key"));
}

TEST_F(Aliases, WhatCannotBeSearchedIsRefused)
{
    for (int i = 0; i < 100'001; ++i) host.file("/home/u/proj/many/f" + std::to_string(i));
    host.hardLink("/home/u/elsewhere", "/home/u/.ssh/id_rsa");
    readWrite({"/home/u/proj"});
    deny({"/home/u/.ssh"});
    EXPECT_NE(refused("alias-search-limit").message.find("(`/home/u/.ssh/id_rsa`)"), std::string::npos)
        << "with the list";
    deny({"/home/u/docs"});
    policy();
    host.hardLink("/home/u/docs/second", "/home/u/docs/letter");
    policy();
    EXPECT_EQ(finding("alias-search-limit"), nullptr) << "all names of the letter are denied";
}

}  // namespace
}  // namespace belljar
