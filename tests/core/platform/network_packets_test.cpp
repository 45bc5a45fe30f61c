// Packets that the relay reads and makes: hostile bytes are no packet, and what it makes is what a kernel takes.
#include <gtest/gtest.h>

#include <cerrno>
#include <random>
#include <string>
#include <vector>

#include "core/platform/linux/network/connection_queue.h"
#include "core/platform/linux/network/packets.h"

namespace belljar::linux_platform {
namespace {

NetworkEndpoint four(std::uint8_t last, std::uint16_t port)
{
    NetworkEndpoint made;
    made.address = {192, 0, 2, last};
    made.port = port;
    return made;
}

NetworkEndpoint six(std::uint8_t last, std::uint16_t port)
{
    NetworkEndpoint made;
    made.isIpv6 = true;
    made.address = {0x20, 0x01, 0x0d, 0xb8};
    made.address[15] = last;
    made.port = port;
    return made;
}

/// What RFC 1071 sums up, from `from` on; a whole packet with a right checksum gives 0xffff.
std::uint32_t sumFrom(const std::string& bytes, std::size_t from, std::uint32_t sum = 0)
{
    for (std::size_t i = from; i < bytes.size(); ++i)
        sum += static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes[i])) << ((i - from) % 2 == 0 ? 8U : 0U);
    while (sum >> 16U != 0) sum = (sum & 0xffffU) + (sum >> 16U);
    return sum;
}

/// Of the addresses, which stand at 8 - 40 of an IPv6 header.
std::uint32_t pseudoSum(const std::string& packet, std::uint32_t protocol)
{
    return sumFrom(packet.substr(8, 32), 0) + static_cast<std::uint32_t>(packet.size() - 40) + protocol;
}

std::vector<std::uint8_t> tcp4(unsigned options)
{
    std::vector<std::uint8_t> packet(20 + options + 20);
    packet[0] = static_cast<std::uint8_t>(0x40U | (5 + options / 4));
    packet[9] = 6;
    const std::uint8_t ends[] = {100, 64, 0, 2, 198, 51, 100, 10};
    std::copy(std::begin(ends), std::end(ends), packet.begin() + 12);
    const std::uint8_t ports[] = {0xa0, 0x01, 0x01, 0xbb};
    std::copy(std::begin(ports), std::end(ports), packet.begin() + 20 + options);
    return packet;
}

TEST(NetworkPackets, EndsOfAFirstPacketAreReadBehindOptionsToo)
{
    for (const unsigned options : {0U, 4U, 40U}) {
        const std::vector<std::uint8_t> packet = tcp4(options);
        const auto ends = tcpEnds(packet.data(), packet.size());
        ASSERT_TRUE(ends) << options;
        EXPECT_EQ(ends->from.port, 0xa001);
        EXPECT_EQ(ends->to.port, 443);
        EXPECT_EQ(ends->to.address[0], 198);
        EXPECT_EQ(ends->to.address[3], 10);
        EXPECT_FALSE(ends->to.isIpv6);
    }
}

TEST(NetworkPackets, OtherProtocolsAndCutPacketsAreNone)
{
    std::vector<std::uint8_t> packet = tcp4(0);
    for (std::size_t length = 0; length < 24; ++length) EXPECT_FALSE(tcpEnds(packet.data(), length)) << length;
    packet[9] = 17;
    EXPECT_FALSE(tcpEnds(packet.data(), packet.size()));
    packet[9] = 6;
    packet[0] = 0x44;  // a header shorter than a header
    EXPECT_FALSE(tcpEnds(packet.data(), packet.size()));
    packet[0] = 0x4f;  // and one longer than the packet
    EXPECT_FALSE(tcpEnds(packet.data(), 40));
}

TEST(NetworkPackets, AnyBytesAreReadWithinTheirLength)
{
    std::mt19937 random(7);
    for (int round = 0; round < 20'000; ++round) {
        // Exactly as long as said, so that a checked build sees each byte too many.
        std::vector<std::uint8_t> bytes(random() % 80);
        for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
        if (!bytes.empty())
            bytes[0] = static_cast<std::uint8_t>((random() % 2 == 0 ? 0x40U : 0x60U) | (bytes[0] & 0xfU));
        const auto ends = tcpEnds(bytes.data(), bytes.size());
        EXPECT_TRUE(!ends || bytes.size() >= (ends->to.isIpv6 ? 44U : 24U));
    }
}

