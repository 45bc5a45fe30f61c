// The golden queries of data/golden_queries.txt, asked of each event and of columns. golden_queries_test.py answers
// them once more without our code.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/events/query_regex.h"
#include "tests/core/events/query_maker.h"

namespace belljar {
namespace {

using nlohmann::json;

struct Golden {
    std::string query;
    std::string text;
    std::vector<std::uint64_t> fits;
    std::string error;  ///< Column, blank, message; empty: it is a query.
};

struct Session {
    std::vector<Event> events;
    std::vector<Rule> rules;
    std::int64_t startedUnixNs = 0;
};

template <class Enum>
Enum valueOf(const json& word, std::string_view (*nameOf)(Enum), std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        if (nameOf(static_cast<Enum>(i)) == word.get<std::string>()) return static_cast<Enum>(i);
    ADD_FAILURE() << word;
    return Enum{};
}

Event eventFrom(const json& from)
{
    Event event;
    event.sequence = from["seq"];
    event.timeNs = from["timeNs"];
    event.pid = from["pid"];
    event.processStart = from["start"];
    event.parentPid = from["ppid"];
    event.insidePid = from["ipid"];
    event.processName = from["proc"];
    event.kind = static_cast<EventKind>(from["kind"].get<int>());
    if (from.contains("object")) event.object = from["object"];
    else  // Each character is a byte.
        for (const char32_t c : std::u32string_view(U"/tmp/a b*c\xff")) event.object += static_cast<char>(c);
    event.detail = from["detail"];
    event.result = from["result"];
    const std::string trust = from["trust"];
    event.trust = trust == "seen"      ? ResultTrust::seen
                  : trust == "derived" ? ResultTrust::derived
                                       : ResultTrust::unknown;
    const std::string verdict = from["verdict"];
    event.verdict = verdict == "denied"    ? EventVerdict::denied
                    : verdict == "allowed" ? EventVerdict::allowed
                                           : EventVerdict::none;
    event.rule = from["rule"];
    event.origin = valueOf<EventOrigin>(from["origin"], originName, originNames().size());
    event.mechanism = valueOf<Mechanism>(from["mechanism"], mechanismName, mechanismNames().size());
    event.absentOnHost = from["absent"];
    return event;
}

std::string dataFolder()
{
    const char* source = std::getenv("BELLJAR_SOURCE");
    return source == nullptr ? "" : std::string(source) + "/tests/core/events/data/";
}

Session readSession()
{
    std::ifstream file(dataFolder() + "golden_events.json");
    const json from = json::parse(file);
    Session session;
    session.startedUnixNs = from["startedUnixNs"];
    for (const json& each : from["rules"]) {
        Rule rule;
        for (const RuleSource source :
             {RuleSource::builtIn, RuleSource::base, RuleSource::profile, RuleSource::commandLine})
            if (ruleSourceName(source) == each["source"].get<std::string>()) rule.source = source;
        rule.text = each["text"];
        rule.place.line = each["line"];
        session.rules.push_back(std::move(rule));
    }
    for (const json& each : from["events"]) session.events.push_back(eventFrom(each));
    return session;
}

std::vector<Golden> readGolden()
{
    std::ifstream file(dataFolder() + "golden_queries.txt");
    std::vector<Golden> all;
    for (std::string line; std::getline(file, line);) {
        const auto after = [&](std::string_view key) { return line.starts_with(key); };
        if (after("query: ")) all.push_back({line.substr(7), line.substr(7), {}, {}});
        if (after("text: ")) all.back().text = line.substr(6);
        if (after("error: ")) all.back().error = line.substr(7);
        if (!after("fits: ")) continue;
        std::istringstream numbers(line.substr(6));
        for (std::uint64_t number = 0; numbers >> number;) all.back().fits.push_back(number);
    }
    return all;
}

std::vector<std::uint64_t> fitting(const Session& session, const Query& query)
{
    ProcessTree tree;
    std::vector<std::uint64_t> fits;
    for (const Event& event : session.events) tree.add(event);
    for (const Event& event : session.events)
        if (query.matches(event, {session.rules, session.startedUnixNs, &tree})) fits.push_back(event.sequence);
    return fits;
}

std::vector<std::uint64_t> fittingColumns(const Session& session, const EventColumns& columns, const Query& query)
{
    std::vector<std::uint64_t> fits;
    selectEvents(columns, {session.rules, session.startedUnixNs, nullptr}, query).forEach([&](std::size_t event) {
        fits.push_back(columns.sequence(event));
    });
    return fits;
}

bool needsExpressions(const Golden& golden)
{
    return golden.query.find('~') != std::string::npos && golden.query.find("~/") == std::string::npos;
}

TEST(GoldenQueries, FitWhatTheyShouldAndSayWhatIsWrong)
{
    if (dataFolder().empty()) GTEST_SKIP() << "BELLJAR_SOURCE does not say where the sources are";
    const Session session = readSession();
    const EventColumns columns = query_maker::columnsOf(session.events);
    std::size_t count = 0;
    for (const Golden& golden : readGolden()) {
        if (needsExpressions(golden) && !QueryRegex::available()) continue;
        ++count;
        const auto parsed = parseQuery(golden.query, "/home/u");
        if (const QueryError* error = std::get_if<QueryError>(&parsed)) {
            EXPECT_EQ(std::to_string(queryColumn(golden.query, error->offset)) + " " + error->message, golden.error)
                << golden.query;
            continue;
        }
        EXPECT_EQ(golden.error, "") << golden.query;
        const Query& query = std::get<Query>(parsed);
        EXPECT_EQ(query.text(), golden.text) << golden.query;
        EXPECT_EQ(fitting(session, query), golden.fits) << golden.query;
        EXPECT_EQ(fittingColumns(session, columns, query), golden.fits) << golden.query;
        const auto again = parseQuery(query.text(), "/home/u");
        ASSERT_TRUE(std::holds_alternative<Query>(again)) << query.text();
        EXPECT_EQ(std::get<Query>(again).text(), query.text());
    }
    EXPECT_GE(count, 200U);
}

}  // namespace
}  // namespace belljar
