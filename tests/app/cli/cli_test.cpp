// Every verb but those that run a sandbox: good and bad input, exit codes, text for people and JSON for programs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/app/cli/belljar_runner.h"

namespace belljar {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

using CliTest = BelljarTest;

constexpr const char* kGoodProfile = R"({
  "version": "0.8.0",
  "process": { "commandLine": "true" },
  "filesystem": {
    "readonlyPaths": ["/usr/share"],
    "deniedPaths": ["/usr/share/doc"]
  }
}
)";

TEST_F(CliTest, WithoutAVerbItShowsTheVerbs)
{
    const Ran none = belljar({});
    EXPECT_EQ(none.code, 2);
    EXPECT_THAT(none.out, IsEmpty());
    EXPECT_THAT(none.err, HasSubstr("Usage: belljar VERB"));
    for (const char* word : {"help", "--help", "-h"}) {
        const Ran help = belljar({word});
        EXPECT_EQ(help.code, 0);
        EXPECT_EQ(help.out, none.err);
    }
}

TEST_F(CliTest, UnknownVerbsAreNamedSafely)
{
    const Ran ran = belljar({"fly\x1b[31m"});
    EXPECT_EQ(ran.code, 2);
    EXPECT_THAT(ran.err, AllOf(HasSubstr("fly\\x1b[31m"), HasSubstr("belljar help"), Not(HasSubstr("\x1b"))));
}

TEST_F(CliTest, EveryVerbHasHelpAndRefusesUnknownOptions)
{
    for (const char* name : {"run", "new", "check", "diff", "plan", "explain", "events", "sessions", "policy", "freeze",
                             "thaw", "answer", "kill", "learn", "export", "migrate", "probe", "schema", "version"}) {
        const std::string verb = name;
        const Ran help = belljar({verb, "--help"});
        EXPECT_EQ(help.code, 0) << verb;
        EXPECT_THAT(help.out, StartsWith("Usage: belljar " + verb)) << verb;
        EXPECT_EQ(belljar({"help", verb}).out, help.out) << verb;
        const Ran bad = belljar({verb, "--no-such-option"});
        EXPECT_EQ(bad.code, verb == "run" ? 125 : 2) << verb;
        EXPECT_THAT(bad.err, HasSubstr("fix: ")) << verb;
        EXPECT_THAT(bad.out, IsEmpty()) << verb;
    }
}

TEST_F(CliTest, VersionForPeopleAndPrograms)
{
    const Ran plain = belljar({"version"});
    EXPECT_EQ(plain.code, 0);
    const json document = json::parse(belljar({"version", "--json"}).out);
    EXPECT_EQ(plain.out, "belljar " + document.at("version").get<std::string>() + "\n");
    EXPECT_EQ(belljar({"--version"}).out, plain.out);
    EXPECT_EQ(belljar({"version", "extra"}).code, 2);
}

TEST_F(CliTest, CheckReportsEveryMistakeWithPointerPlaceAndFix)
{
    const Ran ran = belljar({"check", "-"}, R"({
  "version": "0.8.0-alpha",
  "process": { "comandLine": "true", "timeout": "5s" },
  "filesystem": { "readonlyPaths": [42, "/usr"] },
  "network": { "defaultPolicy": "deny" },
  "ui": { "clipboard": "none", "clipboard": "read" }
})");
    EXPECT_EQ(ran.code, 1);
    for (const char* line : {"-:3:16 (/process/comandLine): error: unknown field `comandLine`, expected one of",
                             "-:3:49 (/process/timeout): error: invalid type: string \"5s\", expected u32",
                             "-:4:37 (/filesystem/readonlyPaths/0): error: invalid type: integer `42`",
                             "-:5:33 (/network/defaultPolicy): error: unknown variant `deny`",
                             "-:6:32 (/ui/clipboard): error: duplicate field `clipboard`"})
        EXPECT_THAT(ran.out, HasSubstr(line));
    std::size_t fixes = 0;
    for (std::size_t at = ran.out.find("  fix: "); at != std::string::npos; at = ran.out.find("  fix: ", at + 1))
        ++fixes;
    EXPECT_EQ(fixes, 5U) << ran.out;
}