TEST(NetworkPackets, ADatagramHasItsLengthsPortsAndChecksum)
{
    for (const std::size_t length : {0U, 1U, 5U, 1400U, 65'000U}) {
        const std::string payload(length, 'y');
        const std::string packet4 = udpPacket(four(1, 53), four(2, 40'000), payload.data(), length);
        ASSERT_EQ(packet4.size(), 28 + length);
        EXPECT_EQ(static_cast<std::uint8_t>(packet4[9]), 17);
        EXPECT_EQ(static_cast<std::uint8_t>(packet4[21]), 53);
        EXPECT_EQ(packet4.substr(28), payload);
        const std::string packet6 = udpPacket(six(1, 53), six(2, 40'000), payload.data(), length);
        ASSERT_EQ(packet6.size(), 48 + length);
        EXPECT_EQ(sumFrom(packet6, 40, pseudoSum(packet6, 17)), 0xffffU) << length;
    }
}

TEST(NetworkPackets, ARefusalNamesTheDatagramAndAddsUp)
{
    const std::string refusal4 = unreachablePacket(four(2, 40'000), four(1, 53), Unreachable::port);
    ASSERT_EQ(refusal4.size(), 20U + 8 + 28);
    EXPECT_EQ(refusal4[20], 3);
    EXPECT_EQ(refusal4[21], 3);
    EXPECT_EQ(sumFrom(refusal4, 20), 0xffffU);
    // The refused datagram went the other way.
    EXPECT_EQ(refusal4.substr(12, 4), refusal4.substr(28 + 16, 4));
    const std::string refusal6 = unreachablePacket(six(2, 40'000), six(1, 53), Unreachable::network);
    ASSERT_EQ(refusal6.size(), 40U + 8 + 48);
    EXPECT_EQ(refusal6[40], 1);
    EXPECT_EQ(refusal6[41], 0);
    EXPECT_EQ(sumFrom(refusal6, 40, pseudoSum(refusal6, 58)), 0xffffU);
}

TEST(NetworkPackets, ARefusedDatagramIsKnownAgain)
{
    for (const bool isIpv6 : {false, true}) {
        const NetworkEndpoint sender = isIpv6 ? six(1, 40000) : four(1, 40000);
        const NetworkEndpoint peer = isIpv6 ? six(2, 53) : four(2, 53);
        const auto read = [](const std::string& packet, std::size_t length) {
            const std::vector<std::uint8_t> bytes(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(length));
            return datagramRefusal(bytes.data(), bytes.size());
        };
        const std::string packet = unreachablePacket(sender, peer, Unreachable::port);
        const auto refusal = read(packet, packet.size());
        ASSERT_TRUE(refusal);
        EXPECT_EQ(refusal->sender, sender);
        EXPECT_EQ(refusal->peer, peer);
        EXPECT_EQ(refusal->error, ECONNREFUSED);
        const std::string away = unreachablePacket(sender, peer, Unreachable::network);
        EXPECT_EQ(read(away, away.size())->error, EHOSTUNREACH);
        for (std::size_t length = 0; length < packet.size(); ++length) EXPECT_FALSE(read(packet, length)) << length;
        const std::string datagram = udpPacket(sender, peer, "x", 1);
        EXPECT_FALSE(read(datagram, datagram.size()));
    }
    std::mt19937 random(7);
    std::vector<std::uint8_t> noise(200);
    for (int i = 0; i < 20000; ++i) {
        for (std::uint8_t& byte : noise) byte = static_cast<std::uint8_t>(random());
        noise[0] = i % 2 == 0 ? 0x45 : 0x60;
        noise[i % 2 == 0 ? 9 : 6] = i % 2 == 0 ? 1 : 58;
        const std::size_t length = random() % noise.size();
        const std::vector<std::uint8_t> cut(noise.begin(), noise.begin() + static_cast<std::ptrdiff_t>(length));
        [[maybe_unused]] const auto refusal = datagramRefusal(cut.data(), cut.size());
    }
}

TEST(NetworkPackets, AnEchoComesBackAsItWent)
{
    for (const bool isIpv6 : {false, true}) {
        const NetworkEndpoint sender = isIpv6 ? six(1, 0) : four(1, 0);
        const NetworkEndpoint peer = isIpv6 ? six(2, 0) : four(2, 0);
        const EchoView echo{sender, peer, 4711, 258, "payload"};
        const std::string message = echoMessage(echo);
        EXPECT_EQ(message.size(), 8U + 7U);
        EXPECT_FALSE(echoAnswer(message, isIpv6)) << "a request is no answer";
        const std::string reply = echoReplyPacket({peer, sender, 4711, 258, "payload"});
        const std::size_t header = isIpv6 ? 40 : 20;
        const std::optional<EchoView> answer = echoAnswer(std::string_view(reply).substr(header), isIpv6);
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->sequence, 258);
        EXPECT_EQ(answer->payload, "payload");
        EXPECT_EQ(sumFrom(reply, header, isIpv6 ? pseudoSum(reply, 58) : 0), 0xffffU);
        // What the kernel queues: the same with a request in it.
        std::string packet = reply;
        packet[header] = static_cast<char>(isIpv6 ? 128 : 8);
        const auto read = [&](std::size_t length) {
            const std::vector<std::uint8_t> bytes(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(length));
            std::optional<EchoView> view = echoRequest(bytes.data(), bytes.size());
            if (view) {
                EXPECT_EQ(view->payload, "payload");
                view->payload = {};
            }
            return view;
        };
        const std::optional<EchoView> asked = read(packet.size());
        ASSERT_TRUE(asked);
        EXPECT_EQ(asked->from, peer);
        EXPECT_EQ(asked->to, sender);
        EXPECT_EQ(asked->identifier, 4711);
        EXPECT_EQ(asked->sequence, 258);
        for (std::size_t length = 0; length < packet.size(); ++length) EXPECT_FALSE(read(length)) << length;
        const std::vector<std::uint8_t> bytes(reply.begin(), reply.end());
        EXPECT_FALSE(echoRequest(bytes.data(), bytes.size())) << "an answer is no request";
        const std::string unreachable = unreachableEchoPacket(echo, Unreachable::host);
        EXPECT_EQ(sumFrom(unreachable, header, isIpv6 ? pseudoSum(unreachable, 58) : 0), 0xffffU);
    }
}

}  // namespace
}  // namespace belljar::linux_platform
