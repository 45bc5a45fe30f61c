#include "tests/core/policy/policy_fixture.h"

#include "core/policy/network_address.h"

namespace belljar {
namespace {

using namespace linux_errno;

/// /home/u/docs read-only, /home/u/proj read-write with a denied file and a denied folder with a hole, /srv denied with
/// a hole two levels down.
class Decide : public PolicyTest {
protected:
    void SetUp() override
    {
        host.folder("/home/u/proj/vault/open");
        host.file("/home/u/proj/.env");
        host.folder("/srv/data/deep/open");
        host.file("/home/u/notes");
        readWrite({"/home/u/proj", "/home/u/notes"});
        readOnly({"/home/u/docs", "/home/u/proj/vault/open", "/srv/data/deep/open"});
        deny({"/home/u/proj/.env", "/home/u/proj/vault", "/srv/data", "/home/u/.ssh"});
        subject = policy();
    }

    void expectAllowed(AccessKind kind, const std::string& path) const
    {
        EXPECT_TRUE(ask(subject, kind, path).allowed) << accessKindName(kind) << " " << path;
    }
    void expectDenied(AccessKind kind, const std::string& path, int error) const
    {
        const Verdict verdict = ask(subject, kind, path);
        EXPECT_FALSE(verdict.allowed) << accessKindName(kind) << " " << path;
        EXPECT_EQ(verdict.expectedErrno, error) << accessKindName(kind) << " " << path;
        EXPECT_NE(verdict.mechanism, Mechanism::none);
        EXPECT_FALSE(verdict.how.empty());
    }
    void expectDenied(std::initializer_list<AccessKind> kinds, const std::string& path, int error) const
    {
        for (const AccessKind kind : kinds) expectDenied(kind, path, error);
    }

