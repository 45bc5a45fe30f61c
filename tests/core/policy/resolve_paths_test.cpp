#include "tests/core/policy/policy_fixture.h"

namespace belljar {
namespace {

class ResolvePaths : public PolicyTest {};

TEST_F(ResolvePaths, EmptyProfileGetsTheBaseTreeOnly)
{
    const Policy& p = policy();
    EXPECT_TRUE(resolution.findings.empty()) << messages();
    ASSERT_NE(ruleAt(p, "/usr/bin"), nullptr);
    EXPECT_EQ(ruleAt(p, "/usr/bin")->access, PathAccess::readOnly);
    EXPECT_EQ(ruleAt(p, "/usr"), nullptr);
    ASSERT_NE(linkAt(p, "/bin"), nullptr);
    EXPECT_EQ(linkAt(p, "/bin")->target, "usr/bin");
    EXPECT_EQ(linkAt(p, "/lib32"), nullptr);
    EXPECT_FALSE(hasVisibleBelow(p, "/run"));
    EXPECT_FALSE(hasVisibleBelow(p, "/home"));
    ASSERT_NE(ruleAt(p, "/etc/shadow"), nullptr);
    EXPECT_EQ(ruleAt(p, "/etc/shadow")->kind, PathKind::mask);
    EXPECT_FALSE(ruleAt(p, "/etc/shadow")->isDirectory);
    EXPECT_EQ(ruleAt(p, "/etc/gshadow"), nullptr);
    EXPECT_EQ(ruleAt(p, "/tmp")->kind, PathKind::privateTmp);
    EXPECT_EQ(ruleAt(p, "/dev")->kind, PathKind::deviceTree);
    EXPECT_EQ(ruleAt(p, "/proc")->kind, PathKind::procTree);
    EXPECT_EQ(linkAt(p, "/var/run")->target, "/run");
    EXPECT_EQ(p.rules[ruleAt(p, "/etc")->rule].source, RuleSource::base);
    EXPECT_TRUE(std::is_sorted(p.paths.begin(), p.paths.end(), [](auto& a, auto& b) { return a.path < b.path; }));
}

TEST_F(ResolvePaths, ShowsResolverFilesButNotTheSocketsBesideThem)
{
    host.file("/run/systemd/resolve/stub-resolv.conf");
    host.socket("/run/systemd/resolve/io.systemd.Resolve");
    const Policy& p = policy();
    EXPECT_TRUE(ask(p, AccessKind::read, "/run/systemd/resolve/stub-resolv.conf").allowed);
    EXPECT_FALSE(ask(p, AccessKind::connect, "/run/systemd/resolve/io.systemd.Resolve").allowed);
}

TEST_F(ResolvePaths, EntriesBecomeRulesWithTextAndPlace)
{
    readWrite({"/home/u/proj/"});
    readOnly({"/home/u//docs/."});
    deny({"/home/u/proj/src"});
    const Policy& p = policy();
    const PathRule* rw = ruleAt(p, "/home/u/proj");
    const PathRule* denied = ruleAt(p, "/home/u/proj/src");
    ASSERT_TRUE(rw && denied && ruleAt(p, "/home/u/docs"));
    EXPECT_EQ(rw->access, PathAccess::readWrite);
    EXPECT_EQ(p.rules[rw->rule].text, "readwritePaths: /home/u/proj/");
    EXPECT_EQ(p.rules[rw->rule].place.pointer, "/filesystem/readwritePaths/0");
    EXPECT_EQ(p.rules[rw->rule].place.line, 7U);
    EXPECT_EQ(denied->kind, PathKind::mask);
    EXPECT_TRUE(denied->present);
    EXPECT_TRUE(denied->isDirectory);
}

TEST_F(ResolvePaths, CommandLineEntriesNameTheirOption)
{
    request.extraPaths = {{"/home/u/proj", PathAccess::readWrite}, {"/home/u/proj/src", PathAccess::denied}};
    const Policy& p = policy();
    const Rule& rule = p.rules[ruleAt(p, "/home/u/proj/src")->rule];
    EXPECT_EQ(rule.source, RuleSource::commandLine);
    EXPECT_EQ(rule.text, "--deny /home/u/proj/src");
}

TEST_F(ResolvePaths, RelativeEmptyAndNulPathsAreRefused)
{
    readOnly({"src/x"});
    EXPECT_EQ(refused("path-relative").fix, "Write `/home/u/proj/src/x`");
    readOnly({""});
    refused("path-empty");
    readOnly({std::string("/home\0/u", 8)});
    refused("path-nul");
    // Before anybody walks along fifteen million folders.
    std::string endless;
    for (int i = 0; i < 100'000; ++i) endless += "/p";
    readOnly({endless});
    EXPECT_LT(refused("path-too-long").message.size(), 300U);
}

TEST_F(ResolvePaths, PlaceholdersAreRefusedWithTheAbsolutePath)
{
    readOnly({"~/docs"});
    EXPECT_EQ(refused("path-placeholder").fix, "Write `/home/u/docs`");
    readOnly({"$PROJECT/src"});
    EXPECT_EQ(refused("path-placeholder").fix, "Write `/home/u/proj/src`");
    readOnly({"${PROJECT}/src"});
    EXPECT_EQ(refused("path-placeholder").fix, "Write `/home/u/proj/src`");
    readOnly({"$UNKNOWN/src"});
    EXPECT_EQ(refused("path-placeholder").fix, "Write the absolute path");
    host.folder("/home/u/$RECYCLE");
    readOnly({"/home/u/$RECYCLE"});
    EXPECT_TRUE(policy().paths.size() > 1);
}

TEST_F(ResolvePaths, AllMissingPathsAreReportedAtOnceWithTheirPlaces)
{
    readWrite({"/nowhere/a", "/home/u/proj", "/nowhere/b"});
    readOnly({"/home/u/docs/letter/x"});
    EXPECT_EQ(refused("path-missing").place.pointer, "/filesystem/readwritePaths/0");
    EXPECT_EQ(count("path-missing"), 3U);
}

TEST_F(ResolvePaths, LookUpErrorsFailClosed)
{
    host.folder("/home/v");
    host.failLookup("/home/v", 13);
    deny({"/home/v/secret"});
    EXPECT_NE(refused("path-unreadable").message.find("errno 13"), std::string::npos);
    host.link("/home/u/loop", "loop");
    deny({"/home/u/loop"});
    EXPECT_NE(refused("path-unreadable").message.find("too many"), std::string::npos);
}

TEST_F(ResolvePaths, WideAndKernelPathsAreRefused)
{
    readOnly({"/"});
    refused("path-too-wide");
    host.link("/home/u/rootlink", "/");
    readOnly({"/home/u/rootlink"});
    refused("path-too-wide");
    for (const char* path : {"/proc", "/dev", "/dev/null", "/proc/cpuinfo"}) {
        readOnly({path});
        refused("path-private");
    }
    readOnly({});
    for (const char* path : {"/", "/proc", "/dev"}) {
        deny({path});
        refused("path-private");
    }
    host.mountPoint("/srv/chroot/proc", "/", 20, "proc");
    deny({});
    readOnly({"/srv/chroot/proc"});
    refused("path-private");
    readOnly({"/srv/chroot"});
    policy();
}

TEST_F(ResolvePaths, NobodyGrantsWhatIsNotTheirs)
{
    readOnly({"/root"});
    EXPECT_EQ(refused("not-yours").fix, "Remove the entry");
    readOnly({});
    readWrite({"/usr/share"});
    EXPECT_EQ(refused("not-yours").fix, "Grant it read-only");
    readWrite({});
    readOnly({"/usr/share"});
    policy();
}

TEST_F(ResolvePaths, TmpCanBeSharedWithAWarningAndPartsOfItWithout)
{
    host.folder("/tmp/build");
    readWrite({"/tmp"});
    EXPECT_EQ(ruleAt(policy(), "/tmp")->kind, PathKind::bind);
    EXPECT_EQ(finding("tmp-shared")->severity, Severity::warning);
    readWrite({"/tmp/build"});
    EXPECT_EQ(ruleAt(policy(), "/tmp")->kind, PathKind::privateTmp);
    EXPECT_EQ(ruleAt(*resolution.policy, "/tmp/build")->kind, PathKind::bind);
    EXPECT_EQ(finding("tmp-shared"), nullptr);
}

TEST_F(ResolvePaths, GrantedSocketsAreWarnedAbout)
{
    host.socket("/run/docker.sock");
    readOnly({"/run/docker.sock"});
    policy();
    EXPECT_EQ(finding("special-file")->severity, Severity::warning);
    readOnly({"/home/u/docs/letter"});
    policy();
    EXPECT_EQ(finding("special-file"), nullptr);
}

TEST_F(ResolvePaths, TheStrictestOfSeveralEntriesWins)
{
    readWrite({"/home/u/proj"});
    readOnly({"/home/u/proj", "/home/u/docs"});
    deny({"/home/u/docs"});
    const Policy& p = policy();
    EXPECT_EQ(ruleAt(p, "/home/u/proj")->access, PathAccess::readOnly);
    EXPECT_EQ(ruleAt(p, "/home/u/docs")->access, PathAccess::denied);
    EXPECT_EQ(count("shadowed"), 2U);
    EXPECT_EQ(finding("shadowed")->place.pointer, "/filesystem/readwritePaths/0");
}

TEST_F(ResolvePaths, TwoNamesOfOneObjectGetTheStrictestRule)
{
    host.bindMount("/home/u/docs", "/home/u/alias");
    readWrite({"/home/u/alias"});
    deny({"/home/u/docs"});
    const Policy& p = policy();
    EXPECT_EQ(ruleAt(p, "/home/u/alias")->access, PathAccess::denied);
    EXPECT_NE(finding("shadowed"), nullptr);
}

TEST_F(ResolvePaths, AGrantDoesNotUncoverWhatTheBaseTreeHides)
{
    host.facts.uid = 0;
    FakeHostFacts root;
    host.file("/etc/sudoers");
    readOnly({"/etc/sudoers"});
    EXPECT_FALSE(ask(policy(), AccessKind::read, "/etc/sudoers").allowed);
    EXPECT_NE(finding("shadowed"), nullptr);
}

TEST_F(ResolvePaths, TheProfileOverridesTheBaseTree)
{
    deny({"/usr"});
    const Policy& p = policy();
    EXPECT_EQ(ruleAt(p, "/usr/bin"), nullptr);
    EXPECT_FALSE(ask(p, AccessKind::execute, "/usr/bin/true").allowed);
    deny({"/etc"});
    EXPECT_EQ(ruleAt(policy(), "/etc/shadow"), nullptr);
    EXPECT_FALSE(ask(*resolution.policy, AccessKind::read, "/etc/shadow").allowed);
    deny({});
    readOnly({"/usr"});
    EXPECT_EQ(ruleAt(policy(), "/usr/lib"), nullptr);
    EXPECT_TRUE(ask(*resolution.policy, AccessKind::read, "/usr/lib/x").allowed);
    EXPECT_NE(ruleAt(*resolution.policy, "/etc/shadow"), nullptr);
}

TEST_F(ResolvePaths, LinksOnTheWayBecomeLinksAndOpenNothingMore)
{
    host.folder("/data/real/sub");
    host.file("/data/other");
    host.link("/home/u/link", "/data/real");
    host.link("/home/u/link2", "link/sub");
    readOnly({"/home/u/link2"});
    const Policy& p = policy();
    EXPECT_NE(ruleAt(p, "/data/real/sub"), nullptr);
    EXPECT_EQ(ruleAt(p, "/data/real"), nullptr);
    ASSERT_TRUE(linkAt(p, "/home/u/link") && linkAt(p, "/home/u/link2"));
    EXPECT_EQ(linkAt(p, "/home/u/link2")->target, "link/sub");
    EXPECT_FALSE(ask(p, AccessKind::read, "/data/other").allowed);
    EXPECT_EQ(canonicalInSandbox(p, "/home/u/link2/f", host), "/data/real/sub/f");
}

TEST_F(ResolvePaths, LinksThatTheUserCouldHaveMadeAreWarnedAbout)
{
    host.link("/home/u/link", "/home/u/docs");
    readOnly({"/home/u/link"});
    policy();
    EXPECT_EQ(finding("path-through-link")->severity, Severity::warning);
    EXPECT_EQ(finding("path-through-link")->fix, "Name the real path `/home/u/docs`");
    host.forbidWriting("/opt");
    host.link("/opt/current", "/home/u/docs");
    readOnly({"/opt/current", "/bin/true"});
    policy();
    EXPECT_EQ(finding("path-through-link"), nullptr);
}

TEST_F(ResolvePaths, LinksInsideABoundFolderAreThereAnyway)
{
    host.folder("/data/real");
    host.link("/home/u/docs/link", "/data/real");
    readOnly({"/home/u/docs", "/home/u/docs/link"});
    const Policy& p = policy();
    EXPECT_EQ(linkAt(p, "/home/u/docs/link"), nullptr);
    EXPECT_NE(ruleAt(p, "/data/real"), nullptr);
}

TEST_F(ResolvePaths, DotDotIsResolvedOnTheRealTree)
{
    host.folder("/data/real/sub");
    host.folder("/data/real/sibling");
    host.folder("/home/u/sibling");
    host.link("/home/u/link", "/data/real/sub");
    readOnly({"/home/u/link/../sibling"});
    const Policy& p = policy();
    EXPECT_NE(ruleAt(p, "/data/real/sibling"), nullptr);
    EXPECT_EQ(ruleAt(p, "/home/u/sibling"), nullptr);
}

TEST_F(ResolvePaths, LinksThatASandboxMayHavePlantedAreRefused)
{
    host.link("/home/u/proj/out", "/home/u/docs");
    readWrite({"/home/u/proj"});
    readOnly({"/home/u/proj/out"});
    EXPECT_EQ(refused("link-in-writable").fix, "Name the real path `/home/u/docs` if that is what you mean");
    readOnly({});
    deny({"/home/u/proj/out"});
    refused("link-in-writable");
    readWrite({});
    deny({});
    readOnly({"/home/u/proj/out"});
    EXPECT_NE(ruleAt(policy(), "/home/u/docs"), nullptr);
    host.remembered = {"/home/u/proj"};
    refused("link-in-writable");
    host.remembered = {"/home/u/projects", "/home/u/docs"};
    EXPECT_NE(ruleAt(policy(), "/home/u/docs"), nullptr) << "another folder";
}

TEST_F(ResolvePaths, WithADamagedMemoryAnyLinkOfTheUserIsRefused)
{
    host.link("/home/u/proj/out", "/home/u/docs");
    host.link("/usr/local/lib64", "/usr/lib64");
    host.remembered = {"/"};
    host.memory = "/home/u/.local/state/belljar";
    readOnly({"/bin", "/usr/local/lib64"});
    policy();
    readOnly({"/home/u/proj/out"});
    EXPECT_NE(refused("link-in-writable").message.find("damaged"), std::string::npos);
}

TEST_F(ResolvePaths, BelljarsMemoryIsHiddenInWritableHomes)
{
    host.folder("/home/u/.local/state/belljar");
    host.memory = "/home/u/.local/state/belljar";
    readWrite({"/home/u"});
    EXPECT_EQ(ask(policy(), AccessKind::read, host.memory + "/writable-folders").allowed, false);
    EXPECT_FALSE(ask(*resolution.policy, AccessKind::remove, "/home/u/.local/state").allowed) << "nor moved away";
    readWrite({"/home/u/proj"});
    EXPECT_EQ(ruleAt(policy(), host.memory), nullptr);
}

TEST_F(ResolvePaths, MissingDeniedPathsAreNotedOrRefused)
{
    deny({"/nowhere/x"});
    policy();
    EXPECT_EQ(finding("denied-absent")->severity, Severity::note);
    EXPECT_FALSE(ruleAt(*resolution.policy, "/nowhere/x")->present);
    readOnly({"/home/u/proj"});
    deny({"/home/u/proj/.env"});
    policy();
    EXPECT_NE(finding("denied-absent"), nullptr);
    EXPECT_EQ(ask(*resolution.policy, AccessKind::read, "/home/u/proj/.env").rule,
              ruleAt(*resolution.policy, "/home/u/proj/.env")->rule);
    readOnly({});
    readWrite({"/home/u/proj"});
    refused("denied-missing");
    host.file("/home/u/proj/.env");
    EXPECT_TRUE(ruleAt(policy(), "/home/u/proj/.env")->present);
}

TEST_F(ResolvePaths, MissingDeniedPathsInThePrivateTmpAreMasked)
{
    deny({"/tmp/x"});
    const Policy& p = policy();
    EXPECT_TRUE(ruleAt(p, "/tmp/x")->present);
    EXPECT_EQ(ask(p, AccessKind::create, "/tmp/x/y").expectedErrno, linux_errno::kAccess);
}

TEST_F(ResolvePaths, DeniedPathsOutsideAnyGrantNeedNoMask)
{
    deny({"/home/u/.ssh"});
    EXPECT_FALSE(ruleAt(policy(), "/home/u/.ssh")->present);
    EXPECT_NE(finding("denied-ungranted"), nullptr);
    readOnly({"/home/u/docs"});
    deny({"/home/u"});
    EXPECT_TRUE(ruleAt(policy(), "/home/u")->present);
    EXPECT_EQ(finding("denied-ungranted"), nullptr);
}

TEST_F(ResolvePaths, DevicesAndProcFilesCanBeDenied)
{
    host.file("/dev/sda");
    deny({"/dev/random", "/dev/sda", "/proc/cpuinfo"});
    const Policy& p = policy();
    EXPECT_TRUE(ruleAt(p, "/dev/random")->present);
    EXPECT_FALSE(ruleAt(p, "/dev/sda")->present);
    EXPECT_TRUE(ruleAt(p, "/proc/cpuinfo")->present);
    EXPECT_FALSE(ask(p, AccessKind::read, "/dev/random").allowed);
    EXPECT_TRUE(ask(p, AccessKind::read, "/dev/null").allowed);
    host.folder("/proc/42");
    deny({"/proc/42"});
    refused("path-private");
}

TEST_F(ResolvePaths, FoldersAroundProtectedThingsArePinned)
{
    host.folder("/home/u/proj/a/b/secret");
    readWrite({"/home/u/proj"});
    deny({"/home/u/proj/a/b/secret"});
    const Policy& p = policy();
    for (const char* pin : {"/home/u/proj/a", "/home/u/proj/a/b"}) {
        ASSERT_NE(ruleAt(p, pin), nullptr) << pin;
        EXPECT_EQ(ruleAt(p, pin)->access, PathAccess::readWrite);
        EXPECT_EQ(ask(p, AccessKind::remove, pin).expectedErrno, linux_errno::kBusy);
        EXPECT_TRUE(ask(p, AccessKind::create, std::string(pin) + "/new").allowed);
    }
    EXPECT_EQ(ruleAt(p, "/home/u/proj/src"), nullptr);
    EXPECT_TRUE(ask(p, AccessKind::remove, "/home/u/proj/src").allowed);
    readWrite({});
    readOnly({"/home/u/proj"});
    EXPECT_EQ(ruleAt(policy(), "/home/u/proj/a"), nullptr);
}

TEST_F(ResolvePaths, RefusesMorePathsThanCanBeEnforced)
{
    readOnly(Paths(10'001, "/usr/share"));
    resolve();
    ASSERT_NE(finding("too-many-paths"), nullptr);
    EXPECT_EQ(finding("too-many-paths")->place.pointer, "/filesystem");
    EXPECT_EQ(resolution.findings.size(), 1U) << "one clear error";
    readOnly(Paths(100, "/usr/share"));
    resolve();
    EXPECT_EQ(finding("too-many-paths"), nullptr);
}

}  // namespace
}  // namespace belljar
