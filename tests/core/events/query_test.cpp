// Queries over ten events: what fits, the canonical text, and what is said of mistakes.
#include <gtest/gtest.h>

#include "core/events/query.h"
#include "core/events/query_regex.h"

namespace belljar {
namespace {

std::vector<Rule> someRules()
{
    return {{RuleSource::builtIn, "no rule grants this path", {}},
            {RuleSource::base, "base: /usr", {}},
            {RuleSource::profile, "deniedPaths: ~/.ssh", {"/filesystem/deniedPaths/0", 12, 9}},
            {RuleSource::commandLine, "--rw /tmp", {}}};
}

Event event(double seconds, EventKind kind, int pid, const char* process, const char* object, const char* detail)
{
    Event made;
    made.timeNs = static_cast<std::int64_t>(seconds * 1e9);
    made.kind = kind;
    made.pid = pid;
    made.parentPid = pid == 100 ? 1 : 100;
    made.processName = process;
    made.object = object;
    made.detail = detail;
    return made;
}

void judge(Event& event, EventVerdict verdict, RuleId rule, int result, ResultTrust trust)
{
    event.verdict = verdict;
    event.rule = rule;
    event.result = result;
    event.trust = trust;
}

/// Their sequence numbers are 1 to 9 and, for the last, 0: one digit each.
std::vector<Event> someEvents()
{
    constexpr EventVerdict kAllowed = EventVerdict::allowed;
    constexpr EventVerdict kDenied = EventVerdict::denied;
    std::vector<Event> events{
        event(0, EventKind::processExec, 100, "sh", "/usr/bin/sh", R"(["sh","-c"])"),
        event(0.001, EventKind::fileOpen, 101, "cat", "/etc/passwd", "O_RDONLY"),
        event(1.5, EventKind::fileOpen, 101, "cat", "/home/u/.ssh/id_rsa", "O_RDONLY"),
        event(2, EventKind::fileOpen, 101, "cat", "/nothing", "O_RDONLY"),
        event(2.5, EventKind::netConnect, 102, "curl", "93.184.216.34:443", "tcp"),
        event(3, EventKind::netConnect, 102, "curl", "[2001:db8::1]:8080", "tcp"),
        event(60, EventKind::netConnect, 102, "curl", "unix:/run/x.sock", ""),
        event(61, EventKind::processExit, 100, "sh", "", "code 0"),
        event(120, EventKind::fileRename, 103, "é \n\"*?", "/tmp/a b*c\xff", "→ /tmp/new"),
        event(0.000000005, static_cast<EventKind>(999), 104, "x", "/x:1", ""),
    };
    for (std::size_t i = 0; i < events.size(); ++i) events[i].sequence = (i + 1) % 10;
    judge(events[0], kAllowed, 1, 0, ResultTrust::seen);
    judge(events[1], kAllowed, 1, 0, ResultTrust::seen);
    judge(events[2], kDenied, 2, 2, ResultTrust::derived);
    judge(events[3], kDenied, 0, 2, ResultTrust::seen);
    events[3].absentOnHost = true;
    judge(events[4], kDenied, 0, 13, ResultTrust::seen);
    judge(events[5], kDenied, 0, 13, ResultTrust::unknown);
    judge(events[6], kAllowed, 1, 0, ResultTrust::seen);
    judge(events[8], kAllowed, 3, 30, ResultTrust::seen);
    judge(events[9], kAllowed, 77, 1234, ResultTrust::seen);  // A rule and an errno value that nobody knows.
    return events;
}

std::string fitting(const Query& query)
{
    static const std::vector<Event> kEvents = someEvents();
    static const std::vector<Rule> kRules = someRules();
    std::string numbers;
    for (const Event& each : kEvents)
        if (query.matches(each, {kRules, 1'000'000'000, nullptr})) numbers += std::to_string(each.sequence);
    return numbers;
}

struct Golden {
    const char* query;
    const char* text;    ///< Canonical; nullptr: as written.
    const char* events;  ///< Which fit.
};

void checkGolden(const std::vector<Golden>& table)
{
    for (const Golden& golden : table) {
        const auto parsed = parseQuery(golden.query);
        const Query* query = std::get_if<Query>(&parsed);
        if (query == nullptr) {
            const QueryError& error = std::get<QueryError>(parsed);
            ADD_FAILURE() << golden.query << ": " << error.message << "\n" << queryCaret(golden.query, error);
            continue;
        }
        EXPECT_EQ(query->text(), golden.text == nullptr ? golden.query : golden.text) << golden.query;
        EXPECT_EQ(fitting(*query), golden.events) << golden.query;
        const auto again = parseQuery(query->text());
        ASSERT_TRUE(std::holds_alternative<Query>(again)) << query->text();
        EXPECT_EQ(std::get<Query>(again).text(), query->text());
        EXPECT_EQ(fitting(std::get<Query>(again)), golden.events) << query->text();
    }
}

TEST(Query, Numbers)
{
    checkGolden({
        {"pid=101", nullptr, "234"},
        {"pid:101", "pid=101", "234"},
        {"pid = 101", "pid=101", "234"},
        {"pid\t=\n101", "pid=101", "234"},
        {"pid=0101", "pid=101", "234"},
        {"pid!=101", nullptr, "1567890"},
        {"pid<101", nullptr, "18"},
        {"pid<=101", nullptr, "12348"},
        {"pid>103", nullptr, "0"},
        {"pid>=103", nullptr, "90"},
        {"pid=101..102", nullptr, "234567"},
        {"pid:101..102", "pid=101..102", "234567"},
        {"pid!=101..102", nullptr, "1890"},
        {"pid=103..", nullptr, "90"},
        {"pid=..100", nullptr, "18"},
        {"pid=101..101", nullptr, "234"},
        {"pid=\"101\"", "pid=101", "234"},
        {"pid>9223372036854775807", nullptr, ""},
        {"pid<=9223372036854775807", nullptr, "1234567890"},
        {"pid<0", nullptr, ""},
        {"ppid=1", nullptr, "18"},
        {"parentPid=1", "ppid=1", "18"},
        {"seq=3", nullptr, "3"},
        {"sequence>7", "seq>7", "89"},
        {"port=443", nullptr, "5"},
        {"port>1023", nullptr, "6"},
        {"port!=443", nullptr, "123467890"},
        {"port=0..65535", nullptr, "56"},
        {"line=12", nullptr, "3"},
        {"line>0", nullptr, "3"},
        {"line=0", nullptr, ""},
    });
}

TEST(Query, Times)
{
    checkGolden({
        {"time<1", nullptr, "120"},
        {"time=2", nullptr, "4"},
        {"time=2s", "time=2", "4"},
        {"time=2.0", "time=2", "4"},
        {"time=2000ms", "time=2", "4"},
        {"time=1.5", nullptr, "3"},
        {"time=1.5s", "time=1.5", "3"},
        {"time=1500ms", "time=1.5", "3"},
        {"time=1500000us", "time=1.5", "3"},
        {"time=1500000000ns", "time=1.5", "3"},
        {"time>=1m", "time>=60", "789"},
        {"time=1.5m..2m", "time=90..120", "9"},
        {"time:1.5..2.5", "time=1.5..2.5", "345"},
        {"time=1ms", "time=0.001", "2"},
        {"time=0.001", nullptr, "2"},
        {"time=5ns", "time=0.000000005", "0"},
        {"time<=0.005us", "time<=0.000000005", "10"},
        {"time<5ns", "time<0.000000005", "1"},
        {"time=..1ms", "time=..0.001", "120"},
        {"time=61..", nullptr, "89"},
        {"time!=0..60", nullptr, "89"},
        {"time>9000000000", nullptr, ""},
    });
}

TEST(Query, Words)
{
    checkGolden({
        {"kind=file.open", nullptr, "234"},
        {"kind:file.open", nullptr, "234"},
        {"kind:file.*", nullptr, "2349"},
        {"kind:file", nullptr, "2349"},
        {"kind:open", nullptr, "234"},
        {"kind:*.open*", nullptr, "234"},
        {"kind!=file.open", nullptr, "1567890"},
        {"kind=unknown", nullptr, "0"},
        {"kind:process.e?i?", nullptr, "8"},
        {"category=network", nullptr, "567"},
        {"category:net", nullptr, "567"},
        {"category=privileged", nullptr, "0"},
        {"category!=file", nullptr, "156780"},
        {"verdict=denied", nullptr, "356"},
        {"verdict=absent", nullptr, "4"},
        {"verdict=none", nullptr, "8"},
        {"verdict=allowed", nullptr, "12790"},
        {"verdict!=allowed", nullptr, "34568"},
        {"verdict:*e*", nullptr, "1234567890"},
        {"verdict:?e*", nullptr, "356"},
        {"res=ok", nullptr, "127"},
        {"result=ok", "res=ok", "127"},
        {"res=0", "res=ok", "127"},
        {"res:0", "res=ok", "127"},
        {"res!=0", "res!=ok", "3456890"},
        {"res=ENOENT", nullptr, "34"},
        {"res=2", "res=ENOENT", "34"},
        {"res:2", "res=ENOENT", "34"},
        {"res:E*", nullptr, "3459"},
        {"res:NO", nullptr, "34"},
        {"res=EACCES", nullptr, "5"},
        {"res=13", "res=EACCES", "5"},
        {"res=unknown", nullptr, "68"},
        {"res!=unknown", nullptr, "12345790"},
        {"trust=derived", nullptr, "3"},
        {"trust=unknown", nullptr, "68"},
        {"trust:seen", nullptr, "1245790"},
        {"source=profile", nullptr, "3"},
        {"source=builtIn", nullptr, "456"},
        {"source=base", nullptr, "127"},
        {"source=commandLine", nullptr, "9"},
        {"source!=base", nullptr, "3456890"},
        {"source:*", nullptr, "12345679"},
    });
}

TEST(Query, APeerHasAnAddressAndAName)
{
    const auto fits = [](const char* text, const Event& asked) {
        return std::get<Query>(parseQuery(text)).matches(asked, {{}, 0, nullptr});
    };
    const Event flow = event(1, EventKind::netFlow, 102, "curl", "192.0.2.1:443", "tcp, name www.example.org, sent 1");
    for (const char* text : {"host=192.0.2.1", "host=www.example.org", "host:*.example.org", "host!=example.org"})
        EXPECT_TRUE(fits(text, flow)) << text;
    for (const char* text : {"host=tcp", "host!=www.example.org", "host!=192.0.2.1", "host:sent", "ip!=192.0.2.1"})
        EXPECT_FALSE(fits(text, flow)) << text;
    const Event lookup = event(1, EventKind::netDns, 102, "curl", "www.example.org", "AAAA, 2001:db8::1");
    EXPECT_TRUE(fits("host=www.example.org", lookup));
    if (QueryRegex::available()) {
        EXPECT_TRUE(fits("host~^www", flow));
        EXPECT_FALSE(fits("host~2001", lookup));
    }
    const Event file = event(1, EventKind::fileOpen, 102, "curl", "/a", "tcp, name www.example.org");
    EXPECT_FALSE(fits("host=www.example.org", file));
}

TEST(Query, Texts)
{
    checkGolden({
        {"proc=cat", nullptr, "234"},
        {"process=cat", "proc=cat", "234"},
        {"proc=\"cat\"", "proc=cat", "234"},
        {"proc=ca", nullptr, ""},
        {"proc:ca", nullptr, "234"},
        {"proc:CAT", nullptr, ""},
        {"proc:c*", nullptr, "234567"},
        {"proc:c?t", nullptr, "234"},
        {"proc:?", nullptr, "0"},
        {"proc:??", nullptr, "18"},
        {"proc:*?*", nullptr, "1234567890"},
        {"proc!=cat", nullptr, "1567890"},
        {"proc=*", nullptr, ""},
        {"proc:é*", nullptr, "9"},
        {"proc:\\u{e9}*", "proc:é*", "9"},
        {"proc:\\xc3\\xa9*", "proc:é*", "9"},
        {"proc:?\\u{20}\\n*", "proc:\"? \\n*\"", "9"},
        {"proc:\\n", nullptr, "9"},
        {"proc:\"? \\n*\"", nullptr, "9"},
        {"proc=\"é \\n\\\"*?\"", nullptr, "9"},
        {"proc=\"é \\n\\\"\\*\\?\"", "proc=\"é \\n\\\"*?\"", "9"},
        {"proc:\\*", nullptr, "9"},
        {"proc:\\?", nullptr, "9"},
        {"proc:\\\"", "proc:\"\\\"\"", "9"},
        {"path:/etc", nullptr, "2"},
        {"path=/etc/passwd", nullptr, "2"},
        {"path:/etc/*", nullptr, "2"},
        {"path:/etc/**", nullptr, "2"},
        {"path:/home/*/.ssh/*", nullptr, "3"},
        {"path:*/id_???", nullptr, "3"},
        {"path:*s*s*d", nullptr, "2"},
        {"path:/run/x.sock", nullptr, "7"},
        {"path:/*", nullptr, "1234790"},
        {"path!=/nothing", nullptr, "123567890"},
        {"path=\"\"", nullptr, ""},
        {"path:\"/tmp/a b*\"", nullptr, "9"},
        {"path:\"a b\\*c\"", nullptr, "9"},
        {"path:\\xff", nullptr, "9"},
        {"path:*\\xff", nullptr, "9"},
        {"path:*c?", nullptr, "79"},
        {"path:*\\x2a*", "path:*\\**", "9"},
        {"object=\"\"", nullptr, "8"},
        {"object:unix:*", nullptr, "7"},
        {"object:[2001*", nullptr, "6"},
        {"host=93.184.216.34", nullptr, "5"},
        {"host=2001:db8::1", nullptr, "6"},
        {"host:2001:db8:*", nullptr, "6"},
        {"host:*", nullptr, "56"},
        {"host!=93.184.216.34", nullptr, "123467890"},
        {"detail:RDONLY", nullptr, "234"},
        {"detail=O_RDONLY", nullptr, "234"},
        {"detail:/tmp/new", nullptr, "9"},
        {"detail:→*", nullptr, "9"},
        {"detail:\"code 0\"", nullptr, "8"},
        {"detail:\"\\\"-c\\\"\"", nullptr, "1"},
        {"detail=\"\"", nullptr, "70"},
        {"detail=~", nullptr, ""},
        {"rule:deniedPaths", nullptr, "3"},
        {"rule:\"no rule\"", nullptr, "456"},
        {"rule:*", nullptr, "12345679"},
        {"rule:~/.ssh", nullptr, "3"},
        {"rule:--rw", nullptr, "9"},
        {"rule!=\"base: /usr\"", nullptr, "3456890"},
    });
}

TEST(Query, BareWordsAskAllTexts)
{
    checkGolden({
        {"", nullptr, "1234567890"},
        {"  \t\n ", "", "1234567890"},
        {"cat", "text:cat", "234"},
        {"\"cat\"", "text:cat", "234"},
        {"text:cat", nullptr, "234"},
        {"text=cat", nullptr, "234"},
        {"text!=cat", nullptr, "1567890"},
        {"/usr", "text:/usr", "127"},
        {"passwd", "text:passwd", "2"},
        {"id_rsa", "text:id_rsa", "3"},
        {"*sh", "text:*sh", "138"},
        {"→", "text:→", "9"},
        {"93.184.216.34:443", "text:93.184.216.34:443", "5"},
        {"[2001:db8::1]:8080", "text:[2001:db8::1]:8080", "6"},
        {"\"and\"", "text:and", ""},
        {"android", "text:android", ""},
        {"\"unix:/run\"", "text:unix:/run", "7"},
        {"\"a b\"", "text:\"a b\"", "9"},
        {"\"(\"", "text:\"(\"", ""},
        {"And", "text:And", ""},
        {"a-b", "text:a-b", ""},
    });
}

TEST(Query, Logic)
{
    checkGolden({
        {"proc=cat verdict=denied", "proc=cat and verdict=denied", "3"},
        {"proc=cat and verdict=denied", nullptr, "3"},
        {"proc=cat AND verdict=denied", "proc=cat and verdict=denied", "3"},
        {"proc=cat or proc=sh", nullptr, "12348"},
        {"proc=cat OR proc=sh", "proc=cat or proc=sh", "12348"},
        {"not proc=cat", nullptr, "1567890"},
        {"NOT proc=cat", "not proc=cat", "1567890"},
        {"-proc=cat", "not proc=cat", "1567890"},
        {"- proc=cat", "not proc=cat", "1567890"},
        {"--proc=cat", "not not proc=cat", "234"},
        {"not not not proc=cat", nullptr, "1567890"},
        {"-cat", "not text:cat", "1567890"},
        {"-(proc=cat or proc=sh)", "not (proc=cat or proc=sh)", "56790"},
        {"(proc=cat)", "proc=cat", "234"},
        {"((proc=cat))", "proc=cat", "234"},
        {"( proc=cat )", "proc=cat", "234"},
        {"proc=sh or proc=cat verdict=denied", "proc=sh or proc=cat and verdict=denied", "138"},
        {"(proc=sh or proc=cat) verdict=denied", "(proc=sh or proc=cat) and verdict=denied", "3"},
        {"verdict=denied (proc=sh or proc=cat)", "verdict=denied and (proc=sh or proc=cat)", "3"},
        {"(proc=cat)(pid=101)", "proc=cat and pid=101", "234"},
        {"proc=cat(pid=101)", "proc=cat and pid=101", "234"},
        {"\"cat\"(pid=101)", "text:cat and pid=101", "234"},
        {"proc=sh and (pid=1 and pid=2)", "proc=sh and pid=1 and pid=2", ""},
        {"proc=sh or (pid=102 or pid=104)", "proc=sh or pid=102 or pid=104", "156780"},
        {"not (proc=cat and pid=101)", nullptr, "1567890"},
        {"not proc=cat and pid<102", nullptr, "18"},
        {"not (proc=cat) or pid=101", "not proc=cat or pid=101", "1234567890"},
        {"proc=cat -path:/etc", "proc=cat and not path:/etc", "34"},
        {"proc=cat and not path:/etc", nullptr, "34"},
        {"proc=cat or not not pid=102", nullptr, "234567"},
        {"not (not proc=cat or not pid=101)", nullptr, "234"},
        {"seq=1 or seq=2 or seq=3 seq=4 or seq=5", "seq=1 or seq=2 or seq=3 and seq=4 or seq=5", "125"},
        {"(seq=1 or seq=2) and (seq=2 or seq=3)", nullptr, "2"},
        {"not (seq=1 or (seq=2 or seq=3) and not seq=3) and seq<5", nullptr, "340"},
        {"verdict=denied category=network -port=443", "verdict=denied and category=network and not port=443", "6"},
    });
}

}  // namespace
}  // namespace belljar
