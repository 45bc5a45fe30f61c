// Asking columns gives the answers that asking each event gives: random queries over random events, and edges by hand.
#include <gtest/gtest.h>

#include "tests/core/events/query_maker.h"

namespace belljar {
namespace {

using query_maker::columnsOf;
using query_maker::Maker;

std::vector<std::uint32_t> oneByOne(const std::vector<Event>& events, const QueryContext& context, const Query& query)
{
    std::vector<std::uint32_t> numbers;
    for (std::uint32_t i = 0; i < events.size(); ++i)
        if (query.matches(events[i], context)) numbers.push_back(i);
    return numbers;
}

TEST(EventSelection, ColumnsAndEventsGiveTheSameAnswers)
{
    Maker maker(7);
    int queries = 0;
    int someFit = 0;
    for (const std::size_t count : {0U, 1U, 63U, 64U, 65U, 700U}) {
        const std::vector<Event> events = maker.events(count);
        const std::vector<Rule> rules = maker.rules();
        const EventColumns columns = columnsOf(events);
        ProcessTree tree;
        for (const Event& event : events) tree.add(event);
        const QueryContext context{rules, 86'400'000'000'000, &tree};
        for (int i = 0; i < 1500; ++i) {
            const std::string text = maker.query();
            const auto parsed = parseQuery(text);
            const Query* query = std::get_if<Query>(&parsed);
            if (query == nullptr) continue;
            ++queries;
            const EventSet set = selectEvents(columns, {rules, 86'400'000'000'000, nullptr}, *query);
            const std::vector<std::uint32_t> expected = oneByOne(events, context, *query);
            ASSERT_EQ(set.numbers(), expected) << text;
            ASSERT_EQ(set.count(), expected.size()) << text;
            someFit += !expected.empty() && expected.size() != count ? 1 : 0;
            const auto again = parseQuery(query->text());
            ASSERT_TRUE(std::holds_alternative<Query>(again)) << query->text();
            ASSERT_EQ(std::get<Query>(again).text(), query->text()) << text;
            ASSERT_EQ(selectEvents(columns, context, std::get<Query>(again)).numbers(), expected) << text;
        }
    }
    EXPECT_GT(queries, 7000) << "nearly all of them are queries";
    EXPECT_GT(someFit, 2000) << "and many tell events apart";
}

TEST(EventSelection, ManyThreadsGiveTheSameAnswers)
{
    Maker maker(8);
    const std::vector<Event> few = maker.events(2000);
    const std::vector<Rule> rules = maker.rules();
    EventColumns columns = columnsOf(few);
    while (columns.size() < 400'000) {  // Enough for threads.
        const std::size_t number = columns.times.size() % few.size();
        columns.times.push_back(columns.times[number]);
        columns.processes.push_back(columns.processes[number]);
        columns.objects.push_back(columns.objects[number]);
        columns.details.push_back(columns.details[number]);
        columns.shapes.push_back(columns.shapes[number]);
    }
    for (int i = 0; i < 60; ++i) {
        const auto parsed = parseQuery(maker.query());
        if (!std::holds_alternative<Query>(parsed)) continue;
        const Query& query = std::get<Query>(parsed);
        const EventSet one = selectEvents(columns, {rules, 0, nullptr}, query, 1);
        const EventSet three = selectEvents(columns, {rules, 0, nullptr}, query, 3);
        ASSERT_EQ(one.words(), three.words()) << query.text();
    }
}

TEST(EventSelection, CountsAsTheCounterOfEventsDoes)
{
    Maker maker(9);
    const std::vector<Event> events = maker.events(900);
    const std::vector<Rule> rules = maker.rules();
    const EventColumns columns = columnsOf(events);
    const QueryContext context{rules, 86'400'000'000'000, nullptr};
    for (const char* text : {"", "verdict=denied", "category=network", "pid=4242"}) {
        const auto parsed = parseQuery(text);
        const Query& query = std::get<Query>(parsed);
        const EventSet set = selectEvents(columns, context, query);
        for (const QueryFieldRow& row : queryFields()) {
            if (!countable(row.id)) continue;
            EventCounter counter(row.id);
            for (const Event& event : events)
                if (query.matches(event, context)) counter.add(event, context);
            const std::vector<EventGroup> expected = counter.groups();
            const std::vector<EventGroup> groups = countEvents(columns, context, set, row.id);
            ASSERT_EQ(groups.size(), expected.size()) << row.name;
            for (std::size_t i = 0; i < groups.size(); ++i) {
                EXPECT_EQ(groups[i].value, expected[i].value) << row.name;
                EXPECT_EQ(groups[i].count, expected[i].count) << row.name;
                EXPECT_EQ(groups[i].denied, expected[i].denied) << row.name;
                EXPECT_EQ(groups[i].firstNs, expected[i].firstNs) << row.name;
                EXPECT_EQ(groups[i].lastNs, expected[i].lastNs) << row.name;
            }
        }
    }
}

TEST(EventSelection, SetsCountAndVisitTheirEvents)
{
    for (const std::size_t size : {0U, 1U, 63U, 64U, 65U, 128U, 200U}) {
        EXPECT_EQ(EventSet(size).count(), 0U);
        EventSet all(size, true);
        EXPECT_EQ(all.count(), size);
        EXPECT_EQ(all.events(), size);
        std::size_t visited = 0;
        all.forEach([&](std::size_t event) { EXPECT_EQ(event, visited++); });
        EXPECT_EQ(visited, size);
        if (size == 0) continue;
        all.words()[0] &= ~std::uint64_t{1};
        EXPECT_FALSE(all.has(0));
        EXPECT_EQ(all.numbers().size(), size - 1);
    }
}

TEST(ProcessTree, FollowsParentsAcrossReusedIdsAndEnds)
{
    ProcessTree tree;
    tree.add(100, 10, 1);
    tree.add(101, 11, 100);
    tree.add(102, 12, 101);
    tree.add(102, 12, 1);    // Its parent has ended: it is still what 101 started.
    tree.add(101, 50, 7);    // The id is used again, by another.
    tree.add(103, 60, 101);  // A child of the new one.
    const auto isBelow = [&](std::int32_t pid, std::uint64_t start, std::int32_t parent, std::int32_t wanted) {
        return tree.anyUpwards(pid, start, parent, [&](std::int32_t each) { return each == wanted; });
    };
    EXPECT_TRUE(isBelow(102, 12, 1, 102));
    EXPECT_TRUE(isBelow(102, 12, 1, 101));
    EXPECT_TRUE(isBelow(102, 12, 1, 100));
    EXPECT_TRUE(isBelow(102, 12, 1, 1)) << "the last that is known";
    EXPECT_FALSE(isBelow(102, 12, 1, 7));
    EXPECT_TRUE(isBelow(103, 60, 101, 7));
    EXPECT_FALSE(isBelow(103, 60, 101, 100));
    EXPECT_TRUE(isBelow(999, 12, 102, 100)) << "a process that was never added, by its parent";
    EXPECT_FALSE(isBelow(999, 5, 102, 100)) << "its parent's id is that of a later process";
    EXPECT_TRUE(isBelow(999, 5, 102, 102));

    ProcessTree circle;
    circle.add(1, 0, 2);
    circle.add(2, 0, 1);
    circle.add(3, 0, 3);
    EXPECT_FALSE(circle.anyUpwards(1, 0, 2, [](std::int32_t pid) { return pid == 9; }));
    EXPECT_FALSE(circle.anyUpwards(3, 0, 3, [](std::int32_t pid) { return pid == 9; }));
}

}  // namespace
}  // namespace belljar
