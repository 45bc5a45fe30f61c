#include "core/events/recording.h"

#include <chrono>

#include "core/events/recording_checksum.h"
#include "core/events/recording_intern.h"
#include "core/events/recording_reader.h"
#include "tests/core/events/recording_fixture.h"

namespace belljar {
namespace {

namespace fs = std::filesystem;

TEST_F(RecordingTest, TenThousandEventsComeBackInOrder)
{
    const std::vector<Event> events = someEvents(10'000, 1);
    writeRecording(path("r"), events, 137);
    const auto recording = readRecording(path("r"));
    ASSERT_TRUE(recording.ok()) << describe(recording.error());
    EXPECT_EQ(recording->damage, "");
    ASSERT_EQ(recording->events.size(), events.size());
    expectPrefix(recording->events, events, "round trip");
    ASSERT_TRUE(recording->outcome.has_value());
    EXPECT_EQ(std::get<Exited>(recording->outcome->ending).code, 3);
    EXPECT_EQ(recording->outcome->duration.count(), 123'456'789);
    EXPECT_EQ(recording->outcome->cpuTime.count(), 77);
    EXPECT_EQ(recording->losses.source, 5U);
    EXPECT_EQ(recording->losses.recording, 0U);
    EXPECT_EQ(recording->losses.queue, 7U);
    const RecordingHeader expected = someHeader();
    EXPECT_EQ(recording->header.argv, expected.argv);
    EXPECT_EQ(recording->header.profileText, expected.profileText);
    EXPECT_EQ(recording->header.profileName, expected.profileName);
    EXPECT_EQ(recording->header.startedUnixNs, expected.startedUnixNs);
    EXPECT_EQ(recording->header.source.blindSpots, expected.source.blindSpots);
    ASSERT_EQ(recording->header.rules.size(), 3U);
    EXPECT_EQ(recording->header.rules[1].text, expected.rules[1].text);
    EXPECT_EQ(recording->header.rules[1].place.line, 12U);
    EXPECT_EQ(recording->header.rules[2].source, RuleSource::commandLine);
}

TEST_F(RecordingTest, AnyBatchSizeGivesTheSameEvents)
{
    const std::vector<Event> events = someEvents(40'000, 2, 20);
    for (const std::size_t batch : {std::size_t{40'000}, std::size_t{16'384}, std::size_t{1}}) {
        const std::span<const Event> some = std::span(events).first(batch == 1 ? 500 : events.size());
        const std::string file = path(std::to_string(batch));
        writeRecording(file, some, batch);
        const auto recording = openRecording(file);
        ASSERT_TRUE(recording.ok());
        EXPECT_EQ(recording->damage, "");
        ASSERT_EQ(recording->events.size(), some.size());
        Event event;
        for (std::size_t i = 0; i < some.size(); ++i) {
            recording->events.read(i, event);
            ASSERT_TRUE(same(event, some[i])) << "batch " << batch << " event " << i;
        }
    }
}

TEST_F(RecordingTest, GapsInSequencesAndFarTimesComeBack)
{
    std::vector<Event> events = someEvents(200, 3, 10);
    std::mt19937_64 random(4);
    for (std::size_t i = 0; i < events.size(); ++i) {
        if (i % 10 == 0) events[i].timeNs = static_cast<std::int64_t>(random());
        if (i >= 50) events[i].sequence += 1000;
        if (i >= 100) events[i].sequence = random();
    }
    events[20].timeNs = std::numeric_limits<std::int64_t>::min();
    events[21].timeNs = std::numeric_limits<std::int64_t>::max();
    events[22].timeNs = -1;
    writeRecording(path("r"), events, 64);
    const auto recording = readRecording(path("r"));
    ASSERT_TRUE(recording.ok());
    EXPECT_EQ(recording->damage, "");
    ASSERT_EQ(recording->events.size(), events.size());
    expectPrefix(recording->events, events, "gaps");
    const auto opened = openRecording(path("r"));
    ASSERT_TRUE(opened.ok());
    EXPECT_EQ(opened->events.sequence(0), 1U);
    EXPECT_EQ(opened->events.sequence(49), 50U);
    EXPECT_EQ(opened->events.sequence(50), 1051U);
}

TEST_F(RecordingTest, WhatRepeatsIsStoredOnce)
{
    std::vector<Event> events = someEvents(50'000, 5);
    for (std::size_t i = 0; i < events.size(); ++i) {  // A program that goes through 500 files again and again.
        Event plain;
        plain.sequence = i + 1;
        plain.timeNs = static_cast<std::int64_t>(i) * 1000;
        plain.pid = 7;
        plain.processName = "python3";
        plain.object = "/usr/lib/python3.11/site-packages/module_" + std::to_string(i % 500) + ".py";
        plain.detail = i % 2 == 0 ? "O_RDONLY" : "";
        events[i] = plain;
    }
    writeRecording(path("r"), events, 4096);
    const auto recording = openRecording(path("r"));
    ASSERT_TRUE(recording.ok());
    EXPECT_EQ(recording->events.texts.size(), 503U) << "the empty text, the name, the detail and the files";
    EXPECT_EQ(recording->events.processTable.size(), 1U);
    EXPECT_EQ(recording->events.shapeTable.size(), 1U);
    EXPECT_EQ(recording->events.sequenceRuns.size(), 1U);
    EXPECT_LT(fs::file_size(path("r")), 50'000U * 21U);
}

TEST_F(RecordingTest, TablesThatStartOverStillGiveEveryText)
{
    // Each text is new and long, so that the writer forgets its texts several times.
    constexpr std::size_t kCount = 750;
    std::vector<Event> events(kCount);
    for (std::size_t i = 0; i < kCount; ++i) {
        events[i].sequence = i + 1;
        events[i].object = std::to_string(i) + std::string(100'000, static_cast<char>('a' + i % 26));
        events[i].detail = i % 2 == 0 ? "same" : "";
    }
    writeRecording(path("r"), events, 500);
    const auto recording = openRecording(path("r"));
    ASSERT_TRUE(recording.ok());
    EXPECT_EQ(recording->damage, "");
    ASSERT_EQ(recording->events.size(), kCount);
    EXPECT_GT(recording->events.texts.size(), kCount + 2) << "nothing was written twice: the table never started over";
    Event event;
    for (std::size_t i = 0; i < kCount; ++i) {
        recording->events.read(i, event);
        ASSERT_TRUE(same(event, events[i])) << i;
    }
}

TEST_F(RecordingTest, EveryEndingComesBack)
{
    const std::vector<Ending> endings{Exited{255},
                                      Signaled{9},
                                      TimedOut{std::chrono::milliseconds(1500)},
                                      Killed{"by \xff"},
                                      LimitReached{"cpuSeconds", {}},
                                      SetupFailed{Error{ErrorCode::staleId, "m", "w", "n", "h"}}};
    for (const Ending& ending : endings) {
        const std::string file = path(endingName(ending));
        auto writer = RecordingWriter::create(file, someHeader());
        ASSERT_TRUE(writer.ok());
        Outcome outcome;
        outcome.ending = ending;
        ASSERT_TRUE((*writer)->finish(outcome, {}).ok());
        EXPECT_FALSE((*writer)->finish(outcome, {}).ok());
        const auto recording = readRecording(file);
        ASSERT_TRUE(recording.ok());
        ASSERT_TRUE(recording->outcome.has_value());
        EXPECT_EQ(describe(*recording->outcome), describe(outcome));
        EXPECT_EQ(endingName(recording->outcome->ending), endingName(ending));
    }
}

TEST_F(RecordingTest, RulesThatComeLaterAreThereForEventsThatFollow)
{
    std::vector<Event> events = someEvents(2, 6, 5);
    for (Event& event : events) {
        event.verdict = EventVerdict::denied;
        event.rule = 4;
    }
    auto writer = RecordingWriter::create(path("r"), someHeader());
    ASSERT_TRUE(writer.ok());
    const std::vector<Rule> rules{{RuleSource::commandLine, "--deny \xff", {}},
                                  {RuleSource::profile, "x", {"/a", 2, 3}}};
    ASSERT_TRUE((*writer)->addRules(rules).ok());
    ASSERT_TRUE((*writer)->append(events).ok());
    const auto recording = readRecording(path("r"));
    ASSERT_TRUE(recording.ok());
    EXPECT_EQ(recording->damage, "");
    ASSERT_EQ(recording->events.size(), 2U);
    ASSERT_EQ(recording->header.rules.size(), 5U);
    EXPECT_EQ(recording->header.rules[3].text, "--deny \xff");
    EXPECT_EQ(recording->header.rules[4].place.line, 2U);

    // Without them the same events name a rule that nobody knows.
    writeRecording(path("without"), events, 2);
    const auto without = readRecording(path("without"));
    ASSERT_TRUE(without.ok());
    EXPECT_NE(without->damage.find("names rule 4 of 3"), std::string::npos) << without->damage;
    EXPECT_TRUE(without->events.empty());
}

TEST_F(RecordingTest, ACrashLosesNothingThatWasAppended)
{
    const std::vector<Event> events = someEvents(50, 4);
    auto writer = RecordingWriter::create(path("r"), someHeader());
    ASSERT_TRUE(writer.ok());
    ASSERT_TRUE((*writer)->append(events).ok());
    const auto recording = readRecording(path("r"));  // The writer still lives and has not been closed.
    ASSERT_TRUE(recording.ok());
    EXPECT_EQ(recording->events.size(), events.size());
    EXPECT_EQ(recording->damage, "");
    EXPECT_FALSE(recording->outcome.has_value());
}

TEST_F(RecordingTest, OverlongTextsAreCutVisibly)
{
    Event event;
    event.sequence = 1;
    event.object = std::string(3U << 20U, 'y');
    writeRecording(path("r"), std::span(&event, 1), 1);
    const auto recording = readRecording(path("r"));
    ASSERT_TRUE(recording.ok());
    ASSERT_EQ(recording->events.size(), 1U);
    EXPECT_EQ(recording->events[0].object.size(), recording::kLongestText);
    EXPECT_TRUE(recording->events[0].object.ends_with(recording::kCutMark));
}

TEST_F(RecordingTest, AFileThatExistsIsNeverOverwritten)
{
    put(path("mine"), "precious");
    const auto writer = RecordingWriter::create(path("mine"), someHeader());
    ASSERT_FALSE(writer.ok());
    EXPECT_NE(writer.error().message.find("exists already"), std::string::npos);
    EXPECT_EQ(contentOf(path("mine")), "precious");
    const auto nowhere = RecordingWriter::create(path("no-such-folder/r"), someHeader());
    ASSERT_FALSE(nowhere.ok());
    EXPECT_EQ(nowhere.error().native, "ENOENT (2)");
}

#ifndef _WIN32
TEST_F(RecordingTest, OnlyTheOwnerMayReadIt)
{
    writeRecording(path("r"), {}, 1);
    EXPECT_EQ(fs::status(path("r")).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    fs::create_symlink(path("elsewhere"), path("link"));
    EXPECT_FALSE(RecordingWriter::create(path("link"), someHeader()).ok()) << "a dangling link was followed";
    EXPECT_FALSE(fs::exists(path("elsewhere")));
}
#endif

TEST(RecordingFormat, Crc32cIsTheCastagnoliOneByEitherWay)
{
    for (const auto crc : {recording::crc32c, recording::crc32cPortable}) {
        EXPECT_EQ(crc("123456789", 0), 0xe3069283U);
        EXPECT_EQ(crc(std::string(32, '\0'), 0), 0x8a9136aaU);
        EXPECT_EQ(crc("6789", crc("12345", 0)), 0xe3069283U);
    }
    std::mt19937 random(7);
    for (int i = 0; i < 200; ++i) {
        const std::string bytes = hostileText(random, 300);
        EXPECT_EQ(recording::crc32c(bytes, 5), recording::crc32cPortable(bytes, 5)) << bytes.size();
    }
}

TEST(RecordingFormat, ReadingBeyondTheEndGivesNothing)
{
    recording::ByteReader reader("abc");
    EXPECT_EQ(reader.number<std::uint16_t>(), 0x6261);
    EXPECT_TRUE(reader.ok());
    EXPECT_EQ(reader.number<std::uint16_t>(), 0);
    EXPECT_FALSE(reader.ok());
    EXPECT_TRUE(reader.atEnd());
    recording::ByteReader huge("abc");
    EXPECT_EQ(huge.bytes(~std::size_t{0}), "");
    EXPECT_FALSE(huge.ok());
}

TEST(Interner, SameBytesGetTheSameNumberUntilItStartsOver)
{
    recording::Interner interner;
    interner.startOver(5);
    std::mt19937 random(8);
    std::vector<std::string> texts;
    for (int i = 0; i < 5000; ++i) texts.push_back(std::to_string(i) + hostileText(random, 40));
    for (std::uint32_t i = 0; i < texts.size(); ++i) {
        const auto found = interner.find(texts[i]);
        EXPECT_TRUE(found.isNew);
        EXPECT_EQ(found.number, 5 + i);
    }
    for (std::uint32_t i = 0; i < texts.size(); ++i) {
        const auto found = interner.find(texts[i]);
        EXPECT_FALSE(found.isNew);
        EXPECT_EQ(found.number, 5 + i);
    }
    interner.startOver(interner.next());
    EXPECT_EQ(interner.entries(), 0U);
    const auto again = interner.find(texts[0]);
    EXPECT_TRUE(again.isNew);
    EXPECT_EQ(again.number, 5005U);
}

}  // namespace
}  // namespace belljar
