// The list of programs: what decide() makes of it, which mounts it changes, what it refuses.
#include "core/policy/amend.h"
#include "tests/core/policy/policy_fixture.h"

namespace belljar {
namespace {

const std::string kHash(64, 'a');

class Programs : public PolicyTest {
protected:
    void list(std::vector<ProgramConfig> programs)
    {
        config.experimental.emplace().belljar.emplace().programs = std::move(programs);
    }

    Verdict execute(const Policy& made, const std::string& path) { return ask(made, AccessKind::execute, path); }
};

TEST_F(Programs, WithoutAListEverythingVisibleMayRun)
{
    const Policy& made = policy();
    EXPECT_FALSE(made.programs.listed);
    EXPECT_TRUE(execute(made, "/usr/bin/true").allowed);
    EXPECT_TRUE(std::none_of(made.paths.begin(), made.paths.end(), [](const PathRule& rule) { return rule.noExec; }));
}

TEST_F(Programs, OnlyListedOnesMayRun)
{
    list({{"/usr/bin/true", {}}, {"/usr/local/bin", {}}});
    readOnly({"/usr/local"});
    const Policy& made = policy();
    const Verdict allowed = execute(made, "/usr/bin/true");
    EXPECT_TRUE(allowed.allowed);
    EXPECT_EQ(made.rules[allowed.rule].place.pointer, "/experimental/belljar/programs/0/path");
    EXPECT_TRUE(execute(made, "/usr/local/bin/tool").allowed) << "its folder is listed";
    const Verdict denied = execute(made, "/usr/bin/dash");
    EXPECT_FALSE(denied.allowed);
    EXPECT_EQ(denied.expectedErrno, linux_errno::kAccess);
    EXPECT_EQ(denied.mechanism, Mechanism::programList);
    EXPECT_EQ(made.rules[denied.rule].place.pointer, "/experimental/belljar/programs");
    EXPECT_TRUE(ask(made, AccessKind::read, "/usr/bin/dash").allowed);
    EXPECT_EQ(execute(made, "/home/u/docs/letter").mechanism, Mechanism::notMounted) << "not visible comes first";
}

TEST_F(Programs, AnEmptyListLetsNothingRun)
{
    list({});
    EXPECT_FALSE(execute(policy(), "/usr/bin/true").allowed);
}

TEST_F(Programs, LinksAreFollowed)
{
    list({{"/bin/sh", {}}});
    EXPECT_TRUE(execute(policy(), "/usr/bin/dash").allowed);
}

TEST_F(Programs, TheCommandItselfMustBeListed)
{
    list({{"/usr/bin/true", {}}});
    request.argv = {"sh"};
    EXPECT_NE(refused("program-not-listed").fix.find("/usr/bin/dash"), std::string::npos);
    request.argv = {"true"};
    policy();
}

TEST_F(Programs, WhatTheSandboxCanWriteCannotBeLoaded)
{
    list({{"/usr/bin/true", {}}});
    readWrite({"/home/u/proj"});
    const Policy& made = policy();
    for (const char* path : {"/home/u/proj", "/tmp", "/dev/shm"}) {
        ASSERT_NE(ruleAt(made, path), nullptr) << path;
        EXPECT_TRUE(ruleAt(made, path)->noExec) << path;
    }
    EXPECT_FALSE(ruleAt(made, "/usr/bin")->noExec);
}

TEST_F(Programs, AListedFileInAWritableFolderBecomesReadOnly)
{
    list({{"/home/u/proj/src/a.c", {}}});
    readWrite({"/home/u/proj"});
    const Policy& made = policy();
    EXPECT_TRUE(execute(made, "/home/u/proj/src/a.c").allowed);
    EXPECT_FALSE(ask(made, AccessKind::write, "/home/u/proj/src/a.c").allowed);
    EXPECT_FALSE(ask(made, AccessKind::remove, "/home/u/proj/src/a.c").allowed);
    EXPECT_TRUE(ask(made, AccessKind::write, "/home/u/proj/main.c").allowed);
    EXPECT_FALSE(ruleAt(made, "/home/u/proj/src/a.c")->noExec);
    ASSERT_NE(ruleAt(made, "/home/u/proj/src"), nullptr) << "pinned, so that it cannot be renamed away";
    EXPECT_TRUE(ruleAt(made, "/home/u/proj/src")->noExec);
}

TEST_F(Programs, AListedWritableFolderIsSaid)
{
    list({{"/home/u/proj/src", {}}});
    readWrite({"/home/u/proj"});
    const Policy& made = policy();
    ASSERT_NE(finding("program-writable"), nullptr);
    EXPECT_EQ(finding("program-writable")->severity, Severity::warning);
    EXPECT_FALSE(ruleAt(made, "/home/u/proj/src")->noExec);
    EXPECT_TRUE(ruleAt(made, "/home/u/proj")->noExec);
    EXPECT_TRUE(ask(made, AccessKind::write, "/home/u/proj/src/a.c").allowed);
}

TEST_F(Programs, HashesAreCompared)
{
    host.programs["/usr/bin/true"].sha256 = kHash;
    list({{"/usr/bin/true", kHash}});
    const Policy& made = policy();
    ASSERT_EQ(made.programs.allowed.size(), 1U);
    EXPECT_TRUE(made.programs.allowed[0].identity.has_value());
    list({{"/usr/bin/true", std::string(64, 'A')}});
    policy();
    list({{"/usr/bin/true", std::string(64, 'b')}});
    EXPECT_EQ(refused("program-changed").place.pointer, "/experimental/belljar/programs/0/sha256");
    list({{"/usr/bin/true", "abc"}});
    refused("program-hash");
    list({{"/usr/bin", kHash}});
    refused("program-hash");
    list({{"/usr/bin/missing", kHash}});
    refused("program-missing");
}

TEST_F(Programs, AHashOfWhatTheSandboxCanWriteIsRefused)
{
    host.programs["/home/u/proj/main.c"].sha256 = kHash;
    list({{"/home/u/proj/main.c", kHash}});
    readWrite({"/home/u/proj/main.c"});
    refused("program-writable");
    readWrite({"/home/u/proj"});
    policy();
    host.hardLink("/home/u/proj/other", "/home/u/proj/main.c");
    EXPECT_NE(refused("program-writable").message.find("other"), std::string::npos);
}

TEST_F(Programs, OneEntryWithAHashAndOneWithoutKeepTheHash)
{
    host.programs["/usr/bin/true"].sha256 = kHash;
    list({{"/usr/bin/true", {}}, {"/usr/bin/true", kHash}});
    EXPECT_TRUE(policy().programs.allowed.at(0).identity.has_value());
}

TEST_F(Programs, LoadersComeAlongButDoNotRunByThemselves)
{
    host.file("/usr/lib/ld.so");
    host.programs["/usr/bin/true"] = {ProgramFacts::Kind::machineCode, "/lib/ld.so", {}, {}};
    list({{"/usr/bin/true", {}}});
    const Policy& made = policy();
    EXPECT_EQ(made.programs.loaders, std::vector<std::string>{"/usr/lib/ld.so"});
    EXPECT_FALSE(execute(made, "/usr/lib/ld.so").allowed);
}

TEST_F(Programs, PathsOfARunningSessionCannotBeChangedWithAList)
{
    const PathChange change{"/home/u/docs", PathAccess::readOnly, "a test"};
    policy();
    EXPECT_TRUE(amendPolicy(*resolution.policy, resolution.origins, change, host).policy.has_value());
    list({{"/usr/bin/true", {}}});
    policy();
    const Amendment amendment = amendPolicy(*resolution.policy, resolution.origins, change, host);
    EXPECT_FALSE(amendment.policy.has_value());
    ASSERT_FALSE(amendment.findings.empty());
    EXPECT_EQ(amendment.findings[0].id, "programs-fixed");
}

TEST_F(Programs, MistakesAreSaid)
{
    list({{"/usr/bin/none", {}}});
    policy();
    EXPECT_NE(finding("program-missing"), nullptr);
    list({{"/home/u/docs/letter", {}}});
    policy();
    EXPECT_NE(finding("program-not-granted"), nullptr);
    list({{"bin/true", {}}});
    refused("program-path");
    list({{"/usr/bin/dash", {}}});
    policy();
    EXPECT_NE(finding("program-interpreter"), nullptr);
    host.programs["/usr/bin/true"] = {ProgramFacts::Kind::script, "/bin/sh", {}, {}};
    list({{"/usr/bin/true", {}}});
    policy();
    EXPECT_NE(finding("program-script"), nullptr);
    list({{"/usr/bin/true", {}}, {"/bin/sh", {}}});
    policy();
    EXPECT_EQ(finding("program-script"), nullptr);
}

}  // namespace
}  // namespace belljar
