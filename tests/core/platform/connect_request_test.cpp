// What Belljar's HTTP proxy takes for a request, and what it refuses to guess at.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/linux/network/connect_request.h"

namespace belljar::linux_platform {
namespace {

using State = ConnectRequest::State;

std::string get(const std::string& target, const std::string& headers)
{
    return "GET " + target + " HTTP/1.1\r\n" + headers + "\r\n";
}

int statusOf(const std::string& text)
{
    const ConnectRequest request = readConnectRequest(text);
    return request.state == State::bad ? request.status : request.state == State::whole ? 200 : 0;
}

TEST(ConnectRequestReader, TakesTunnels)
{
    const ConnectRequest name = readConnectRequest(
        "CONNECT WWW.Example.org:443 HTTP/1.1\r\nHost: www.example.org:443\r\n"
        "Proxy-Authorization: Basic eA==\r\n\r\nearly");
    ASSERT_EQ(name.state, State::whole);
    EXPECT_TRUE(name.isTunnel);
    EXPECT_EQ(name.host, "www.example.org");
    EXPECT_FALSE(name.address.has_value());
    EXPECT_EQ(name.port, 443);
    EXPECT_TRUE(name.head.empty());
    const ConnectRequest four = readConnectRequest("CONNECT 192.0.2.1:22 HTTP/1.0\r\n\r\n");
    ASSERT_EQ(four.state, State::whole);
    EXPECT_EQ(ipNetworkText(*four.address), "192.0.2.1");
    const ConnectRequest six = readConnectRequest("CONNECT [2001:db8::1]:443 HTTP/1.1\r\nHost: [2001:db8::1]\r\n\r\n");
    ASSERT_EQ(six.state, State::whole);
    EXPECT_EQ(ipNetworkText(*six.address), "2001:db8::1");
    const ConnectRequest mapped = readConnectRequest("CONNECT [::ffff:127.0.0.1]:443 HTTP/1.1\r\n\r\n");
    ASSERT_EQ(mapped.state, State::whole);
    EXPECT_EQ(ipNetworkText(*mapped.address), "127.0.0.1") << "one spelling of an address";
    EXPECT_FALSE(mapped.address->isIpv6);
}

TEST(ConnectRequestReader, WritesAnewWhatItPassesOn)
{
    const ConnectRequest request = readConnectRequest(
        "POST http://Example.org:8080/a?b=c HTTP/1.1\r\nHost: example.org:8080\r\nConnection: X-Mine\r\n"
        "Proxy-Connection: keep-alive\r\nUpgrade: websocket\r\nX-Mine: 1\r\nX-Other: 2\r\n"
        "Content-Length: 3\r\nTE: trailers\r\n\r\nabc");
    ASSERT_EQ(request.state, State::whole);
    EXPECT_FALSE(request.isTunnel);
    EXPECT_EQ(request.host, "example.org");
    EXPECT_EQ(request.port, 8080);
    EXPECT_EQ(request.bodySize, 3U);
    EXPECT_EQ(request.head,
              "POST /a?b=c HTTP/1.1\r\nHost: example.org:8080\r\nX-Other: 2\r\nContent-Length: 3\r\n"
              "Connection: close\r\n\r\n");
    EXPECT_EQ(readConnectRequest(get("http://example.org", "Host: example.org:80\r\n")).head,
              "GET / HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(readConnectRequest(get("http://[::1]?q", "Host: [0:0::1]\r\n")).head,
              "GET /?q HTTP/1.1\r\nHost: [::1]\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(readConnectRequest("OPTIONS http://a.test HTTP/1.0\r\n\r\n").head,
              "OPTIONS * HTTP/1.0\r\nHost: a.test\r\nConnection: close\r\n\r\n");
}

TEST(ConnectRequestReader, WaitsForTheRest)
{
    const std::string whole = get("http://a.test/", "Host: a.test\r\nX: y\r\n");
    for (std::size_t i = 0; i < whole.size(); ++i) EXPECT_EQ(statusOf(whole.substr(0, i)), 0) << i;
    EXPECT_EQ(readConnectRequest(whole + "more").size, whole.size());
}

TEST(ConnectRequestReader, RefusesWhatOthersCouldReadOtherwise)
{
    const std::vector<std::string> bad{
        "\x16\x03\x01",
        "\r\nGET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n",
        "GET http://a.test/ HTTP/1.1\nHost: a.test\n\n",
        "GET  http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n",
        "GET http://a.test/ x HTTP/1.1\r\nHost: a.test\r\n\r\n",
        "GET http://a.test/\r\n\r\n",
        "GE(T http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n",
        get("/", "Host: a.test\r\n"),
        get("https://a.test/", "Host: a.test\r\n"),
        get("ftp://a.test/", "Host: a.test\r\n"),
        get("http://a.test/#part", "Host: a.test\r\n"),
        get("http://u:p@a.test/", "Host: a.test\r\n"),
        get("http://a.test:0/", "Host: a.test\r\n"),
        get("http://a.test:65536/", "Host: a.test\r\n"),
        get("http://a.test:/", "Host: a.test\r\n"),
        get("http://a.test:+80/", "Host: a.test\r\n"),
        get("http:///", "Host: a.test\r\n"),
        get("http://127.1/", "Host: 127.1\r\n"),
        get("http://10.0.0.0/8", "Host: a.test\r\n"),
        get("http://::1/", "Host: ::1\r\n"),
        get("http://[127.0.0.1]/", "Host: [127.0.0.1]\r\n"),
        get("http://[fe80::1%25eth0]/", "Host: [fe80::1]\r\n"),
        get("http://a.test/\x80", "Host: a.test\r\n"),
        get("http://a.test/", ""),
        get("http://a.test/", "Host: b.test\r\n"),
        get("http://a.test/", "Host: a.test:81\r\n"),
        get("http://a.test/", "Host: a.test\r\nHost: a.test\r\n"),
        get("http://a.test/", "Host: a.test, b.test\r\n"),
        get("http://a.test/", "Host: a.test\r\nhost : b.test\r\n"),
        get("http://a.test/", "Host: a.test\r\n X: folded\r\n"),
        get("http://a.test/", "Host: a.test\r\nNo colon\r\n"),
        get("http://a.test/", "Host: a.test\r\n: empty\r\n"),
        get("http://a.test/", std::string("Host: a.test\r\nX: a\0b\r\n", 22)),
        get("http://a.test/", "Host: a.test\r\nX: a\rb\r\n"),
        get("http://a.test/", "Host: a.test\r\nX: a\nHost: b.test\r\n"),
        get("http://a.test/", "Host: a.test\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n"),
        get("http://a.test/", "Host: a.test\r\nContent-Length: 1\r\nContent-Length: 1\r\n"),
        get("http://a.test/", "Host: a.test\r\nContent-Length: 1, 1\r\n"),
        get("http://a.test/", "Host: a.test\r\nContent-Length: -1\r\n"),
        get("http://a.test/", "Host: a.test\r\nContent-Length: 0x1\r\n"),
        get("http://a.test/", "Host: a.test\r\nContent-Length: 99999999999999999999\r\n"),
        get("http://a.test/", "Host: a.test\r\nContent-Length:\r\n"),
        get("http://a.test/", "Host: a.test\r\nContent-Length: 1\r\nConnection: close, content-length\r\n"),
        "CONNECT a.test HTTP/1.1\r\n\r\n",
        "CONNECT :443 HTTP/1.1\r\n\r\n",
        "CONNECT http://a.test:443 HTTP/1.1\r\n\r\n",
        "CONNECT a.test:443 HTTP/1.1\r\nHost: b.test:443\r\n\r\n",
        "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:444\r\n\r\n",
        "CONNECT a.test:443 HTTP/1.1\r\nContent-Length: 1\r\n\r\n",
        "CONNECT a.test%0d%0a:443 HTTP/1.1\r\n\r\n",
        "CONNECT a.test\r:443 HTTP/1.1\r\n\r\n",
        "CONNECT *:443 HTTP/1.1\r\n\r\n",
    };
    for (const std::string& text : bad) EXPECT_EQ(statusOf(text), 400) << text;
    EXPECT_EQ(statusOf("GET http://a.test/ HTTP/2.0\r\nHost: a.test\r\n\r\n"), 505);
    EXPECT_EQ(statusOf(get("http://a.test/", "Host: a.test\r\nTransfer-Encoding: chunked\r\n")), 411);
}

TEST(ConnectRequestReader, HasLimits)
{
    std::string many = "Host: a.test\r\n";
    for (std::size_t i = 0; i < kMostHeaders; ++i) many += "X: y\r\n";
    EXPECT_EQ(statusOf(get("http://a.test/", many)), 431);
    EXPECT_EQ(statusOf(get("http://a.test/" + std::string(kMostHead, 'a'), "Host: a.test\r\n")), 431);
    EXPECT_EQ(statusOf("GET " + std::string(kMostHead, 'a')), 431) << "without any end";
    EXPECT_EQ(statusOf(get("http://a.test/" + std::string(kMostHead - 100, 'a'), "Host: a.test\r\n")), 200);
}

/// Whatever comes, what is passed on is one request, to the host that was decided about.
TEST(ConnectRequestReader, PassesOnOneRequestOnly)
{
    const std::vector<std::string> seeds{
        get("http://a.test/x", "Host: a.test\r\nConnection: close, x\r\nContent-Length: 12\r\n"),
        "CONNECT [2001:db8::1]:443 HTTP/1.1\r\nHost: [2001:db8::1]:443\r\n\r\n",
        "POST http://a.test:8080?q HTTP/1.0\r\nX: Y\r\n\r\n"};
    constexpr std::string_view kLetters("\r\n\t :/[]@,.-0159aAhHx#%?\0\x7f\x80", 27);
    std::mt19937 random(20261122);
    int whole = 0;
    for (int round = 0; round < 60'000; ++round) {
        std::string text = seeds[random() % seeds.size()];
        for (unsigned edits = random() % 4; edits > 0; --edits) {
            const std::size_t at = random() % text.size();
            if (random() % 3 == 0) text.erase(at, random() % 3);
            else if (random() % 2 == 0) text.insert(at, 1, kLetters[random() % kLetters.size()]);
            else text[at] = kLetters[random() % kLetters.size()];
            if (text.empty()) text = "G";
        }
        const ConnectRequest request = readConnectRequest(text);
        if (request.state == State::bad) { EXPECT_GE(request.status, 400); }
        if (request.state != State::whole) continue;
        ++whole;
        ASSERT_TRUE(request.address.has_value() != !request.host.empty()) << text;
        ASSERT_NE(request.port, 0);
        ASSERT_LE(request.size, text.size());
        if (request.isTunnel) continue;
        const ConnectRequest again = readConnectRequest(request.head);
        ASSERT_EQ(again.state, State::bad) << "it is no request to a proxy any more";
        ASSERT_EQ(request.head.find("\r\n\r\n"), request.head.size() - 4) << text;
        ASSERT_EQ(request.head.find("\r\nHost: "), request.head.find("\r\n")) << text;
        ASSERT_EQ(request.head.find("\r\nHost:", request.head.find("\r\nHost:") + 1), std::string::npos) << text;
    }
    EXPECT_GT(whole, 1000);
}

}  // namespace
}  // namespace belljar::linux_platform
