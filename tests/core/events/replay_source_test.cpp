// A recording as a source: the events come back as they were seen, without what a policy said of them.
#include "core/events/replay_source.h"

#include <gtest/gtest.h>

namespace belljar {
namespace {

using std::chrono::milliseconds;

/// One process, so many opens; every third was denied by rule 4, and what it gave was derived from that.
OpenRecording recordingOf(std::size_t count)
{
    OpenRecording recording;
    recording.header.source = {"kernel", "eBPF", {"Nothing before the start."}, {}};
    EventColumns& events = recording.events;
    events.texts.add("sh");
    events.texts.add("/etc/passwd");
    events.processTable.push_back({77, 100, 1, 2, 1});
    events.shapeTable.push_back({EventKind::fileOpen, EventVerdict::allowed, ResultTrust::seen, EventOrigin::kernel,
                                 Mechanism::mount, false, 3, 0});
    events.shapeTable.push_back({EventKind::fileOpen, EventVerdict::denied, ResultTrust::derived, EventOrigin::notify,
                                 Mechanism::notMounted, true, 4, 2});
    for (std::size_t i = 0; i < count; ++i) {
        events.times.push_back(static_cast<std::int64_t>(i));
        events.processes.push_back(0);
        events.objects.push_back(2);
        events.details.push_back(0);
        events.shapes.push_back(i % 3 == 0 ? 1 : 0);
    }
    events.sequenceRuns.push_back({0, 1});
    return recording;
}

std::vector<Event> all(ReplaySource& source)
{
    std::vector<Event> events;
    while (true) {
        const Result<bool> more = source.next(events, milliseconds(0));
        EXPECT_TRUE(more.ok());
        if (!more.ok() || !*more) return events;
    }
}

TEST(ReplaySource, GivesEveryEventOnceAndInOrder)
{
    ReplaySource source(recordingOf(10'000));
    const std::vector<Event> events = all(source);
    ASSERT_EQ(events.size(), 10'000U);
    for (std::size_t i = 0; i < events.size(); ++i) ASSERT_EQ(events[i].timeNs, static_cast<std::int64_t>(i));
    EXPECT_EQ(events[1].object, "/etc/passwd");
    EXPECT_EQ(events[1].processName, "sh");
    EXPECT_EQ(source.facts().id, "replay");
    EXPECT_NE(source.facts().mechanism.find("eBPF"), std::string::npos);
    EXPECT_EQ(source.lost(), 0U);
}

TEST(ReplaySource, LeavesOutWhatThePolicySaid)
{
    ReplaySource source(recordingOf(2));
    const std::vector<Event> events = all(source);
    ASSERT_EQ(events.size(), 2U);
    for (const Event& event : events) {
        EXPECT_EQ(event.verdict, EventVerdict::none);
        EXPECT_EQ(event.mechanism, Mechanism::none);
        EXPECT_FALSE(event.absentOnHost);
    }
    EXPECT_EQ(events[0].result, kResultUnknown);  // derived from the verdict
    EXPECT_EQ(events[1].result, 0);               // seen
    EXPECT_EQ(events[1].trust, ResultTrust::seen);
}

TEST(ReplaySource, LossesAndDamageAreSaid)
{
    OpenRecording recording = recordingOf(5);
    recording.losses.recording = 3;
    recording.losses.source = 4;
    recording.damage = "byte 9: cut off";
    ReplaySource source(std::move(recording));
    EXPECT_EQ(source.lost(), 0U);
    EXPECT_EQ(all(source).size(), 5U);
    EXPECT_EQ(source.lost(), 3U);
    ASSERT_EQ(source.facts().blindSpots.size(), 3U);
    EXPECT_EQ(source.facts().blindSpots[1], "7 events were lost when it was made.");
}

TEST(ReplaySource, EndsWhenStoppedAndWithoutEvents)
{
    ReplaySource stopped(recordingOf(100'000));
    stopped.stop();
    EXPECT_TRUE(all(stopped).empty());
    ReplaySource empty(recordingOf(0));
    EXPECT_TRUE(all(empty).empty());
}

}  // namespace
}  // namespace belljar
