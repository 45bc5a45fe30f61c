// What is proposed for a denial, on a made-up host: applied, it must allow exactly what was asked.
#include "core/policy/remedy.h"

#include "tests/core/policy/policy_fixture.h"

namespace belljar {
namespace {

class RemedyTest : public PolicyTest {
protected:
    Remedy remedy(AccessKind kind, const std::string& path)
    {
        const Access access{kind, path, {}, 0};
        return remedyFor(policy(), access, decide(policy(), access), host);
    }

    void expectPaths(const Remedy& remedy, const std::string& path, PathAccess access, const std::string& pointer = {})
    {
        EXPECT_EQ(remedy.kind, Remedy::Kind::paths) << remedy.sentence;
        EXPECT_EQ(remedy.path, path);
        EXPECT_EQ(remedy.access, access);
        EXPECT_EQ(remedy.removePointer, pointer);
        EXPECT_FALSE(remedy.sentence.empty());
    }

    void expectNone(const Remedy& remedy, const std::string& part)
    {
        EXPECT_EQ(remedy.kind, Remedy::Kind::none) << remedy.sentence;
        EXPECT_NE(remedy.sentence.find(part), std::string::npos) << remedy.sentence;
    }
};

TEST_F(RemedyTest, GrantsWhatNoRuleGrants)
{
    expectPaths(remedy(AccessKind::read, "/home/u/docs/letter"), "/home/u/docs/letter", PathAccess::readOnly);
    expectPaths(remedy(AccessKind::write, "/home/u/docs/letter"), "/home/u/docs/letter", PathAccess::readWrite);
    readOnly({"/home/u/docs/letter"});
    EXPECT_TRUE(ask(policy(), AccessKind::read, "/home/u/docs/letter").allowed);
}

TEST_F(RemedyTest, NewThingsNeedTheNearestFolder)
{
    expectPaths(remedy(AccessKind::create, "/home/u/docs/new"), "/home/u/docs", PathAccess::readWrite);
    expectPaths(remedy(AccessKind::create, "/home/u/docs/no/such/new"), "/home/u/docs", PathAccess::readWrite);
    expectPaths(remedy(AccessKind::remove, "/home/u/docs/letter"), "/home/u/docs", PathAccess::readWrite);
    expectNone(remedy(AccessKind::create, "/nothing/new"), "top folder");
}

TEST_F(RemedyTest, TakesAwayTheEntryThatStandsAgainstIt)
{
    readOnly({"/home/u/docs"});
    readWrite({"/home/u/proj"});
    host.folder("/home/u/proj/private");
    deny({"/home/u/proj/private"});
    expectPaths(remedy(AccessKind::read, "/home/u/proj/private"), "/home/u/proj/private", PathAccess::readOnly,
                "/filesystem/deniedPaths/0");
    expectPaths(remedy(AccessKind::create, "/home/u/docs/new"), "/home/u/docs", PathAccess::readWrite,
                "/filesystem/readonlyPaths/0");
    // A deeper entry wins by itself.
    expectPaths(remedy(AccessKind::write, "/home/u/docs/letter"), "/home/u/docs/letter", PathAccess::readWrite);
}

TEST_F(RemedyTest, SaysWhenNothingHelps)
{
    host.forbidReading("/root");
    expectNone(remedy(AccessKind::read, "/root"), "may not read");
    expectNone(remedy(AccessKind::read, "/dev/mem"), "/dev");
    expectNone(remedy(AccessKind::write, "/proc/sys/kernel/core_pattern"), "/proc");
    expectNone(remedy(AccessKind::read, "/home/u/nothing"), "does not exist");
    host.file("/etc/shadow");
    expectNone(remedy(AccessKind::read, "/etc/shadow"), "never shown");
    const Verdict closed{false, builtin_rule::kClosedSyscall, 1, Mechanism::syscallFilter, {}};
    expectNone(remedyFor(policy(), {}, closed, host), "system calls");
    EXPECT_TRUE(remedy(AccessKind::read, "/usr").sentence.empty()) << "it is allowed";
}

TEST_F(RemedyTest, KnowsNetworksAndSockets)
{
    const Access listening{AccessKind::bind, {}, "192.0.2.1", 443};
    EXPECT_EQ(remedyFor(policy(), listening, decide(policy(), listening), host).kind, Remedy::Kind::network);
    readWrite({"/home/u/proj"});
    host.file("/home/u/proj/socket");
    const Access socket{AccessKind::connect, "/home/u/proj/socket", {}, 0};
    expectPaths(remedyFor(policy(), socket, decide(policy(), socket), host), "/home/u/proj/socket",
                PathAccess::readOnly);
    readOnly({"/home/u/proj/socket"});
    EXPECT_TRUE(decide(policy(), socket).allowed);
}

TEST_F(RemedyTest, AllowsAConnectionNarrowestFirst)
{
    const auto texts = [](const Remedy& remedy) {
        std::string text;
        for (const NetworkSpec& rule : remedy.rules) text += (text.empty() ? "" : " ") + rule.text;
        return text;
    };
    const auto asked = [&](const Access& access) {
        return remedyFor(policy(), access, decide(policy(), access), host);
    };
    Access out{AccessKind::connect, {}, "192.0.2.77", 443};
    Remedy remedy = asked(out);
    EXPECT_EQ(remedy.kind, Remedy::Kind::networkRule);
    EXPECT_EQ(texts(remedy), "192.0.2.77:443/tcp 192.0.2.77 192.0.2.0/24");
    EXPECT_EQ(
        remedy.sentence,
        "Run it with --allow-net 192.0.2.77:443/tcp, or add { \"to\": [{ \"cidr\": \"192.0.2.77\" }], \"ports\": [{ "
        "\"protocol\": \"tcp\", \"port\": 443 }] } to network.egress.allow");
    for (const NetworkSpec& rule : remedy.rules) {
        request.extraNetwork = {{true, rule}};
        EXPECT_TRUE(decide(policy(), out).allowed) << rule.text;
    }
    request.extraNetwork.clear();
    EXPECT_EQ(texts(asked({AccessKind::connect, {}, "2001:db8:1:2:3::4", 53, IpProtocol::udp})),
              "[2001:db8:1:2:3::4]:53/udp [2001:db8:1:2:3::4] [2001:db8:1:2::]/64");
    EXPECT_EQ(texts(asked({AccessKind::resolve, {}, "example.org", 0})), "example.org");
    EXPECT_EQ(texts(asked({AccessKind::resolve, {}, "www.example.org", 0})), "www.example.org *.example.org");
    EXPECT_EQ(asked({AccessKind::resolve, {}, "no name", 0}).kind, Remedy::Kind::none);
    out.name = "www.example.org";
    remedy = asked(out);
    EXPECT_EQ(texts(remedy),
              "www.example.org:443 www.example.org *.example.org 192.0.2.77:443/tcp 192.0.2.77 192.0.2.0/24");
    EXPECT_EQ(remedy.sentence.find("Run it with --allow-net www.example.org:443, or add { \"name\": "), 0U);
    for (const NetworkSpec& rule : remedy.rules) {
        request.extraNetwork = {{true, rule}};
        EXPECT_TRUE(decide(policy(), out).allowed) << rule.text;
    }
    request.extraNetwork.clear();
    // A name opens neither a private address nor QUIC.
    out.host = "10.0.0.1";
    EXPECT_EQ(texts(asked(out)), "10.0.0.1:443/tcp 10.0.0.1 10.0.0.0/24");
    out = {AccessKind::connect, {}, "192.0.2.77", 443, IpProtocol::udp};
    out.name = "www.example.org";
    EXPECT_EQ(texts(asked(out)), "192.0.2.77:443/udp 192.0.2.77 192.0.2.0/24");
    EXPECT_EQ(asked({AccessKind::connect, {}, "192.0.2.1", 0, IpProtocol::icmp}).kind, Remedy::Kind::none);
}

TEST_F(RemedyTest, RulesOfTheNetworkThatStandAgainstIt)
{
    const auto asked = [&](const Access& access) {
        return remedyFor(policy(), access, decide(policy(), access), host);
    };
    NetworkRuleConfig rule;
    rule.to = {{{"192.0.2.0/24", {}}}};
    network().egress = NetworkEgressConfig{"allow", {}, {{rule}}};
    Remedy remedy = asked({AccessKind::connect, {}, "192.0.2.1", 443});
    EXPECT_EQ(remedy.removePointer, "/network/egress/deny/0/to/0");
    EXPECT_TRUE(remedy.rules.empty());
    network().egress->defaultAction = "deny";
    NetworkRuleConfig other;
    other.to = {{{"198.51.100.1", {}}}};
    network().egress->allow = {{other}};
    remedy = asked({AccessKind::connect, {}, "192.0.2.1", 443});
    EXPECT_EQ(remedy.removePointer, "/network/egress/deny/0/to/0");
    EXPECT_EQ(remedy.rules.size(), 3U) << "nothing else allows it";
    remedy = asked({AccessKind::connect, {}, "169.254.169.254", 80});
    EXPECT_EQ(remedy.rules.front().text, "169.254.169.254:80/tcp");
    EXPECT_EQ(asked({AccessKind::connect, {}, "224.0.0.1", 80}).kind, Remedy::Kind::none);
    Access own{AccessKind::connect, {}, "203.0.113.5", 5432};
    own.isHost = true;
    remedy = asked(own);
    EXPECT_EQ(remedy.rules.front().text, "100.64.0.1:5432/tcp");
    EXPECT_NE(remedy.sentence.find("hostLoopback"), std::string::npos);
    config.network.reset();
    config.runtimeConfig = RuntimeConfig{"http://127.0.0.1:8080"};
    EXPECT_EQ(asked({AccessKind::connect, {}, "192.0.2.1", 443}).kind, Remedy::Kind::none);
}

TEST_F(RemedyTest, RuleIdsFromOutsideAreChecked)
{
    const Verdict wild{false, 4'000'000'000U, 2, Mechanism::notMounted, {}};
    EXPECT_EQ(remedyFor(policy(), {AccessKind::read, "/root", {}, 0}, wild, host).kind, Remedy::Kind::none);
}

TEST_F(RemedyTest, PinnedFoldersNameWhatHoldsThem)
{
    readWrite({"/home/u/proj"});
    host.folder("/home/u/proj/around/private");
    deny({"/home/u/proj/around/private"});
    const Verdict verdict = ask(policy(), AccessKind::remove, "/home/u/proj/around");
    EXPECT_FALSE(verdict.allowed);
    EXPECT_EQ(policy().rules.at(verdict.rule).text, "deniedPaths: /home/u/proj/around/private");
}

}  // namespace
}  // namespace belljar
