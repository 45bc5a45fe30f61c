#include "core/events/event_collector.h"

#include <gtest/gtest.h>

#include "core/events/event_selection.h"
#include "tests/core/events/query_maker.h"

namespace belljar {
namespace {

using query_maker::Maker;

bool same(const Event& a, const Event& b)
{
    return a.sequence == b.sequence && a.timeNs == b.timeNs && a.pid == b.pid && a.parentPid == b.parentPid &&
           a.insidePid == b.insidePid && a.processStart == b.processStart && a.processName == b.processName &&
           a.kind == b.kind && a.object == b.object && a.detail == b.detail && a.result == b.result &&
           a.trust == b.trust && a.verdict == b.verdict && a.rule == b.rule && a.origin == b.origin &&
           a.mechanism == b.mechanism && a.absentOnHost == b.absentOnHost;
}

TEST(EventCollector, GivesBackWhatItWasGiven)
{
    Maker maker(5);
    const std::vector<Event> events = maker.events(2000);
    EventCollector collector;
    collector.append(std::span(events).first(700));
    collector.append(std::span(events).subspan(700));
    const EventColumns& columns = collector.columns();
    ASSERT_EQ(columns.size(), events.size());
    for (std::size_t i = 0; i < events.size(); ++i) EXPECT_TRUE(same(columns.event(i), events[i])) << i;
    EXPECT_EQ(collector.notKept(), 0U);
    EXPECT_LT(columns.texts.size(), events.size());  // What repeats is stored once.
}

TEST(EventCollector, ASnapshotStaysAsItWas)
{
    Maker maker(6);
    const std::vector<Event> events = maker.events(3000);
    EventCollector collector;
    collector.append(std::span(events).first(10));
    const EventColumns early = collector.columns();
    for (std::size_t i = 10; i < events.size(); ++i) collector.append(std::span(events).subspan(i, 1));
    ASSERT_EQ(early.size(), 10U);
    for (std::size_t i = 0; i < early.size(); ++i) EXPECT_TRUE(same(early.event(i), events[i])) << i;
    EXPECT_EQ(collector.columns().size(), events.size());
}

TEST(EventCollector, TheRestFromAnEventOnAnswersAsTheWhole)
{
    Maker maker(7);
    const std::vector<Event> events = maker.events(1000);
    EventCollector collector;
    collector.append(events);
    const EventColumns& whole = collector.columns();
    for (const std::size_t first : {std::size_t{0}, std::size_t{1}, std::size_t{777}, events.size()}) {
        const EventColumns rest = whole.from(first);
        ASSERT_EQ(rest.size(), events.size() - first);
        for (std::size_t i = 0; i < rest.size(); ++i) EXPECT_TRUE(same(rest.event(i), events[first + i]));
        const auto parsed = parseQuery("verdict=denied or seq<100 or usr");
        const Query& query = std::get<Query>(parsed);
        const EventSet ofWhole = selectEvents(whole, {}, query);
        const EventSet ofRest = selectEvents(rest, {}, query);
        for (std::size_t i = 0; i < rest.size(); ++i) EXPECT_EQ(ofRest.has(i), ofWhole.has(first + i));
    }
    EXPECT_EQ(whole.eventOf(events[500].sequence), 500U);
    EXPECT_EQ(whole.eventOf(0), whole.size());
}

TEST(EventCollector, CountsWhatIsBeyondItsBounds)
{
    Maker maker(8);
    const std::vector<Event> events = maker.events(100);
    EventCollector few({60, 1U << 20U, 1U << 10U});
    few.append(events);
    EXPECT_EQ(few.columns().size(), 60U);
    EXPECT_EQ(few.notKept(), 40U);

    Event longOne;
    longOne.object = std::string(5000, 'x');
    EventCollector shortTexts({60, 2000, 1000});
    for (int i = 0; i < 5; ++i) {
        longOne.object[0] = static_cast<char>('a' + i);
        shortTexts.append({&longOne, 1});
    }
    EXPECT_EQ(shortTexts.columns().size(), 2U);  // The second reached the bound.
    EXPECT_EQ(shortTexts.columns().event(0).object.size(), 1000U);
    EXPECT_TRUE(shortTexts.columns().event(0).object.ends_with("[cut]"));
}

TEST(SharedColumn, ACopyThatIsChangedTakesItsOwnMemory)
{
    SharedColumn<std::uint32_t> numbers{1, 2, 3};
    SharedColumn<std::uint32_t> copy = numbers;
    copy.push_back(9);
    numbers.push_back(4);
    EXPECT_EQ(copy[3], 9U);
    EXPECT_EQ(numbers[3], 4U);
    const SharedColumn<std::uint32_t> all = numbers;
    numbers.truncate(1);
    numbers.push_back(7);
    EXPECT_EQ(all[1], 2U);
    EXPECT_EQ(numbers[1], 7U);
    EXPECT_EQ(numbers.size(), 2U);
    EXPECT_EQ(all.from(2).size(), 2U);
    EXPECT_EQ(all.from(2)[0], 3U);
}

}  // namespace
}  // namespace belljar
