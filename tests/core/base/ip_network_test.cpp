#include <gtest/gtest.h>

#include "core/base/ip_network.h"

namespace belljar {
namespace {

TEST(IpNetwork, ReadsAddressesAndNetworks)
{
    for (const char* good :
         {"1.2.3.4", "0.0.0.0/0", "10.0.0.0/8", "255.255.255.255/32", "::", "::/0", "::1", "2001:db8::/32",
          "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "fe80::", "1::8/128"})
        EXPECT_TRUE(parseIpNetwork(good)) << good;
    for (const char* bad : {"",
                            "1.2.3",
                            "1.2.3.4.5",
                            "256.0.0.1",
                            "01.2.3.4",
                            "1.2.3.4/33",
                            "1.2.3.4/",
                            "1.2.3.4/-1",
                            "1.2.3.4/+",
                            "1.2.3.4/8",
                            "1.2.3.4 ",
                            "a.b.c.d",
                            ":",
                            ":::",
                            "1::2::3",
                            "1:2:3:4:5:6:7",
                            "1:2:3:4:5:6:7:8:9",
                            "12345::",
                            "::g",
                            "::1/129",
                            "2001:db8::1/32",
                            "fe80::1%eth0",
                            "1.2.3.4::",
                            "::1.2.3.4:5",
                            "1:",
                            "1:2:3:4:5:6:7:",
                            ":1",
                            "1.2.3.4/0x20"})
        EXPECT_FALSE(parseIpNetwork(bad)) << bad;
}

TEST(IpNetwork, ContainsByBits)
{
    const auto contains = [](const char* outer, const char* inner) {
        return parseIpNetwork(outer)->contains(*parseIpNetwork(inner));
    };
    EXPECT_TRUE(contains("10.0.0.0/8", "10.255.0.0/16"));
    EXPECT_TRUE(contains("10.0.0.0/8", "10.0.0.0/8"));
    EXPECT_TRUE(contains("10.0.0.0/9", "10.127.255.255"));
    EXPECT_FALSE(contains("10.0.0.0/9", "10.128.0.0"));
    EXPECT_FALSE(contains("10.0.0.0/8", "0.0.0.0/0"));
    EXPECT_FALSE(contains("::/0", "1.2.3.4"));
    EXPECT_TRUE(contains("2001:db8::/33", "2001:db8:7fff::1"));
    EXPECT_FALSE(contains("2001:db8::/33", "2001:db8:8000::1"));
}

TEST(IpNetwork, IsOneText)
{
    for (const char* text : {"1.2.3.4", "0.0.0.0/0", "10.0.0.0/8", "::", "::/0", "::1", "2001:db8::/32", "fe80::/10",
                             "1:2:3:4:5:6:7:8", "1:0:2::3", "1:0:0:2::3", "1::8/128", "::ffff:102:304"}) {
        const std::string again = ipNetworkText(*parseIpNetwork(text));
        EXPECT_EQ(parseIpNetwork(again).value(), *parseIpNetwork(text)) << again;
    }
    EXPECT_EQ(ipNetworkText(*parseIpNetwork("0:0:0:0:0:0:0:1")), "::1");
    EXPECT_EQ(ipNetworkText(*parseIpNetwork("1:0:0:2:0:0:0:3")), "1:0:0:2::3");
    EXPECT_EQ(ipNetworkText(*parseIpNetwork("1:0:2:3:4:5:6:7")), "1:0:2:3:4:5:6:7");
    EXPECT_EQ(ipNetworkText(*parseIpNetwork("1:2:3:4:5:6:0:0")), "1:2:3:4:5:6::");
    EXPECT_EQ(ipNetworkText(*parseIpNetwork("10.0.0.0/32")), "10.0.0.0");
    EXPECT_EQ(ipNetworkText(*parseIpNetworkLoosely("10.1.2.3/9")), "10.0.0.0/9");
    EXPECT_EQ(ipNetworkText(*parseIpNetworkLoosely("2001:db8:ffff::1/33")), "2001:db8:8000::/33");
    EXPECT_FALSE(parseIpNetworkLoosely("10.1.2.3/33"));
}

TEST(IpNetwork, MappedAddressesAreIpv4)
{
    const auto plain = [](const char* text) { return ipNetworkText(withoutMapping(*parseIpNetwork(text))); };
    EXPECT_EQ(plain("::ffff:10.0.0.1"), "10.0.0.1");
    EXPECT_EQ(plain("::ffff:10.0.0.0/104"), "10.0.0.0/8");
    EXPECT_EQ(plain("::ffff:0:0/96"), "0.0.0.0/0");
    EXPECT_EQ(plain("::/95"), "::/95");
    EXPECT_EQ(plain("::10.0.0.1"), "::a00:1");
    EXPECT_TRUE(holdsMappedIpv4(*parseIpNetwork("::/0")) && holdsMappedIpv4(*parseIpNetwork("::fffe:0:0/95")));
    EXPECT_FALSE(holdsMappedIpv4(*parseIpNetwork("::ffff:0:0/96")) || holdsMappedIpv4(*parseIpNetwork("2000::/3")) ||
                 holdsMappedIpv4(*parseIpNetwork("0.0.0.0/0")));
}

TEST(IpNetwork, TakesBlocksOut)
{
    const auto left = [](const char* from, std::vector<const char*> excepts, std::size_t most = 256) {
        std::vector<IpNetwork> out;
        for (const char* text : excepts) out.push_back(*parseIpNetwork(text));
        std::string text;
        for (const IpNetwork& block : withoutNetworks(*parseIpNetwork(from), out, most))
            text += (text.empty() ? "" : " ") + ipNetworkText(block);
        return text;
    };
    EXPECT_EQ(left("10.0.0.0/8", {}), "10.0.0.0/8");
    EXPECT_EQ(left("10.0.0.0/30", {"10.0.0.1"}), "10.0.0.0 10.0.0.2/31");
    EXPECT_EQ(left("10.0.0.0/30", {"10.0.0.1", "10.0.0.0/31", "192.0.2.1"}), "10.0.0.2/31");
    EXPECT_EQ(left("10.0.0.0/30", {"10.0.0.0/30"}), "");
    EXPECT_EQ(left("10.0.0.1", {"10.0.0.0/8"}), "");
    EXPECT_EQ(left("2001:db8::/127", {"2001:db8::1"}), "2001:db8::");
    EXPECT_EQ(withoutNetworks(*parseIpNetwork("::/0"), std::vector{*parseIpNetwork("::1")}, 256).size(), 128U);
    EXPECT_EQ(withoutNetworks(*parseIpNetwork("::/0"), std::vector{*parseIpNetwork("::1")}, 10).size(), 11U);
}

}  // namespace
}  // namespace belljar
