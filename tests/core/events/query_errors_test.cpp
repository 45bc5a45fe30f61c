// Queries that are none: the place and the words; and text that wants to exhaust or crash the parser.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "core/events/query.h"

namespace belljar {
namespace {

using namespace std::string_literals;

struct Mistake {
    std::string query;
    std::size_t column;
    const char* message;
    const char* hint = "";  ///< A part of it.
};

void checkMistakes(const std::vector<Mistake>& table)
{
    for (const Mistake& mistake : table) {
        const auto parsed = parseQuery(mistake.query);
        const QueryError* error = std::get_if<QueryError>(&parsed);
        if (error == nullptr) {
            ADD_FAILURE() << mistake.query << " is taken for " << std::get<Query>(parsed).text();
            continue;
        }
        EXPECT_EQ(queryColumn(mistake.query, error->offset), mistake.column) << mistake.query;
        EXPECT_EQ(error->message, mistake.message) << mistake.query;
        EXPECT_NE(error->hint.find(mistake.hint), std::string::npos) << mistake.query << ": " << error->hint;
    }
}

TEST(QueryErrors, Structure)
{
    checkMistakes({
        {"(", 2, "A condition is missing at the end"},
        {")", 1, "A condition is missing before ')'"},
        {"()", 2, "A condition is missing before ')'"},
        {"(pid=1", 1, "This '(' is never closed"},
        {"((pid=1)", 1, "This '(' is never closed"},
        {"pid=1 (proc=a (seq=1)", 7, "This '(' is never closed"},
        {"pid=1)", 6, "This ')' closes nothing"},
        {"(pid=1))", 8, "This ')' closes nothing"},
        {"and", 1, "A condition is missing before this word", "quote it"},
        {"or pid=1", 1, "A condition is missing before this word"},
        {"pid=1 or", 9, "A condition is missing at the end"},
        {"pid=1 and  ", 12, "A condition is missing at the end"},
        {"pid=1 or or pid=2", 10, "A condition is missing before this word"},
        {"pid=1 and or pid=2", 11, "A condition is missing before this word"},
        {"(or pid=1)", 2, "A condition is missing before this word"},
        {"(pid=1 or)", 10, "A condition is missing before ')'"},
        {"not", 4, "A condition is missing at the end"},
        {"not and pid=1", 5, "A condition is missing before this word"},
        {"-", 2, "A condition is missing at the end"},
        {"(-)", 3, "A condition is missing before ')'"},
    });
}

TEST(QueryErrors, Words)
{
    checkMistakes({
        {"pth:/etc", 1, "There is no field 'pth'", "'path'"},
        {"verdikt=denied", 1, "There is no field 'verdikt'", "'verdict'"},
        {"proc=a tiem>1", 8, "There is no field 'tiem'", "'time'"},
        {"PID=1", 1, "There is no field 'PID'"},
        {"p1d=1", 1, "There is no field 'p1d'", "'pid'"},
        {"http://example.org", 1, "There is no field 'http'", "quotes"},
        {"example.org:443", 1, "There is no field 'example.org'", "quotes"},
        {"trie=4", 1, "There is no field 'trie'", "'tree'"},
        {"not=5", 1, "There is no field 'not'"},
        {"é proc=a x=1", 10, "There is no field 'x'"},
        {"=5", 1, "No field stands before '='", "quote it"},
        {"pid=1 :x", 7, "No field stands before ':'"},
        {"~x", 1, "No field stands before '~'"},
        {"pid=1,", 7, "A value is missing after ','"},
        {"pid=,1", 5, "A value is missing after '='"},
        {"pid=1,,2", 7, "A value is missing after ','"},
        {"proc=a,(b)", 8, "A value is missing after ','"},
        {"path~", 6, "A value is missing after '~'"},
        {"pid=", 5, "A value is missing after '='"},
        {"pid=  ", 7, "A value is missing after '='"},
        {"(pid>=)", 7, "A value is missing after '>='"},
        {"path:(a)", 6, "A value is missing after ':'"},
        {"pid==1", 5, "'=' is no operator here", "quote it"},
        {"pid=<1", 5, "'<' is no operator here"},
        {"pid=>1", 5, "'>' is no operator here"},
        {"proc=!=a", 6, "'!=' is no operator here"},
        {"proc:\"a", 6, "The quote is never closed"},
        {"\"", 1, "The quote is never closed"},
        {"\"a\\\"", 1, "The quote is never closed"},
        {"proc:a\"b\"", 7, "A quote in the middle of a text", "\\\""},
        {"\"a\"b", 4, "A blank is missing after the quote"},
        {"a\\", 2, "This is no escape"},
        {"a\\q", 2, "This is no escape", "backslash"},
        {"\\x4", 1, "This is no escape"},
        {"\\xzz", 1, "This is no escape"},
        {"\\u", 1, "This is no escape"},
        {"\\u{}", 1, "This is no escape"},
        {"\\u{110000}", 1, "This is no escape"},
        {"\\u{d800}", 1, "This is no escape"},
        {"\\u{41", 1, "This is no escape"},
        {"proc:a\x1b[2J", 7, "A control character", "escape"},
        {"proc:\"a\nb\"", 8, "A control character"},
        {"proc:a\0b"s, 7, "A control character"},
        {"\0"s, 1, "A control character"},
        {"pid=1\0"s, 6, "A control character"},
    });
}

TEST(QueryErrors, Values)
{
    checkMistakes({
        {"pid=abc", 5, "'abc' is no number", "100..200"},
        {"pid=-1", 5, "'-1' is no number"},
        {"pid=1.5", 5, "'1.5' is no number"},
        {"pid=\"\"", 5, "'' is no number"},
        {"pid=1*", 5, "'1*' is no number"},
        {"pid=0x10", 5, "'0x10' is no number"},
        {"pid=9223372036854775808", 5, "'9223372036854775808' is no number"},
        {"pid=..", 5, "'..' is no number"},
        {"pid=1..2..3", 5, "'1..2..3' is no number"},
        {"pid=5..1", 5, "The range ends before it begins"},
        {"pid<1..5", 5, "A range goes with = or !="},
        {"port=http", 6, "'http' is no number"},
        {"time=abc", 6, "'abc' is no time", "200ms"},
        {"time=1d", 6, "'1d' is no time"},
        {"time=1.", 6, "'1.' is no time"},
        {"time=.5", 6, "'.5' is no time"},
        {"time=1.5.2", 6, "'1.5.2' is no time"},
        {"time=0.5ns", 6, "'0.5ns' is no time"},
        {"time=1.0000000001", 6, "'1.0000000001' is no time"},
        {"time=-1", 6, "'-1' is no time"},
        {"time=99999999999", 6, "'99999999999' is no time"},
        {"proc<a", 5, "'proc' is text and has no order", ":, =, != or ~"},
        {"verdict>=denied", 8, "'verdict' is text and has no order"},
        {"proc:\"\"", 6, "The empty text is in every text", "proc=\"\""},
        {"\"\"", 1, "The empty text is in every text"},
        {"path:~/x", 6, "'~' does not stand for a home folder here", "*/"},
        {"path=~", 6, "'~' does not stand for a home folder here"},
        {"verdict=deneid", 9, "'deneid' is never a verdict", "'denied'"},
        {"verdict=xyzzy", 9, "'xyzzy' is never a verdict", "allowed, denied, absent, none"},
        {"verdict:x*", 9, "'x*' is never a verdict"},
        {"verdict=\"\"", 9, "'' is never a verdict"},
        {"kind=file.opn", 6, "'file.opn' is never a kind", "'file.open'"},
        {"kind=file", 6, "'file' is never a kind", "category=file"},
        {"kind=file.*", 6, "'file.*' is never a kind"},
        {"kind:xyzzy", 6, "'xyzzy' is never a kind", "process.fork"},
        {"res=denied", 5, "'denied' is never a res", "verdict=denied"},
        {"res=ENOENTT", 5, "'ENOENTT' is never a res", "'ENOENT'"},
        {"res=41", 5, "'41' is never a res"},
        {"res=99999999999", 5, "'99999999999' is never a res"},
        {"res:2,41", 7, "'41' is never a res"},
        {"kind=file.open,file.opn", 16, "'file.opn' is never a kind", "'file.open'"},
        {"op=opn", 4, "'opn' is never a op", "'open'"},
        {"mechanism=mount.mask", 11, "'mount.mask' is never a mechanism"},
        {"pid=1,x,3", 7, "'x' is no number"},
        {"pid=1, 9..3", 8, "The range ends before it begins"},
        {"pid<1,2", 7, "Several values go with = or !="},
        {"pid~1", 4, "'pid' is a number and has no letters to look for", "="},
        {"wall=2026-02-30", 6, "'2026-02-30' is no moment", "UTC"},
        {"wall=2026-1-1", 6, "'2026-1-1' is no moment"},
        {"wall=1969-12-31", 6, "'1969-12-31' is no moment"},
        {"wall=2262-01-01", 6, "'2262-01-01' is no moment"},
        {"wall=2026-01-01T24:00", 6, "'2026-01-01T24:00' is no moment"},
        {"wall=2026-01-01T1:00", 6, "'2026-01-01T1:00' is no moment"},
        {"wall=2026-01-01T10", 6, "'2026-01-01T10' is no moment"},
        {"wall=2026-01-01T10:00:00.1234567890", 6, "'2026-01-01T10:00:00.1234567890' is no moment"},
        {"wall=5", 6, "'5' is no moment"},
        {"wall=2026-01-02..2026-01-01", 6, "The range ends before it begins"},
        {"ip=10.0.0.256", 4, "'10.0.0.256' is no address and no block of them", "host"},
        {"ip=10.0.0.1/8", 4, "'10.0.0.1/8' is no address and no block of them", "zero"},
        {"ip=10.0.0.0/33", 4, "'10.0.0.0/33' is no address and no block of them", "at most 32"},
        {"ip=10.0.0.0/8,example.org", 15, "'example.org' is no address and no block of them"},
        {"ip:10.*", 4, "'10.*' is no address and no block of them"},
        {"ip>10.0.0.1", 3, "'ip' is an address and has no order", "host~"},
        {"source=user", 8, "'user' is never a source", "profile"},
    });
}

TEST(QueryErrors, RegularExpressions)
{
    if (!QueryRegex::available()) GTEST_SKIP() << "this build has no RE2";
    checkMistakes({
        {"path~[a", 6, "A '[' of the regular expression is never closed", "RE2"},
        {"path~ab[c", 8, "A '[' of the regular expression is never closed"},
        {"path~\"ab[c\"", 9, "A '[' of the regular expression is never closed"},
        {"path~\"\\\"b[c\"", 10, "A '[' of the regular expression is never closed"},
        {"path~(a", 6, "A '(' of the regular expression is never closed"},
        {"path~\"a)\"", 7, "A ')' of the regular expression closes nothing"},
        {"path~*a", 6, "Nothing stands here that could be repeated"},
        {"path~a**", 7, "Two signs of repetition in a row"},
        {"path~a{1001}", 7, "A part of the regular expression is repeated too often"},
        {"path~[z-a]", 7, "The regular expression has a range or class of characters that is none"},
        {"path~a\\", 6, "The regular expression ends with a backslash"},
        {"path~\\q", 6, "The regular expression has an escape that is none"},
        {"path~[[:foo:]]", 7, "The regular expression has a range or class of characters that is none"},
        {"path~\\p{Foo}", 6, "The regular expression has a range or class of characters that is none"},
        {"path~(?=a)", 6, "The regular expression has a '(?' that there is not"},
        {"path~(a)\\1", 9, "The regular expression has an escape that is none"},
        {"path~((((a{100}){100}){100}))", 11, "A part of the regular expression is repeated too often"},
        {"path~" + std::string(1025, 'a'), 1030, "A regular expression has at most 1024 bytes"},
        {"verdict~^x", 9, "'^x' is never a verdict", "allowed"},
        {"path~\"a", 6, "The quote is never closed"},
        {"path~\"a\"b", 9, "A blank is missing after the quote"},
    });
}

TEST(QueryErrors, WhatIsOnlyUnfinishedIsToldApart)
{
    const auto incomplete = [](const std::string& query) {
        const auto parsed = parseQuery(query);
        return std::get<QueryError>(parsed).incomplete;
    };
    for (const char* query : {"(", "pid=", "pid=1,", "pid=1 or", "not", "-", "(pid=1", "proc:\"a", "path~", "path~\"a"})
        EXPECT_TRUE(incomplete(query)) << query;
    for (const char* query : {")", "pth=1", "pid=x", "pid=1 or )", "proc:a\"", "pid==1", "()", "verdict=deneid"})
        EXPECT_FALSE(incomplete(query)) << query;
}

TEST(QueryErrors, TheCaretStandsBelowTheMistake)
{
    const auto caret = [](const std::string& query) {
        const auto parsed = parseQuery(query);
        return queryCaret(query, std::get<QueryError>(parsed));
    };
    EXPECT_EQ(caret("proc=a tiem>1"), "proc=a tiem>1\n       ^");
    EXPECT_EQ(caret("pid="), "pid=\n    ^");
    EXPECT_EQ(caret("é x=1"), "é x=1\n  ^");
    EXPECT_EQ(caret("\\n x=1"), "\\\\n x=1\n    ^") << "below what is shown, not below what was written";
    EXPECT_EQ(caret("a\x1b[2J"), "a\\x1b[2J\n ^");
    EXPECT_EQ(caret(std::string(100, 'a') + " x=1 " + std::string(100, 'b')),
              "…" + std::string(59, 'a') + " x=1 " + std::string(56, 'b') + "…\n" + std::string(61, ' ') + "^");
}

TEST(QueryErrors, HostileTextIsBounded)
{
    const auto failure = [](const std::string& query) {
        const auto parsed = parseQuery(query);
        const QueryError* error = std::get_if<QueryError>(&parsed);
        return error == nullptr ? std::string("taken") : error->message;
    };
    const std::string deep = std::string(10'000, '(') + "pid=1" + std::string(10'000, ')');
    const auto parsed = parseQuery(deep);
    ASSERT_TRUE(std::holds_alternative<Query>(parsed));
    EXPECT_EQ(std::get<Query>(parsed).text(), "pid=1");
    EXPECT_EQ(failure(std::string(20'000, '(')), "A condition is missing at the end");
    EXPECT_EQ(failure(std::string(20'000, '(') + "a"), "This '(' is never closed");
    EXPECT_EQ(failure(std::string(1'000'000, 'a')), "A query has at most 32768 bytes");
    EXPECT_EQ(failure(std::string(1'000'000, '(')), "A query has at most 32768 bytes");
    EXPECT_EQ(failure("text:" + std::string(1025, 'a')), "A pattern has at most 1024 bytes");
    std::string many = "pid=1";
    for (int i = 0; i < 1000; ++i) many += " pid=1";
    EXPECT_EQ(failure(many), "A query has at most 1000 conditions");
    std::string nested;
    for (int i = 0; i < 66; ++i) nested += "pid=1 and (";
    EXPECT_EQ(failure(nested), "More than 64 parts wait for what stands in parentheses");
    std::string expressions;
    for (int i = 0; i < 17; ++i) expressions += "path~a ";
    if (QueryRegex::available()) { EXPECT_EQ(failure(expressions), "A query has at most 16 regular expressions"); }
    EXPECT_EQ(failure("text=" + std::string(1025, 'a')), "taken");
    for (const char* bad : {"\xff", "proc:\xc3", "\xed\xa0\x80", "a\xc0\xaf", "\xf4\x90\x80\x80"})
        EXPECT_EQ(failure(bad), "This byte is not UTF-8");
}

TEST(Query, DeepAndLongQueriesAreAnsweredRightly)
{
    Event event;
    event.pid = 1;
    const auto answer = [&](const std::string& text) {
        const auto parsed = parseQuery(text);
        return std::get<Query>(parsed).matches(event, {});
    };
    const auto repeated = [](const std::string& part, std::size_t count) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i) text += part;
        return text;
    };
    EXPECT_TRUE(answer(repeated("-", 20'000) + "pid=1"));
    EXPECT_FALSE(answer(repeated("-", 20'001) + "pid=1"));
    EXPECT_TRUE(answer(repeated("-(", 6'000) + "pid=1" + repeated(")", 6'000)));
    EXPECT_TRUE(answer(repeated("pid=2 or ", 999) + "pid=1"));
    EXPECT_FALSE(answer(repeated("pid=2 or ", 999) + "pid=3"));
    EXPECT_FALSE(answer(repeated("pid=1 ", 999) + "pid=2"));
    EXPECT_TRUE(answer(repeated("(pid=1 and (pid=2 or ", 32) + "pid=1" + repeated("))", 32)));
    EXPECT_FALSE(answer(repeated("(pid=1 and (pid=2 or ", 32) + "pid=3" + repeated("))", 32)));
}

TEST(Query, ManyWildcardsDoNotExplode)
{
    // With backtracking over all of them this would take longer than the universe is old.
    std::string pattern = "object:";
    for (int i = 0; i < 250; ++i) pattern += "*a";
    const auto parsed = parseQuery(pattern + "*b");
    Event event;
    event.object = std::string(50'000, 'a');
    EXPECT_FALSE(std::get<Query>(parsed).matches(event, {}));
    event.object += 'b';
    EXPECT_TRUE(std::get<Query>(parsed).matches(event, {}));
}

TEST(Query, WhatIsShownCanBeAskedFor)
{
    // Every byte, also those that are no character, comes back from the canonical text as the same query.
    for (int byte = 0; byte < 256; ++byte) {
        Event event;
        event.object = "/a" + std::string(1, static_cast<char>(byte)) + "b";
        const std::string written = "object=" + writtenText(event.object);
        const auto parsed = parseQuery(written);
        ASSERT_TRUE(std::holds_alternative<Query>(parsed)) << written;
        EXPECT_EQ(std::get<Query>(parsed).text(), written);
        EXPECT_TRUE(std::get<Query>(parsed).matches(event, {})) << written;
        event.object[2] = static_cast<char>(byte ^ 1);
        EXPECT_FALSE(std::get<Query>(parsed).matches(event, {})) << written;
    }
}

TEST(EventCounter, CountsTheLargestFirst)
{
    std::vector<Event> events(4);
    events[0].object = "/b";
    events[1].object = "/a";
    events[2].object = "/b";
    events[3].object = "10.0.0.1:80";
    events[3].kind = EventKind::netConnect;
    events[1].timeNs = 1'999'999'999;
    const auto counted = [&](QueryFieldId field) {
        EventCounter counter(field);
        for (const Event& event : events) counter.add(event, QueryContext{});
        std::string text;
        for (const EventGroup& group : counter.groups()) text += group.value + "=" + std::to_string(group.count) + " ";
        return text;
    };
    EXPECT_EQ(counted(QueryFieldId::object), "/b=2 /a=1 10.0.0.1:80=1 ");
    EXPECT_EQ(counted(QueryFieldId::path), "/b=2 =1 /a=1 ");
    EXPECT_EQ(counted(QueryFieldId::port), "=3 80=1 ");
    EXPECT_EQ(counted(QueryFieldId::time), "0=3 1=1 ");
    EXPECT_EQ(counted(QueryFieldId::kind), "file.open=3 net.connect=1 ");
}

TEST(QueryFields, TheTableIsInOrderAndNamesAreUnique)
{
    std::vector<std::string_view> names;
    for (const QueryFieldRow& row : queryFields()) {
        EXPECT_EQ(&queryField(row.id), &row);
        EXPECT_EQ(findQueryField(row.name), &row);
        EXPECT_EQ(queryWords(row.id).empty(), row.type != QueryFieldType::word) << row.name;
        EXPECT_EQ(row.help.back(), '.');
        for (const std::string_view name : {row.name, row.alias})
            EXPECT_TRUE(name.empty() || std::find(names.begin(), names.end(), name) == names.end()) << name;
        names.push_back(row.name);
        names.push_back(row.alias);
    }
    EXPECT_EQ(findQueryField(""), nullptr);
    EXPECT_EQ(nearestName("xyz", {"path"}), "");
    EXPECT_EQ(nearestName("paht", {"port", "path"}), "path");
}

TEST(QueryFields, TheHelpPageHasEachRow)
{
    const char* source = std::getenv("BELLJAR_SOURCE");
    if (source == nullptr) GTEST_SKIP() << "BELLJAR_SOURCE does not say where the sources are";
    std::ifstream file(std::string(source) + "/resources/help/queries.md");
    const std::string page{std::istreambuf_iterator<char>(file), {}};
    for (const QueryFieldRow& row : queryFields()) {
        const std::string alias = row.alias.empty() ? "" : "`" + std::string(row.alias) + "` ";
        const std::string line = "| `" + std::string(row.name) + "` | " + alias + "| " + std::string(row.help) + " |\n";
        EXPECT_NE(page.find(line), std::string::npos) << line;
    }
    for (const std::size_t limit : {kLongestQuery, kMostConditions, kMostNested, kMostRegexes, kLongestRegex})
        EXPECT_NE(page.find(std::to_string(limit)), std::string::npos);
}

}  // namespace
}  // namespace belljar
