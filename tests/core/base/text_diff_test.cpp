// Line differences hold against what they claim; merging never loses a change.
#include "core/base/text_diff.h"

#include <gtest/gtest.h>

#include <random>

namespace belljar {
namespace {

/// The second text, made of the first and the changes.
std::string rebuilt(const std::string& before, const std::string& after)
{
    const std::vector<std::string_view> first = linesOf(before);
    const std::vector<std::string_view> second = linesOf(after);
    std::string text;
    std::size_t at = 0;
    for (const LineChange& change : lineChanges(first, second)) {
        for (; at < change.beforeBegin; ++at) text += first[at];
        for (std::size_t line = change.afterBegin; line < change.afterEnd; ++line) text += second[line];
        at = change.beforeEnd;
    }
    for (; at < first.size(); ++at) text += first[at];
    return text;
}

TEST(TextDiffTest, ChangesMakeTheSecondTextOfTheFirst)
{
    std::mt19937 random(6);
    const auto draw = [&] {
        std::string text;
        for (auto i = random() % 12; i > 0; --i) text += std::string(1, static_cast<char>('a' + random() % 4)) + "\n";
        if (random() % 3 == 0) text += "end without a line end";
        return text;
    };
    for (int round = 0; round < 2000; ++round) {
        const std::string before = draw();
        const std::string after = draw();
        ASSERT_EQ(rebuilt(before, after), after) << before << "---\n" << after;
    }
}

TEST(TextDiffTest, FindsTheFewestLines)
{
    const std::string before = "a\nb\nc\nd\n";
    const std::vector<LineChange> changes = lineChanges(linesOf(before), linesOf("a\nc\nx\nd\n"));
    ASSERT_EQ(changes.size(), 2U);
    EXPECT_EQ(changes[0].beforeBegin, 1U);
    EXPECT_EQ(changes[0].beforeEnd, 2U);
    EXPECT_EQ(changes[1].afterBegin, 2U);
    EXPECT_EQ(changes[1].afterEnd, 3U);
    EXPECT_TRUE(lineChanges(linesOf(before), linesOf(before)).empty());
}

TEST(TextDiffTest, VeryDifferentTextsAreOneChange)
{
    std::string before;
    std::string after;
    for (int i = 0; i < 6000; ++i) {
        before += "b" + std::to_string(i) + "\n";
        after += "a" + std::to_string(i) + "\n";
    }
    EXPECT_EQ(lineChanges(linesOf(before), linesOf(after)).size(), 1U);
}

TEST(TextDiffTest, ShowsLinesWithTheirNumbersAndContext)
{
    const std::vector<ShownDiffLine> lines = shownDiff("a\nb\nc\nd\n", "a\nb\nX\nd\n", 1);
    ASSERT_EQ(lines.size(), 4U);
    EXPECT_EQ(lines[0].text, "b");
    EXPECT_EQ(lines[1].kind, DiffLine::removed);
    EXPECT_EQ(lines[1].beforeLine, 3U);
    EXPECT_EQ(lines[2].kind, DiffLine::added);
    EXPECT_EQ(lines[2].text, "X");
    EXPECT_EQ(lines[3].afterLine, 4U);
}

TEST(TextDiffTest, MergesWhatIsApartAndNothingElse)
{
    const std::string base = "1\n2\n3\n4\n5\n";
    EXPECT_EQ(merged(base, "1\nm\n3\n4\n5\n", "1\n2\n3\n4\nt\n"), "1\nm\n3\n4\nt\n");
    EXPECT_EQ(merged(base, base, "0\n1\n2\n3\n4\n5\n"), "0\n1\n2\n3\n4\n5\n");
    EXPECT_EQ(merged(base, "2\n3\n4\n5\n", "1\n2\n3\n4\n5\n6\n"), "2\n3\n4\n5\n6\n");
    EXPECT_EQ(merged(base, "1\nm\n3\n4\n5\n", "1\nt\n3\n4\n5\n"), std::nullopt);
    EXPECT_EQ(merged(base, "1\nm\n3\n4\n5\n", "1\n2\nt\n4\n5\n"), std::nullopt);  // They touch.
    EXPECT_EQ(merged(base, "1\n2\nm\n3\n4\n5\n", "1\n2\nt\n3\n4\n5\n"), std::nullopt);
}

}  // namespace
}  // namespace belljar
