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

}  // namespace
}  // namespace belljar
