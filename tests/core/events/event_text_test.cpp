#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "core/events/event_table.h"

namespace belljar {
namespace {

std::vector<Rule> someRules()
{
    return {{RuleSource::builtIn, "what no rule grants is absent", {}},
            {RuleSource::profile, "deniedPaths: ~/.ssh", {"/filesystem/deniedPaths/0", 12, 9}}};
}

Event deniedOpen()
{
    Event event;
    event.sequence = 7;
    event.timeNs = 12'345'678;
    event.pid = 4711;
    event.processName = "cat";
    event.kind = EventKind::fileOpen;
    event.object = "/home/u/.ssh/id_rsa";
    event.detail = "O_RDONLY";
    event.result = 2;
    event.trust = ResultTrust::derived;
    event.verdict = EventVerdict::denied;
    event.rule = 1;
    return event;
}

TEST(EventTable, RowsAreSortedUniqueAndFound)
{
    std::set<std::string_view> names;
    EventKind last{};
    for (const EventKindRow& row : eventTable()) {
        EXPECT_LT(last, row.kind);
        last = row.kind;
        EXPECT_TRUE(names.insert(row.name).second) << row.name;
        EXPECT_EQ(&eventRow(row.kind), &row);
        EXPECT_EQ(row.name.substr(0, row.name.find('.')), row.category == EventCategory::network ? "net"
                                                          : row.category == EventCategory::privileged
                                                              ? "priv"
                                                              : categoryName(row.category));
        EXPECT_FALSE(row.title.empty());
        EXPECT_EQ(row.help.back(), '.');
    }
    EXPECT_EQ(eventRow(EventKind::processExec).name, "process.exec");
    EXPECT_EQ(eventRow(EventKind::privTerminal).name, "priv.terminal");
}

TEST(EventTable, HelpPageListsEachKind)
{
    const char* source = std::getenv("BELLJAR_SOURCE");
    if (source == nullptr) GTEST_SKIP() << "BELLJAR_SOURCE does not say where the sources are";
    std::ifstream file(std::string(source) + "/resources/help/events.md");
    const std::string page((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    for (const EventKindRow& row : eventTable()) {
        const std::string line = "| `" + std::string(row.name) + "` | " + std::to_string(static_cast<int>(row.kind)) +
                                 " | " + std::string(row.title) + " | " + std::string(row.help) + " |";
        EXPECT_NE(page.find(line), std::string::npos) << line;
    }
}

TEST(EventTable, ValuesThatNobodyKnowsHaveARowToo)
{
    EXPECT_EQ(eventRow(static_cast<EventKind>(0)).name, "unknown");
    EXPECT_EQ(eventRow(static_cast<EventKind>(9)).name, "unknown");
    EXPECT_EQ(eventRow(static_cast<EventKind>(65535)).name, "unknown");
}

TEST(EventText, ErrnoNamesAreThoseOfLinux)
{
    EXPECT_EQ(errnoName(0), "ok");
    EXPECT_EQ(errnoName(2), "ENOENT");
    EXPECT_EQ(errnoName(13), "EACCES");
    EXPECT_EQ(errnoName(30), "EROFS");
    EXPECT_EQ(errnoName(101), "ENETUNREACH");
    EXPECT_EQ(errnoName(133), "EHWPOISON");
    EXPECT_EQ(errnoName(41), "errno 41");
    EXPECT_EQ(errnoName(134), "errno 134");
    EXPECT_EQ(errnoName(-2), "errno -2");
    EXPECT_EQ(errnoName(std::numeric_limits<int>::min()), "errno -2147483648");
}

TEST(EventText, ResultsSayHowTheyAreKnown)
{
    Event event = deniedOpen();
    EXPECT_EQ(resultText(event), "~ENOENT");
    event.trust = ResultTrust::seen;
    EXPECT_EQ(resultText(event), "ENOENT");
    event.result = 0;
    EXPECT_EQ(resultText(event), "ok");
    event.result = kResultUnknown;
    EXPECT_EQ(resultText(event), "?");
    event.result = 0;
    event.trust = ResultTrust::unknown;
    EXPECT_EQ(resultText(event), "?");
}

TEST(EventText, VerdictWords)
{
    Event event = deniedOpen();
    EXPECT_EQ(verdictText(event), "denied");
    event.absentOnHost = true;
    EXPECT_EQ(verdictText(event), "absent");
    event.verdict = EventVerdict::allowed;
    EXPECT_EQ(verdictText(event), "allowed");
    event.verdict = EventVerdict::none;
    EXPECT_EQ(verdictText(event), "");
}

TEST(EventText, LineIsAligned)
{
    EXPECT_EQ(
        eventLine(deniedOpen(), someRules()),
        "    0.012  cat[4711]          open           /home/u/.ssh/id_rsa  (O_RDONLY)                              "
        "~ENOENT  denied  deniedPaths: ~/.ssh (line 12)");
    Event other = deniedOpen();
    other.processName = "größe";
    // Two letters of two bytes each: the columns after the name are the same, two bytes further on.
    EXPECT_EQ(eventLine(other, someRules()).find("open"), eventLine(deniedOpen(), someRules()).find("open") + 2);
}

TEST(EventText, HostileTextCannotStyleTheTerminal)
{
    Event event = deniedOpen();
    event.processName = "\x1b[31mred";
    event.object = "/tmp/\n\xff" + std::string(1, '\0') + "\u202e";
    event.detail = "\r\x9b";
    std::vector<Rule> rules = someRules();
    rules[1].text = "evil\x1b]0;title\x07";
    const std::string line = eventLine(event, rules);
    for (const char c : line) EXPECT_GE(static_cast<unsigned char>(c), 0x20) << line;
    EXPECT_NE(line.find("\\x1b[31mred"), std::string::npos);
    EXPECT_NE(line.find("\\u{202e}"), std::string::npos);
    EXPECT_EQ(line.find('\x1b'), std::string::npos);
}

TEST(EventText, RuleNumbersOutsideTheTableAreLeftOut)
{
    Event event = deniedOpen();
    event.rule = 99;
    EXPECT_EQ(eventLine(event, someRules()).find("deniedPaths"), std::string::npos);
    EXPECT_TRUE(nlohmann::json::parse(eventJson(event, someRules())).at("rule").is_null());
    EXPECT_TRUE(nlohmann::json::parse(eventJson(event, {})).at("rule").is_null());
}

TEST(EventText, JsonHasEveryFact)
{
    Event event = deniedOpen();
    event.parentPid = 3;
    event.insidePid = 12;
    event.origin = EventOrigin::kernel;
    event.processStart = 18'446'744'073'709'551'615U;
    const auto json = nlohmann::json::parse(eventJson(event, someRules()));
    EXPECT_EQ(json.at("sequence"), 7);
    EXPECT_EQ(json.at("timeNs"), 12'345'678);
    EXPECT_EQ(json.at("pid"), 4711);
    EXPECT_EQ(json.at("parentPid"), 3);
    EXPECT_EQ(json.at("insidePid"), 12);
    EXPECT_EQ(json.at("origin"), "kernel");
    EXPECT_EQ(json.at("processStart"), 18'446'744'073'709'551'615U);
    EXPECT_EQ(json.at("process"), "cat");
    EXPECT_EQ(json.at("kind"), "file.open");
    EXPECT_EQ(json.at("category"), "file");
    EXPECT_EQ(json.at("object"), "/home/u/.ssh/id_rsa");
    EXPECT_EQ(json.at("detail"), "O_RDONLY");
    EXPECT_EQ(json.at("errno"), 2);
    EXPECT_EQ(json.at("result"), "ENOENT");
    EXPECT_EQ(json.at("trust"), "derived");
    EXPECT_EQ(json.at("verdict"), "denied");
    EXPECT_EQ(json.at("absentOnHost"), false);
    EXPECT_EQ(json.at("rule").at("pointer"), "/filesystem/deniedPaths/0");
    EXPECT_EQ(json.at("rule").at("line"), 12);
    event.result = kResultUnknown;
    event.verdict = EventVerdict::none;
    const auto other = nlohmann::json::parse(eventJson(event, someRules()));
    EXPECT_TRUE(other.at("errno").is_null());
    EXPECT_TRUE(other.at("verdict").is_null());
    EXPECT_TRUE(other.at("rule").is_null());
}

TEST(EventText, JsonStaysJsonForAnyBytes)
{
    Event event = deniedOpen();
    for (int c = 0; c < 256; ++c) event.object += static_cast<char>(c);
    event.detail = event.processName = event.object;
    EXPECT_TRUE(nlohmann::json::accept(eventJson(event, someRules())));
    EXPECT_EQ(eventJson(event, someRules()).find('\n'), std::string::npos);
}

TEST(EventNames, EveryEnumeratorHasAWordOfItsOwn)
{
    EXPECT_EQ(originName(EventOrigin::none), "none");
    EXPECT_EQ(originName(EventOrigin::injected), originNames().back());
    EXPECT_EQ(mechanismName(Mechanism::notMounted), "notMounted");
    EXPECT_EQ(mechanismName(Mechanism::programList), "programList");
    EXPECT_EQ(mechanismName(Mechanism::busFilter), mechanismNames().back());
    EXPECT_EQ(originName(static_cast<EventOrigin>(99)), "none") << "recordings may hold any number";
    EXPECT_EQ(mechanismName(static_cast<Mechanism>(99)), "none");
    for (const auto names : {originNames(), mechanismNames()})
        EXPECT_EQ(std::set<std::string_view>(names.begin(), names.end()).size(), names.size());
}

}  // namespace
}  // namespace belljar
