#include "core/platform/linux/network/dns_message.h"

#include <gtest/gtest.h>

#include <random>

#include "core/base/ip_network.h"
#include "core/platform/linux/network/name_servers.h"

namespace belljar::linux_platform {
namespace {

using std::chrono::seconds;

std::string number16(unsigned value)
{
    return {static_cast<char>(value >> 8U), static_cast<char>(value & 0xffU)};
}

std::string wire(std::string_view name)
{
    std::string made;
    while (!name.empty()) {
        const std::string_view label = name.substr(0, name.find('.'));
        made += static_cast<char>(label.size());
        made += label;
        name.remove_prefix(std::min(label.size() + 1, name.size()));
    }
    return made + '\0';
}

std::string question(std::string_view name, unsigned type, unsigned id = 7)
{
    return number16(id) + number16(0x100) + number16(1) + std::string(6, '\0') + wire(name) + number16(type) +
           number16(1);
}

std::string record(std::string_view name, unsigned type, unsigned lifetime, const std::string& data)
{
    return wire(name) + number16(type) + number16(1) + number16(0) + number16(lifetime) +
           number16(static_cast<unsigned>(data.size())) + data;
}

std::string reply(const std::string& asked, const std::vector<std::string>& records, unsigned flags = 0x8180)
{
    std::string made = asked.substr(0, 2) + number16(flags) + number16(1) +
                       number16(static_cast<unsigned>(records.size())) + std::string(4, '\0') + asked.substr(12);
    for (const std::string& one : records) made += one;
    return made;
}

std::string address(const NetworkEndpoint& endpoint)
{
    return ipNetworkText({endpoint.address, endpoint.isIpv6 ? 128U : 32U, endpoint.isIpv6});
}

const std::string kOne("\xc0\x00\x02\x01", 4);
const std::string kTwo("\xc0\x00\x02\x02", 4);

TEST(DnsMessage, QuestionsOfPrograms)
{
    const auto read = readQuestion(question("WWW.Example.org", dns_type::kA));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->name, "www.example.org");
    EXPECT_EQ(read->type, dns_type::kA);
    EXPECT_EQ(read->id, 7);
    EXPECT_EQ(read->room, 512U);
    EXPECT_FALSE(read->hasOptions);
    std::string extended = question("a.org", dns_type::kAaaa);
    extended[11] = 1;
    extended += std::string(1, '\0') + number16(dns_type::kOpt) + number16(1232) + std::string(6, '\0');
    ASSERT_TRUE(readQuestion(extended));
    EXPECT_EQ(readQuestion(extended)->room, 1232U);
    EXPECT_TRUE(readQuestion(extended)->hasOptions);
    // What is no letter of a name is shown, and is no host name.
    EXPECT_EQ(readQuestion(question("a b\x01.org", dns_type::kA))->name, "a\\032b\\001.org");
}

TEST(DnsMessage, WhatIsNoQuestion)
{
    const std::string right = question("www.example.org", dns_type::kA);
    for (std::size_t length = 0; length < right.size(); ++length)
        EXPECT_FALSE(readQuestion(right.substr(0, length))) << length;
    std::string wrong = right;
    wrong[2] = static_cast<char>(0x81);
    EXPECT_FALSE(readQuestion(wrong)) << "a reply";
    wrong = right;
    wrong[5] = 2;
    EXPECT_FALSE(readQuestion(wrong)) << "two questions";
    wrong = right;
    wrong.back() = 3;
    EXPECT_FALSE(readQuestion(wrong)) << "another class";
    EXPECT_FALSE(readQuestion(right + std::string(512, 'x'))) << "too long";
    // A name that points into itself, or anywhere else.
    for (const char* pointer : {"\xc0\x0c", "\xc0\x00"}) {
        const std::string pointing = right.substr(0, 12) + std::string(pointer, 2) + number16(1) + number16(1);
        EXPECT_FALSE(readQuestion(pointing));
    }
}

TEST(DnsMessage, RepliesOfNameServers)
{
    const std::string asked = question("www.example.org", dns_type::kA);
    const DnsQuestion read = readQuestion(asked).value();
    const std::string ours = questionMessage(read, 7);
    EXPECT_EQ(readQuestion(ours)->name, read.name);
    auto found = readReply(
        reply(asked, {record("www.example.org", 1, 60, kOne), record("www.example.org", 1, 30, kTwo)}), read, 7);
    ASSERT_TRUE(found);
    ASSERT_EQ(found->addresses.size(), 2U);
    EXPECT_EQ(address(found->addresses[1]), "192.0.2.2");
    EXPECT_EQ(found->lifetime, seconds(30)) << "the least";
    // Aliases count as far as they lead; what else comes along does not.
    found = readReply(reply(asked, {record("cdn.net", 1, 60, kTwo), record("www.example.org", 5, 20, wire("cdn.net")),
                                    record("other.org", 1, 60, kOne)}),
                      read, 7);
    ASSERT_EQ(found->addresses.size(), 1U);
    EXPECT_EQ(address(found->addresses[0]), "192.0.2.2");
    EXPECT_EQ(found->lifetime, seconds(20));
    found = readReply(reply(asked, {record("www.example.org", 5, 20, wire("b.org")),
                                    record("b.org", 5, 20, wire("www.example.org"))}),
                      read, 7);
    EXPECT_TRUE(found->isCircle);
    EXPECT_TRUE(found->addresses.empty());
    // Many, and one that is there twice.
    std::vector<std::string> many(3, record("www.example.org", 1, 60, kOne));
    for (int i = 0; i < 100; ++i)
        many.push_back(record("www.example.org", 1, 60, {'\x0a', 0, 0, static_cast<char>(i)}));
    EXPECT_EQ(readReply(reply(asked, many), read, 7)->addresses.size(), kMostAddresses);
    EXPECT_EQ(readReply(reply(asked, {}, 0x8183), read, 7)->code, DnsCode::noSuchName);
    EXPECT_TRUE(readReply(reply(asked, {}, 0x8380), read, 7)->isTruncated);
    // Nothing of somebody else's.
    EXPECT_FALSE(readReply(reply(asked, {}), read, 8));
    EXPECT_FALSE(readReply(asked, read, 7)) << "a question";
    EXPECT_FALSE(readReply(reply(question("www.example.com", 1), {}), read, 7));
    EXPECT_FALSE(readReply(reply(question("www.example.org", 28), {}), read, 7));
    EXPECT_TRUE(readReply(reply(asked, {record("www.example.org", 1, 60, "xyz")}), read, 7)->addresses.empty());
}

TEST(DnsMessage, WhatProgramsAreTold)
{
    const DnsQuestion asked = readQuestion(question("www.example.org", dns_type::kA)).value();
    std::vector<NetworkEndpoint> addresses(3);
    for (std::size_t i = 0; i < addresses.size(); ++i) addresses[i].address = {192, 0, 2, static_cast<std::uint8_t>(i)};
    const std::string told = replyMessage(asked, DnsCode::noError, addresses, seconds(77), 512);
    const auto back = readReply(told, asked, 7);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->addresses, addresses);
    EXPECT_EQ(back->lifetime, seconds(77));
    EXPECT_EQ(readReply(replyMessage(asked, DnsCode::refused, {}, seconds(0), 512), asked, 7)->code, DnsCode::refused);
    const auto cut = readReply(replyMessage(asked, DnsCode::noError, addresses, seconds(77), 60), asked, 7);
    ASSERT_TRUE(cut);
    EXPECT_TRUE(cut->isTruncated && cut->addresses.empty());
    const std::string whole = reply(question("www.example.org", 1, 99), {record("www.example.org", 16, 1, "x")});
    EXPECT_EQ(passedOn(asked, whole, 512).substr(0, 2), number16(7));
    EXPECT_TRUE(readReply(passedOn(asked, whole, 40), asked, 7)->isTruncated);
}

