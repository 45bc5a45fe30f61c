// Source → verdict → recording → observer, with sources and observers that misbehave.
#include <atomic>
#include <filesystem>
#include <future>
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "core/engine/event_pipeline.h"
#include "core/events/injected_source.h"
#include "tests/core/policy/fake_host_facts.h"

namespace belljar {
namespace {

constexpr std::size_t kPlenty = 1'000'000;

std::vector<Event> opens(std::size_t count)
{
    std::vector<Event> events(count);
    for (std::size_t i = 0; i < count; ++i) {
        events[i].timeNs = static_cast<std::int64_t>(i);
        events[i].pid = 100;
        events[i].kind = EventKind::fileOpen;
        events[i].object = "/secret/" + std::to_string(i % 10);
        events[i].origin = EventOrigin::injected;
    }
    return events;
}

/// Gives so many batches of 100, each as soon as it is asked.
class BatchSource final : public EventSource {
public:
    explicit BatchSource(int batches) : m_left(batches) {}
    Result<bool> next(std::vector<Event>& batch, std::chrono::milliseconds) override
    {
        batch = opens(100);
        return --m_left > 0;
    }
    void stop() override { m_left = 0; }
    [[nodiscard]] std::uint64_t lost() const override { return 0; }
    [[nodiscard]] const SourceFacts& facts() const override { return m_facts; }

private:
    const SourceFacts m_facts{"test", "batches", {}, {}};
    int m_left;
};

/// Breaks after its first batch.
class BreakingSource final : public EventSource {
public:
    Result<bool> next(std::vector<Event>& batch, std::chrono::milliseconds) override
    {
        if (std::exchange(m_broken, true)) return Error{ErrorCode::backendError, "the wire was cut", {}, {}, {}};
        batch = opens(3);
        return true;
    }
    void stop() override {}
    [[nodiscard]] std::uint64_t lost() const override { return 0; }
    [[nodiscard]] const SourceFacts& facts() const override { return m_facts; }

private:
    const SourceFacts m_facts{"test", "breaks", {}, {}};
    bool m_broken = false;
};

class EventPipelineTest : public testing::Test {
protected:
    EventPipelineTest()
    {
        m_policy.rules.resize(builtin_rule::kCount);
        const std::string name = "belljar-pipeline-" + std::to_string(std::random_device{}());
        m_path = (std::filesystem::temp_directory_path() / name).string();
        RecordingHeader header;
        header.rules = m_policy.rules;
        Result<std::unique_ptr<RecordingWriter>> made = RecordingWriter::create(m_path, header);
        EXPECT_TRUE(made.ok());
        if (made.ok()) m_recording = std::move(made).value();
    }
    ~EventPipelineTest() override
    {
        m_recording.reset();
        std::filesystem::remove(m_path);
    }

    std::vector<Event> recorded()
    {
        EXPECT_TRUE(m_recording->finish(Outcome{}, Losses{}).ok());
        m_recording.reset();
        Result<Recording> read = readRecording(m_path);
        EXPECT_TRUE(read.ok() && read->damage.empty()) << (read.ok() ? read->damage : read.error().message);
        return read.ok() ? std::move(read->events) : std::vector<Event>();
    }