TEST_F(CliTest, CheckListsTheRules)
{
    const Ran ran = belljar({"check", "--rules", "--json"});
    EXPECT_EQ(ran.code, 0);
    const json rules = json::parse(ran.out).at("rules");
    EXPECT_GE(rules.size(), 30U);
    for (const json& rule : rules)
        for (const char* key : {"id", "scope", "sentence"}) EXPECT_FALSE(rule.at(key).get<std::string>().empty());
    EXPECT_THAT(belljar({"check", "--rules"}).out, HasSubstr("egress-rules"));
    EXPECT_EQ(belljar({"check"}).code, 2);
}

TEST_F(CliTest, CheckWarnsOfWhatMxcRefuses)
{
    const Ran ran = belljar({"check", "-"}, R"({"version": "0.8.0", "network": {"allowLocalNetwork": true}})");
    EXPECT_THAT(ran.out, HasSubstr("warning: MXC's executor on Linux refuses this: Bubblewrap: "
                                   "network.allowLocalNetwork=true is confined"));
}

TEST_F(CliTest, SchemaIsASchemaOfTheVersion)
{
    const Ran plain = belljar({"schema"});
    EXPECT_EQ(plain.code, 0);
    const json schema = json::parse(plain.out);
    EXPECT_TRUE(schema.at("properties").contains("filesystem"));
    EXPECT_EQ(belljar({"schema", "--version", "0.8"}).out, plain.out);
    EXPECT_NE(belljar({"schema", "--version", "0.6"}).out, plain.out);
    const Ran bad = belljar({"schema", "--version", "9.9"});
    EXPECT_EQ(bad.code, 2);
    EXPECT_THAT(bad.out, IsEmpty());
    EXPECT_THAT(bad.err, HasSubstr("9.9"));
    EXPECT_TRUE(json::parse(belljar({"schema", "--version", "9.9", "--json"}).out).contains("error"));
}

TEST_F(CliTest, CheckFindsNothingInAGoodProfile)
{
    const std::string file = m_folder.write("good.json", kGoodProfile);
    const Ran ran = belljar({"check", file});
    EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("good.json: ok\n"));
    const json document = json::parse(belljar({"check", "--json", file}).out);
    EXPECT_EQ(document.at("ok"), true);
    EXPECT_EQ(belljar({"check", "-"}, kGoodProfile).code, 0);
}

TEST_F(CliTest, CheckNamesThePlaceOfAMistake)
{
    const std::string bad = m_folder.write("bad.json", "{\n  \"filesystem\": {\n    \"readonlyPath\": []\n  }\n}\n");
    const Ran ran = belljar({"check", bad});
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.out, AllOf(HasSubstr("bad.json:3:"), HasSubstr("readonlyPath"), Not(HasSubstr(": ok"))));
    const std::string missing =
        m_folder.write("missing.json", "{\"filesystem\":{\n\"readonlyPaths\":[\"/no/such/folder\"]}}");
    const Ran both = belljar({"check", missing, m_folder.write("good.json", kGoodProfile)});
    EXPECT_EQ(both.code, 1);
    EXPECT_THAT(both.out, AllOf(HasSubstr("missing.json:2:"), HasSubstr("path-missing"), HasSubstr("good.json: ok")));
    const json document = json::parse(belljar({"check", "--json", missing}).out);
    EXPECT_EQ(document.at("ok"), false);
    EXPECT_EQ(document.at("profiles").at(0).at("findings").at(0).at("place").at("line"), 2);
}

TEST_F(CliTest, CheckEscapesWhatItQuotesOnce)
{
    const std::string profile = m_folder.write("p.json", R"({"filesystem": {"readonlyPaths": ["/nope\u001b[2J"]}})");
    const Ran ran = belljar({"check", profile});
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.out + ran.err, AllOf(HasSubstr("`/nope\\x1b[2J`"), Not(HasSubstr("\x1b"))));
}

