#include "core/events/recording_sqlite.h"

#ifdef BELLJAR_SQLITE

#include <sqlite3.h>

#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include <spdlog/fmt/fmt.h>

#include "core/base/utf8.h"
#include "core/base/visible.h"
#include "core/events/event_table.h"
#include "core/events/recording_file.h"
#include "core/events/recording_lines.h"

namespace belljar {
namespace {

constexpr const char* kSchema = R"(
CREATE TABLE session(
  belljarVersion TEXT, sessionId TEXT, startedUnixNs INTEGER, profileName TEXT, profileText TEXT, containment TEXT,
  source TEXT, mechanism TEXT, trace TEXT, blindSpots TEXT, system TEXT, kernel TEXT, distribution TEXT, uid INTEGER,
  argv TEXT, cwd TEXT, ending TEXT, sentence TEXT, durationNs INTEGER, cpuTimeUs INTEGER, peakMemoryKb INTEGER,
  lostAtSource INTEGER, lostRecording INTEGER, lostInQueue INTEGER, damage TEXT);
CREATE TABLE rules(id INTEGER PRIMARY KEY, source TEXT, text TEXT, pointer TEXT, line INTEGER, col INTEGER);
CREATE TABLE texts(id INTEGER PRIMARY KEY, text);
CREATE TABLE processes(
  id INTEGER PRIMARY KEY, pid INTEGER, start, parentPid INTEGER, insidePid INTEGER, name INTEGER REFERENCES texts,
  parent INTEGER REFERENCES processes);
CREATE TABLE shapes(
  id INTEGER PRIMARY KEY, kind TEXT, category TEXT, errno INTEGER, result TEXT, trust TEXT, verdict TEXT,
  absentOnHost INTEGER, rule INTEGER REFERENCES rules, origin TEXT, mechanism TEXT);
CREATE TABLE event_rows(
  id INTEGER PRIMARY KEY, sequence, timeNs INTEGER, process INTEGER REFERENCES processes,
  object INTEGER REFERENCES texts, detail INTEGER REFERENCES texts, shape INTEGER REFERENCES shapes);
CREATE VIEW events AS SELECT
  e.id, e.sequence, e.timeNs, s.startedUnixNs + e.timeNs AS wallNs,
  strftime('%Y-%m-%dT%H:%M:%fZ', (s.startedUnixNs + e.timeNs) / 1e9, 'unixepoch') AS wallTime,
  p.pid, p.parentPid, p.insidePid, p.start AS processStart, n.text AS process, e.process AS processId,
  k.kind, k.category, o.text AS object, d.text AS detail, k.errno, k.result, k.trust, k.verdict, k.absentOnHost,
  k.rule, r.source AS ruleSource, r.text AS ruleText, r.line AS ruleLine, k.origin, k.mechanism
FROM event_rows e CROSS JOIN session s
  JOIN processes p ON p.id = e.process JOIN texts n ON n.id = p.name
  JOIN texts o ON o.id = e.object JOIN texts d ON d.id = e.detail
  JOIN shapes k ON k.id = e.shape LEFT JOIN rules r ON r.id = k.rule;
CREATE VIEW ancestors AS
  WITH RECURSIVE up(process, ancestor, distance) AS (
    SELECT id, parent, 1 FROM processes WHERE parent IS NOT NULL
    UNION ALL
    SELECT up.process, p.parent, up.distance + 1 FROM up JOIN processes p ON p.id = up.ancestor
    WHERE p.parent IS NOT NULL AND p.parent <> up.process AND up.distance < 256)
  SELECT up.process, up.ancestor, up.distance, p.pid, p.start, n.text AS name
  FROM up JOIN processes p ON p.id = up.ancestor JOIN texts n ON n.id = p.name;
)";

struct Closer {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
};
struct Finalizer {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

/// An INSERT that is run again and again. The first failure stays; the others of its kind follow from it.
class Insert {
public:
    Insert(sqlite3* database, std::string_view table, int columns)
    {
        std::string marks;
        for (int i = 0; i < columns; ++i) marks += i == 0 ? "?" : ",?";
        const std::string sql = fmt::format("INSERT INTO {} VALUES({})", table, marks);
        sqlite3_stmt* statement = nullptr;
        m_code = sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr);
        m_statement.reset(statement);
    }