    Policy m_policy;
    FakeHostFacts m_facts;
    EventJudge m_judge{m_policy, m_facts};
    std::string m_path;
    std::unique_ptr<RecordingWriter> m_recording;
};

TEST_F(EventPipelineTest, EveryEventIsJudgedRecordedAndShownInOrder)
{
    std::vector<Event> seen;
    EventPipeline pipeline(m_judge, m_recording.get(), [&](std::span<const Event> events) {
        seen.insert(seen.end(), events.begin(), events.end());
    });
    InjectedSource source(kPlenty);
    std::thread feeder([&] {
        for (int i = 0; i < 100; ++i) source.inject(opens(100));
        source.end();
    });
    EXPECT_TRUE(pipeline.run(source));
    feeder.join();
    EXPECT_EQ(pipeline.finish().total(), 0U);
    ASSERT_EQ(seen.size(), 10'000U);
    for (std::size_t i = 0; i < seen.size(); ++i) {
        ASSERT_EQ(seen[i].sequence, i + 1);
        ASSERT_EQ(seen[i].verdict, EventVerdict::denied);
    }
    EXPECT_EQ(recorded().size(), seen.size());
}

TEST_F(EventPipelineTest, WhatTheSourceLostIsCountedAndIsAnEventWhereItIsMissing)
{
    std::vector<Event> seen;
    EventPipeline pipeline(m_judge, m_recording.get(), [&](std::span<const Event> events) {
        seen.insert(seen.end(), events.begin(), events.end());
    });
    InjectedSource source(10);
    source.inject(opens(17));
    source.end();
    EXPECT_TRUE(pipeline.run(source));
    EXPECT_EQ(pipeline.finish().source, 7U);
    ASSERT_EQ(seen.size(), 11U);
    EXPECT_EQ(seen.back().kind, EventKind::sessionGap);
    EXPECT_EQ(seen.back().sequence, 11U);
    EXPECT_EQ(seen.back().verdict, EventVerdict::none);
    EXPECT_NE(seen.back().detail.find("7 events lost"), std::string::npos) << seen.back().detail;
    const std::vector<Event> stored = recorded();
    ASSERT_EQ(stored.size(), 11U);
    EXPECT_EQ(stored.back().detail, seen.back().detail);
}

TEST_F(EventPipelineTest, RecordingIsWholeAlthoughTheObserverStalls)
{
    std::promise<void> go;
    std::atomic<bool> first = true;
    std::uint64_t seen = 0;
    EventPipeline pipeline(
        m_judge, m_recording.get(),
        [&](std::span<const Event> events) {
            if (first.exchange(false)) go.get_future().wait();
            for (const Event& event : events) seen += event.kind == EventKind::sessionGap ? 0 : 1;
        },
        EventDelivery::Bounds{1000, std::size_t{1} << 20U});
    BatchSource source(200);
    EXPECT_TRUE(pipeline.run(source));
    go.set_value();
    const Losses losses = pipeline.finish();
    EXPECT_GT(losses.queue, 0U);
    EXPECT_EQ(losses.queue + seen, 20'000U);
    EXPECT_EQ(losses.source + losses.recording, 0U);
    EXPECT_EQ(recorded().size(), 20'000U);
}

TEST_F(EventPipelineTest, OwnEventsComeFromAnyThreadInOneOrder)
{
    std::vector<Event> seen;
    EventPipeline pipeline(m_judge, m_recording.get(), [&](std::span<const Event> events) {
        seen.insert(seen.end(), events.begin(), events.end());
    });
    InjectedSource source(kPlenty);
    std::thread other([&] {
        for (int i = 0; i < 500; ++i) {
            Event own;
            own.kind = EventKind::sessionPolicy;
            pipeline.add(std::move(own));
            source.inject(opens(3));
        }
        source.end();
    });
    EXPECT_TRUE(pipeline.run(source));
    other.join();
    EXPECT_EQ(pipeline.finish().total(), 0U);
    ASSERT_EQ(seen.size(), 2000U);
    const std::vector<Event> stored = recorded();
    ASSERT_EQ(stored.size(), seen.size());
    for (std::size_t i = 0; i < seen.size(); ++i) {
        ASSERT_EQ(seen[i].sequence, i + 1);
        ASSERT_EQ(stored[i].kind, seen[i].kind);
    }
}

TEST_F(EventPipelineTest, RulesOfALaterPolicyAreInTheRecording)
{
    Policy later = m_policy;
    later.rules.push_back({RuleSource::live, "+ro /late", {}});
    {
        EventPipeline pipeline(m_judge, m_recording.get(), [](std::span<const Event>) {});
        Event note;
        note.sequence = 1;
        note.kind = EventKind::sessionPolicy;
        note.verdict = EventVerdict::allowed;
        note.rule = builtin_rule::kCount;
        pipeline.changePolicy(std::make_shared<const Policy>(later), note);
        pipeline.changePolicy(std::make_shared<const Policy>(later), note);  // Nothing new: written once.
        static_cast<void>(pipeline.finish());
    }
    EXPECT_TRUE(m_recording->finish(Outcome{}, Losses{}).ok());
    const Result<Recording> read = readRecording(m_path);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->damage, "");
    EXPECT_EQ(read->events.size(), 2U);
    ASSERT_EQ(read->header.rules.size(), builtin_rule::kCount + 1);
    EXPECT_EQ(read->header.rules.back().text, "+ro /late");
    EXPECT_EQ(read->header.rules.back().source, RuleSource::live);
}

TEST_F(EventPipelineTest, SaysAloudThatASourceBroke)
{
    std::vector<Event> seen;
    EventPipeline pipeline(m_judge, m_recording.get(), [&](std::span<const Event> events) {
        seen.insert(seen.end(), events.begin(), events.end());
    });
    BreakingSource source;
    const Result<void> ran = pipeline.run(source);
    ASSERT_FALSE(ran);
    EXPECT_EQ(ran.error().message, "the wire was cut");
    EXPECT_EQ(pipeline.finish().source, 1U);
    ASSERT_EQ(seen.size(), 4U);
    EXPECT_EQ(seen[3].kind, EventKind::sessionGap);
    EXPECT_EQ(seen[3].timeNs, 2);
    EXPECT_EQ(seen[3].detail, "nothing is seen from here on: the wire was cut");
    EXPECT_EQ(recorded().size(), 4U);
}

}  // namespace
}  // namespace belljar
