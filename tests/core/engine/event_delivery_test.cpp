// An observer that stalls holds nobody up, and what it misses is counted exactly.
#include <atomic>
#include <future>

#include <gtest/gtest.h>

#include "core/engine/event_delivery.h"

namespace belljar {
namespace {

std::vector<Event> numbered(std::uint64_t first, std::size_t count)
{
    std::vector<Event> events(count);
    for (std::size_t i = 0; i < count; ++i) {
        events[i].sequence = first + i;
        events[i].timeNs = static_cast<std::int64_t>(first + i);
    }
    return events;
}

TEST(EventDelivery, GivesEverythingInOrder)
{
    std::vector<std::uint64_t> seen;
    EventDelivery delivery([&](std::span<const Event> events) {
        for (const Event& event : events) seen.push_back(event.sequence);
    });
    for (std::uint64_t batch = 0; batch < 1000; ++batch) delivery.add(numbered(batch * 10 + 1, 10));
    delivery.finish();
    ASSERT_EQ(seen.size(), 10'000U);
    for (std::size_t i = 0; i < seen.size(); ++i) ASSERT_EQ(seen[i], i + 1);
    EXPECT_EQ(delivery.dropped(), 0U);
}

TEST(EventDelivery, StalledObserverLosesWhatIsCountedAndShown)
{
    std::promise<void> entered;
    std::promise<void> go;
    std::atomic<bool> first = true;
    std::vector<Event> seen;
    EventDelivery delivery(
        [&](std::span<const Event> events) {
            if (first.exchange(false)) {
                entered.set_value();
                go.get_future().wait();
            }
            seen.insert(seen.end(), events.begin(), events.end());
        },
        EventDelivery::Bounds{100, 1U << 20U});
    delivery.add(numbered(1, 10));
    entered.get_future().wait();
    for (std::uint64_t batch = 1; batch < 50; ++batch) delivery.add(numbered(batch * 10 + 1, 10));
    EXPECT_EQ(delivery.dropped(), 390U);  // 10 are with the observer and 100 wait for it
    go.set_value();
    delivery.finish();
    ASSERT_EQ(seen.size(), 111U);
    EXPECT_EQ(seen.back().kind, EventKind::sessionGap);
    EXPECT_EQ(seen.back().detail.rfind("390 events lost", 0), 0U) << seen.back().detail;
    EXPECT_EQ(seen.back().timeNs, 500);
    EXPECT_EQ(seen[109].sequence, 110U);
}

TEST(EventDelivery, GapStandsWhereEventsAreMissing)
{
    std::promise<void> entered;
    std::promise<void> go;
    std::promise<void> taken;
    int calls = 0;
    std::vector<Event> seen;
    EventDelivery delivery(
        [&](std::span<const Event> events) {
            ++calls;
            if (calls == 1) {
                entered.set_value();
                go.get_future().wait();
            }
            seen.insert(seen.end(), events.begin(), events.end());
            if (calls == 2) taken.set_value();
        },
        EventDelivery::Bounds{10, 1U << 20U});
    delivery.add(numbered(1, 1));
    entered.get_future().wait();
    delivery.add(numbered(2, 10));
    delivery.add(numbered(12, 5));
    go.set_value();
    taken.get_future().wait();
    delivery.add(numbered(17, 3));
    delivery.finish();
    ASSERT_EQ(seen.size(), 15U);
    EXPECT_EQ(seen[10].sequence, 11U);
    EXPECT_EQ(seen[11].kind, EventKind::sessionGap);
    EXPECT_EQ(seen[12].sequence, 17U);
    EXPECT_EQ(delivery.dropped(), 5U);
}

TEST(EventDelivery, LongTextsAreBoundedToo)
{
    std::promise<void> entered;
    std::promise<void> go;
    bool first = true;
    EventDelivery delivery(
        [&](std::span<const Event>) {
            if (!std::exchange(first, false)) return;
            entered.set_value();
            go.get_future().wait();
        },
        EventDelivery::Bounds{1'000'000, 10'000});
    delivery.add(numbered(1, 1));
    entered.get_future().wait();
    for (std::uint64_t i = 0; i < 20; ++i) {
        std::vector<Event> one = numbered(i + 2, 1);
        one.front().object = std::string(1000, 'x');
        delivery.add(std::move(one));
    }
    EXPECT_EQ(delivery.dropped(), 10U);
    go.set_value();
}

TEST(EventDelivery, OneBatchAlwaysFits)
{
    std::size_t seen = 0;
    EventDelivery delivery([&](std::span<const Event> events) { seen += events.size(); }, EventDelivery::Bounds{1, 1});
    delivery.add(numbered(1, 500));
    delivery.add({});
    delivery.finish();
    EXPECT_EQ(seen, 500U);
}

}  // namespace
}  // namespace belljar
