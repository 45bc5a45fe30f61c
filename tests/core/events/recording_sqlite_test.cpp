#include "core/events/recording_sqlite.h"

#include "tests/core/events/recording_fixture.h"

#ifdef BELLJAR_SQLITE
#include <sqlite3.h>
#ifdef __linux__
#include <sys/resource.h>
#include <csignal>
#endif

namespace belljar {
namespace {

namespace fs = std::filesystem;

/// The rows of a question as texts, columns with "|" between; the error where there is one.
std::vector<std::string> ask(const std::string& file, const std::string& sql)
{
    sqlite3* database = nullptr;
    std::vector<std::string> rows;
    const auto take = [](void* out, int columns, char** values, char**) {
        std::string row;
        for (int i = 0; i < columns; ++i)
            row += (i == 0 ? "" : "|") + std::string(values[i] == nullptr ? "-" : values[i]);
        static_cast<std::vector<std::string>*>(out)->push_back(row);
        return 0;
    };
    if (sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK ||
        sqlite3_exec(database, sql.c_str(), take, &rows, nullptr) != SQLITE_OK)
        rows = {sqlite3_errmsg(database)};
    sqlite3_close(database);
    return rows;
}

/// A shell that starts cat, and three of their events.
std::vector<Event> family()
{
    std::vector<Event> events(3);
    for (std::size_t i = 0; i < events.size(); ++i) {
        Event& event = events[i];
        event.sequence = i + 1;
        event.timeNs = static_cast<std::int64_t>(i) * 1'500'000'000;
        event.pid = i == 0 ? 10 : 11;
        event.processStart = event.pid == 10 ? 100 : 200;
        event.parentPid = i == 0 ? 1 : 10;
        event.processName = i == 0 ? "sh" : "cat";
        event.object = i == 2 ? std::string("/bad\xff", 5) : "/etc/passwd";
        event.kind = EventKind::fileOpen;
        event.result = i == 1 ? 13 : kResultUnknown;
        event.verdict = i == 1 ? EventVerdict::denied : EventVerdict::none;
        event.rule = i == 1 ? 1 : 0;
        event.mechanism = i == 1 ? Mechanism::mask : Mechanism::none;
    }
    return events;
}

TEST_F(RecordingTest, ADatabaseAnswersWithEverything)
{
    writeRecording(path("r"), family(), 3);
    const auto recording = openRecording(path("r"));
    ASSERT_TRUE(recording.ok());
    const std::string file = path("db");
    const Result<void> written = writeSqlite(*recording, EventSet(3, true), file);
    ASSERT_TRUE(written.ok()) << describe(written.error());
    using Rows = std::vector<std::string>;
    EXPECT_EQ(ask(file,
                  "SELECT sequence, timeNs, pid, parentPid, processStart, process, kind, category, object, errno, "
                  "result, verdict, ruleText IS NULL, mechanism FROM events WHERE verdict = 'denied'"),
              Rows{"2|1500000000|11|10|200|cat|file.open|file|/etc/passwd|13|EACCES|denied|0|mask"});
    EXPECT_EQ(ask(file, "SELECT verdict, rule, errno FROM events WHERE sequence = 1"), Rows{"-|-|-"});
    EXPECT_EQ(ask(file, "SELECT wallNs, wallTime FROM events WHERE sequence = 2"),
              Rows{"1700000001623456789|2023-11-14T22:13:21.623Z"});
    EXPECT_EQ(ask(file,
                  "SELECT e.process, a.name, a.distance, a.pid FROM events e JOIN ancestors a ON a.process = "
                  "e.processId WHERE e.sequence = 3"),
              Rows{"cat|sh|1|10"});
    EXPECT_EQ(ask(file, "SELECT typeof(object), hex(object) FROM events WHERE sequence = 3"), Rows{"blob|2F626164FF"});
    EXPECT_EQ(ask(file,
                  "SELECT ending, sentence LIKE '%code 3%', lostAtSource, lostRecording, lostInQueue, trace FROM "
                  "session"),
              Rows{"exited|1|5|0|7|full"});
    EXPECT_EQ(ask(file, "SELECT id, source, line FROM rules ORDER BY id"),
              (Rows{"0|builtIn|0", "1|profile|12", "2|commandLine|0"}));
    EXPECT_EQ(ask(file, "PRAGMA integrity_check"), Rows{"ok"});
    EXPECT_EQ(ask(file, "PRAGMA foreign_key_check"), Rows{});
}

TEST_F(RecordingTest, ADatabaseHasOnlyWhatWasChosen)
{
    writeRecording(path("r"), family(), 3);
    const auto recording = openRecording(path("r"));
    ASSERT_TRUE(recording.ok());
    EventSet chosen(3);
    chosen.words()[0] = 1;
    ASSERT_TRUE(writeSqlite(*recording, chosen, path("db")).ok());
    using Rows = std::vector<std::string>;
    EXPECT_EQ(ask(path("db"), "SELECT process, object FROM events"), Rows{"sh|/etc/passwd"});
    EXPECT_EQ(ask(path("db"), "SELECT count(*) FROM texts WHERE text = 'cat'"), Rows{"0"});
    ASSERT_TRUE(writeSqlite(*recording, EventSet(3), path("none")).ok());
    EXPECT_EQ(ask(path("none"), "SELECT count(*) FROM events"), Rows{"0"});
}

TEST_F(RecordingTest, RandomEventsAreTheSameInADatabase)
{
    const std::vector<Event> events = someEvents(2000, 12, 30);
    writeRecording(path("r"), events, 500);
    const auto recording = openRecording(path("r"));
    ASSERT_TRUE(recording.ok());
    ASSERT_TRUE(writeSqlite(*recording, EventSet(events.size(), true), path("db")).ok());
    const std::vector<std::string> rows =
        ask(path("db"),
            "SELECT sequence, timeNs, pid, parentPid, insidePid, processStart, hex(process), hex(object), "
            "hex(detail), absentOnHost FROM events ORDER BY id");
    ASSERT_EQ(rows.size(), events.size());
    const auto hex = [](const std::string& text) {
        std::string out;
        for (const char c : text) {
            out += "0123456789ABCDEF"[static_cast<unsigned char>(c) >> 4U];
            out += "0123456789ABCDEF"[static_cast<unsigned char>(c) & 15U];
        }
        return out;
    };
    for (std::size_t i = 0; i < events.size(); ++i) {
        const Event& e = events[i];
        std::string row = std::to_string(e.sequence);
        for (const std::string& cell :
             {std::to_string(e.timeNs), std::to_string(e.pid), std::to_string(e.parentPid), std::to_string(e.insidePid),
              std::to_string(e.processStart), hex(e.processName), hex(e.object), hex(e.detail)})
            row += "|" + cell;
        ASSERT_EQ(rows[i], row + (e.absentOnHost ? "|1" : "|0"));
    }
}

TEST_F(RecordingTest, ADatabaseIsNeverWrittenOverAFile)
{
    writeRecording(path("r"), family(), 3);
    const auto recording = openRecording(path("r"));
    ASSERT_TRUE(recording.ok());
    put(path("mine"), "precious");
    const Result<void> refused = writeSqlite(*recording, EventSet(3, true), path("mine"));
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().message.find("exists already"), std::string::npos);
    EXPECT_EQ(contentOf(path("mine")), "precious");
}

#ifdef __linux__
TEST_F(RecordingTest, AHalfMadeDatabaseGoesAway)
{
    writeRecording(path("r"), someEvents(20'000, 13, 60), 5000);
    const auto recording = openRecording(path("r"));
    ASSERT_TRUE(recording.ok());
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    auto* const handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{100'000, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    const Result<void> failed = writeSqlite(*recording, EventSet(20'000, true), path("db"));
    setrlimit(RLIMIT_FSIZE, &before);
    static_cast<void>(std::signal(SIGXFSZ, handler));
    ASSERT_FALSE(failed.ok());
    EXPECT_FALSE(failed.error().native.empty());
    EXPECT_FALSE(fs::exists(path("db")));
}
#endif

}  // namespace
}  // namespace belljar
#endif
