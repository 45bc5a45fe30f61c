// Recordings that are cut, damaged or made by somebody who means harm.

#include <algorithm>

#include "core/events/recording_checksum.h"
#include "core/events/recording_reader.h"
#include "tests/core/events/recording_fixture.h"

namespace belljar {
namespace {

using recording::FrameKind;
using recording::putNumber;

/// Where the frames of a good file begin, and its end.
std::vector<std::size_t> frameBorders(const std::string& bytes)
{
    std::vector<std::size_t> borders;
    std::size_t at = recording::kPrefixSize;
    while (at < bytes.size()) {
        borders.push_back(at);
        recording::ByteReader length(std::string_view(bytes).substr(at + 8));
        at += recording::kFrameHeaderSize + length.number<std::uint32_t>();
    }
    borders.push_back(at);
    return borders;
}

TEST_F(RecordingTest, EveryTruncationLeavesAReadablePrefix)
{
    const std::vector<Event> events = someEvents(12, 3, 20);
    writeRecording(path("whole"), events, 3);
    const std::string bytes = contentOf(path("whole"));
    const std::vector<std::size_t> borders = frameBorders(bytes);
    ASSERT_EQ(borders.back(), bytes.size());
    ASSERT_GT(borders.size(), 15U);
    std::size_t most = 0;
    for (std::size_t length = 0; length <= bytes.size(); ++length) {
        put(path("cut"), std::string_view(bytes).substr(0, length));
        const auto recording = readRecording(path("cut"));
        // Two frames, notice and header, must be there.
        ASSERT_EQ(recording.ok(), length >= borders[2]) << length;
        if (!recording.ok()) continue;
        expectPrefix(recording->events, events, "cut at " + std::to_string(length));
        ASSERT_GE(recording->events.size(), most) << "a longer file shows less";
        most = recording->events.size();
        // Either a frame ended exactly here, or the damage is named; the outcome is there only in the whole file.
        ASSERT_EQ(recording->outcome.has_value(), length == bytes.size());
        const bool atBorder = std::find(borders.begin(), borders.end(), length) != borders.end();
        ASSERT_EQ(recording->damage.empty(), atBorder) << length;
        if (!atBorder) { ASSERT_NE(recording->damage.find("cut off"), std::string::npos) << recording->damage; }
    }
    EXPECT_EQ(most, events.size());
}

TEST_F(RecordingTest, ByteFlipsNeverInventEvents)
{
    const std::vector<Event> events = someEvents(40, 5, 30);
    writeRecording(path("whole"), events, 7);
    const std::string bytes = contentOf(path("whole"));
    std::mt19937 random(6);
    int refused = 0;
    int shown = 0;
    for (int round = 0; round < 3000; ++round) {
        std::string broken = bytes;
        const std::size_t at = random() % broken.size();
        broken[at] = static_cast<char>(static_cast<unsigned char>(broken[at]) ^ (1U + random() % 255U));
        put(path("flipped"), broken);
        const auto recording = readRecording(path("flipped"));
        if (!recording.ok()) {
            ++refused;
            continue;
        }
        const std::string context = "flip at " + std::to_string(at);
        ASSERT_NE(recording->damage, "") << context;
        expectPrefix(recording->events, events, context);
        shown += static_cast<int>(recording->events.size());
        // Only the notice may be wrong without an effect on what follows.
        const bool inNotice = at < recording::kPrefixSize + recording::kFrameHeaderSize + recording::kNoticeSize;
        ASSERT_EQ(recording->outcome.has_value(), inNotice) << context;
        ASSERT_EQ(recording->events.size() == events.size() && recording->outcome, inNotice) << context;
    }
    EXPECT_GT(refused, 0);
    EXPECT_LT(refused, 1500);
    EXPECT_GT(shown, 3000);
}

std::string textsFrame(std::uint32_t first, const std::vector<std::string>& texts)
{
    std::string payload;
    putNumber(payload, first);
    putNumber(payload, static_cast<std::uint32_t>(texts.size()));
    for (const std::string& text : texts) putNumber(payload, static_cast<std::uint32_t>(text.size()));
    for (const std::string& text : texts) payload += text;
    return forgedFrame(FrameKind::texts, payload);
}

std::string processFrame(std::uint32_t first, std::uint32_t name)
{
    std::string payload;
    putNumber(payload, first);
    putNumber(payload, std::uint32_t{0});
    payload += std::string(20, '\0');
    putNumber(payload, name);
    return forgedFrame(FrameKind::processes, payload);
}

struct ForgedShape {
    std::uint32_t first = 0;
    std::uint8_t verdict = 0;
    std::uint8_t trust = 0;
    std::uint8_t origin = 0;
    std::uint8_t mechanism = 0;
    std::uint8_t absent = 0;
    std::uint8_t reserved = 0;
    std::uint32_t rule = 0;
};

std::string shapeFrame(const ForgedShape& shape)
{
    std::string payload;
    putNumber(payload, shape.first);
    putNumber(payload, std::uint32_t{0});
    putNumber(payload, std::uint16_t{10});
    for (const std::uint8_t byte :
         {shape.verdict, shape.trust, shape.origin, shape.mechanism, shape.absent, shape.reserved})
        putNumber(payload, byte);
    putNumber(payload, shape.rule);
    putNumber(payload, std::uint32_t{0});
    return forgedFrame(FrameKind::shapes, payload);
}

/// An event frame whose every event has the same numbers.
std::string eventsFrame(std::uint32_t count, std::uint32_t process, std::uint32_t object, std::uint32_t detail,
                        std::uint32_t shape, std::uint32_t saidCount = 0)
{
    std::string payload;
    putNumber(payload, saidCount == 0 ? count : saidCount);
    putNumber(payload, std::uint32_t{0});
    putNumber(payload, std::uint64_t{6});
    putNumber(payload, std::uint64_t{0});
    for (const std::uint32_t number : {std::uint32_t{0}, process, object, detail, shape})
        for (std::uint32_t i = 0; i < count; ++i) putNumber(payload, number);
    return forgedFrame(FrameKind::events, payload);
}

/// Five events, whose tables have one process, one shape and one text besides the empty one.
std::string smallFile(const std::string& file)
{
    std::vector<Event> events(5);
    for (std::size_t i = 0; i < events.size(); ++i) {
        events[i].sequence = i + 1;
        events[i].processName = "cat";
    }
    writeRecording(file, events, 5, false);
    return file;
}

TEST_F(RecordingTest, ForgedIndexesAndLengthsAreDamage)
{
    const std::string base = contentOf(smallFile(path("base")));
    constexpr std::uint32_t kHuge = 0xffffffffU;
    std::string longText;
    for (const std::uint32_t number : {2U, 1U, kHuge}) putNumber(longText, number);
    std::string manyTexts;
    for (const std::uint32_t number : {2U, kHuge}) putNumber(manyTexts, number);
    const std::vector<std::pair<std::string, std::string>> cases{
        {"object number", eventsFrame(1, 0, 2, 0, 0)},
        {"detail number", eventsFrame(1, 0, 0, kHuge, 0)},
        {"process number", eventsFrame(1, 1, 0, 0, 0)},
        {"shape number", eventsFrame(1, 0, 0, 0, 1)},
        {"no events", eventsFrame(0, 0, 0, 0, 0)},
        {"more events than there are", eventsFrame(2, 0, 0, 0, 0, 3)},
        {"very many events", eventsFrame(2, 0, 0, 0, 0, kHuge)},
        {"count that wraps around", eventsFrame(1, 0, 0, 0, 0, 0xcccccccdU)},
        {"events of 3 bytes", forgedFrame(FrameKind::events, "abc")},
        {"rule number", shapeFrame({1, 1, 0, 0, 0, 0, 0, 3})},
        {"verdict", shapeFrame({1, 3})},
        {"trust", shapeFrame({1, 0, 3})},
        {"absent", shapeFrame({1, 0, 0, 0, 0, 2})},
        {"reserved byte", shapeFrame({1, 0, 0, 0, 0, 0, 1})},
        {"shape gap", shapeFrame({2})},
        {"half a shape", forgedFrame(FrameKind::shapes, std::string("\1\0\0\0\0\0\0\0abc", 11))},
        {"process name", processFrame(1, 2)},
        {"process gap", processFrame(5, 0)},
        {"half a process", forgedFrame(FrameKind::processes, std::string("\1\0\0\0\0\0\0\0abc", 11))},
        {"text gap", textsFrame(9, {"x"})},
        {"text number again", textsFrame(1, {"x"})},
        {"text length", forgedFrame(FrameKind::texts, longText)},
        {"text count", forgedFrame(FrameKind::texts, manyTexts)},
        {"text beyond the limit", textsFrame(2, {std::string(recording::kLongestText + 1, 'x')})},
        {"text frame of 2 bytes", forgedFrame(FrameKind::texts, "ab")},
        {"bytes after the texts", forgedFrame(FrameKind::texts, std::string("\2\0\0\0\0\0\0\0abc", 11))},
        {"a second header", forgedFrame(FrameKind::header, "{}")},
        {"a second notice", forgedFrame(FrameKind::notice, " ")},
        {"rules", forgedFrame(FrameKind::rules, "[1]")},
        {"outcome", forgedFrame(FrameKind::end, "{\"ending\":\"exited\"}")},
        {"outcome with a wrong type", forgedFrame(FrameKind::end, "[1e999]")},
        {"deep outcome", forgedFrame(FrameKind::end, std::string(1'000'000, '['))},
        {"length beyond the end", textsFrame(2, {"x"}).substr(0, 17)},
    };
    for (const auto& [name, frame] : cases) {
        put(path("forged"), base + frame);
        const auto recording = readRecording(path("forged"));
        ASSERT_TRUE(recording.ok()) << name;
        EXPECT_EQ(recording->events.size(), 5U) << name;
        EXPECT_NE(recording->damage, "") << name;
        EXPECT_FALSE(recording->outcome.has_value()) << name;
    }
    // The same builders make good frames, and unknown ones are skipped: the cases above fail for their own reason.
    put(path("good"), base + forgedFrame(static_cast<FrameKind>(77), "later") + textsFrame(2, {"x", ""}) +
                          processFrame(1, 2) + shapeFrame({1, 2, 1, 99, 99, 1, 0, 2}) + eventsFrame(2, 1, 2, 3, 1));
    const auto recording = readRecording(path("good"));
    ASSERT_TRUE(recording.ok());
    EXPECT_EQ(recording->damage, "");
    ASSERT_EQ(recording->events.size(), 7U);
    const Event& last = recording->events[6];
    EXPECT_EQ(last.sequence, 7U);
    EXPECT_EQ(last.rule, 2U);
    EXPECT_EQ(last.object, "x");
    EXPECT_EQ(last.processName, "x");
    EXPECT_EQ(last.trust, ResultTrust::derived);
    EXPECT_EQ(static_cast<int>(last.origin), 99) << "a later version's origin";
}

TEST_F(RecordingTest, AFrameCountsAsAWholeOrNotAtAll)
{
    const std::string base = contentOf(smallFile(path("base")));
    std::string frame = eventsFrame(3, 0, 0, 0, 0);
    std::string payload = frame.substr(recording::kFrameHeaderSize);
    payload[payload.size() - 4] = 1;  // The shape of the last event.
    put(path("forged"), base + forgedFrame(FrameKind::events, payload));
    const auto recording = openRecording(path("forged"));
    ASSERT_TRUE(recording.ok());
    const EventColumns& events = recording->events;
    EXPECT_EQ(events.size(), 5U);
    for (const auto* column : {&events.processes, &events.objects, &events.details, &events.shapes})
        EXPECT_EQ(column->size(), 5U);
    EXPECT_NE(recording->damage, "");
}

TEST_F(RecordingTest, ASmallFileCannotAskForMuchMemory)
{
    const std::string base = contentOf(smallFile(path("base")));
    put(path("bomb"), base + textsFrame(2, {std::string(recording::kLongestText, 'x')}) +
                          eventsFrame(100'000, 0, 2, 2, 0));  // 200 GB of texts.
    const auto values = readRecording(path("bomb"));
    ASSERT_TRUE(values.ok());
    EXPECT_NE(values->damage.find("out of proportion"), std::string::npos) << values->damage;
    EXPECT_LT(values->events.size(), 200U);
    const auto columns = openRecording(path("bomb"));
    ASSERT_TRUE(columns.ok());
    EXPECT_EQ(columns->events.size(), 100'005U) << "columns do not copy texts";
}

TEST_F(RecordingTest, ATornNoticeDoesNotCostTheEvents)
{
    const std::vector<Event> events = someEvents(20, 9, 10);
    writeRecording(path("whole"), events, 20);
    const std::string bytes = contentOf(path("whole"));
    for (const std::size_t at : {recording::kPrefixSize, recording::kPrefixSize + 8, recording::kPrefixSize + 12,
                                 recording::kPrefixSize + recording::kFrameHeaderSize + 3}) {
        std::string torn = bytes;
        torn[at] = static_cast<char>(torn[at] + 1);
        put(path("torn"), torn);
        const auto recording = readRecording(path("torn"));
        ASSERT_TRUE(recording.ok()) << at;
        EXPECT_EQ(recording->events.size(), events.size());
        EXPECT_NE(recording->damage.find("byte 16 of"), std::string::npos) << recording->damage;
    }
}

TEST_F(RecordingTest, WhatIsNoRecordingIsRefused)
{
    put(path("empty"), "");
    put(path("text"), "hello, this is certainly not a recording");
    put(path("zeros"), std::string(100, '\0'));
    for (const char* name : {"empty", "text", "zeros", "missing", "."})
        EXPECT_FALSE(readRecording(path(name)).ok()) << name;
    EXPECT_NE(readRecording(path("text")).error().message.find("not a Belljar recording"), std::string::npos);
    EXPECT_NE(readRecording(path("missing")).error().message.find("no such file"), std::string::npos);
    for (const std::uint16_t major : {std::uint16_t{1}, std::uint16_t{3}}) {
        std::string other(recording::kFileMagic);
        putNumber(other, major);
        putNumber(other, std::uint16_t{0});
        putNumber(other, recording::crc32c(other));
        put(path("other"), other);
        const auto recording = readRecording(path("other"));
        ASSERT_FALSE(recording.ok());
        EXPECT_NE(recording.error().message.find("format " + std::to_string(major) + ".0"), std::string::npos);
    }
}

}  // namespace
}  // namespace belljar
