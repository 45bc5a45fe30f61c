#include <gtest/gtest.h>

#include "core/base/proxy_url.h"

namespace belljar {
namespace {

TEST(ProxyUrl, ReadsHostAndPort)
{
    const Result<ProxyUrl> url = parseProxyUrl(" HTTP:\\\\Example.COM:3128/path?x#y ");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->scheme, "http");
    EXPECT_EQ(url->host, "example.com");
    EXPECT_EQ(url->port, 3128);
    EXPECT_FALSE(url->hasCredentials);
    EXPECT_TRUE(parseProxyUrl("http://u@h:1")->hasCredentials);
    EXPECT_FALSE(parseProxyUrl("http://@h:1")->hasCredentials);
    EXPECT_EQ(parseProxyUrl("https://[::1]:1")->host, "::1");
    EXPECT_EQ(parseProxyUrl("https://h:80")->port, 80);
}

TEST(ProxyUrl, SeesThroughLettersOfOtherForms)
{
    EXPECT_EQ(parseProxyUrl("http://ⓛｏcalhost:1")->host, "localhost");
    EXPECT_EQ(parseProxyUrl("http://１２７。0.0.1:1")->host, "127.0.0.1");
    EXPECT_EQ(parseProxyUrl("http://ä.de:1")->host, "ä.de");
}

TEST(ProxyUrl, KnowsItsOwnComputerInEverySpelling)
{
    for (const char* own :
         {"http://localhost:1", "http://127.0.0.1:1", "http://127.1:1", "http://2130706433:1", "http://0x7f000001:1",
          "http://0177.0.0.1:1", "http://[::1]:1", "http://[0:0:0:0:0:0:0:1]:1", "http://%6cocalhost:1"})
        EXPECT_TRUE(parseProxyUrl(own) && parseProxyUrl(own)->isOwnComputer()) << own;
    for (const char* other :
         {"http://127.0.0.2:1", "http://localhost.:1", "http://0.0.0.0:1", "http://[::]:1", "http://h:1"})
        EXPECT_TRUE(parseProxyUrl(other) && !parseProxyUrl(other)->isOwnComputer()) << other;
}

TEST(ProxyUrl, RefusesWhatIsNone)
{
    for (const char* bad :
         {"", "//h:1", "http://", "http://:1", "http://h:65536", "http://h:-1", "http://h:x", "http://a b:1",
          "http://[::1", "http://[::g]:1", "http://[1.2.3.4]:1", "http://[::1/64]:1", "http://1.2.3.256:1",
          "http://a%zz:1", "http://a%2fb:1", "1http://h:1", "://h:1", "http://4294967296:1", "http://1.2.3.4.5:1"})
        EXPECT_FALSE(parseProxyUrl(bad)) << bad;
}

TEST(ProxyUrl, KeepsWhatIsOnlyNoProxy)
{
    for (const char* other : {"localhost:1", "ftp://h:1", "socks5://h:1", "file:///x", "mailto:x"}) {
        ASSERT_TRUE(parseProxyUrl(other)) << other;
        EXPECT_FALSE(parseProxyUrl(other)->isHttp()) << other;
    }
    for (const char* portless : {"http://h", "http://h:80", "https://h:443", "http://h:"}) {
        ASSERT_TRUE(parseProxyUrl(portless)) << portless;
        EXPECT_FALSE(parseProxyUrl(portless)->port) << portless;
    }
}

}  // namespace
}  // namespace belljar
