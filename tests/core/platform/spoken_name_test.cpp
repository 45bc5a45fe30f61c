#include "core/platform/linux/network/spoken_name.h"

#include <gtest/gtest.h>

#include <random>

namespace belljar::linux_platform {
namespace {

using State = SpokenName::State;

std::string sized(unsigned width, const std::string& bytes)
{
    std::string made;
    for (unsigned i = width; i-- > 0;) made += static_cast<char>(bytes.size() >> (8 * i) & 0xffU);
    return made + bytes;
}

std::string nameExtension(const std::string& name)
{
    return std::string(2, '\0') + sized(2, sized(2, '\0' + sized(2, name)));
}

/// A ClientHello with these extensions, without its record.
std::string hello(const std::string& extensions)
{
    const std::string body = "\3\3" + std::string(32, 'r') + sized(1, "session") + sized(2, "\x13\x01") +
                             sized(1, std::string(1, '\0')) + sized(2, extensions);
    return '\1' + sized(3, body);
}

std::string records(const std::string& message, std::size_t size = 16000)
{
    std::string made;
    for (std::size_t at = 0; at < message.size(); at += size) made += "\x16\3\1" + sized(2, message.substr(at, size));
    return made;
}

/// "named NAME", "unnamed", "other" or "more".
std::string told(const std::string& bytes, bool isAll = false)
{
    const SpokenName found = spokenName(bytes, isAll);
    switch (found.state) {
        case State::more: return "more";
        case State::other: return "other";
        case State::named: return "named " + found.name;
        case State::unnamed: break;
    }
    EXPECT_NE(std::string(found.problem), "");
    return "unnamed";
}

const std::string kOther = std::string("\0\x17", 2) + sized(2, "");

TEST(SpokenName, OfTls)
{
    const std::string message = hello(kOther + nameExtension("WWW.Example.org") + kOther);
    EXPECT_EQ(told(records(message)), "named www.example.org");
    for (const std::size_t size : {1U, 2U, 3U, 7U, 50U})
        EXPECT_EQ(told(records(message, size)), "named www.example.org");
    const std::string whole = records(message, 30);
    for (std::size_t length = 0; length < whole.size(); ++length)
        EXPECT_EQ(told(whole.substr(0, length)), "more") << length;
    EXPECT_EQ(told(whole + "what follows"), "named www.example.org");
    EXPECT_EQ(told(whole.substr(0, 40), true), "unnamed") << "it ends too early";
}

TEST(SpokenName, TlsThatNamesNobody)
{
    EXPECT_EQ(told(records(hello(kOther))), "unnamed");
    EXPECT_EQ(told(records(hello(nameExtension("a.org") + nameExtension("b.org")))), "unnamed");
    EXPECT_EQ(told(records(hello(nameExtension("10.0.0.1")))), "unnamed");
    EXPECT_EQ(told(records(hello(nameExtension(std::string("a.org\0.b.org", 12))))), "unnamed")
        << "C and others would differ";
    EXPECT_EQ(told(records(hello(std::string(2, '\0') + sized(2, sized(2, '\1' + sized(2, "a.org")))))), "unnamed");
    const std::string two = '\0' + sized(2, "a.org") + '\0' + sized(2, "b.org");
    EXPECT_EQ(told(records(hello(std::string(2, '\0') + sized(2, sized(2, two))))), "unnamed");
    EXPECT_EQ(told("\x15\3\1" + sized(2, "\1\0") + records(hello(nameExtension("a.org")))), "unnamed");
    EXPECT_EQ(told("\x16\3\1" + sized(2, "")), "unnamed");
    EXPECT_EQ(told(records("\2" + sized(3, "server hello"))), "unnamed");
    EXPECT_EQ(told(std::string("\x80\x2e\x01\x03\x01", 5)), "unnamed") << "the hello of SSL 2";
    EXPECT_EQ(told(records("\1" + sized(3, std::string(1U << 16U, 'x')).substr(0, 3) + std::string(40'000, 'x'))),
              "unnamed");
}

TEST(SpokenName, OfHttp)
{
    const auto get = [](const std::string& headers) { return "GET / HTTP/1.1\r\n" + headers + "\r\n\r\n"; };
    EXPECT_EQ(told(get("Accept: */*\r\nhOST:  WWW.Example.org:80 ")), "named www.example.org");
    EXPECT_EQ(told("GET / HTTP/1.1\nHost: a.org\n\n"), "named a.org");
    EXPECT_EQ(told("\r\n" + get("Host: a.org.")), "named a.org");
    EXPECT_EQ(told("GET http://A.org:80/path HTTP/1.1\r\nHost: a.org\r\n\r\n"), "named a.org");
    EXPECT_EQ(told("GET /a?u=http://b.org/ HTTP/1.1\r\nHost: a.org\r\n\r\n"), "named a.org");
    EXPECT_EQ(told("get / http/1.0\r\nHost: a.org\r\n\r\n"), "named a.org");
    const std::string whole = get("Host: a.org");
    for (std::size_t length = 0; length < whole.size(); ++length)
        EXPECT_EQ(told(whole.substr(0, length)), "more") << length;
    EXPECT_EQ(told("GET / HTTP/1.1\r\nHost: a.org", true), "named a.org") << "a server may take it";
}

TEST(SpokenName, HttpThatNamesNobodyOrTwo)
{
    const auto get = [](const std::string& headers) { return "GET / HTTP/1.1\r\n" + headers + "\r\n\r\n"; };
    for (const char* headers : {"Accept: */*", "Host: a.org\r\nHost: a.org", "Host : a.org", " Host: a.org",
                                "Host: a.org\r\n b.org", "Host: a.org, b.org", "Host: 10.0.0.1", "Host: [::1]:80",
                                "Host:", "X: y\rHost: b.org\r\nHost: a.org", "no colon\r\nHost: a.org"})
        EXPECT_EQ(told(get(headers)), "unnamed") << headers;
    EXPECT_EQ(told("GET http://b.org/ HTTP/1.1\r\nHost: a.org\r\n\r\n"), "unnamed");
    EXPECT_EQ(told("GET http://a.org@b.org/ HTTP/1.1\r\nHost: a.org\r\n\r\n"), "unnamed");
    EXPECT_EQ(told("GET /\r\n"), "unnamed") << "HTTP 0.9";
    EXPECT_EQ(told("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "unnamed");
    EXPECT_EQ(told("GET / HTTP/1.1\r\nA: " + std::string(40'000, 'a')), "unnamed");
}

TEST(SpokenName, OfOthers)
{
    for (const char* bytes : {"SSH-2.0-OpenSSH_9.2\r\n", "EHLO me\r\n", "USER bob\r\n", "*1\r\n$4\r\nPING\r\n",
                              "hello\n", "{\"a\": 1}\n", "\x10\x20MQTT", "OPTIONS sip:a SIP/2.0\r\n"})
        EXPECT_EQ(told(bytes), "other") << bytes;
    EXPECT_EQ(told(std::string("\0\0\0\x08\x04\xd2\x16\x2f", 8)), "other");
    EXPECT_EQ(told(std::string(40, 'a')), "other");
    EXPECT_EQ(told("hello"), "more");
    EXPECT_EQ(told("hello", true), "other");
    EXPECT_EQ(told("", true), "other");
}

/// No bytes may lead astray, and what is told does not change when more comes.
TEST(SpokenName, AnyBytes)
{
    std::mt19937 random(20261122);  // NOLINT: the same each time
    const std::string seeds[] = {records(hello(kOther + nameExtension("www.example.org")), 60),
                                 "POST /a HTTP/1.1\r\nHost: www.example.org\r\nA: b\r\n\r\n"};
    for (int i = 0; i < 20'000; ++i) {
        std::string bytes = seeds[random() % 2];
        for (auto changes = random() % 4; changes > 0; --changes)
            bytes[random() % bytes.size()] = static_cast<char>(random());
        const std::size_t half = random() % (bytes.size() + 1);
        const std::string early = told(bytes.substr(0, half));
        EXPECT_TRUE(early == "more" || early == told(bytes)) << early << " after " << half;
        EXPECT_NE(told(bytes, true), "more");
    }
}

}  // namespace
}  // namespace belljar::linux_platform