    Insert& number(std::int64_t value) { return keep(sqlite3_bind_int64(m_statement.get(), ++m_at, value)); }
    /// SQLite's integers are signed: what is larger becomes text.
    Insert& number(std::uint64_t value)
    {
        const auto asSigned = static_cast<std::int64_t>(value);
        return asSigned >= 0 ? number(asSigned) : text(std::to_string(value));
    }
    Insert& null() { return keep(sqlite3_bind_null(m_statement.get(), ++m_at)); }
    /// TEXT where it is UTF-8 without a zero byte, otherwise a BLOB.
    Insert& text(std::string_view value)
    {
        const bool plain = !firstInvalidUtf8(value) && value.find('\0') == std::string_view::npos;
        // A null pointer would be NULL.
        const char* bytes = value.empty() ? "" : value.data();
        return keep(
            plain ? sqlite3_bind_text64(m_statement.get(), ++m_at, bytes, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8)
                  : sqlite3_bind_blob64(m_statement.get(), ++m_at, bytes, value.size(), SQLITE_TRANSIENT));
    }
    void run()
    {
        const int code = sqlite3_step(m_statement.get());
        if (code != SQLITE_DONE) keep(code);
        sqlite3_reset(m_statement.get());
        m_at = 0;
    }
    [[nodiscard]] int code() const { return m_code; }

private:
    Insert& keep(int code)
    {
        if (m_code == SQLITE_OK) m_code = code;
        return *this;
    }
    std::unique_ptr<sqlite3_stmt, Finalizer> m_statement;
    int m_at = 0;
    int m_code = SQLITE_OK;
};

/// Fills a database that has the schema. Every function returns SQLite's code.
class Filler {
public:
    Filler(sqlite3* database, const OpenRecording& recording, const EventSet& chosen)
        : m_database(database), m_recording(recording), m_chosen(chosen)
    {
    }

    int fill();

private:
    int session();
    int rules();
    int texts();
    int processes();
    int shapes();
    int events();
    void mark();

