#include <gtest/gtest.h>

#include "core/events/recording_columns.h"

namespace belljar {
namespace {

RecordedProcess processRow(std::int32_t pid, std::uint64_t start, std::int32_t parent, std::uint32_t name = 0)
{
    RecordedProcess row;
    row.pid = pid;
    row.start = start;
    row.parentPid = parent;
    row.name = name;
    return row;
}

TEST(TextTable, NumberZeroIsTheEmptyTextAndBytesComeBack)
{
    TextTable texts;
    ASSERT_EQ(texts.size(), 1U);
    EXPECT_EQ(texts[0], "");
    texts.add("/etc");
    texts.add(std::string_view("\xff\0x", 3));
    ASSERT_EQ(texts.size(), 3U);
    EXPECT_EQ(texts[1], "/etc");
    EXPECT_EQ(texts[2], std::string_view("\xff\0x", 3));
}

TEST(EventColumns, SequenceNumbersFollowTheirRuns)
{
    EventColumns columns;
    columns.sequenceRuns = {{0, 1}, {3, 10}, {4, 5}};
    EXPECT_EQ(columns.sequence(0), 1U);
    EXPECT_EQ(columns.sequence(2), 3U);
    EXPECT_EQ(columns.sequence(3), 10U);
    EXPECT_EQ(columns.sequence(4), 5U);
    EXPECT_EQ(columns.sequence(6), 7U);
}

TEST(EventColumns, AnEventIsPutTogetherFromItsTables)
{
    EventColumns columns;
    columns.texts.add("cat");
    columns.texts.add("/etc/shadow");
    columns.processTable.push_back(processRow(7, 99, 3, 1));
    EventShape shape;
    shape.kind = EventKind::fileOpen;
    shape.verdict = EventVerdict::denied;
    shape.mechanism = Mechanism::mask;
    shape.rule = 4;
    shape.result = 13;
    columns.shapeTable.push_back(shape);
    columns.times = {42};
    columns.processes = {0};
    columns.objects = {2};
    columns.details = {0};
    columns.shapes = {0};
    columns.sequenceRuns = {{0, 8}};
    const Event event = columns.event(0);
    EXPECT_EQ(event.sequence, 8U);
    EXPECT_EQ(event.timeNs, 42);
    EXPECT_EQ(event.pid, 7);
    EXPECT_EQ(event.parentPid, 3);
    EXPECT_EQ(event.processStart, 99U);
    EXPECT_EQ(event.processName, "cat");
    EXPECT_EQ(event.object, "/etc/shadow");
    EXPECT_EQ(event.detail, "");
    EXPECT_EQ(event.rule, 4U);
    EXPECT_EQ(event.result, 13);
    EXPECT_EQ(event.mechanism, Mechanism::mask);
    EXPECT_EQ(event.verdict, EventVerdict::denied);
}

TEST(ProcessChain, ReusedIdsAndNewNamesFindTheRightParent)
{
    const std::vector<RecordedProcess> table{
        processRow(10, 100, 1),     // 0: the shell, as it was forked
        processRow(10, 100, 1, 5),  // 1: the same after it ran a program
        processRow(20, 150, 10),    // 2: its child, seen after that
        processRow(10, 300, 2),     // 3: another process that got id 10 later
        processRow(30, 310, 10),    // 4: a child of that
        processRow(40, 160, 99),    // 5: nobody saw its parent
        processRow(50, 90, 10),     // 6: older than every process of that id
    };
    const std::vector<std::uint32_t> parents = parentRows(table);
    EXPECT_EQ(processChain(parents, 2), (std::vector<std::uint32_t>{2, 1}));
    EXPECT_EQ(processChain(parents, 4), (std::vector<std::uint32_t>{4, 3}));
    EXPECT_EQ(processChain(parents, 5), (std::vector<std::uint32_t>{5}));
    EXPECT_EQ(processChain(parents, 6), (std::vector<std::uint32_t>{6}));
}

TEST(ProcessChain, CirclesEnd)
{
    const std::vector<RecordedProcess> table{processRow(1, 5, 2), processRow(2, 5, 1), processRow(3, 5, 3)};
    const std::vector<std::uint32_t> parents = parentRows(table);
    EXPECT_EQ(processChain(parents, 0), (std::vector<std::uint32_t>{0, 1}));
    EXPECT_EQ(processChain(parents, 2), (std::vector<std::uint32_t>{2}));
}

TEST(ProcessChain, LongChainsAreCut)
{
    std::vector<RecordedProcess> table;
    for (std::int32_t i = 0; i < 1000; ++i) table.push_back(processRow(i + 1, static_cast<std::uint64_t>(i), i));
    EXPECT_EQ(processChain(parentRows(table), 999).size(), 256U);
}

}  // namespace
}  // namespace belljar
