// Ports that are offered on this computer: on one line, and in a session that runs.
#include <gtest/gtest.h>

#include "core/policy/published_ports.h"

namespace belljar {
namespace {

TEST(PublishText, IsReadAndHasOneSpelling)
{
    const auto spelled = [](const char* text) {
        const Result<PublishedPort> port = parsePublish(text);
        return port ? publishText(*port) : "error: " + port.error().message;
    };
    EXPECT_EQ(spelled("8080"), "8080:8080");
    EXPECT_EQ(spelled("8080:80"), "8080:80");
    EXPECT_EQ(spelled("8080:80/tcp"), "8080:80");
    EXPECT_EQ(spelled("8080:80/udp"), "8080:80/udp");
    EXPECT_EQ(spelled("127.0.0.1:8080:80"), "8080:80");
    EXPECT_EQ(spelled("0.0.0.0:8080"), "0.0.0.0:8080:8080");
    EXPECT_EQ(spelled("[::1]:8080:80/udp"), "[::1]:8080:80/udp");
    EXPECT_EQ(spelled("[::ffff:127.0.0.1]:8080:80"), "8080:80");
    const PublishedPort port = parsePublish("192.0.2.1:8080:80/udp").value();
    EXPECT_EQ(port, (PublishedPort{"192.0.2.1", 8080, 80, 0, IpProtocol::udp}));
    for (const char* wrong :
         {"", "0", "65536", "80:", ":80", "80:0", "80:80:80", "a:80", "80/icmp", "80/", "1.2.3:80:80",
          "10.0.0.0/8:80:80", "[::1:80", "[::1]80", "[]:80:80", "80:80 ", "+80", "::1:80:80"})
        EXPECT_FALSE(parsePublish(wrong)) << wrong;
}

class AmendPublished : public testing::Test {
protected:
    AmendPublished()
    {
        m_policy.network.mode = NetworkMode::filtered;
        m_policy.rules.resize(builtin_rule::kCount);
    }
    NetworkAmendment change(bool publish, const char* text)
    {
        NetworkAmendment made = amendPublished(m_policy, {publish, parsePublish(text).value(), "me"});
        if (made.policy) m_policy = *made.policy;
        return made;
    }
    std::string refusalOf(bool publish, const char* text)
    {
        const Policy before = m_policy;
        const NetworkAmendment made = change(publish, text);
        EXPECT_EQ(m_policy.network.published, before.network.published);
        return made.policy || made.findings.empty() ? "none" : made.findings.front().message;
    }

    Policy m_policy;
};

TEST_F(AmendPublished, OffersAndEnds)
{
    const NetworkAmendment made = change(true, "8080:80/udp");
    EXPECT_EQ(made.before + ", " + made.after, "not offered, offered");
    ASSERT_EQ(m_policy.network.published.size(), 1U);
    const RuleId rule = m_policy.network.published[0].rule;
    EXPECT_EQ(rule, m_policy.rules.size() - 1);
    EXPECT_EQ(m_policy.rules[rule].text, "--publish 8080:80/udp (while it ran, by me)");
    EXPECT_EQ(m_policy.rules[rule].source, RuleSource::live);
    EXPECT_TRUE(change(true, "8080:80").policy) << "of TCP that is another place";
    const NetworkAmendment ended = change(false, "127.0.0.1:8080:80/udp");
    EXPECT_EQ(ended.before + ", " + ended.after, "offered, not offered");
    ASSERT_EQ(m_policy.network.published.size(), 1U);
    EXPECT_EQ(m_policy.network.published[0].protocol, IpProtocol::tcp);
}

TEST_F(AmendPublished, RefusesWhatCannotBe)
{
    EXPECT_EQ(refusalOf(false, "8080:80"), "No port of this session is offered as 8080:80");
    EXPECT_TRUE(change(true, "8080:80").policy);
    EXPECT_EQ(refusalOf(true, "8080:81"), "127.0.0.1:8080 is offered twice");
    for (const char* other : {"8080:81", "0.0.0.0:8080:80", "8080:80/udp", "8081:80"})
        EXPECT_NE(refusalOf(false, other), "none") << other;
    m_policy.network.mode = NetworkMode::off;
    EXPECT_NE(refusalOf(true, "8081:80").find("started without a network"), std::string::npos);
    m_policy.network.mode = NetworkMode::host;
    EXPECT_NE(refusalOf(true, "8081:80").find("host's network"), std::string::npos);
}

}  // namespace
}  // namespace belljar