    sqlite3* m_database;
    const OpenRecording& m_recording;
    const EventSet& m_chosen;
    std::vector<std::uint32_t> m_parents;
    // Which rows the chosen events refer to, also by way of others.
    std::vector<bool> m_texts;
    std::vector<bool> m_processes;
    std::vector<bool> m_shapes;
};

std::string jsonList(const std::vector<std::string>& texts)
{
    std::string json;
    for (const std::string& text : texts) json += (json.empty() ? "" : ",") + jsonQuote(text);
    return "[" + json + "]";
}

void Filler::mark()
{
    const EventColumns& events = m_recording.events;
    m_parents = parentRows(events.processTable);
    m_texts.resize(events.texts.size());
    m_processes.resize(events.processTable.size());
    m_shapes.resize(events.shapeTable.size());
    m_chosen.forEach([&](std::size_t event) {
        m_texts[events.objects[event]] = true;
        m_texts[events.details[event]] = true;
        m_shapes[events.shapes[event]] = true;
        for (std::uint32_t row = events.processes[event]; row != kNoProcess && !m_processes[row]; row = m_parents[row])
            m_processes[row] = true;
    });
    for (std::size_t row = 0; row < m_processes.size(); ++row)
        if (m_processes[row]) m_texts[events.processTable[row].name] = true;
}

int Filler::session()
{
    const RecordingHeader& header = m_recording.header;
    Insert insert(m_database, "session", 25);
    insert.text(header.belljarVersion).text(header.sessionId).number(header.startedUnixNs).text(header.profileName);
    insert.text(header.profileText).text(header.backend).text(header.source.id).text(header.source.mechanism);
    insert.text(header.trace).text(jsonList(header.source.blindSpots)).text(header.system).text(header.kernel);
    insert.text(header.distribution).number(std::int64_t{header.uid}).text(jsonList(header.argv)).text(header.cwd);
    if (m_recording.outcome) {
        const Outcome& outcome = *m_recording.outcome;
        insert.text(endingName(outcome.ending)).text(describe(outcome));
        insert.number(std::int64_t{outcome.duration.count()}).number(std::int64_t{outcome.cpuTime.count()});
        insert.number(std::uint64_t{outcome.peakMemoryKb});
    } else {
        insert.null().null().null().null().null();
    }
    insert.number(m_recording.losses.source).number(m_recording.losses.recording).number(m_recording.losses.queue);
    insert.text(m_recording.damage).run();
    return insert.code();
}

int Filler::rules()
{
    Insert insert(m_database, "rules", 6);
    std::int64_t id = 0;
    for (const Rule& rule : m_recording.header.rules) {
        insert.number(id++).text(ruleSourceName(rule.source)).text(rule.text).text(rule.place.pointer);
        insert.number(std::int64_t{rule.place.line}).number(std::int64_t{rule.place.column}).run();
    }
    return insert.code();
}

int Filler::texts()
{
    Insert insert(m_database, "texts", 2);
    for (std::size_t number = 0; number < m_texts.size() && insert.code() == SQLITE_OK; ++number) {
        if (!m_texts[number]) continue;
        insert.number(static_cast<std::int64_t>(number)).text(m_recording.events.texts[number]).run();
    }
    return insert.code();
}

int Filler::processes()
{
    Insert insert(m_database, "processes", 7);
    for (std::size_t row = 0; row < m_processes.size() && insert.code() == SQLITE_OK; ++row) {
        if (!m_processes[row]) continue;
        const RecordedProcess& process = m_recording.events.processTable[row];
        insert.number(static_cast<std::int64_t>(row)).number(std::int64_t{process.pid}).number(process.start);
        insert.number(std::int64_t{process.parentPid}).number(std::int64_t{process.insidePid});
        insert.number(std::int64_t{process.name});
        m_parents[row] == kNoProcess ? insert.null() : insert.number(std::int64_t{m_parents[row]});
        insert.run();
    }
    return insert.code();
}

int Filler::shapes()
{
    Insert insert(m_database, "shapes", 11);
    for (std::size_t row = 0; row < m_shapes.size() && insert.code() == SQLITE_OK; ++row) {
        if (!m_shapes[row]) continue;
        const EventShape& shape = m_recording.events.shapeTable[row];
        const EventKindRow& kind = eventRow(shape.kind);
        insert.number(static_cast<std::int64_t>(row)).text(kind.name).text(categoryName(kind.category));
        if (shape.result == kResultUnknown) insert.null().null();
        else insert.number(std::int64_t{shape.result}).text(errnoName(shape.result));
        insert.text(trustName(shape.trust));
        if (shape.verdict == EventVerdict::none) insert.null();
        else insert.text(shape.verdict == EventVerdict::allowed ? "allowed" : "denied");
        insert.number(std::int64_t{shape.absentOnHost});
        shape.verdict == EventVerdict::none ? insert.null() : insert.number(std::int64_t{shape.rule});
        insert.text(originName(shape.origin)).text(mechanismName(shape.mechanism)).run();
    }
    return insert.code();
}

int Filler::events()
{
    const EventColumns& events = m_recording.events;
    Insert insert(m_database, "event_rows", 7);
    m_chosen.forEach([&](std::size_t event) {
        if (insert.code() != SQLITE_OK) return;
        insert.number(static_cast<std::int64_t>(event + 1)).number(events.sequence(event)).number(events.times[event]);
        insert.number(std::int64_t{events.processes[event]}).number(std::int64_t{events.objects[event]});
        insert.number(std::int64_t{events.details[event]}).number(std::int64_t{events.shapes[event]}).run();
    });
    return insert.code();
}

int Filler::fill()
{
    mark();
    for (const auto part :
         {&Filler::session, &Filler::rules, &Filler::texts, &Filler::processes, &Filler::shapes, &Filler::events})
        if (const int code = (this->*part)(); code != SQLITE_OK) return code;
    return SQLITE_OK;
}

int write(sqlite3* database, const OpenRecording& recording, const EventSet& chosen)
{
    // The file is new and goes away on failure: a journal would only be written for nobody.
    const std::string begin = std::string("PRAGMA journal_mode=OFF;PRAGMA synchronous=OFF;BEGIN;") + kSchema;
    if (const int code = sqlite3_exec(database, begin.c_str(), nullptr, nullptr, nullptr); code != SQLITE_OK)
        return code;
    if (const int code = Filler(database, recording, chosen).fill(); code != SQLITE_OK) return code;
    return sqlite3_exec(database, "COMMIT", nullptr, nullptr, nullptr);
}

}  // namespace

Result<void> writeSqlite(const OpenRecording& recording, const EventSet& chosen, const std::string& path)
{
    // SQLite would open what exists; so the file is made first, empty, for its owner only.
    if (Result<FilePointer> file = makeNewFile(path, "the database"); !file) return std::move(file).error();
    sqlite3* opened = nullptr;
    int code = sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
    const std::unique_ptr<sqlite3, Closer> database(opened);
    if (code == SQLITE_OK) code = write(opened, recording, chosen);
    if (code == SQLITE_OK) return {};
    Error error{ErrorCode::backendError,
                "the database could not be written",
                path,
                opened != nullptr ? sqlite3_errmsg(opened) : sqlite3_errstr(code),
                {}};
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    return error;
}

}  // namespace belljar

#else

namespace belljar {

Result<void> writeSqlite(const OpenRecording&, const EventSet&, const std::string& path)
{
    return Error{ErrorCode::backendError,
                 "this build of Belljar has no SQLite",
                 path,
                 {},
                 "Use --format csv, which SQLite imports, or a build for Linux."};
}

}  // namespace belljar

#endif