TEST_F(CliTest, CheckRefusesHostileFilesInOneClearSentence)
{
    std::string deep(10'000, '[');
    const std::vector<std::pair<std::string, std::string>> cases{
        {"empty", ""},
        {"nul", std::string("{\0}", 3)},
        {"utf8", "{\"version\": \"\xff\"}"},
        {"deep", deep},
        {"duplicate", R"({"version":"0.8.0","version":"0.8.0"})"},
        {"type", R"({"process":{"timeout":"x"}})"},
        {"escape", "{\"\x1b[31m\": 1}"},
        {"list", "[]"},
        {"comment", "{} // no"},
    };
    for (const auto& [name, text] : cases) {
        const Ran ran = belljar({"check", m_folder.write(name, text)});
        EXPECT_EQ(ran.code, 1) << name;
        EXPECT_THAT(ran.out, HasSubstr("error: ")) << name;
        EXPECT_LT(ran.out.size(), 1000U) << name;
        for (const char c : ran.out) ASSERT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << name;
        EXPECT_EQ(json::parse(belljar({"check", "--json", m_folder.file(name)}).out).at("ok"), false) << name;
    }
    EXPECT_EQ(belljar({"check", m_folder.file("not-there")}).code, 1);
    EXPECT_EQ(belljar({"check", m_folder.path().string()}).code, 1);
    EXPECT_EQ(belljar({"check"}).code, 2);
}

TEST_F(CliTest, ExplainNamesRuleAndLine)
{
    const std::string file = m_folder.write("p.json", kGoodProfile);
    const Ran allowed = belljar({"explain", file, "--read", "/usr/share/misc"});
    EXPECT_EQ(allowed.code, 0) << allowed.err;
    EXPECT_THAT(allowed.out, HasSubstr("allowed: read /usr/share/misc"));
    const Ran denied = belljar({"explain", file, "--read", "/usr/share/misc", "--read", "/usr/share/doc/x", "--write",
                                "/etc/passwd", "--connect", "1.2.3.4:80"});
    EXPECT_EQ(denied.code, 1);
    EXPECT_THAT(denied.out,
                AllOf(HasSubstr("allowed: read"), HasSubstr("denied: read /usr/share/doc"), HasSubstr("line 6"),
                      HasSubstr("denied: write /etc/passwd"), HasSubstr("denied: connect to 1.2.3.4:80")));
    const json document = json::parse(belljar({"explain", file, "--json", "--read", "/usr/share/doc/x"}).out);
    EXPECT_EQ(document.at("allowed"), false);
    EXPECT_EQ(document.at("answers").at(0).at("rule").at("place").at("pointer"), "/filesystem/deniedPaths/0");
    EXPECT_EQ(document.at("answers").at(0).at("rule").at("place").at("line"), 6);
}

TEST_F(CliTest, ExplainWithoutAQuestionShowsThePolicy)
{
    const Ran ran = belljar({"explain", "--rw", "sub/.."});
    EXPECT_EQ(ran.code, 2) << "sub does not exist";
    const Ran whole = belljar({"explain", "--rw", "."});
    EXPECT_EQ(whole.code, 0) << whole.err;
    EXPECT_THAT(whole.out,
                AllOf(HasSubstr("read-write"), HasSubstr(m_folder.path().string()), HasSubstr("network     off")));
    EXPECT_EQ(json::parse(belljar({"explain", "--rw", ".", "--json"}).out).at("network"), "off");
}

TEST_F(CliTest, ExplainRefusesWhatIsNoQuestion)
{
    for (const char* address :
         {"nohost", ":80", "host:", "host:0", "host:65536", "host:80x", "[::1:80", "::1:80", "[]:80"}) {
        const Ran ran = belljar({"explain", "--connect", address});
        EXPECT_EQ(ran.code, 2) << address;
        EXPECT_THAT(ran.err, HasSubstr("no address")) << address;
    }
    EXPECT_EQ(belljar({"explain", "--connect", "[::1]:80"}).code, 0) << "its own loopback";
    EXPECT_EQ(belljar({"explain", "--read"}).code, 2);
    EXPECT_EQ(belljar({"explain", m_folder.file("not-there"), "--read", "/"}).code, 2);
}

TEST_F(CliTest, ExportWritesAProfileThatReadsBack)
{
    const std::vector<std::string> arguments{"export", "--ro", ".",         "--deny", "./secret",
                                             "--net",  "off",  "--timeout", "2m",     "--env",
                                             "A=b c",  "--",   "sh",        "-c",     "echo 'x'"};
    const Ran ran = belljar(arguments);
    ASSERT_EQ(ran.code, 0) << ran.err;
    const json profile = json::parse(ran.out);
    EXPECT_EQ(profile.at("filesystem").at("readonlyPaths").at(0), m_folder.path().string());
    EXPECT_EQ(profile.at("filesystem").at("deniedPaths").at(0), m_folder.file("secret"));
    EXPECT_EQ(profile.at("process").at("timeout"), 120'000);
    EXPECT_EQ(profile.at("process").at("commandLine"), R"(sh -c 'echo '\''x'\''')");
    std::vector<std::string> toFile = arguments;
    toFile.insert(toFile.begin() + 1, {"-o", "out.json"});
    EXPECT_EQ(belljar(toFile).code, 0);
    EXPECT_EQ(m_folder.read("out.json"), ran.out);
    const Ran nowhere = belljar({"export", "-o", "no/such/folder/x.json"});
    EXPECT_EQ(nowhere.code, 1);
    EXPECT_THAT(nowhere.err, HasSubstr("no/such/folder"));
    EXPECT_EQ(belljar({"export", m_folder.write("bad.json", "{")}).code, 1);
    EXPECT_EQ(belljar({"export", "--json", m_folder.file("bad.json")}).err, "");
}

TEST_F(CliTest, MigrateWritesTheNewProfileOrNothing)
{
    const std::string older = R"({"version": "0.7.0", "network": {"defaultPolicy": "block"}})";
    const std::string newer = R"({"version": "0.8.0-alpha", "network": {"egress": { "default": "deny" }}})";
    const std::string profile = m_folder.write("old.json", older);
    EXPECT_EQ(belljar({"migrate", profile}).out, newer);
    EXPECT_EQ(belljar({"migrate", "-", "--to", "0.8"}, older).out, newer);
    EXPECT_EQ(belljar({"migrate", profile, "-o", "new.json"}).code, 0);
    EXPECT_EQ(m_folder.read("new.json"), newer);
    EXPECT_EQ(m_folder.read("old.json"), older);
    std::filesystem::create_symlink("old.json", m_folder.file("link.json"));
    const Ran replaced = belljar({"migrate", "link.json", "--in-place"});
    EXPECT_EQ(replaced.code, 0) << replaced.err;
    EXPECT_EQ(replaced.out, "");
    EXPECT_EQ(m_folder.read("old.json"), newer);
    EXPECT_TRUE(std::filesystem::is_symlink(m_folder.file("link.json")));
    EXPECT_THAT(belljar({"migrate", profile}).err, HasSubstr("already"));

    const std::string hard = R"({"network": {"enforcementMode": "both",
  "allowedHosts": ["1.2.3.4", "x\u001b[31m.example"]}})";
    const std::string hardProfile = m_folder.write("hard.json", hard);
    for (const std::vector<std::string>& options :
         {std::vector<std::string>{}, {"--in-place"}, {"-o", "never.json"}, {"--json"}}) {
        std::vector<std::string> arguments{"migrate", hardProfile};
        arguments.insert(arguments.end(), options.begin(), options.end());
        const Ran ran = belljar(arguments);
        EXPECT_EQ(ran.code, 1);
        const bool asJson = !options.empty() && options[0] == "--json";
        EXPECT_THAT(asJson ? ran.out : ran.err, HasSubstr("not-migratable"));
        if (asJson) EXPECT_EQ(json::parse(ran.out).at("ok"), false);
        else EXPECT_THAT(ran.err, HasSubstr("hard.json:2:31 (/network/allowedHosts/1): error"));
        EXPECT_THAT(ran.err + ran.out, Not(HasSubstr("\x1b")));
    }
    EXPECT_EQ(m_folder.read("hard.json"), hard);
    EXPECT_FALSE(std::filesystem::exists(m_folder.file("never.json")));
    const json document = json::parse(belljar({"migrate", "-", "--json"}, older).out);
    EXPECT_EQ(document.at("text"), newer);
    EXPECT_EQ(document.at("changed"), true);
    EXPECT_EQ(belljar({"migrate", "-", "--in-place"}, older).code, 2);
    EXPECT_EQ(belljar({"migrate", profile, "--to", "0.9"}).code, 2);
    EXPECT_EQ(belljar({"migrate"}).code, 2);
    EXPECT_EQ(belljar({"migrate", "no-such.json"}).code, 1);
}

