#include "core/platform/linux/display/x_requests.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace belljar::linux_platform {
namespace {

constexpr XOpcodes kWith{133, 130, 146, 131};
constexpr XOpcodes kWithout{133, 0, 0, 131};

/// What a program sends, in either order of bytes.
class Stream {
public:
    explicit Stream(bool swapped = false) : m_swapped(swapped)
    {
        m_bytes += swapped ? "B" : "l";  // this machine's own order is the little one
        m_bytes += '\0';
        half(11).half(0).half(3).half(16).half(0);
        m_bytes += std::string(4 + 16, 'k');
    }
    Stream& half(unsigned value)
    {
        return add(m_swapped ? __builtin_bswap16(static_cast<std::uint16_t>(value))
                             : static_cast<std::uint16_t>(value));
    }
    Stream& word(std::uint32_t value) { return add(m_swapped ? __builtin_bswap32(value) : value); }
    Stream& request(int opcode, int data, const std::string& body = {})
    {
        head(opcode, data).half(static_cast<unsigned>(1 + body.size() / 4));
        m_bytes += body;
        return *this;
    }
    Stream& bigRequest(int opcode, int data, const std::string& body)
    {
        head(opcode, data).half(0).word(static_cast<std::uint32_t>(2 + body.size() / 4));
        m_bytes += body;
        return *this;
    }
    Stream& query(const std::string& name)
    {
        const std::size_t padding = (4 - name.size() % 4) % 4;
        head(98, 0)
            .half(static_cast<unsigned>(2 + (name.size() + padding) / 4))
            .half(static_cast<unsigned>(name.size()));
        m_bytes += std::string(2, '\0') + name + std::string(padding, '\0');
        return *this;
    }
    Stream& sendEvent(std::uint32_t window, int event)
    {
        head(25, 0).half(11).word(window).word(0);
        m_bytes += static_cast<char>(event);
        m_bytes += std::string(31, '\0');
        return *this;
    }
    Stream& head(int opcode, int data)
    {
        m_bytes += static_cast<char>(opcode);
        m_bytes += static_cast<char>(data);
        return *this;
    }
    [[nodiscard]] const std::string& bytes() const { return m_bytes; }

private:
    template <class T>
    Stream& add(T value)
    {
        m_bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
        return *this;
    }
    const bool m_swapped;
    std::string m_bytes;
};

struct Seen {
    std::vector<std::string> ways;  ///< With "!" before what was refused.
    bool isX = true;
};

Seen seenIn(const std::string& bytes, const XOpcodes& opcodes, std::size_t piece, const std::string& answer = {})
{
    Seen seen;
    XRequestReader reader(opcodes, [&](const XAttempt& attempt) {
        seen.ways.push_back((attempt.refused ? "!" : "") + std::string(attempt.way));
    });
    for (std::size_t at = 0; at < answer.size(); at += piece) reader.readAnswer(answer.substr(at, piece));
    for (std::size_t at = 0; at < bytes.size() && seen.isX; at += piece)
        seen.isX = reader.read(std::string_view(bytes).substr(at, piece));
    return seen;
}

std::string fakeInput(int event)
{
    return static_cast<char>(event) + std::string(31, '\0');
}

using Ways = std::vector<std::string>;

TEST(XRequests, AttemptsAreSeenHoweverTheBytesArrive)
{
    for (const bool swapped : {false, true}) {
        Stream stream(swapped);
        stream.query("BIG-REQUESTS").query("XTEST").query("RECORD").query("XTESTS").request(133, 0);
        stream.bigRequest(72, 2, std::string(400000, 'p')).request(43, 0).sendEvent(0x200001, 2).sendEvent(1, 0x84);
        stream.sendEvent(0x200001, 6).sendEvent(0x200001, 33).request(41, 0, std::string(20, '\0'));
        stream.request(131, 31, std::string(12, '\0')).request(131, 41, std::string(32, '\0')).request(131, 51);
        for (const std::size_t piece : {1UL, 7UL, 4096UL, 1UL << 20U}) {
            const Seen seen = seenIn(stream.bytes(), kWithout, piece);
            EXPECT_TRUE(seen.isX);
            EXPECT_EQ(seen.ways, (Ways{"!XTEST", "!RECORD", "SendEvent key", "SendEvent button", "SendEvent motion",
                                       "WarpPointer", "SendExtensionEvent", "WarpPointer"}));
        }
    }
}

TEST(XRequests, WhatTheServerDoesIsAllowed)
{
    Stream stream;
    stream.query("XTEST").query("RECORD").request(130, 0, std::string(4, '\0')).request(130, 2, fakeInput(2));
    stream.request(130, 2, fakeInput(5)).request(130, 2, fakeInput(6)).request(130, 2, fakeInput(70));
    stream.request(146, 1).request(146, 5, std::string(4, '\0')).request(133, 0).bigRequest(130, 2, fakeInput(3));
    EXPECT_EQ(seenIn(stream.bytes(), kWith, 3).ways,
              (Ways{"XTEST key", "XTEST button", "XTEST motion", "XTEST device", "RECORD", "XTEST key"}));
    // The same numbers mean nothing where the server has no such extension.
    EXPECT_EQ(seenIn(stream.bytes(), kWithout, 3).ways, (Ways{"!XTEST", "!RECORD"}));
}

TEST(XRequests, AProgramMaySayAnythingToItsOwnWindows)
{
    Stream answer;
    const std::string setup = std::string("\1\0", 2) + std::string(10, '\0') +
                              Stream().word(0x400000).bytes().substr(32) + Stream().word(0x1fffff).bytes().substr(32) +
                              std::string(100, '\0');
    Stream stream;
    stream.sendEvent(0x400001, 2).sendEvent(0x5fffff, 4).sendEvent(0x600000, 2).sendEvent(0, 2);
    for (const std::size_t piece : {1UL, 4096UL})
        EXPECT_EQ(seenIn(stream.bytes(), kWith, piece, setup).ways, (Ways{"SendEvent key", "SendEvent key"}));
    // A refusal gives no numbers.
    EXPECT_EQ(seenIn(stream.bytes(), kWith, 5, std::string(120, '\0')).ways.size(), 4U);
}

TEST(XRequests, WhatCouldBeReadInTwoWaysEndsIt)
{
    EXPECT_FALSE(seenIn("GET / HTTP/1.1\r\n", kWith, 4).isX);
    // A length of nothing, before and after longer ones were agreed upon, and ones that are shorter than themselves.
    EXPECT_FALSE(seenIn(Stream().head(43, 0).half(0).bytes(), kWith, 4).isX);
    for (const std::uint32_t length : {0U, 1U})
        EXPECT_FALSE(seenIn(Stream().request(133, 0).head(43, 0).half(0).word(length).bytes(), kWith, 4).isX);
    EXPECT_TRUE(seenIn(Stream().request(133, 0).head(43, 0).half(0).word(2).bytes(), kWith, 4).isX);
    // Longer ones are not agreed upon by what a server refuses.
    EXPECT_FALSE(seenIn(Stream().request(133, 0, "more").head(43, 0).half(0).word(2).bytes(), kWith, 4).isX);
    EXPECT_FALSE(seenIn(Stream().request(133, 1).head(43, 0).half(0).word(2).bytes(), kWith, 4).isX);
}

TEST(XRequests, AnyBytesAreReadTheSameInAnyPieces)
{
    std::mt19937 random(5);  // NOLINT: the same each time
    for (int round = 0; round < 300; ++round) {
        Stream stream(round % 2 == 0);
        std::string bytes = stream.request(133, 0).bytes();
        for (int i = 0; i < 400; ++i) {
            // Small lengths, so that there are many requests, and opcodes of interest.
            constexpr int kOpcodes[] = {25, 41, 98, 130, 131, 146, 133, 0};
            bytes += static_cast<char>(random() % 3 != 0 ? kOpcodes[random() % 8] : random());
            bytes += static_cast<char>(random() % 64);
            bytes += static_cast<char>(random() % 14);
            bytes += static_cast<char>(random() % 50 == 0 ? 1 : 0);
            for (unsigned long n = random() % 12 * 4; n > 0; --n) bytes += static_cast<char>(random());
        }
        const Seen whole = seenIn(bytes, kWith, bytes.size());
        const Seen pieces = seenIn(bytes, kWith, 1 + random() % 9);
        EXPECT_EQ(whole.isX, pieces.isX);
        EXPECT_EQ(whole.ways, pieces.ways);
    }
}

}  // namespace
}  // namespace belljar::linux_platform
