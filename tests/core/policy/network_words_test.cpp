#include "core/policy/network_words.h"

#include <gtest/gtest.h>

namespace belljar {
namespace {

TEST(NetworkWords, ReadsItsOwnSpelling)
{
    for (const char* text :
         {"*", "*:53", "*:53/udp", "*/icmp", "10.0.0.0/8", "10.0.0.0/8:443/tcp", "192.0.2.7", "192.0.2.7:80-90",
          "192.0.2.7/tcp", "[2001:db8::]/32", "[2001:db8::1]:443/tcp", "[2001:db8::]/32:80-90/udp", "www.example.org",
          "www.example.org:443", "*.example.org:8000-8010"}) {
        const Result<NetworkSpec> spec = parseNetworkSpec(text);
        ASSERT_TRUE(spec) << text << ": " << spec.error().message;
        EXPECT_EQ(spec->text, text);
    }
}

TEST(NetworkWords, KnowsOtherSpellings)
{
    const auto same = [](const char* text) { return parseNetworkSpec(text).value().text; };
    EXPECT_EQ(same("[2001:0db8::/32]:443"), "[2001:db8::]/32:443");
    EXPECT_EQ(same("10.0.0.1/32"), "10.0.0.1");
    EXPECT_EQ(same("10.0.0.1:80-80/any"), "10.0.0.1:80");
    EXPECT_EQ(same("[::ffff:10.0.0.1]:80"), "10.0.0.1:80");
    EXPECT_EQ(same("WWW.Example.ORG."), "www.example.org");
}

TEST(NetworkWords, SaysWhatIsThere)
{
    const NetworkSpec spec = parseNetworkSpec("10.0.0.0/8:80-90/tcp").value();
    ASSERT_EQ(spec.networks.size(), 1U);
    EXPECT_EQ(spec.networks[0], *parseIpNetwork("10.0.0.0/8"));
    EXPECT_EQ(spec.service.protocol, IpProtocol::tcp);
    EXPECT_EQ(spec.service.ports, (PortRange{80, 90}));
    EXPECT_EQ(parseNetworkSpec("*")->networks.size(), 2U);
    const NetworkSpec name = parseNetworkSpec("*.example.org:443").value();
    EXPECT_TRUE(name.networks.empty());
    EXPECT_EQ(name.name, "*.example.org");
}

TEST(NetworkWords, MistakesAreNamed)
{
    for (const char* bad : {"",
                            ":443",
                            "10.0.0.0/8:",
                            "10.0.0.0/8:0",
                            "10.0.0.0/8:65536",
                            "10.0.0.0/8:443/tpc",
                            "10.0.0.0/8:90-80",
                            "10.0.0.0/8:a",
                            "10.0.0.0/8:443/icmp",
                            "10.0.0.1/8",
                            "10.0.0.0/33",
                            "10.0.0",
                            "1.2.3.4.5",
                            "2001:db8::1:443",
                            "2001:db8::/32",
                            "[2001:db8::",
                            "[2001:db8::]x",
                            "[::]/0",
                            "a..b",
                            "www.example.org:443/tcp",
                            "www.*.org",
                            "/tcp",
                            "10.0.0.1:443:444",
                            "10.0.0.1 :443",
                            "https://example.org",
                            "-a.org",
                            "10.0.0.1:-1"}) {
        const Result<NetworkSpec> spec = parseNetworkSpec(bad);
        ASSERT_FALSE(spec) << bad;
        EXPECT_FALSE(spec.error().message.empty()) << bad;
        EXPECT_FALSE(spec.error().hint.empty()) << bad;
    }
    EXPECT_NE(parseNetworkSpec("2001:db8::1:443").error().message.find("brackets"), std::string::npos);
}

}  // namespace
}  // namespace belljar
