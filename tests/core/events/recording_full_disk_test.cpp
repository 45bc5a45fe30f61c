// Disks that are full: what is lost is counted, said in the file, and no more than that is lost.
#include "core/events/recording_reader.h"
#include "tests/core/events/recording_fixture.h"

#ifdef __linux__
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>
#include <csignal>

namespace belljar {
namespace {

namespace fs = std::filesystem;

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
        EXPECT_EQ((*writer)->lost(), 100U);
        const auto cut = readRecording(path("r"));
        ASSERT_TRUE(cut.ok());
        expectPrefix(cut->events, std::span(events).first(100), "cut");
        EXPECT_NE(cut->damage, "") << "a part of the batch was written";
        EXPECT_EQ(cut->losses.recording, 100U) << "the file does not say that something is missing";
        EXPECT_FALSE(cut->outcome.has_value());
    }
    ASSERT_TRUE((*writer)->append(all.subspan(200, 100)).ok());
    ASSERT_TRUE((*writer)->finish(Outcome{}, Losses{1, 2, 3}).ok());
    const auto recording = readRecording(path("r"));
    ASSERT_TRUE(recording.ok());
    EXPECT_EQ(recording->damage, "");
    ASSERT_EQ(recording->events.size(), 200U);
    expectPrefix({recording->events.begin(), recording->events.begin() + 100}, events, "before");
    for (std::size_t i = 0; i < 100; ++i) ASSERT_TRUE(same(recording->events[100 + i], events[200 + i])) << i;
    EXPECT_EQ(recording->losses.source, 1U);
    EXPECT_EQ(recording->losses.recording, 100U) << "the writer knows what it refused, whatever the caller says";
    EXPECT_EQ(recording->losses.queue, 3U);
}

TEST_F(RecordingTest, ABatchThatFitsInPartLosesOnlyTheRest)
{
    constexpr std::size_t kCount = 200'000;  // Several writes of a megabyte.
    const std::vector<Event> events = someEvents(kCount, 9, 8);
    auto writer = RecordingWriter::create(path("r"), someHeader());
    ASSERT_TRUE(writer.ok());
    const FileSizeLimit full(3'000'000);
    ASSERT_FALSE((*writer)->append(events).ok());
    ASSERT_TRUE((*writer)->finish(Outcome{}, {}).ok()) << "there is room for the end on a full disk";
    const auto recording = readRecording(path("r"));
    ASSERT_TRUE(recording.ok());
    EXPECT_GT(recording->events.size(), 1000U);
    EXPECT_EQ(recording->losses.recording, kCount - recording->events.size());
    expectPrefix(recording->events, events, "in part");
}

TEST_F(RecordingTest, RulesThatDidNotFitComeWithTheNextEvents)
{
    std::vector<Event> events = someEvents(2, 6, 5);
    for (Event& event : events) {
        event.verdict = EventVerdict::denied;
        event.rule = 3;
    }
    auto writer = RecordingWriter::create(path("r"), someHeader());
    ASSERT_TRUE(writer.ok());
    {
        const FileSizeLimit full(fs::file_size(path("r")) + 10);
        const Rule rule{RuleSource::commandLine, "--deny /x", {}};
        ASSERT_FALSE((*writer)->addRules(std::span(&rule, 1)).ok());
        ASSERT_FALSE((*writer)->append(std::span(events).first(1)).ok());
    }
    ASSERT_TRUE((*writer)->append(std::span(events).last(1)).ok());
    const auto recording = readRecording(path("r"));
    ASSERT_TRUE(recording.ok());
    EXPECT_EQ(recording->damage, "");
    ASSERT_EQ(recording->events.size(), 1U);
    EXPECT_EQ(recording->header.rules.size(), 4U);
}

TEST_F(RecordingTest, ADiskThatIsFullFromTheStartIsAnError)
{
    const FileSizeLimit full(100);
    const auto writer = RecordingWriter::create(path("r"), someHeader());
    ASSERT_FALSE(writer.ok());
    EXPECT_NE(writer.error().hint.find("Free some space"), std::string::npos);
}

TEST_F(RecordingTest, ADiskThatIsReallyFullStillGetsItsEnd)
{
    const std::string disk = path("disk");
    ASSERT_TRUE(fs::create_directory(disk));
    if (mount("none", disk.c_str(), "tmpfs", 0, "size=256k") != 0)
        GTEST_SKIP() << "a small disk cannot be mounted here: this needs root and the right to mount";
    const std::string file = disk + "/r";
    std::size_t kept = 0;
    const std::vector<Event> events = someEvents(20'000, 10, 40);
    {
        auto writer = RecordingWriter::create(file, someHeader());
        ASSERT_TRUE(writer.ok());
        for (std::size_t i = 0; i < events.size(); i += 500)
            if ((*writer)->append(std::span(events).subspan(i, 500)).ok()) kept += 500;
        EXPECT_EQ((*writer)->lost(), events.size() - kept);
        Outcome outcome;
        outcome.ending = Exited{7};
        EXPECT_TRUE((*writer)->finish(outcome, {}).ok());
    }
    const auto recording = readRecording(file);
    EXPECT_EQ(umount(disk.c_str()), 0);
    ASSERT_TRUE(recording.ok());
    EXPECT_GT(kept, 0U);
    EXPECT_LT(kept, events.size());
    EXPECT_EQ(recording->events.size(), kept);
    EXPECT_EQ(recording->losses.recording, events.size() - kept);
    ASSERT_TRUE(recording->outcome.has_value());
    EXPECT_EQ(std::get<Exited>(recording->outcome->ending).code, 7);
}

}  // namespace
}  // namespace belljar
#endif