/// No bytes may lead astray; run under ASan now and then.
TEST(DnsMessage, AnyBytes)
{
    std::mt19937 random(20261122);  // NOLINT: the same each time
    const std::string asked = question("www.example.org", dns_type::kA);
    const DnsQuestion read = readQuestion(asked).value();
    const std::string right = reply(asked, {record("www.example.org", 5, 20, wire("cdn.net")),
                                            record("cdn.net", 1, 60, kOne), record("cdn.net", 1, 60, kTwo)});
    for (int i = 0; i < 50'000; ++i) {
        std::string message = right;
        for (auto changes = random() % 6; changes > 0; --changes)
            message[12 + random() % (message.size() - 12)] = static_cast<char>(random());
        message.resize(random() % (message.size() + 1));
        const auto back = readReply(message, read, 7);
        EXPECT_TRUE(!back || back->addresses.size() <= kMostAddresses);
        message = asked;
        for (auto changes = random() % 6; changes > 0; --changes)
            message[random() % message.size()] = static_cast<char>(random());
        const auto found = readQuestion(message);
        EXPECT_TRUE(!found || found->name.size() < 1100);
    }
}

TEST(NameServers, OfTheHost)
{
    const auto read = [](std::string_view text) {
        std::string all;
        for (const NetworkEndpoint& one : nameServersIn(text))
            all += address(one) + ":" + std::to_string(one.port) + " ";
        return all;
    };
    EXPECT_EQ(read("# nameserver 1.1.1.1\nnameserver 10.0.0.53\nsearch a\n nameserver\t2001:db8::53 \r\n"),
              "10.0.0.53:53 2001:db8::53:53 ");
    EXPECT_EQ(read("nameserver fe80::1%eth0\nnameserver x\nnameserver 10.0.0.0/8"), "127.0.0.1:53 ");
    EXPECT_EQ(read("nameserver 1.0.0.1\nnameserver 1.0.0.2\nnameserver 1.0.0.3\nnameserver 1.0.0.4"),
              "1.0.0.1:53 1.0.0.2:53 1.0.0.3:53 ");
    EXPECT_EQ(read(""), "127.0.0.1:53 ");
}

}  // namespace
}  // namespace belljar::linux_platform
