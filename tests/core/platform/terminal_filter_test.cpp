// What reaches a terminal of a program's bytes: what draws passes as it is, what gives orders does not, however it is
// written, split or hidden in something else.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "core/platform/posix/terminal_filter.h"
#include "tests/core/platform/terminal_grammar.h"

namespace belljar {
namespace {

using namespace std::string_literals;

constexpr ClipboardRights kNothing{false, false};

std::string passed(const std::string& bytes, ClipboardRights rights = kNothing, bool utf8 = true)
{
    TerminalFilter filter(utf8);
    return filter.pass(bytes, rights);
}

/// Byte by byte, and in two parts, cut everywhere.
void expectSplitsAlike(const std::string& bytes)
{
    const std::string whole = passed(bytes);
    TerminalFilter single(true);
    std::string text;
    for (const char byte : bytes) text += single.pass(std::string_view(&byte, 1), kNothing);
    EXPECT_EQ(text, whole);
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        TerminalFilter halves(true);
        const std::string first = halves.pass(bytes.substr(0, cut), kNothing);
        EXPECT_TRUE(isHarmlessToTerminals(first)) << "an unfinished sequence reaches the terminal at " << cut;
        EXPECT_EQ(first + halves.pass(bytes.substr(cut), kNothing), whole) << "cut at " << cut;
    }
}

TEST(TerminalFilter, WhatDrawsPassesUnchanged)
{
    const std::vector<std::string> drawing{
        "plain text\r\n\ttab\b\a",
        "\x1b[1;31mred\x1b[0m \x1b[38;2;1;2;3mx\x1b[38:5:200my\x1b[m",
        "\x1b[H\x1b[2J\x1b[10;20Hx\x1b[3A\x1b[K\x1b[5X\x1b[2L\x1b[1M\x1b[4@\x1b[3P\x1b[20d\x1b[7G",
        "\x1b[?1049h\x1b[?25l\x1b[?2004h\x1b[?1002;1006h",
        "\x1b(0lqk\x1b(B\x0e\x0f\x1b)0",
        "\x1b\x37\x1b\x38\x1b=\x1b>\x1bM\x1b"
        "D\x1b"
        "E\x1bH",
        "\x1b[3;20r\x1b[2S\x1b[1T\x1b[4h\x1b[4l\x1b[2 q\x1b[!p",
        "\x1b[6n\x1b[c\x1b[>c\x1b[>0c\x1b[5n\x1b[?6n",
        "Gr\xC3\xBC\xC3\x9F"
        "e \xE2\x82\xAC \xF0\x9F\x94\x94 \xE2\x80\x9Cquoted\xE2\x80\x9D",
        "\x1b#8",
    };
    for (const std::string& bytes : drawing) {
        EXPECT_EQ(passed(bytes), bytes);
        expectSplitsAlike(bytes);
    }
}

struct Bypass {
    const char* name;
    std::string bytes;
    std::string expected = "ab";
};

const std::vector<Bypass>& bypasses()
{
    static const std::vector<Bypass> list{
        {"clipboard", "a\x1b]52;c;c2VjcmV0\ab"},
        {"clipboard, ended by ST", "a\x1b]52;c;c2VjcmV0\x1b\\b"},
        {"clipboard, asked", "a\x1b]52;c;?\ab"},
        {"clipboard, number with zeros", "a\x1b]0052;c;c2VjcmV0\ab"},
        {"clipboard, all selections", "a\x1b]52;cpqs01234567;c2VjcmV0\ab"},
        {"clipboard, C1 in UTF-8",
         "a\xC2\x9D"
         "52;c;c2VjcmV0\xC2\x9C"
         "b"},
        {"clipboard through tmux", "a\x1bPtmux;\x1b\x1b]52;c;c2VjcmV0\a\x1b\\b", "ab"},
        {"clipboard through screen", "a\x1bP\x1b]52;c;c2VjcmV0\a\x1b\\b", "ab"},
        {"clipboard of kitty", "a\x1b]5522;type=write\x1b\\b"},
        {"clipboard and files of iTerm", "a\x1b]1337;Copy=:c2VjcmV0\ab"},
        {"control inside the introducer", "a\x1b\x0b]52;c;c2VjcmV0\ab",
         "a\x0b"
         "b"},
        {"cancelled, then begun again", "a\x1b]52;c;\x18\x1b]52;c;c2VjcmV0\ab"},
        {"begun inside another string", "a\x1b_x\x1b]52;c;c2VjcmV0\ab"},
        {"begun inside a control sequence", "a\x1b[3\x1b]52;c;c2VjcmV0\ab"},
        {"title", "a\x1b]0;owned\ab"},
        {"title and icon", "a\x1b]1;x\a\x1b]2;y\ab"},
        {"title of screen", "a\x1bkowned\x1b\\b"},
        {"title told", "a\x1b[21tb"},
        {"title kept", "a\x1b[22;0;0t\x1b[23;0;0tb"},
        {"window moved and sized", "a\x1b[3;0;0t\x1b[8;1;1tb"},
        {"link", "a\x1b]8;;http://evil\x1b\\\x1b]8;;\x1b\\b"},
        {"notice", "a\x1b]9;x\a\x1b]777;notify;x;y\ab"},
        {"working folder", "a\x1b]7;file:///etc\ab"},
        {"prompt marks", "a\x1b]133;A\ab"},
        {"colours asked", "a\x1b]11;?\a\x1b]4;1;?\ab"},
        {"settings asked (DECRQSS)", "a\x1bP$qm\x1b\\b"},
        {"capabilities asked (XTGETTCAP)", "a\x1bP+q436f\x1b\\b"},
        {"keys defined (DECUDK)", "a\x1bP0;1|17/6c730d\x1b\\b"},
        {"font loaded", "a\x1bP1;1;1{ @x\x1b\\b"},
        {"answerback",
         "a\x05"
         "b"},
        {"checksum of the screen", "a\x1b[1;1;1;1;1;1*yb"},
        {"rectangle copied", "a\x1b[1;1;2;2;1;3;3;1$vb"},
        {"parameters asked", "a\x1b[x\x1b[1xb"},
        {"device asked (DECID, DA3)", "a\x1bZ\x1b[=cb"},
        {"mode asked (DECRQM)", "a\x1b[?2004$p\x1b[4$pb"},
        {"version asked", "a\x1b[>qb"},
        {"print", "a\x1b[5i\x1b[?5i\x1b[ib"},
        {"keyboard locked", "a\x1b[2hb"},
        {"columns changed", "a\x1b[?3h\x1b[?40hb"},
        {"keys told otherwise", "a\x1b[>4;2m\x1b[>1u\x1b[=1ub"},
        {"history erased",
         "a\x1b[3J\x1b"
         "cb"},
        {"eight-bit controls", "a\x1b G\x1b[62;0\"pb"},
        {"character set of the whole terminal", "a\x1b%@\x1b%Gb"},
        {"mouse that holds the terminal", "a\x1b[?1001h\x1b[1;2;3;4;5Tb"},
        {"absurd number", "a\x1b[999999999bb"},
        {"self test", "a\x1b[2;1yb"},
        {"stopped output",
         "a\x13\x11"
         "b"},
        {"delete and zero", "a\x7f\0b"s},
        {"application command", "a\x1b_Gf=24;AAAA\x1b\\b"},
        {"privacy and start of string", "a\x1b^x\x1b\\\x1bXy\x1b\\b"},
        {"some modes of many", "a\x1b[?3;25;1001lb", "a\x1b[?25lb"},
        {"unfinished at the end", "ab\x1b]52;c;c2VjcmV0"},
        {"raw eight-bit introducer",
         "a\x9d"
         "52;c;c2VjcmV0\x9c"
         "b",
         "a\xEF\xBF\xBD"
         "52;c;c2VjcmV0\xEF\xBF\xBD"
         "b"},
        {"overlong escape",
         "a\xC0\x9B"
         "b",
         "a\xEF\xBF\xBD\xEF\xBF\xBD"
         "b"},
        {"surrogate",
         "a\xED\xA0\x80"
         "b",
         "a\xEF\xBF\xBD\xEF\xBF\xBD"
         "b"},
        {"character cut by an escape", "a\xE2\x82\x1b]2;x\ab",
         "a\xEF\xBF\xBD"
         "b"},
    };
    return list;
}

TEST(TerminalFilter, OrdersDoNotPass)
{
    for (const Bypass& bypass : bypasses()) {
        SCOPED_TRACE(bypass.name);
        EXPECT_EQ(passed(bypass.bytes), bypass.expected);
        expectSplitsAlike(bypass.bytes);
    }
}

TEST(TerminalFilter, ATerminalOfEightBitsGetsNoneOfItsControls)
{
    EXPECT_EQ(passed("a\x9d"
                     "52;c;x\x9c"
                     "b",
                     kNothing, false),
              "a?52;c;x?b");
    // The last byte of a quotation mark in UTF-8 would begin a command there.
    EXPECT_EQ(passed("\xE2\x80\x9D"
                     "52;c;x",
                     kNothing, false),
              "\xE2??52;c;x");
    EXPECT_EQ(passed("\xE4", kNothing, false), "\xE4");
}

TEST(TerminalFilter, TheClipboardFollowsItsRights)
{
    const std::string write = "\x1b]52;c;c2VjcmV0\a";
    const std::string ask = "\x1b]52;p;?\a";
    EXPECT_EQ(passed(write, {false, true}), "\x1b]52;c;c2VjcmV0\x1b\\");
    EXPECT_EQ(passed(ask, {false, true}), "");
    EXPECT_EQ(passed(ask, {true, false}), "\x1b]52;p;?\x1b\\");
    EXPECT_EQ(passed(write, {true, false}), "");
    for (const char* wrong : {"\x1b]52;c;not base64!\a", "\x1b]52;c\a", "\x1b]52;zz;QQ==\a", "\x1b]52;c;QQ==;QQ==\a"})
        EXPECT_EQ(passed(wrong, {true, true}), "") << wrong;
    EXPECT_EQ(passed("\x1b]52;c;" + std::string(std::size_t{2} << 20U, 'A') + "\a", {true, true}), "");
}

TEST(TerminalFilter, EachAttemptIsTold)
{
    TerminalFilter filter(true);
    EXPECT_EQ(filter.pass("\x1b]52;c;c2VjcmV0\a\x1b]52;p;?\ax\x1b]2;title\a", {false, true}),
              "\x1b]52;c;c2VjcmV0\x1b\\x");
    const auto attempts = filter.takeAttempts();
    ASSERT_EQ(attempts.size(), 2U);
    EXPECT_TRUE(attempts[0].isWrite && attempts[0].allowed && !attempts[0].primary);
    EXPECT_EQ(attempts[0].bytes, 6U);
    EXPECT_TRUE(!attempts[1].isWrite && !attempts[1].allowed && attempts[1].primary);
    EXPECT_TRUE(filter.takeAttempts().empty());
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(filter.pass("\x1b]52;c;?\a", kNothing), "");
    EXPECT_EQ(filter.takeAttempts().size(), TerminalFilter::kMostAttempts);
}

TEST(TerminalFilter, WhatWasSwitchedOnIsSwitchedOff)
{
    TerminalFilter untouched(true);
    EXPECT_EQ(untouched.pass("text", kNothing), "text");
    EXPECT_EQ(untouched.close(), "");
    TerminalFilter filter(true);
    static_cast<void>(filter.pass("\x1b[?1049h\x1b[?1000h\x1b[?25l\x1b[31m\x1b[2;5r\x1b[?2004h\x1b[?2004l", kNothing));
    EXPECT_FALSE(filter.hasAsked());
    const std::string end = filter.close();
    for (const char* needed : {"\x1b[?1049l", "\x1b[?1000l", "\x1b[?25h", "\x1b[m", "\x1b[r"})
        EXPECT_NE(end.find(needed), std::string::npos) << needed + 1;
    EXPECT_EQ(end.find("2004"), std::string::npos);
    EXPECT_TRUE(isHarmlessToTerminals(end));
    EXPECT_EQ(filter.close(), "");
    static_cast<void>(filter.pass("\x1b[6n", kNothing));
    EXPECT_TRUE(filter.hasAsked());
}

TEST(TerminalFilter, RandomBytesGiveOnlyWhatDraws)
{
    std::mt19937 random(1);
    const std::vector<Bypass>& corpus = bypasses();
    for (int round = 0; round < 3000; ++round) {
        std::string bytes;
        for (int part = 0; part < 4; ++part) {
            bytes += corpus[random() % corpus.size()].bytes;
            const std::size_t at = random() % bytes.size();
            if (random() % 2 == 0) bytes.erase(at, random() % 4);
            else bytes.insert(at, 1, static_cast<char>(random()));
        }
        TerminalFilter filter(true);
        const std::size_t cut = random() % (bytes.size() + 1);
        std::string out = filter.pass(bytes.substr(0, cut), kNothing);
        out += filter.pass(bytes.substr(cut), kNothing);
        ASSERT_EQ(out, passed(bytes));
        ASSERT_TRUE(isHarmlessToTerminals(out))
            << testing::PrintToString(bytes) << " gave " << testing::PrintToString(out);
    }
}

}  // namespace
}  // namespace belljar