TEST_F(CliTest, PlaceholdersAreShownResolvedAndExportedPlain)
{
    std::filesystem::create_directory(m_folder.path() / "data");
    const std::string profile = m_folder.write(
        "own.json", R"({"filesystem": {"readonlyPaths": ["${PROFILE_DIR}/data"], "deniedPaths": ["${CWD}/data/x"]}})");
    const std::string data = m_folder.file("data");
    EXPECT_THAT(belljar({"check", profile}).out, HasSubstr("`${PROFILE_DIR}/data` stands for `" + data + "`"));
    EXPECT_THAT(belljar({"explain", "own.json"}).out, HasSubstr("readonlyPaths: ${PROFILE_DIR}/data -> " + data));
    EXPECT_THAT(belljar({"plan", profile, "--", "true"}).out, HasSubstr(data));
    const json exported = json::parse(belljar({"export", profile}).out);
    EXPECT_EQ(exported.at("filesystem").at("readonlyPaths").at(0), data);
    EXPECT_EQ(exported.at("filesystem").at("deniedPaths").at(0), data + "/x");
    const Ran nowhere = belljar({"check", "-"}, m_folder.read("own.json"));
    EXPECT_EQ(nowhere.code, 1);
    EXPECT_THAT(nowhere.out, HasSubstr("comes from no file"));
    const Ran unknown = belljar({"check", "-"}, R"({"process": {"cwd": "${PWD}"}})");
    EXPECT_EQ(unknown.code, 1);
    EXPECT_THAT(unknown.out, HasSubstr("1:21 (/process/cwd): error"));
    EXPECT_THAT(unknown.out, HasSubstr("Known are ${HOME}"));
    EXPECT_THAT(belljar({"check", "-"}, R"({"filesystem": {"readonlyPaths": ["/usr/$X"]}})").out, HasSubstr("braces"));
}

