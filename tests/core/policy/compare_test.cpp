// What one policy allows more or less than another; random profiles hold it against the evaluator.
#include <random>

#include "core/policy/compare.h"
#include "tests/core/policy/policy_fixture.h"

namespace belljar {
namespace {

class CompareTest : public PolicyTest {
protected:
    const AccessDifference* about(const AccessComparison& comparison, const std::string& subject)
    {
        for (const AccessDifference& difference : comparison.differences)
            if (difference.subject == subject) return &difference;
        return nullptr;
    }

    NetworkEgressConfig& egress()
    {
        config.version = "0.8.0-alpha";
        network().ingress = NetworkIngressConfig{"deny", "deny"};
        return network().egress ? *network().egress : network().egress.emplace();
    }

    static NetworkRuleConfig rule(const char* cidr, std::uint16_t port)
    {
        NetworkRuleConfig made;
        made.to.emplace().push_back({cidr, {}});
        NetworkPortConfig ports;
        ports.protocol = "tcp";
        ports.port = port;
        made.ports.emplace().push_back(ports);
        return made;
    }
};

TEST_F(CompareTest, TheSameProfileIsTheSame)
{
    readWrite({"/home/u/proj"});
    egress().allow = {rule("192.0.2.0/24", 443)};
    const Policy first = policy();
    const AccessComparison comparison = compareAccess(first, policy());
    EXPECT_TRUE(comparison.differences.empty());
    EXPECT_TRUE(comparison.isNotWider());
    EXPECT_GT(comparison.questions, 100U);
}

TEST_F(CompareTest, AGrantMoreAndADenialLess)
{
    readOnly({"/home/u/proj"});
    const Policy first = policy();
    readOnly({"/home/u/proj", "/home/u/docs"});
    deny({"/home/u/proj/main.c"});
    const AccessComparison comparison = compareAccess(first, policy());
    ASSERT_EQ(comparison.differences.size(), 2U);
    EXPECT_EQ(comparison.differences[0].subject, "/home/u/docs");
    EXPECT_EQ(comparison.differences[0].change, AccessChange::more);
    EXPECT_EQ(comparison.differences[0].before, "nothing");
    EXPECT_EQ(comparison.differences[0].after, "read only");
    EXPECT_EQ(comparison.differences[1].subject, "/home/u/proj/main.c");
    EXPECT_EQ(comparison.differences[1].change, AccessChange::less);
    EXPECT_FALSE(comparison.isNotWider());
}

TEST_F(CompareTest, ReadOnlyToWritableIsMore)
{
    readOnly({"/home/u/proj"});
    const Policy first = policy();
    readOnly({});
    readWrite({"/home/u/proj"});
    const AccessComparison comparison = compareAccess(first, policy());
    const AccessDifference* difference = about(comparison, "/home/u/proj");
    ASSERT_NE(difference, nullptr);
    // Writable places hold no programs, so that it is neither more nor less.
    EXPECT_NE(difference->change, AccessChange::less);
    EXPECT_EQ(difference->before, "read only");
    EXPECT_TRUE(difference->after.starts_with("read and write"));
}

TEST_F(CompareTest, NetworksToTheAddressAndPort)
{
    egress().allow = {rule("192.0.2.0/25", 443)};
    const Policy first = policy();
    egress().allow = {rule("192.0.2.0/24", 443)};
    const AccessComparison wider = compareAccess(first, policy());
    ASSERT_EQ(wider.differences.size(), 1U);
    EXPECT_EQ(wider.differences[0].subject, "192.0.2.128/25 443/tcp");
    EXPECT_EQ(wider.differences[0].change, AccessChange::more);
    const Policy second = policy();
    egress().allow = {rule("192.0.2.0/24", 80)};
    const AccessComparison other = compareAccess(second, policy());
    EXPECT_EQ(other.differences.size(), 2U);
}

TEST_F(CompareTest, RulesSaidOtherwiseAreTheSame)
{
    egress().allow = {rule("192.0.2.0/25", 443), rule("192.0.2.128/25", 443)};
    const Policy first = policy();
    egress().allow = {rule("192.0.2.0/24", 443)};
    EXPECT_TRUE(compareAccess(first, policy()).differences.empty());
}

TEST_F(CompareTest, LimitsAndVariables)
{
    config.experimental.emplace().belljar.emplace().limits.emplace().processes = 10;
    const Policy first = policy();
    config.experimental->belljar->limits->processes = 0;
    process().env = std::vector<std::string>{"A=1"};
    const AccessComparison comparison = compareAccess(first, policy());
    const AccessDifference* limit = about(comparison, "processes");
    ASSERT_NE(limit, nullptr);
    EXPECT_EQ(limit->change, AccessChange::more);
    ASSERT_NE(about(comparison, "variable A"), nullptr);
    EXPECT_EQ(about(comparison, "variable A")->change, AccessChange::other);
}

/// Where the comparison says nothing, no question has two answers.
TEST_F(CompareTest, RandomProfilesAgreeWithTheEvaluator)
{
    std::mt19937 random(6);
    const Paths places{"/home/u", "/home/u/proj", "/home/u/proj/src", "/home/u/docs", "/home/u/.ssh", "/run", "/tmp"};
    const auto draw = [&] {
        Paths paths;
        for (const std::string& place : places)
            if (random() % 4 == 0) paths.push_back(place);
        return paths;
    };
    int told = 0;
    for (int round = 0; round < 60; ++round) {
        readOnly(draw());
        readWrite(draw());
        deny(draw());
        const Policy first = policy();
        readOnly(draw());
        deny(draw());
        const Policy second = policy();
        const AccessComparison comparison = compareAccess(first, second);
        told += comparison.differences.empty() ? 0 : 1;
        for (std::string place : places) {
            for (const char* inside : {"", "/x", "/src/a.c"}) {
                for (const AccessKind kind : {AccessKind::read, AccessKind::write, AccessKind::create}) {
                    const std::string path = place + inside;
                    if (ask(first, kind, path).allowed == ask(second, kind, path).allowed) continue;
                    const bool said = std::any_of(comparison.differences.begin(), comparison.differences.end(),
                                                  [&](const AccessDifference& difference) {
                                                      // Or below: folders on the way to something come and go with it.
                                                      return isAtOrBelow(path, difference.subject) ||
                                                             isAtOrBelow(difference.subject, path);
                                                  });
                    EXPECT_TRUE(said) << path;
                }
            }
        }
    }
    EXPECT_GT(told, 30);
}

}  // namespace
}  // namespace belljar
