#include "core/base/visible.h"

#include <gtest/gtest.h>

namespace belljar {
namespace {

TEST(Visible, LeavesPlainTextAlone)
{
    EXPECT_EQ(visible("/home/u/Füße 日本.txt"), "/home/u/Füße 日本.txt");
    EXPECT_TRUE(isPlainlyVisible("/home/u/Füße"));
}

TEST(Visible, EscapesWhatCouldStyleOrReorder)
{
    EXPECT_EQ(visible("a\x1b[31mb"), "a\\x1b[31mb");
    EXPECT_EQ(visible("a\nb\tc\r"), "a\\nb\\tc\\r");
    EXPECT_EQ(visible(std::string_view("a\0b", 3)), "a\\x00b");
    EXPECT_EQ(visible("x\u202etxt.exe"), "x\\u{202e}txt.exe");
    EXPECT_EQ(visible("zero\u200bwidth\ufeff"), "zero\\u{200b}width\\u{feff}");
    EXPECT_EQ(visible("\xc2\x9b"
                      "31m"),
              "\\u{9b}31m");
    EXPECT_EQ(visible("\U000e0041"), "\\u{e0041}");
}

TEST(Visible, EscapesBytesThatAreNotUtf8)
{
    EXPECT_EQ(visible("\xff\xfe"), "\\xff\\xfe");
    EXPECT_EQ(visible("\xc0\xaf"), "\\xc0\\xaf");           // overlong '/'
    EXPECT_EQ(visible("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // surrogate
    EXPECT_EQ(visible("\xe2\x82"), "\\xe2\\x82");           // cut off
}

TEST(Visible, IsUnambiguous)
{
    EXPECT_EQ(visible("\\x1b"), "\\\\x1b");
    EXPECT_FALSE(isPlainlyVisible("\\"));
}

TEST(VisibleElided, KeepsBothEndsOnCharacterBorders)
{
    const std::string text = visibleElided(std::string(100, 'a') + "日本語日本語日本語日本語", 40);
    EXPECT_LE(text.size(), 40U);
    EXPECT_NE(text.find("…"), std::string::npos);
    EXPECT_TRUE(isPlainlyVisible(text));
}

TEST(JsonQuote, IsSafeForAnyBytes)
{
    EXPECT_EQ(jsonQuote("a\"b\\c\n\x01"), "\"a\\\"b\\\\c\\n\\u0001\"");
    EXPECT_EQ(jsonQuote("\xff"), "\"\xef\xbf\xbd\"");
}

TEST(ShellQuote, QuotesOnlyWhereNeeded)
{
    EXPECT_EQ(shellQuote("plain-1.2/x"), "plain-1.2/x");
    EXPECT_EQ(shellQuote(""), "''");
    EXPECT_EQ(shellQuote("it's $HOME"), "'it'\\''s $HOME'");
}

}  // namespace
}  // namespace belljar
