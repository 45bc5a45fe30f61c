#include "core/policy/amend_network.h"

#include "core/policy/network_words.h"
#include "tests/core/policy/policy_fixture.h"

namespace belljar {
namespace {

class AmendNetwork : public PolicyTest {
protected:
    using Action = NetworkChange::Action;

    void start(std::vector<const char*> allow, std::vector<const char*> deny = {})
    {
        for (const char* text : allow) request.extraNetwork.push_back({true, parseNetworkSpec(text).value()});
        for (const char* text : deny) request.extraNetwork.push_back({false, parseNetworkSpec(text).value()});
        current = policy();
    }
    /// Applies it and answers "before -> after".
    std::string change(Action action, const char* text)
    {
        const NetworkAmendment made = amendNetwork(current, {action, parseNetworkSpec(text).value(), "a test"});
        if (!made.policy) return made.findings.at(0).id;
        EXPECT_GE(made.policy->rules.size(), current.rules.size());
        for (std::size_t i = 0; i < current.rules.size(); ++i)
            EXPECT_EQ(made.policy->rules[i].text, current.rules[i].text) << "rules keep their numbers";
        current = *made.policy;
        return made.before + " -> " + made.after;
    }
    bool reaches(const char* address, std::uint16_t port = 443)
    {
        return decide(current, {AccessKind::connect, {}, address, port}).allowed;
    }

    Policy current;
};

TEST_F(AmendNetwork, AllowsAndDenies)
{
    start({"10.0.0.0/8"});
    EXPECT_EQ(change(Action::allow, "192.0.2.1:443/tcp"), "denied -> allowed");
    EXPECT_TRUE(reaches("192.0.2.1") && !reaches("192.0.2.1", 80));
    EXPECT_EQ(current.rules.back().text, "--allow-net 192.0.2.1:443/tcp (while it ran, by a test)");
    EXPECT_EQ(current.rules.back().source, RuleSource::live);
    EXPECT_EQ(change(Action::deny, "10.1.0.0/16"), "allowed -> denied");
    EXPECT_TRUE(!reaches("10.1.2.3") && reaches("10.2.2.3"));
    EXPECT_FALSE(reaches("64:ff9b::a01:203")) << "what follows from it is made anew";
    EXPECT_EQ(change(Action::allow, "10.1.0.0/16"), "denied -> allowed") << "in the place of the denial";
    EXPECT_TRUE(reaches("10.1.2.3"));
    EXPECT_EQ(change(Action::deny, "10.0.0.0/8"), "allowed -> denied");
    EXPECT_FALSE(reaches("10.1.2.3") || reaches("10.2.2.3"));
    EXPECT_EQ(change(Action::allow, "10.2.0.0/16"), "denied -> denied") << "a denial wins";
}

TEST_F(AmendNetwork, RemovesWhatIsExactlyThere)
{
    start({"10.0.0.0/8:80-90/tcp", "*:53/udp"}, {"10.1.0.0/16"});
    EXPECT_EQ(change(Action::remove, "10.0.0.0/8"), "no-such-rule");
    EXPECT_EQ(change(Action::remove, "10.0.0.0/8:80/tcp"), "no-such-rule");
    EXPECT_EQ(change(Action::remove, "224.0.0.0/4"), "no-such-rule") << "nobody wrote that";
    EXPECT_TRUE(reaches("10.0.0.1", 80));
    EXPECT_EQ(change(Action::remove, "10.0.0.0/8:80-90/tcp"), "partly allowed -> denied");
    EXPECT_FALSE(reaches("10.0.0.1", 80));
    EXPECT_EQ(change(Action::remove, "*:53/udp"), "partly allowed -> denied");
    NetworkEgressConfig& egress = network().egress.emplace();
    NetworkRuleConfig rule;
    rule.to = {{{"192.0.2.0/24", {}}}};
    rule.ports = {{{"tcp", 80, {}}, {"tcp", 443, {}}}};
    egress.allow = {{rule}};
    current = policy();
    EXPECT_EQ(change(Action::remove, "192.0.2.0/24:80/tcp"), "allowed -> denied");
    EXPECT_TRUE(!reaches("192.0.2.1", 80) && reaches("192.0.2.1", 443)) << "one of two ports of one entry";
}

TEST_F(AmendNetwork, NamesComeAndGo)
{
    start({"10.0.0.0/8", "www.example.org:443"});
    const auto reachesAs = [&](const char* name, std::uint16_t port) {
        Access access{AccessKind::connect, {}, "192.0.2.1", port};
        access.name = name;
        return decide(current, access).allowed;
    };
    EXPECT_EQ(change(Action::allow, "*.example.com:443"), "denied -> allowed");
    EXPECT_TRUE(reachesAs("a.example.com", 443) && reachesAs("www.example.org", 443));
    EXPECT_FALSE(reachesAs("a.example.com", 80) || reachesAs("example.com", 443));
    EXPECT_EQ(current.rules.back().text, "--allow-net *.example.com:443 (while it ran, by a test)");
    EXPECT_EQ(change(Action::remove, "a.example.com:443"), "no-such-rule");
    EXPECT_EQ(change(Action::remove, "*.example.com:443"), "allowed -> denied");
    EXPECT_EQ(change(Action::remove, "www.example.org:443"), "allowed -> denied");
    EXPECT_FALSE(reachesAs("a.example.com", 443) || reachesAs("www.example.org", 443));
    EXPECT_TRUE(reaches("10.0.0.1"));
}

TEST_F(AmendNetwork, TheLinkLocalNetworkOpensAndClosesAgain)
{
    start({"10.0.0.0/8"});
    EXPECT_EQ(change(Action::allow, "169.254.169.254:80"), "denied -> allowed");
    EXPECT_TRUE(reaches("169.254.169.254", 80));
    EXPECT_EQ(change(Action::remove, "169.254.169.254:80"), "allowed -> denied");
    EXPECT_FALSE(reaches("169.254.169.254", 80));
}

TEST_F(AmendNetwork, NetworksThatCannotChange)
{
    start({});
    EXPECT_EQ(change(Action::allow, "10.0.0.1"), "network-fixed");
    request.network = NetworkMode::host;
    start({});
    EXPECT_EQ(change(Action::deny, "10.0.0.1"), "network-fixed");
    request.network.reset();
    config.runtimeConfig = RuntimeConfig{"http://127.0.0.1:8080"};
    start({});
    EXPECT_EQ(change(Action::allow, "10.0.0.1"), "network-fixed");
    config.runtimeConfig.reset();
    start({"10.0.0.0/8"});
    EXPECT_EQ(change(Action::deny, "example.org"), "network-name");
    EXPECT_EQ(change(Action::allow, "localhost"), "network-name");
}

TEST_F(AmendNetwork, WhereOnlyTcpLeadsOutNothingElseIsAllowed)
{
    host.obstacle = "this kernel has no nf_tables";
    start({"10.0.0.0/8:443/tcp"});
    EXPECT_EQ(change(Action::allow, "192.0.2.1:53/udp"), "network-proxy-only");
    EXPECT_EQ(change(Action::deny, "192.0.2.1:53/udp"), "denied -> denied");
    EXPECT_EQ(change(Action::allow, "192.0.2.1:443/tcp"), "denied -> allowed");
    EXPECT_TRUE(reaches("192.0.2.1"));
}

}  // namespace
}  // namespace belljar
