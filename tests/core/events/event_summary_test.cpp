// What events add up to, against adding up by hand and one by one.
#include <gtest/gtest.h>

#include "core/events/event_summary.h"
#include "tests/core/events/query_maker.h"

namespace belljar {
namespace {

using query_maker::columnsOf;
using query_maker::Maker;

Event event(double seconds, EventKind kind, std::int32_t pid, const char* object, const char* detail = "")
{
    Event made;
    made.timeNs = static_cast<std::int64_t>(seconds * 1e9);
    made.kind = kind;
    made.pid = pid;
    made.parentPid = 1;
    made.processName = "sh";
    made.object = object;
    made.detail = detail;
    made.verdict = EventVerdict::allowed;
    return made;
}

std::vector<EventSummary> summaryOf(const std::vector<Event>& events, SummaryKind kind)
{
    const EventColumns columns = columnsOf(events);
    return summarize(columns, EventSet(columns.size(), true), kind);
}

TEST(EventSummary, FilesHaveTheirOpensBytesAndDenials)
{
    std::vector<Event> events{
        event(1, EventKind::fileOpen, 5, "/a"),
        event(2, EventKind::fileBytesRead, 5, "/a", "4096 bytes in 3 calls"),
        event(3, EventKind::fileOpenWrite, 6, "/a"),
        event(4, EventKind::fileBytesWritten, 6, "/a", "100 bytes in 1 call"),
        event(5, EventKind::fileBytesWritten, 6, "/a", "not a number"),
        event(0.5, EventKind::fileStat, 6, "/a"),
        event(6, EventKind::fileOpen, 5, "/b"),
        event(7, EventKind::fileOpen, 5, "/b"),
        event(8, EventKind::netConnect, 5, "10.0.0.1:80"),
        event(9, EventKind::netConnect, 5, "unix:/run/x.sock"),
        event(10, EventKind::processExit, 5, ""),
    };
    events[6].verdict = events[7].verdict = EventVerdict::denied;
    events[7].absentOnHost = true;
    const std::vector<EventSummary> files = summaryOf(events, SummaryKind::files);
    ASSERT_EQ(files.size(), 3U);
    EXPECT_EQ(files[0].name, "/a");
    EXPECT_EQ(files[0].events, 6U);
    EXPECT_EQ(files[0].opens, 2U);
    EXPECT_EQ(files[0].reads, 2U);
    EXPECT_EQ(files[0].writes, 3U);
    EXPECT_EQ(files[0].looks, 1U);
    EXPECT_EQ(files[0].bytesRead, 4096U);
    EXPECT_EQ(files[0].bytesWritten, 100U);
    EXPECT_EQ(files[0].firstNs, 500'000'000);
    EXPECT_EQ(files[0].lastNs, 5'000'000'000);
    EXPECT_EQ(files[0].denied, 0U);
    EXPECT_EQ(files[1].name, "/b");
    EXPECT_EQ(files[1].denied, 1U);
    EXPECT_EQ(files[1].absent, 1U);
    EXPECT_EQ(files[2].name, "/run/x.sock");
    EXPECT_EQ(files[2].connects, 1U);
}

TEST(EventSummary, HostsAreCountedWithoutTheirPorts)
{
    const std::vector<EventSummary> hosts = summaryOf(
        {
            event(1, EventKind::netConnect, 5, "10.0.0.1:80"),
            event(2, EventKind::netSend, 5, "10.0.0.1:443"),
            event(3, EventKind::netBind, 5, "0.0.0.0:8080"),
            event(4, EventKind::netListen, 5, "0.0.0.0:8080"),
            event(5, EventKind::netConnect, 5, "[::1]:1"),
            event(6, EventKind::fileOpen, 5, "/10.0.0.1:80"),
        },
        SummaryKind::hosts);
    ASSERT_EQ(hosts.size(), 3U);
    EXPECT_EQ(hosts[0].name, "0.0.0.0");
    EXPECT_EQ(hosts[0].listens, 2U);
    EXPECT_EQ(hosts[1].name, "10.0.0.1");
    EXPECT_EQ(hosts[1].connects, 2U);
    EXPECT_EQ(hosts[2].name, "::1");
}

TEST(EventSummary, ProcessesAreToldApartByTheirStart)
{
    std::vector<Event> events{event(1, EventKind::processFork, 5, ""), event(2, EventKind::processExec, 5, "/bin/ls"),
                              event(3, EventKind::fileOpen, 5, "/a"), event(4, EventKind::fileOpen, 5, "/a")};
    events[1].processName = events[2].processName = "ls";
    events[3].processStart = 77;
    const std::vector<EventSummary> processes = summaryOf(events, SummaryKind::processes);
    ASSERT_EQ(processes.size(), 2U);
    EXPECT_EQ(processes[0].name, "ls") << "its last name";
    EXPECT_EQ(processes[0].events, 3U);
    EXPECT_EQ(processes[0].reads, 2U) << "running a program reads it";
    EXPECT_EQ(processes[1].processStart, 77U);
    EXPECT_EQ(processes[1].name, "sh");
}

TEST(EventSummary, SumsAreThoseOfTheEventsOneByOne)
{
    Maker maker(11);
    const std::vector<Event> events = maker.events(1500);
    const EventColumns columns = columnsOf(events);
    const auto parsed = parseQuery("time<100 -kind=file.stat");
    const Query& query = std::get<Query>(parsed);
    const EventSet set = selectEvents(columns, {}, query);
    for (const auto& [kind, field] :
         {std::pair(SummaryKind::files, QueryFieldId::path), std::pair(SummaryKind::hosts, QueryFieldId::host)}) {
        EventCounter all(field);
        EventCounter denied(field);
        std::map<std::string, std::int64_t> last;
        std::string buffer;
        for (const Event& each : events) {
            if (!query.matches(each, {}) || !textOf(each, {}, field, buffer)) continue;
            all.add(each, {});
            if (each.verdict == EventVerdict::denied && !each.absentOnHost) denied.add(each, {});
            std::int64_t& time =
                last.try_emplace(std::string(*textOf(each, {}, field, buffer)), each.timeNs).first->second;
            time = std::max(time, each.timeNs);
        }
        std::map<std::string, std::uint64_t> deniedByName;
        for (const EventGroup& group : denied.groups()) deniedByName[group.value] = group.count;
        const std::vector<EventGroup> groups = all.groups();
        const std::vector<EventSummary> rows = summarize(columns, set, kind);
        ASSERT_EQ(rows.size(), groups.size());
        ASSERT_GT(rows.size(), 2U);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            EXPECT_EQ(rows[i].name, groups[i].value);
            EXPECT_EQ(rows[i].events, groups[i].count);
            EXPECT_EQ(rows[i].denied, deniedByName[rows[i].name]);
            EXPECT_EQ(rows[i].lastNs, last[rows[i].name]);
        }
    }
}

}  // namespace
}  // namespace belljar
