// `belljar events`: recordings as text and for programs, filters, counts, files and damage.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/events/recording.h"
#include "tests/app/cli/belljar_runner.h"

namespace belljar {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

using CliEventsTest = BelljarTest;

/// A recording with two events: one allowed, one denied, both with hostile texts.
std::string makeRecording(const TestFolder& folder, const std::string& name, bool finish)
{
    RecordingHeader header;
    header.belljarVersion = "0.1.0";
    header.sessionId = "00112233445566aa";
    header.startedUnixNs = 1'700'000'000'000'000'000;
    header.argv = {"sh", "-c", "\x1b[31m"};
    header.backend = "bubblewrap";
    header.rules = {{RuleSource::builtIn, "no rule grants this path", {}},
                    {RuleSource::profile, "=cmd|' /C calc'!A0", {"/filesystem/deniedPaths/0", 9, 1}}};
    auto writer = RecordingWriter::create(folder.file(name), header);
    EXPECT_TRUE(writer.ok());
    std::vector<Event> events(3);
    events[0].sequence = 1;
    events[0].processName = "=HYPERLINK(\"x\")";
    events[0].object = "/a,\"b\"\n";
    events[0].verdict = EventVerdict::allowed;
    events[1].sequence = 2;
    events[1].processName = "-x";
    events[1].object = "/secret\x1b[2J";
    events[1].verdict = EventVerdict::denied;
    events[1].rule = 1;
    events[2].sequence = 3;
    events[2].object = "/miss";
    events[2].verdict = EventVerdict::denied;
    events[2].absentOnHost = true;
    EXPECT_TRUE((*writer)->append(events).ok());
    Outcome outcome;
    outcome.ending = Exited{7};
    if (finish) { EXPECT_TRUE((*writer)->finish(outcome, Losses{4, 0}).ok()); }
    return folder.file(name);
}

TEST_F(CliEventsTest, ShowsARecording)
{
    const std::string file = makeRecording(m_folder, "r", true);
    const Ran ran = belljar({"events", file});
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_THAT(ran.out,
                AllOf(HasSubstr("00112233445566aa"), HasSubstr("2023-11-14 22:13:20 UTC"), HasSubstr("3 of 3 events"),
                      HasSubstr("exited with code 7"), HasSubstr("lost      4 events"), Not(HasSubstr("\x1b"))));
    const Ran denied = belljar({"events", "--denied", file});
    EXPECT_THAT(denied.out, AllOf(HasSubstr("1 of 3 events"), HasSubstr("/secret"), Not(HasSubstr("/miss"))));
}

TEST_F(CliEventsTest, ForPrograms)
{
    const std::string file = makeRecording(m_folder, "r", true);
    const json document = json::parse(belljar({"events", "--json", file}).out);
    EXPECT_EQ(document.at("header").at("sessionId"), "00112233445566aa");
    EXPECT_EQ(document.at("events").size(), 3U);
    EXPECT_EQ(document.at("outcome").at("code"), 7);
    EXPECT_EQ(document.at("losses").at("source"), 4);
    const std::string lines = belljar({"events", "--format", "jsonl", file}).out;
    std::size_t count = 0;
    for (std::size_t begin = 0; begin < lines.size(); ++count) {
        const std::size_t end = lines.find('\n', begin);
        ASSERT_NE(end, std::string::npos);
        EXPECT_TRUE(json::accept(lines.substr(begin, end - begin)));
        begin = end + 1;
    }
    EXPECT_EQ(count, 5U) << "header, three events, outcome";
}

TEST_F(CliEventsTest, CanBeFiltered)
{
    const std::string file = makeRecording(m_folder, "r", true);
    const auto shown = [&](std::vector<std::string> options) {
        options.insert(options.begin(), {"events", file, "--json"});
        const Ran ran = belljar(options);
        EXPECT_EQ(ran.code, 0) << ran.err;
        const json document = json::parse(ran.out);
        std::string numbers;
        for (const json& event : document.at("events")) numbers += event.at("sequence").dump();
        return numbers;
    };
    EXPECT_EQ(shown({}), "123");
    EXPECT_EQ(shown({"--filter", ""}), "123");
    EXPECT_EQ(shown({"--filter", "verdict=denied or path:/miss"}), "23");
    EXPECT_EQ(shown({"--filter", "verdict=denied or path:/miss", "--denied"}), "2");
    EXPECT_EQ(shown({"--filter=-path:/miss"}), "12");
    EXPECT_EQ(shown({"--filter", "object:*\\x1b*"}), "2");
    EXPECT_EQ(shown({"--filter", "port=443"}), "");
    EXPECT_THAT(belljar({"events", file, "--filter", "seq=2"}).out, HasSubstr("1 of 3 events shown"));
}

TEST_F(CliEventsTest, CanBeSorted)
{
    const std::string file = makeRecording(m_folder, "r", true);
    const auto order = [&](const std::string& option) {
        const json document = json::parse(belljar({"events", file, "--json", "--sort=" + option}).out);
        std::vector<std::string> objects;
        for (const json& event : document.at("events")) objects.push_back(event.at("object"));
        return objects;
    };
    std::vector<std::string> objects = order("object");
    EXPECT_EQ(objects.size(), 3U);
    EXPECT_TRUE(std::is_sorted(objects.begin(), objects.end()));
    std::reverse(objects.begin(), objects.end());
    EXPECT_EQ(order("-object"), objects);
    EXPECT_EQ(belljar({"events", file, "--sort", "nothing"}).code, 2);
    EXPECT_EQ(belljar({"events", file, "--sort", "text"}).code, 2);
}

TEST_F(CliEventsTest, SecretsAreMaskedOnDemand)
{
    RecordingHeader header;
    header.sessionId = "00112233445566aa";
    header.argv = {"deploy", "--password", "hunter2"};
    header.profileText = R"({"process": {"env": ["MY_TOKEN=abc123"]}})";
    const std::string file = m_folder.file("r");
    auto writer = RecordingWriter::create(file, header);
    ASSERT_TRUE(writer.ok());
    Event event;
    event.sequence = 1;
    event.kind = EventKind::processExec;
    event.object = "/usr/bin/deploy";
    event.detail = R"(["deploy","--password","hunter2"])";
    ASSERT_TRUE((*writer)->append({&event, 1}).ok());
    ASSERT_TRUE((*writer)->finish(Outcome{}, {}).ok());
    for (const char* format : {"text", "jsonl", "csv"}) {
        const std::vector<std::string> line{"events", file, "--format", format};
        EXPECT_THAT(belljar(line).out, HasSubstr("hunter2")) << format;
        std::vector<std::string> masked = line;
        masked.emplace_back("--mask-secrets");
        const Ran ran = belljar(masked);
        EXPECT_EQ(ran.code, 0) << ran.err;
        EXPECT_THAT(ran.out, AllOf(HasSubstr("********"), HasSubstr("deploy"), Not(HasSubstr("hunter2")),
                                   Not(HasSubstr("abc123"))))
            << format;
        masked.insert(masked.end(), {"--output", m_folder.file(format)});
        EXPECT_EQ(belljar(masked).code, 0);
        EXPECT_EQ(m_folder.read(format), ran.out);
    }
    const json document = json::parse(belljar({"events", file, "--json", "--mask-secrets"}).out);
    EXPECT_EQ(document.at("header").at("argv"), json::parse(R"(["deploy", "--password", "********"])"));
    EXPECT_THAT(belljar({"events", file, "--count-by", "detail", "--mask-secrets"}).out, Not(HasSubstr("hunter2")));
    EXPECT_EQ(belljar({"events", file, "--format", "sqlite", "--output", m_folder.file("db"), "--mask-secrets"}).code,
              2);
}

TEST_F(CliEventsTest, CanBeBookmarked)
{
    const std::string file = makeRecording(m_folder, "r", true);
    EXPECT_THAT(belljar({"events", file, "--bookmarks"}).out, HasSubstr("0 of 3 events"));
    const Ran made = belljar({"events", file, "--bookmark", "2", "--note", "why\x1b[2J?"});
    EXPECT_EQ(made.code, 0) << made.err;
    EXPECT_THAT(made.out, AllOf(HasSubstr("1 of 3 events"), HasSubstr("bookmark at event 2: why\\x1b[2J?"),
                                Not(HasSubstr("\x1b"))));
    EXPECT_EQ(belljar({"events", file, "--bookmark", "3"}).code, 0);
    const json document = json::parse(belljar({"events", file, "--json", "--bookmarks", "--filter", "seq=3"}).out);
    EXPECT_EQ(document.at("events").size(), 1U);
    EXPECT_EQ(document.at("bookmarks"), json::parse(R"([{"event":2,"note":"why\u001b[2J?"},{"event":3,"note":""}])"));
    EXPECT_THAT(belljar({"events", file, "--remove-bookmark", "2"}).out, HasSubstr("1 of 3 events"));
    EXPECT_THAT(belljar({"events", file}).out, AllOf(HasSubstr("3 of 3"), HasSubstr("bookmark at event 3")));
    for (const std::vector<std::string>& wrong : std::vector<std::vector<std::string>>{
             {"--bookmark", "99"}, {"--bookmark", "x"}, {"--bookmark", ""}, {"--remove-bookmark", "2"}}) {
        std::vector<std::string> words{"events", file};
        words.insert(words.end(), wrong.begin(), wrong.end());
        EXPECT_EQ(belljar(words).code, 1) << wrong[1];
    }
    EXPECT_EQ(belljar({"events", file, "--note", "x"}).code, 2);
}

TEST_F(CliEventsTest, CanBeCounted)
{
    const std::string file = makeRecording(m_folder, "r", true);
    EXPECT_EQ(belljar({"events", file, "--count-by", "verdict"}).out,
              "         1  absent\n         1  allowed\n         1  denied\n");
    EXPECT_EQ(belljar({"events", file, "--count-by", "kind"}).out, "         3  file.open\n");
    EXPECT_EQ(belljar({"events", file, "--count-by", "kind", "--denied"}).out, "         1  file.open\n");
    EXPECT_EQ(belljar({"events", file, "--count-by", "path", "--filter", "seq<3", "--format", "csv"}).out,
              "path,count,denied,firstNs,lastNs\r\n\"/a,\"\"b\"\"\\n\",1,0,0,0\r\n/secret\\x1b[2J,1,1,0,0\r\n");
    EXPECT_EQ(belljar({"events", file, "--count-by", "object", "--filter", "seq=2", "--format", "jsonl"}).out,
              "{\"value\":\"/secret\\u001b[2J\",\"count\":1,\"denied\":1,\"firstNs\":0,\"lastNs\":0}\n");
    const json document = json::parse(belljar({"events", file, "--count-by", "result", "--json"}).out);
    EXPECT_EQ(document.at("field"), "res");
    EXPECT_EQ(document.at("groups"),
              json::parse(R"([{"value":"unknown","count":3,"denied":1,"firstNs":0,"lastNs":0}])"));
    EXPECT_EQ(document.at("losses").at("source"), 4);
}

TEST_F(CliEventsTest, CanBeSummedUp)
{
    const std::string file = makeRecording(m_folder, "r", true);
    const json document = json::parse(belljar({"events", file, "--summary", "files", "--json"}).out);
    ASSERT_EQ(document.at("rows").size(), 3U);
    std::uint64_t denied = 0;
    for (const json& row : document.at("rows")) {
        EXPECT_EQ(row.at("events"), 1);
        EXPECT_EQ(row.at("opens"), 1);
        denied += row.at("denied").get<std::uint64_t>();
    }
    EXPECT_EQ(denied, 1U);
    EXPECT_EQ(document.at("losses").at("source"), 4);
    const std::string people = belljar({"events", file, "--summary", "files", "--filter", "verdict=denied"}).out;
    EXPECT_THAT(people, AllOf(HasSubstr("/secret\\x1b[2J\n"), Not(HasSubstr("\x1b")), Not(HasSubstr("connects"))));
    const std::string csv = belljar({"events", file, "--summary", "processes", "--format", "csv"}).out;
    EXPECT_THAT(csv, StartsWith("name,pid,parentPid,processStart,events,denied,"));
    EXPECT_EQ(belljar({"events", file, "--summary", "hosts", "--format", "jsonl"}).out, "");
    EXPECT_EQ(belljar({"events", file, "--summary", "files", "--count-by", "path"}).code, 2);
    EXPECT_EQ(belljar({"events", file, "--summary", "folders"}).code, 2);
}

TEST_F(CliEventsTest, WrongQueriesAreShownWithACaret)
{
    const std::string file = makeRecording(m_folder, "r", true);
    const Ran ran = belljar({"events", file, "--filter", "verdict=denied pth:/etc"});
    EXPECT_EQ(ran.code, 2);
    EXPECT_THAT(ran.out, IsEmpty());
    EXPECT_EQ(ran.err,
              "belljar: --filter, column 16: There is no field 'pth'\n"
              "verdict=denied pth:/etc\n"
              "               ^\n"
              "  fix: did you mean 'path'?\n");
    const Ran asJson = belljar({"events", file, "--json", "--filter", "(pid=1"});
    EXPECT_EQ(asJson.code, 2);
    EXPECT_THAT(json::parse(asJson.out).at("error").dump(), AllOf(HasSubstr("never closed"), HasSubstr("column 1")));
    const Ran hostile = belljar({"events", file, "--filter", "a\x1b[2J"});
    EXPECT_EQ(hostile.code, 2);
    EXPECT_THAT(hostile.err, AllOf(HasSubstr("a\\x1b[2J\n ^"), Not(HasSubstr("\x1b"))));
    for (const char* field : {"", "text", "pth", "\x1b"}) {
        const Ran counted = belljar({"events", file, "--count-by", field});
        EXPECT_EQ(counted.code, 2) << field;
        EXPECT_THAT(counted.err, AllOf(HasSubstr("--count-by"), Not(HasSubstr("\x1b")))) << field;
        EXPECT_THAT(counted.out, IsEmpty());
    }
    EXPECT_EQ(belljar({"events", "not-there", "--filter", "pid="}).code, 2) << "said before anything is read";
}

TEST_F(CliEventsTest, CsvCellsAreNoFormulas)
{
    const Ran ran = belljar({"events", "--format", "csv", makeRecording(m_folder, "r", true)});
    EXPECT_EQ(ran.code, 0);
    EXPECT_THAT(
        ran.out,
        StartsWith("sequence,seconds,pid,parentPid,process,kind,object,detail,result,verdict,rule,line,wallTime,"));
    EXPECT_THAT(ran.out, HasSubstr("\"'=HYPERLINK(\"\"x\"\")\""));
    EXPECT_THAT(ran.out, HasSubstr("\"/a,\"\"b\"\"\\n\""));
    EXPECT_THAT(ran.out, HasSubstr("\"'-x\""));
    EXPECT_THAT(ran.out, HasSubstr("\"'=cmd|"));
    EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 4);
    EXPECT_THAT(ran.out, Not(HasSubstr("\x1b")));
    for (const char* formula : {",=", ",+", ",-", ",@"}) EXPECT_THAT(ran.out, Not(HasSubstr(formula)));
}

TEST_F(CliEventsTest, GoToANewFile)
{
    const std::string file = makeRecording(m_folder, "r", true);
    for (const char* format : {"text", "jsonl", "csv"}) {
        const std::string name = std::string("out.") + format;
        const Ran written = belljar({"events", file, "--format", format, "--output", m_folder.file(name)});
        EXPECT_EQ(written.code, 0) << written.err;
        EXPECT_THAT(written.out, IsEmpty());
        EXPECT_EQ(m_folder.read(name), belljar({"events", file, "--format", format}).out);
        const Ran again = belljar({"events", file, "--format", format, "--output", m_folder.file(name)});
        EXPECT_EQ(again.code, 1);
        EXPECT_THAT(again.err, HasSubstr("exists already"));
    }
    const Ran nowhere = belljar({"events", file, "--output", m_folder.file("no/such/folder")});
    EXPECT_EQ(nowhere.code, 1);
    EXPECT_THAT(nowhere.err, HasSubstr("ENOENT"));
    EXPECT_EQ(belljar({"events", file, "--output", "/dev/full"}).code, 1) << "it exists";
}

TEST_F(CliEventsTest, BecomeADatabase)
{
    const std::string file = makeRecording(m_folder, "r", true);
    const Ran written = belljar({"events", file, "--format", "sqlite", "--output", m_folder.file("db"), "--denied"});
    EXPECT_EQ(written.code, 0) << written.err;
    EXPECT_THAT(m_folder.read("db"),
                AllOf(StartsWith("SQLite format 3"), HasSubstr("/secret"), Not(HasSubstr("/miss"))));
    EXPECT_EQ(belljar({"events", file, "--format", "sqlite", "--output", m_folder.file("db")}).code, 1);
    for (const std::vector<std::string>& wrong : std::vector<std::vector<std::string>>{
             {}, {"--output", m_folder.file("x"), "--json"}, {"--output", m_folder.file("x"), "--count-by", "path"}}) {
        std::vector<std::string> arguments{"events", file, "--format", "sqlite"};
        arguments.insert(arguments.end(), wrong.begin(), wrong.end());
        EXPECT_EQ(belljar(arguments).code, 2);
    }
    EXPECT_FALSE(std::filesystem::exists(m_folder.file("x")));
}

TEST_F(CliEventsTest, OfABrokenRecording)
{
    const std::string whole = makeRecording(m_folder, "r", true);
    std::string bytes = m_folder.read("r");
    const Ran cut = belljar({"events", m_folder.write("cut", bytes.substr(0, bytes.size() - 5))});
    EXPECT_EQ(cut.code, 1);
    EXPECT_THAT(cut.out, AllOf(HasSubstr("3 of 3 events"), HasSubstr("did not end in an orderly way")));
    EXPECT_THAT(cut.err, AllOf(HasSubstr("damaged at byte"), HasSubstr("cut off")));
    EXPECT_THAT(json::parse(belljar({"events", "--json", m_folder.file("cut")}).out).at("damage").get<std::string>(),
                HasSubstr("cut off"));
    const Ran crashed = belljar({"events", makeRecording(m_folder, "crashed", false)});
    EXPECT_EQ(crashed.code, 0);
    EXPECT_THAT(crashed.out, HasSubstr("did not end in an orderly way"));
    for (const std::string& bad :
         {m_folder.write("text", "hello"), m_folder.file("not-there"), m_folder.path().string()}) {
        const Ran ran = belljar({"events", bad});
        EXPECT_EQ(ran.code, 1) << bad;
        EXPECT_THAT(ran.err, StartsWith("belljar: ")) << bad;
        EXPECT_TRUE(json::parse(belljar({"events", "--json", bad}).out).contains("error"));
    }
    EXPECT_EQ(belljar({"events"}).code, 2);
    EXPECT_EQ(belljar({"events", whole, "--format", "xml"}).code, 2);
}

}  // namespace
}  // namespace belljar