TEST_F(CliTest, CheckKnowsStateAwareRequests)
{
    const Ran right = belljar({"check", "-"}, R"({"version": "0.9.0", "phase": "stop", "sandboxId": "iso:1"})");
    EXPECT_EQ(right.code, 0);
    EXPECT_THAT(right.out, HasSubstr("no containment here takes"));
    const Ran wrong = belljar({"check", "-"}, R"({"version": "0.9.0", "phase": "stop"})");
    EXPECT_EQ(wrong.code, 1);
    EXPECT_THAT(wrong.out, HasSubstr("needs `sandboxId`"));
    EXPECT_EQ(belljar({"run", "-"}, R"({"phase": "stop", "sandboxId": "iso:1"})").code, 125);
}

TEST_F(CliTest, BadOptionValuesNameTheOption)
{
    const std::vector<std::vector<std::string>> cases{
        {"--timeout", "10x"},
        {"--timeout", "-1"},
        {"--timeout", "1.5s"},
        {"--timeout", "99999999999h"},
        {"--timeout", "s"},
        {"--env", "NOEQUALS"},
        {"--env", "=x"},
        {"--set", "/process/timeout"},
        {"--set", "process/timeout=1"},
        {"--set", "/process/timeout=soon"},
        {"--net", "maybe"},
        {"--ro", ""},
    };
    for (const auto& option : cases) {
        std::vector<std::string> arguments{"export"};
        arguments.insert(arguments.end(), option.begin(), option.end());
        const Ran ran = belljar(arguments);
        EXPECT_NE(ran.code, 0) << option[0] << " " << option[1];
        EXPECT_THAT(ran.err, HasSubstr(option[0])) << option[1];
        EXPECT_THAT(ran.out, IsEmpty());
    }
    for (const char* good : {"0", "500", "500ms", "10s", "2m", "1h", "4294967295"})
        EXPECT_EQ(belljar({"export", "--timeout", good}).code, 0) << good;
}

TEST_F(CliTest, ProbeSaysWhatIsHere)
{
    const Ran ran = belljar({"probe"});
    EXPECT_THAT(ran.out, AllOf(HasSubstr("system"), HasSubstr("bubblewrap"), HasSubstr("watching (kernel)")));
    const Ran structured = belljar({"probe", "--json"});
    EXPECT_EQ(structured.code, ran.code);
    const json document = json::parse(structured.out);
    EXPECT_EQ(document.at("facts").at("system"), "linux");
    const json& kernel = document.at("kernelWatching");
    EXPECT_FALSE(kernel.at(kernel.at("available").get<bool>() ? "mechanism" : "reason").get<std::string>().empty());
    const json& backend = document.at("backends").at(0);
    EXPECT_EQ(backend.at("id"), "bubblewrap");
    EXPECT_EQ(backend.at("available"), ran.code == 0);
    EXPECT_FALSE(backend.at("reason").get<std::string>().empty());
    EXPECT_EQ(backend.at("fix").get<std::string>().empty(), ran.code == 0);
}

TEST_F(CliTest, AFullDiskIsNoSuccess)
{
    if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "this machine has no /dev/full";
    const std::string command = belljarProgram() + " schema > /dev/full";
    const Ran ran = Running({"/bin/sh", "-c", command}, m_folder.path(), "").wait();
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.err, HasSubstr("could not be written"));
}

}  // namespace
}  // namespace belljar
