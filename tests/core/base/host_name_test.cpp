#include <gtest/gtest.h>

#include "core/base/host_name.h"

namespace belljar {
namespace {

TEST(HostName, IsOneSpelling)
{
    EXPECT_EQ(*parseHostName("WWW.Example.ORG."), "www.example.org");
    EXPECT_EQ(*parseHostName("xn--mnchen-3ya.de"), "xn--mnchen-3ya.de");
    EXPECT_EQ(*parseHostName("_dmarc.a-b.c1"), "_dmarc.a-b.c1");
    EXPECT_EQ(*parseHostName("intranet"), "intranet");
    EXPECT_EQ(*parseHostPattern("*.Example.org"), "*.example.org");
    EXPECT_EQ(*parseHostPattern("*.*.example.org."), "*.*.example.org");
    EXPECT_EQ(*parseHostName(std::string(63, 'a') + ".org"), std::string(63, 'a') + ".org");
}

TEST(HostName, RefusesWhatIsNone)
{
    const std::string tooLong = std::string(64, 'a') + ".org";
    std::string veryLong = "org";
    while (veryLong.size() < 254) veryLong += ".org";
    for (const std::string& bad : {std::string(),
                                   std::string("."),
                                   std::string("a..b"),
                                   std::string(".a"),
                                   std::string("a.."),
                                   std::string("-a.org"),
                                   std::string("a-.org"),
                                   std::string("a b.org"),
                                   std::string("a/b"),
                                   std::string("a:443"),
                                   std::string("http://a.org"),
                                   std::string("münchen.de"),
                                   std::string("10.0.0.1"),
                                   std::string("10.0.0.1/8"),
                                   std::string("::1"),
                                   std::string("127.1"),
                                   std::string("a.0x7f"),
                                   std::string("2130706433"),
                                   std::string("a\n.org"),
                                   std::string("a\0.org", 6),
                                   tooLong,
                                   veryLong}) {
        EXPECT_FALSE(parseHostName(bad)) << bad;
        EXPECT_FALSE(parseHostPattern(bad)) << bad;
    }
    EXPECT_FALSE(parseHostName("*.example.org"));
    for (const char* bad : {"*", "*.*", "a*.org", "*a.org", "a.*.org", "**.org", "*.", "a.*"})
        EXPECT_FALSE(parseHostPattern(bad)) << bad;
}

TEST(HostName, AStarIsOneLabel)
{
    EXPECT_TRUE(matchesHost("example.org", "example.org"));
    EXPECT_TRUE(matchesHost("*.example.org", "www.example.org"));
    EXPECT_TRUE(matchesHost("*.*.example.org", "a.b.example.org"));
    for (const char* other : {"example.org", "a.b.example.org", "wwwexample.org", ".example.org", "www.example.org.uk"})
        EXPECT_FALSE(matchesHost("*.example.org", other)) << other;
    EXPECT_FALSE(matchesHost("*.*.example.org", "a.example.org"));
    EXPECT_FALSE(matchesHost("example.org", "www.example.org"));
}

}  // namespace
}  // namespace belljar