    Policy subject;
    static constexpr std::initializer_list<AccessKind> kReads{AccessKind::stat, AccessKind::list, AccessKind::read,
                                                              AccessKind::execute};
    static constexpr std::initializer_list<AccessKind> kChanges{AccessKind::write, AccessKind::create,
                                                                AccessKind::remove};
};

TEST_F(Decide, ReadOnly)
{
    for (const AccessKind kind : kReads) expectAllowed(kind, "/home/u/docs/letter");
    expectDenied(kChanges, "/home/u/docs/letter", kReadOnly);
    expectDenied(kChanges, "/usr/bin/true", kReadOnly);
    expectDenied(AccessKind::remove, "/home/u/docs", kReadOnly);
}

TEST_F(Decide, ReadWrite)
{
    for (const AccessKind kind : kReads) expectAllowed(kind, "/home/u/proj/main.c");
    for (const AccessKind kind : kChanges) expectAllowed(kind, "/home/u/proj/main.c");
    expectAllowed(AccessKind::create, "/home/u/proj/new/deep");
    expectDenied(AccessKind::remove, "/home/u/proj", kReadOnly);
    expectAllowed(AccessKind::write, "/home/u/notes");
    expectAllowed(AccessKind::create, "/home/u/notes");
    expectDenied(AccessKind::remove, "/home/u/notes", kReadOnly);
    expectDenied(AccessKind::read, "/home/u/notes/x", kNotDirectory);
}

TEST_F(Decide, NotGranted)
{
    expectDenied(kReads, "/home/u/other", kNoEntry);
    expectDenied(AccessKind::write, "/home/u/other", kNoEntry);
    expectDenied({AccessKind::create, AccessKind::remove}, "/home/u/other", kReadOnly);
    expectDenied({AccessKind::create, AccessKind::remove}, "/home/u/other/deep", kNoEntry);
    expectDenied(kReads, "/root/x", kNoEntry);
    expectDenied(AccessKind::create, "/x", kReadOnly);
    EXPECT_EQ(ask(subject, AccessKind::read, "/home/u/other").rule, builtin_rule::kNotGranted);
}

TEST_F(Decide, Ancestors)
{
    for (const char* path : {"/", "/home", "/home/u", "/usr", "/var"}) {
        for (const AccessKind kind : {AccessKind::stat, AccessKind::list, AccessKind::read}) expectAllowed(kind, path);
        expectDenied(kChanges, path, kReadOnly);
        EXPECT_EQ(ask(subject, AccessKind::list, path).rule, builtin_rule::kAncestor);
    }
    // Sorts next to "/home/u" without being below it.
    expectDenied(AccessKind::list, "/home/u2", kNoEntry);
    expectDenied(AccessKind::list, "/home/u-x", kNoEntry);
    expectDenied(AccessKind::list, "/hom", kNoEntry);
    expectDenied(AccessKind::list, "/home/u\xff", kNoEntry);
}

TEST_F(Decide, NamesWithHighBytesSortAsBytes)
{
    Paths grants;
    for (const char* name : {"\xc3\xa4", "\xc3\xa9", "\xc3\xbc", "\xff"}) {
        grants.push_back(std::string("/home/u") + name);
        host.folder(grants.back());
    }
    host.folder("/home/u/one");
    grants.push_back("/home/u/one");
    readOnly(grants);
    readWrite({});
    deny({});
    subject = policy();
    expectAllowed(AccessKind::list, "/home/u");
    for (const std::string& grant : grants) expectAllowed(AccessKind::list, grant);
    readOnly({"/home/u\xff", "/home/u\xc3\xa9"});
    subject = policy();
    expectDenied(AccessKind::list, "/home/u", kNoEntry);
}

TEST_F(Decide, MaskedFile)
{
    const std::string path = "/home/u/proj/.env";
    expectAllowed(AccessKind::stat, path);
    expectDenied({AccessKind::read, AccessKind::write, AccessKind::execute}, path, kAccess);
    expectDenied(AccessKind::remove, path, kBusy);
    EXPECT_EQ(subject.rules[ask(subject, AccessKind::read, path).rule].text, "deniedPaths: /home/u/proj/.env");
    expectDenied(AccessKind::remove, "/etc/shadow", kReadOnly);
}

TEST_F(Decide, MaskedFolderWithAHole)
{
    expectAllowed(AccessKind::stat, "/home/u/proj/vault");
    expectDenied({AccessKind::list, AccessKind::read, AccessKind::write}, "/home/u/proj/vault", kAccess);
    expectDenied(AccessKind::remove, "/home/u/proj/vault", kBusy);
    expectDenied({AccessKind::stat, AccessKind::read}, "/home/u/proj/vault/hidden", kNoEntry);
    expectDenied(AccessKind::create, "/home/u/proj/vault/hidden", kReadOnly);
    expectDenied(AccessKind::create, "/home/u/proj/vault/hidden/x", kNoEntry);
    expectAllowed(AccessKind::read, "/home/u/proj/vault/open/x");
    expectDenied(AccessKind::create, "/home/u/proj/vault/open/x", kReadOnly);
    expectAllowed(AccessKind::stat, "/srv/data/deep");
    expectDenied(AccessKind::list, "/srv/data/deep", kAccess);
    expectAllowed(AccessKind::list, "/srv/data/deep/open");
    expectDenied(AccessKind::stat, "/srv/data/other", kNoEntry);
}

TEST_F(Decide, MaskedFolderWithoutAHole)
{
    deny({"/home/u/proj/src"});
    readOnly({});
    subject = policy();
    expectAllowed(AccessKind::stat, "/home/u/proj/src");
    expectDenied(AccessKind::list, "/home/u/proj/src", kAccess);
    expectDenied({AccessKind::stat, AccessKind::read, AccessKind::create, AccessKind::remove}, "/home/u/proj/src/a.c",
                 kAccess);
}

TEST_F(Decide, DeniedButAbsentNamesItsRule)
{
    expectDenied(kReads, "/home/u/.ssh/id_rsa", kNoEntry);
    expectDenied(AccessKind::create, "/home/u/.ssh", kReadOnly);
    expectDenied(AccessKind::create, "/home/u/.ssh/x", kNoEntry);
    EXPECT_EQ(subject.rules[ask(subject, AccessKind::read, "/home/u/.ssh/id_rsa").rule].text,
              "deniedPaths: /home/u/.ssh");
}

TEST_F(Decide, DenialInsideAMaskNamesTheInnerRule)
{
    readOnly({});
    deny({"/home/u/proj/src", "/home/u/proj/src/a.c"});
    subject = policy();
    EXPECT_FALSE(ruleAt(subject, "/home/u/proj/src/a.c")->present);
    expectDenied(kReads, "/home/u/proj/src/a.c", kAccess);
    expectDenied(AccessKind::create, "/home/u/proj/src/a.c", kAccess);
    EXPECT_EQ(ask(subject, AccessKind::read, "/home/u/proj/src/a.c").rule,
              ruleAt(subject, "/home/u/proj/src/a.c")->rule);
}

TEST_F(Decide, PrivateTrees)
{
    for (const AccessKind kind : kReads) expectAllowed(kind, "/tmp/x");
    for (const AccessKind kind : kChanges) expectAllowed(kind, "/tmp/x/y");
    expectDenied(AccessKind::remove, "/tmp", kReadOnly);
    EXPECT_EQ(ask(subject, AccessKind::create, "/tmp/x").rule, builtin_rule::kPrivateTmp);
    expectAllowed(AccessKind::create, "/dev/shm/x");
    EXPECT_EQ(ask(subject, AccessKind::create, "/dev/shm/x").rule, builtin_rule::kPrivateDevice);
    expectAllowed(AccessKind::write, "/dev/null");
    expectAllowed(AccessKind::read, "/dev/pts/0");
    expectDenied(AccessKind::read, "/dev/mem", kNoEntry);
    expectDenied(AccessKind::create, "/dev/x", kReadOnly);
    expectDenied(AccessKind::execute, "/dev/null", kAccess);
    expectAllowed(AccessKind::read, "/proc/self/status");
    expectDenied({AccessKind::write, AccessKind::remove}, "/proc/sys/kernel/core_pattern", kReadOnly);
    expectDenied({AccessKind::create}, "/proc/new", kNoEntry);
}

TEST_F(Decide, Links)
{
    expectAllowed(AccessKind::stat, "/bin");
    expectDenied(AccessKind::remove, "/bin", kReadOnly);
    expectDenied(AccessKind::create, "/bin", kReadOnly);
    host.link("/tmp/link", "/home/u/docs");
    readOnly({"/tmp/link"});
    deny({});
    subject = policy();
    ASSERT_NE(linkAt(subject, "/tmp/link"), nullptr);
    expectAllowed(AccessKind::stat, "/tmp/link");
    expectAllowed(AccessKind::remove, "/tmp/link");
}

TEST_F(Decide, NetworkOff)
{
    const auto reach = [&](AccessKind kind, const char* address) { return decide(subject, {kind, {}, address, 443}); };
    for (const char* address :
         {"127.0.0.1", "127.8.9.1", "::1", "[::1]", "::ffff:127.0.0.1", "localhost", "0.0.0.0", "::"}) {
        EXPECT_TRUE(reach(AccessKind::connect, address).allowed) << address;
        EXPECT_TRUE(reach(AccessKind::bind, address).allowed) << address;
        EXPECT_EQ(reach(AccessKind::connect, address).rule, builtin_rule::kOwnLoopback);
    }
    for (const char* address :
         {"93.184.216.34", "10.0.2.2", "2606::1", "::ffff:10.0.0.1", "example.org", "128.0.0.1", "::2"}) {
        EXPECT_FALSE(reach(AccessKind::connect, address).allowed) << address;
        EXPECT_EQ(reach(AccessKind::connect, address).expectedErrno, kNetworkUnreachable);
        EXPECT_EQ(reach(AccessKind::bind, address).expectedErrno, kAddressNotAvailable);
        EXPECT_EQ(reach(AccessKind::connect, address).rule, builtin_rule::kNetworkOff);
    }
}

TEST_F(Decide, HostNetworkNamesItsRule)
{
    request.network = NetworkMode::host;
    const Policy& p = policy();
    const Verdict verdict = decide(p, {AccessKind::connect, {}, "93.184.216.34", 443});
    EXPECT_TRUE(verdict.allowed);
    EXPECT_EQ(p.rules[verdict.rule].text, "--net host");
}

TEST_F(Decide, UnixSockets)
{
    const auto reach = [&](AccessKind kind, const char* path) { return decide(subject, {kind, path, {}, 0}).allowed; };
    EXPECT_TRUE(reach(AccessKind::bind, "/home/u/proj/s"));
    EXPECT_FALSE(reach(AccessKind::bind, "/home/u/docs/s"));
    // Sockets of programs outside follow the network, whatever the grant.
    for (const char* path : {"/home/u/proj/s", "/home/u/docs/s"}) {
        const Verdict verdict = decide(subject, {AccessKind::connect, path, {}, 0});
        EXPECT_FALSE(verdict.allowed) << path;
        EXPECT_EQ(verdict.expectedErrno, kAccess);
        EXPECT_EQ(verdict.rule, builtin_rule::kNetworkOff);
    }
    EXPECT_TRUE(reach(AccessKind::connect, "/tmp/s"));
    EXPECT_FALSE(reach(AccessKind::connect, "/run/docker.sock"));
    EXPECT_FALSE(reach(AccessKind::connect, "/home/u/proj/.env"));
    EXPECT_TRUE(reach(AccessKind::connect, "@abstract"));
}

TEST_F(Decide, UnixSocketsWithANetworkOrNamed)
{
    host.file("/home/u/proj/agent.sock");
    readWrite({"/home/u/proj", "/home/u/proj/agent.sock"});
    deny({});
    EXPECT_TRUE(decide(policy(), {AccessKind::connect, "/home/u/proj/agent.sock", {}, 0}).allowed) << "named";
    EXPECT_FALSE(decide(policy(), {AccessKind::connect, "/home/u/proj/other.sock", {}, 0}).allowed);
    request.network = NetworkMode::host;
    EXPECT_TRUE(decide(policy(), {AccessKind::connect, "/home/u/proj/other.sock", {}, 0}).allowed);
}

TEST_F(Decide, CanonicalInSandbox)
{
    host.link("/home/u/proj/out", "/root/secret");
    host.link("/home/u/proj/in", "src/a.c");
    host.link("/home/u/.ssh/leak", "/home/u/docs");
    host.link("/home/u/proj/loop", "loop");
    const auto canonical = [&](const char* path) { return canonicalInSandbox(subject, path, host); };
    EXPECT_EQ(canonical("/bin/sh"), "/usr/bin/dash");
    EXPECT_EQ(canonical("/home/u/proj/out"), "/root/secret");
    EXPECT_EQ(canonical("/home/u/proj/in"), "/home/u/proj/src/a.c");
    host.link("/home/u/proj/up", "/home/u/proj/src");
    EXPECT_EQ(canonical("/home/u/proj/up/../main.c"), "/home/u/proj/main.c");
    EXPECT_EQ(canonical("/home/u/proj/new"), "/home/u/proj/new");
    EXPECT_EQ(canonical("/nowhere/../etc/passwd"), "/nowhere/etc/passwd") << "absent folders have no parent";
    EXPECT_EQ(canonical("/etc/passwd/../shadow"), "/etc/passwd/shadow") << "files have no parent";
    EXPECT_EQ(canonical("/home/u/proj/src/.././../proj/main.c"), "/home/u/proj/main.c");
    EXPECT_EQ(canonical("/home/u/.ssh/leak/letter"), "/home/u/.ssh/leak/letter") << "absent links are not followed";
    EXPECT_EQ(canonical("/../../etc//passwd"), "/etc/passwd");
    EXPECT_EQ(canonical("/dev/stdout"), "/proc/self/fd/1");
    EXPECT_EQ(canonical("/dev/ptmx"), "/dev/pts/ptmx");
    EXPECT_EQ(canonical("/home/u/proj/loop"), "/home/u/proj/loop");
    subject.process.cwd = "/home/u/proj";
    EXPECT_EQ(canonical("main.c"), "/home/u/proj/main.c");
}

TEST_F(Decide, ExplainNamesRuleAndPlaceAndEscapesHostileText)
{
    const auto text = [&](AccessKind kind, const std::string& path) {
        const Access access{kind, path, {}, 0};
        return explain(subject, access, decide(subject, access));
    };
    EXPECT_EQ(text(AccessKind::write, "/home/u/docs/x"),
              "denied: write /home/u/docs/x: readonlyPaths: /home/u/docs (the profile, line 7) - read-only bind mount, "
              "EROFS");
    EXPECT_EQ(text(AccessKind::read, "/root/\x1b[31m"),
              "denied: read /root/\\x1b[31m: no rule grants this path (Belljar's default) - not mounted in the "
              "sandbox, ENOENT");
    EXPECT_NE(text(AccessKind::read, "/usr/bin/true").find("allowed: read"), std::string::npos);
    const Access net{AccessKind::connect, {}, "2606::1", 443};
    EXPECT_NE(explain(subject, net, decide(subject, net)).find("connect to [2606::1]:443"), std::string::npos);
    Verdict foreign;
    foreign.rule = 100'000;
    EXPECT_NE(explain(subject, net, foreign).find("unknown rule"), std::string::npos);
}

TEST(NetworkAddress, ReadsOnlyWholeNumericAddresses)
{
    for (const char* text : {"127.0.0.1", "127.255.255.255", "0:0:0:0:0:0:0:1", "::1", "::ffff:7f00:1"})
        EXPECT_TRUE(isLoopbackHost(text)) << text;
    for (const char* text :
         {"127.0.0", "127.0.0.1.2", "127.0.0.256", "1270.0.1", "127.0.0.1x", "x127.0.0.1", "::1::", ":::1",
          "::ffff:1:127.0.0.1", "1::1", "0:0:0:0:0:0:1", "[::1", "127.0.0.", "", "-1", "::10001"}) {
        EXPECT_FALSE(isLoopbackHost(text)) << text;
    }
    for (const char* text : {"0.0.0.0", "::", "0:0:0:0:0:0:0:0", "::ffff:0.0.0.0", ""})
        EXPECT_TRUE(isAnyAddress(text)) << text;
    for (const char* text : {"0.0.0.1", "::2", "0", ":", "abc"}) EXPECT_FALSE(isAnyAddress(text)) << text;
}

}  // namespace
}  // namespace belljar
