#include "core/events/recording_lines.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

namespace belljar {
namespace {

/// A shell, its child with a name that spreadsheets would run, and one event of the child.
OpenRecording smallRecording()
{
    OpenRecording recording;
    recording.header.startedUnixNs = 1'700'000'000'000'000'000;
    recording.header.rules = {{RuleSource::profile, "@SUM(1)", {"/a", 4, 2}}};
    EventColumns& events = recording.events;
    for (const char* text : {"=sh\"", "child", "/a,b\n", "-1"}) events.texts.add(text);
    RecordedProcess shell;
    shell.pid = 10;
    shell.start = 1;
    shell.name = 1;
    RecordedProcess child;
    child.pid = 11;
    child.start = 2;
    child.parentPid = 10;
    child.insidePid = 3;
    child.name = 2;
    events.processTable = {shell, child};
    EventShape shape;
    shape.kind = EventKind::fileCreate;
    shape.verdict = EventVerdict::denied;
    shape.trust = ResultTrust::seen;
    shape.result = 13;
    shape.origin = EventOrigin::kernel;
    shape.mechanism = Mechanism::mask;
    events.shapeTable = {shape};
    events.times = {1'500'000'000};
    events.processes = {1};
    events.objects = {3};
    events.details = {4};
    events.shapes = {0};
    events.sequenceRuns = {{0, 9}};
    return recording;
}

TEST(CsvCell, NothingBecomesAFormula)
{
    for (const char* formula : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"})
        EXPECT_EQ(csvCell(formula).substr(0, 2), "\"'") << formula;
    EXPECT_EQ(csvCell("=\"x\""), "\"'=\"\"x\"\"\"");
    EXPECT_EQ(csvCell("a=b"), "a=b");
    EXPECT_EQ(csvCell(""), "");
}

TEST(CsvCell, QuotesAndLineBreaksStayInTheirCell)
{
    EXPECT_EQ(csvCell("plain"), "plain");
    EXPECT_EQ(csvCell("a,b"), "\"a,b\"");
    EXPECT_EQ(csvCell("a\"b"), "\"a\"\"b\"");
    EXPECT_EQ(csvCell("a\r\nb"), "a\\r\\nb");
    EXPECT_EQ(csvCell("\x1b[2J\xff"), "\\x1b[2J\\xff");
}

TEST(TimeText, SecondsAndWallClockOfAnyNumber)
{
    EXPECT_EQ(secondsText(0), "0.000000000");
    EXPECT_EQ(secondsText(1'000'000'001), "1.000000001");
    EXPECT_EQ(secondsText(-500'000'000), "-0.500000000");
    EXPECT_EQ(secondsText(std::numeric_limits<std::int64_t>::min()), "-9223372036.854775808");
    EXPECT_EQ(wallTimeText(0), "1970-01-01T00:00:00.000000000Z");
    EXPECT_EQ(wallTimeText(1'700'000'000'123'456'789), "2023-11-14T22:13:20.123456789Z");
    EXPECT_EQ(wallTimeText(-1), "1969-12-31T23:59:59.999999999Z");
    EXPECT_EQ(wallTimeText(std::numeric_limits<std::int64_t>::min()), "1677-09-21T00:12:43.145224192Z");
    EXPECT_EQ(wallTimeText(std::numeric_limits<std::int64_t>::max()), "2262-04-11T23:47:16.854775807Z");
}

TEST(RecordingLines, CsvHasEveryColumn)
{
    const OpenRecording recording = smallRecording();
    RecordingLines lines(recording);
    std::string line;
    lines.csv(0, line);
    EXPECT_EQ(line,
              "9,1.500000000,11,10,child,file.create,\"/a,b\\n\",\"'-1\",EACCES,denied,\"'@SUM(1)\",4,"
              "2023-11-14T22:13:21.500000000Z,3,2,file,seen,kernel,mask,0,\"'=sh\"\"[10]\"");
    const std::string head = RecordingLines::csvHead();
    EXPECT_EQ(std::count(head.begin(), head.end(), ','), 20);
}

TEST(RecordingLines, JsonHasWallClockAndAncestors)
{
    const OpenRecording recording = smallRecording();
    RecordingLines lines(recording);
    std::string line;
    lines.json(0, line);
    const auto json = nlohmann::json::parse(line);
    EXPECT_EQ(json.at("sequence"), 9);
    EXPECT_EQ(json.at("insidePid"), 3);
    EXPECT_EQ(json.at("origin"), "kernel");
    EXPECT_EQ(json.at("mechanism"), "mask");
    EXPECT_EQ(json.at("wallTime"), "2023-11-14T22:13:21.500000000Z");
    ASSERT_EQ(json.at("ancestors").size(), 1U);
    EXPECT_EQ(json.at("ancestors")[0].at("pid"), 10);
    EXPECT_EQ(json.at("ancestors")[0].at("process"), "=sh\"");
}

TEST(RecordingLines, TheClockOfAHostileHeaderWrapsAround)
{
    OpenRecording recording = smallRecording();
    recording.header.startedUnixNs = std::numeric_limits<std::int64_t>::max();
    RecordingLines lines(recording);
    EXPECT_LT(lines.wallNs(0), 0);
    std::string line;
    lines.text(0, line);
    EXPECT_NE(line.find("child[11]"), std::string::npos);
}

}  // namespace
}  // namespace belljar
