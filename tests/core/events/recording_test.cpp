#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#ifdef __linux__
#include <sys/resource.h>
#include <csignal>
#endif

#include "core/events/event_table.h"
#include "core/events/recording.h"
#include "core/events/recording_format.h"

namespace belljar {
namespace {

namespace fs = std::filesystem;

/// A folder of its own that goes away with the test.
class RecordingTest : public testing::Test {
protected:
    void SetUp() override
    {
        std::random_device random;
        m_folder =
            fs::temp_directory_path() / ("belljar-recording-" + std::to_string(random()) + std::to_string(random()));
        ASSERT_TRUE(fs::create_directory(m_folder));
    }
    void TearDown() override { fs::remove_all(m_folder); }

    [[nodiscard]] std::string path(const std::string& name) const { return (m_folder / name).string(); }

    static std::string contentOf(const std::string& file)
    {
        std::ifstream in(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    }
    static void put(const std::string& file, const std::string& bytes)
    {
        std::ofstream(file, std::ios::binary | std::ios::trunc)
            .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    }

    fs::path m_folder;
};

RecordingHeader someHeader()
{
    RecordingHeader header;
    header.belljarVersion = "0.1.0";
    header.sessionId = "0123456789abcdef";
    header.startedUnixNs = 1'700'000'000'123'456'789;
    header.profileName = "größe.json";
    header.profileText = "{\n  \"version\": \"0.8.0\"\n}\n";
    header.backend = "bubblewrap";
    header.source = {"notify", "seccomp user notification", {"Results are derived."}, "no kernel source"};
    header.trace = "full";
    header.system = "linux";
    header.kernel = "6.1";
    header.distribution = "Debian";
    header.uid = 1000;
    header.argv = {"cat", std::string("\xff\x00\xfe", 3), "", "\u202e", "\xef\xbf\xbd"};
    header.cwd = "/";
    header.rules = {{RuleSource::builtIn, "none", {}},
                    {RuleSource::profile, "deniedPaths: \xff", {"/filesystem/deniedPaths/0", 12, 3}},
                    {RuleSource::commandLine, "--ro /x", {}}};
    return header;
}

/// Random bytes of any value, at most `longest`.
std::string hostileText(std::mt19937& random, std::size_t longest)
{
    static const std::vector<std::string> kSpecial{"",
                                                   std::string(1, '\0'),
                                                   "\xff\xfe",
                                                   "\xed\xa0\x80",
                                                   "\u202e",
                                                   "\n",
                                                   "/usr/lib/x86_64-linux-gnu/libc.so.6",
                                                   std::string("a\0b", 3),
                                                   "\x1b[2J"};
    if (random() % 3 == 0) return kSpecial[random() % kSpecial.size()];
    std::string text(random() % (longest + 1), '\0');
    for (char& c : text) c = static_cast<char>(random() & 0xffU);
    return text;
}

std::vector<Event> someEvents(std::size_t count, unsigned seed, std::size_t longest = 60)
{
    std::mt19937 random(seed);
    std::vector<Event> events(count);
    for (std::size_t i = 0; i < count; ++i) {
        Event& event = events[i];
        event.sequence = i + 1;
        event.timeNs = static_cast<std::int64_t>(random()) * 1000 - (i % 7 == 0 ? 1'000'000'000'000 : 0);
        event.pid = static_cast<std::int32_t>(random());
        event.parentPid = static_cast<std::int32_t>(random());
        event.processStart = (static_cast<std::uint64_t>(random()) << 32U) | random();
        event.processName = hostileText(random, 15);
        event.kind = i % 50 == 0 ? static_cast<EventKind>(random()) : eventTable()[random() % eventTable().size()].kind;
        event.object = hostileText(random, longest);
        event.detail = hostileText(random, longest);
        event.result = i % 5 == 0 ? kResultUnknown : static_cast<std::int32_t>(random() % 134);
        event.trust = static_cast<ResultTrust>(random() % 3);
        event.verdict = static_cast<EventVerdict>(random() % 3);
        event.rule = static_cast<RuleId>(event.verdict == EventVerdict::none ? random() : random() % 3);
        event.absentOnHost = random() % 2 == 0;
    }
    return events;
}

bool same(const Event& a, const Event& b)
{
    return a.sequence == b.sequence && a.timeNs == b.timeNs && a.pid == b.pid && a.parentPid == b.parentPid &&
           a.processStart == b.processStart && a.processName == b.processName && a.kind == b.kind &&
           a.object == b.object && a.detail == b.detail && a.result == b.result && a.trust == b.trust &&
           a.verdict == b.verdict && a.rule == b.rule && a.absentOnHost == b.absentOnHost;
}

/// How many events of `part` are the first ones of `whole`; fails when one is another.
void expectPrefix(const std::vector<Event>& part, const std::vector<Event>& whole, const std::string& context)
{
    ASSERT_LE(part.size(), whole.size()) << context;
    for (std::size_t i = 0; i < part.size(); ++i) ASSERT_TRUE(same(part[i], whole[i])) << context << " event " << i;
}

void write(const std::string& file, const std::vector<Event>& events, std::size_t batch, bool finish = true)
{
    auto writer = RecordingWriter::create(file, someHeader());
    ASSERT_TRUE(writer.ok()) << describe(writer.error());
    for (std::size_t i = 0; i < events.size(); i += batch)
        ASSERT_TRUE((*writer)->append(std::span(events).subspan(i, std::min(batch, events.size() - i))).ok());
    Outcome outcome;
    outcome.ending = Exited{3};
    outcome.duration = std::chrono::nanoseconds(123'456'789);
    outcome.peakMemoryKb = 4096;
    if (!finish) return;
    ASSERT_TRUE((*writer)->finish(outcome, Losses{5, 0}).ok());
}

TEST_F(RecordingTest, TenThousandEventsComeBackInOrder)
{
    const std::vector<Event> events = someEvents(10'000, 1);
    write(path("r"), events, 137);
    const auto recording = readRecording(path("r"));
    ASSERT_TRUE(recording.ok()) << describe(recording.error());
    EXPECT_EQ(recording->damage, "");
    ASSERT_EQ(recording->events.size(), events.size());
    expectPrefix(recording->events, events, "round trip");
    ASSERT_TRUE(recording->outcome.has_value());
    EXPECT_EQ(std::get<Exited>(recording->outcome->ending).code, 3);
    EXPECT_EQ(recording->outcome->duration.count(), 123'456'789);
    EXPECT_EQ(recording->losses.source, 5U);
    const RecordingHeader expected = someHeader();
    EXPECT_EQ(recording->header.argv, expected.argv);
    EXPECT_EQ(recording->header.profileText, expected.profileText);
    EXPECT_EQ(recording->header.profileName, expected.profileName);
    EXPECT_EQ(recording->header.startedUnixNs, expected.startedUnixNs);
    ASSERT_EQ(recording->header.rules.size(), 3U);
    EXPECT_EQ(recording->header.rules[1].text, expected.rules[1].text);
    EXPECT_EQ(recording->header.rules[1].place.line, 12U);
    EXPECT_EQ(recording->header.rules[2].source, RuleSource::commandLine);
}

TEST_F(RecordingTest, BytesForEachEventOfARealMix)
{
    std::vector<Event> events = someEvents(100'000, 2);
    for (std::size_t i = 0; i < events.size(); ++i) {  // A program that goes through 500 files again and again.
        events[i].processName = "python3";
        events[i].object = "/usr/lib/python3.11/site-packages/module_" + std::to_string(i % 500) + ".py";
        events[i].detail = i % 2 == 0 ? "O_RDONLY" : "";
    }
    const auto begin = std::chrono::steady_clock::now();
    write(path("r"), events, 256);
    const auto written = std::chrono::steady_clock::now();
    const auto recording = readRecording(path("r"));
    const auto read = std::chrono::steady_clock::now();
    ASSERT_TRUE(recording.ok());
    ASSERT_EQ(recording->events.size(), events.size());
    const double each = static_cast<double>(fs::file_size(path("r"))) / static_cast<double>(events.size());
    using Ns = std::chrono::duration<double, std::nano>;
    std::printf("bytes per event: %.1f; write %.0f ns, read %.0f ns per event\n", each,
                Ns(written - begin).count() / static_cast<double>(events.size()),
                Ns(read - written).count() / static_cast<double>(events.size()));
    EXPECT_LT(each, 60.0);
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

TEST_F(RecordingTest, EveryTruncationLeavesAReadablePrefix)
{
    const std::vector<Event> events = someEvents(12, 3, 20);
    write(path("whole"), events, 3);
    const std::string bytes = contentOf(path("whole"));
    std::size_t most = 0;
    std::size_t unreadable = 0;
    for (std::size_t length = 0; length <= bytes.size(); ++length) {
        put(path("cut"), bytes.substr(0, length));
        const auto recording = readRecording(path("cut"));
        if (!recording.ok()) {
            ++unreadable;
            ASSERT_EQ(most, 0U) << "readable at a shorter length";
            continue;
        }
        expectPrefix(recording->events, events, "cut at " + std::to_string(length));
        ASSERT_GE(recording->events.size(), most) << "a longer file shows less";
        most = recording->events.size();
        // Either a frame ended exactly here, or the damage is named; the outcome is there only in the whole file.
        ASSERT_EQ(recording->outcome.has_value(), length == bytes.size());
        if (!recording->damage.empty()) {
            ASSERT_NE(recording->damage.find("cut off"), std::string::npos) << recording->damage;
        }
    }
    EXPECT_EQ(most, events.size());
    EXPECT_LT(unreadable, bytes.size() / 2);
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

TEST_F(RecordingTest, ByteFlipsNeverInventEvents)
{
    const std::vector<Event> events = someEvents(40, 5, 30);
    write(path("whole"), events, 7);
    const std::string bytes = contentOf(path("whole"));
    std::mt19937 random(6);
    int refused = 0;
    for (int round = 0; round < 2000; ++round) {
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
        ASSERT_FALSE(recording->outcome.has_value()) << context;
        expectPrefix(recording->events, events, context);
    }
    EXPECT_GT(refused, 0);
    EXPECT_LT(refused, 1500);
}

/// A frame with a right checksum, as only somebody who means it makes.
std::string forgedFrame(recording::FrameKind kind, const std::string& payload)
{
    std::string checked;
    recording::putNumber(checked, static_cast<std::uint16_t>(kind));
    recording::putNumber(checked, std::uint16_t{0});
    recording::putNumber(checked, static_cast<std::uint32_t>(payload.size()));
    std::string out;
    recording::putNumber(out, recording::kFrameMagic);
    out += checked;
    recording::putNumber(out, recording::crc32c(payload, recording::crc32c(checked)));
    return out + payload;
}

std::string forgedEvent(std::uint32_t text, std::uint32_t rule, std::uint8_t judged, std::uint8_t flags)
{
    std::string out(32, '\0');  // Times, process numbers.
    recording::putNumber(out, std::uint32_t{0});
    recording::putNumber(out, text);
    recording::putNumber(out, std::uint32_t{0});
    recording::putNumber(out, std::uint32_t{0});
    recording::putNumber(out, rule);
    recording::putNumber(out, std::uint16_t{10});
    recording::putNumber(out, judged);
    recording::putNumber(out, flags);
    return out;
}

TEST_F(RecordingTest, ForgedIndexesAndLengthsAreDamage)
{
    using recording::FrameKind;
    write(path("base"), someEvents(5, 7), 5, false);
    const std::string base = contentOf(path("base"));
    ASSERT_EQ(forgedEvent(0, 0, 0, 0).size(), recording::kEventSize);
    std::string shortText;
    recording::putNumber(shortText, std::uint32_t{1});
    std::string longText = shortText;
    recording::putNumber(longText, std::uint32_t{0xffffffffU});
    const std::vector<std::pair<std::string, std::string>> cases{
        {"text number", forgedFrame(FrameKind::events, forgedEvent(0x7fffffffU, 0, 0, 0))},
        {"rule number", forgedFrame(FrameKind::events, forgedEvent(0, 3, 1, 0))},
        {"verdict", forgedFrame(FrameKind::events, forgedEvent(0, 0, 3, 0))},
        {"trust", forgedFrame(FrameKind::events, forgedEvent(0, 0, 0x30, 0))},
        {"flags", forgedFrame(FrameKind::events, forgedEvent(0, 0, 0, 2))},
        {"half an event", forgedFrame(FrameKind::events, std::string(57, '\0'))},
        {"one good, one bad", forgedFrame(FrameKind::events, forgedEvent(0, 0, 1, 0) + forgedEvent(0, 9, 1, 0))},
        {"text gap", forgedFrame(FrameKind::strings, std::string("\xff\0\0\0", 4))},
        {"text length", forgedFrame(FrameKind::strings, longText)},
        {"text frame of 2 bytes", forgedFrame(FrameKind::strings, "ab")},
        {"outcome", forgedFrame(FrameKind::end, "{\"ending\":\"exited\"}")},
        {"outcome with a wrong type", forgedFrame(FrameKind::end, "[1e999]")},
        {"deep outcome", forgedFrame(FrameKind::end, std::string(1'000'000, '['))},
        {"length beyond the end", forgedFrame(FrameKind::strings, shortText).substr(0, 17)},
    };
    for (const auto& [name, frame] : cases) {
        put(path("forged"), base + frame);
        const auto recording = readRecording(path("forged"));
        ASSERT_TRUE(recording.ok()) << name;
        EXPECT_EQ(recording->events.size(), 5U) << name;
        EXPECT_NE(recording->damage, "") << name;
        EXPECT_FALSE(recording->outcome.has_value()) << name;
    }
    // The same builder makes a good event, and unknown frames are skipped: the cases above fail for their own reason.
    put(path("good"), base + forgedFrame(static_cast<FrameKind>(77), "later") +
                          forgedFrame(FrameKind::events, forgedEvent(0, 2, 0x21, 1)));
    const auto recording = readRecording(path("good"));
    ASSERT_TRUE(recording.ok());
    EXPECT_EQ(recording->damage, "");
    ASSERT_EQ(recording->events.size(), 6U);
    EXPECT_EQ(recording->events[5].rule, 2U);
    EXPECT_EQ(recording->events[5].trust, ResultTrust::seen);
}

TEST_F(RecordingTest, ASmallFileCannotAskForMuchMemory)
{
    using recording::FrameKind;
    std::string text;
    recording::putNumber(text, std::uint32_t{1});
    recording::putNumber(text, static_cast<std::uint32_t>(recording::kLongestString));
    text += std::string(recording::kLongestString, 'x');
    std::string events;
    for (int i = 0; i < 5000; ++i) events += forgedEvent(1, 0, 0, 0);  // 5 GB of texts.
    write(path("base"), {}, 1, false);
    put(path("bomb"),
        contentOf(path("base")) + forgedFrame(FrameKind::strings, text) + forgedFrame(FrameKind::events, events));
    const auto recording = readRecording(path("bomb"));
    ASSERT_TRUE(recording.ok());
    EXPECT_NE(recording->damage.find("out of proportion"), std::string::npos) << recording->damage;
}

TEST_F(RecordingTest, OverlongTextsAreCutVisibly)
{
    Event event;
    event.object = std::string(3U << 20U, 'y');
    write(path("r"), {event}, 1);
    const auto recording = readRecording(path("r"));
    ASSERT_TRUE(recording.ok());
    ASSERT_EQ(recording->events.size(), 1U);
    EXPECT_EQ(recording->events[0].object.size(), recording::kLongestString);
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
    write(path("r"), {}, 1);
    EXPECT_EQ(fs::status(path("r")).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    fs::create_symlink(path("elsewhere"), path("link"));
    EXPECT_FALSE(RecordingWriter::create(path("link"), someHeader()).ok()) << "a dangling link was followed";
    EXPECT_FALSE(fs::exists(path("elsewhere")));
}
#endif

TEST_F(RecordingTest, WhatIsNoRecordingIsRefused)
{
    put(path("empty"), "");
    put(path("text"), "hello, this is certainly not a recording");
    put(path("zeros"), std::string(100, '\0'));
    for (const char* name : {"empty", "text", "zeros", "missing", "."})
        EXPECT_FALSE(readRecording(path(name)).ok()) << name;
    EXPECT_NE(readRecording(path("text")).error().message.find("not a Belljar recording"), std::string::npos);
    EXPECT_NE(readRecording(path("missing")).error().message.find("no such file"), std::string::npos);
    std::string future(recording::kFileMagic);
    recording::putNumber(future, std::uint16_t{2});
    recording::putNumber(future, std::uint16_t{0});
    recording::putNumber(future, recording::crc32c(future));
    put(path("future"), future);
    const auto recording = readRecording(path("future"));
    ASSERT_FALSE(recording.ok());
    EXPECT_NE(recording.error().message.find("format 2.0"), std::string::npos);
}

#ifdef __linux__
/// Lets files of this process grow to `bytes` at most, as a full disk would.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes)
    {
        m_handler = std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &m_before);
        rlimit limit = m_before;
        limit.rlim_cur = bytes;
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit()
    {
        setrlimit(RLIMIT_FSIZE, &m_before);
        static_cast<void>(std::signal(SIGXFSZ, m_handler));
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

private:
    rlimit m_before{};
    void (*m_handler)(int) = SIG_DFL;
};

TEST_F(RecordingTest, AFullDiskCountsLossesAndGoesOnWhenThereIsRoom)
{
    const std::vector<Event> events = someEvents(300, 8);
    const std::span<const Event> all(events);
    auto writer = RecordingWriter::create(path("r"), someHeader());
    ASSERT_TRUE(writer.ok());
    ASSERT_TRUE((*writer)->append(all.first(100)).ok());
    {
        const FileSizeLimit full(fs::file_size(path("r")) + 1000);
        const Result<void> failed = (*writer)->append(all.subspan(100, 100));
        ASSERT_FALSE(failed.ok());
        EXPECT_EQ(failed.error().native, "EFBIG (27)");
        const auto cut = readRecording(path("r"));
        ASSERT_TRUE(cut.ok());
        EXPECT_EQ(cut->events.size(), 100U);
        EXPECT_NE(cut->damage, "") << "a part of the batch was written";
    }
    ASSERT_TRUE((*writer)->append(all.subspan(200, 100)).ok());
    ASSERT_TRUE((*writer)->finish(Outcome{}, Losses{1, 2}).ok());
    const auto recording = readRecording(path("r"));
    ASSERT_TRUE(recording.ok());
    EXPECT_EQ(recording->damage, "");
    ASSERT_EQ(recording->events.size(), 200U);
    expectPrefix({recording->events.begin(), recording->events.begin() + 100}, events, "before");
    for (std::size_t i = 0; i < 100; ++i) ASSERT_TRUE(same(recording->events[100 + i], events[200 + i])) << i;
    EXPECT_EQ(recording->losses.source, 1U);
    EXPECT_EQ(recording->losses.recording, 100U) << "what the writer refused counts even if the caller did not";
}

TEST_F(RecordingTest, ADiskThatIsFullFromTheStartIsAnError)
{
    const FileSizeLimit full(100);
    const auto writer = RecordingWriter::create(path("r"), someHeader());
    ASSERT_FALSE(writer.ok());
    EXPECT_NE(writer.error().hint.find("Free some space"), std::string::npos);
}
#endif

TEST(RecordingFormat, Crc32cIsTheCastagnoliOne)
{
    EXPECT_EQ(recording::crc32c("123456789"), 0xe3069283U);
    EXPECT_EQ(recording::crc32c(std::string(32, '\0')), 0x8a9136aaU);
    EXPECT_EQ(recording::crc32c("6789", recording::crc32c("12345")), 0xe3069283U);
}

TEST(RecordingFormat, ReadingBeyondTheEndGivesNothing)
{
    recording::ByteReader reader("abc");
    EXPECT_EQ(reader.number<std::uint16_t>(), 0x6261);
    EXPECT_EQ(reader.number<std::uint32_t>(), 0U);
    EXPECT_FALSE(reader.ok());
    EXPECT_EQ(reader.bytes(1), "");
    EXPECT_TRUE(reader.atEnd());
}

}  // namespace
}  // namespace belljar
