// The verbs with which profiles are written: new, check with its fixes, diff, and probe of a profile.
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

using CliAuthoringTest = BelljarTest;

constexpr const char* kUnwise = R"({
  "version": "0.8.0-alpha",
  "_comment":   "kept   as it is",
  "process": { "commandLine": "true",   "env": ["A=1", "A=2", "MY_TOKEN=abc"] },
  "filesystem": { "readonlyPaths": [ "/srv" , "/srv",
                  "/usr/share/doc" ] }
}
)";

TEST_F(CliAuthoringTest, LintNamesRuleAndFix)
{
    const Ran ran = belljar({"check", "-", "--json"}, kUnwise);
    const json findings = json::parse(ran.out).at("profiles").at(0).at("findings");
    std::vector<std::string> ids;
    for (const json& each : findings) ids.push_back(each.at("id"));
    EXPECT_THAT(ids, testing::IsSupersetOf({"path-twice", "path-redundant", "env-twice", "env-secret"}));
    for (const json& each : findings)
        if (each.at("id") == "env-twice") {
            EXPECT_EQ(each.at("changes"), json::parse(R"([{"pointer": "/process/env/0", "value": null}])"));
            EXPECT_EQ(each.at("place").at("line"), 4);
        }
}

TEST_F(CliAuthoringTest, FixesTouchOnlyWhatTheyMend)
{
    const std::string path = m_folder.write("p.json", kUnwise);
    const Ran fixed = belljar({"check", path, "--fix", "all"});
    EXPECT_EQ(fixed.code, 0) << fixed.err;
    EXPECT_THAT(fixed.out, AllOf(HasSubstr("env-twice"), HasSubstr("env-secret"), HasSubstr("path-redundant")));
    const std::string text = m_folder.read("p.json");
    EXPECT_THAT(text, AllOf(HasSubstr("\"_comment\":   \"kept   as it is\""), HasSubstr("\"env\": [\"A=2\"]"),
                            Not(HasSubstr("share/doc"))));
    EXPECT_THAT(belljar({"check", path, "--fix", "all"}).out, HasSubstr("nothing"));
    EXPECT_EQ(m_folder.read("p.json"), text);
}

TEST_F(CliAuthoringTest, OneFixLeavesTheOthers)
{
    const Ran fixed = belljar({"check", "-", "--fix", "env-twice"}, kUnwise);
    EXPECT_EQ(fixed.code, 0);
    EXPECT_THAT(fixed.out, AllOf(HasSubstr("[\"A=2\", \"MY_TOKEN=abc\"]"), HasSubstr("share/doc")));
    EXPECT_THAT(fixed.err, HasSubstr("fixed: "));
}

TEST_F(CliAuthoringTest, WhatIsMeantCanBeAccepted)
{
    const std::string home = m_folder.file("home");
    std::filesystem::create_directories(home + "/.ssh");
    const std::string profile = R"({"version": "0.8.0-alpha", "filesystem": {"readwritePaths": ["/var/tmp"]},
        "process": {"env": ["MY_TOKEN=abc"]}})";
    EXPECT_THAT(belljar({"check", "-"}, profile).out, HasSubstr("env-secret"));
    EXPECT_THAT(belljar({"check", "-", "--accept", "env-secret"}, profile).out, Not(HasSubstr("env-secret")));
    // What refuses a profile cannot be.
    const std::string missing = R"({"filesystem": {"readonlyPaths": ["/no/such/path"]}})";
    EXPECT_EQ(belljar({"check", "-", "--accept", "path-missing"}, missing).code, 1);
}

TEST_F(CliAuthoringTest, DangerousGrantsAreErrors)
{
    const std::string profile = R"({"version": "0.8.0-alpha", "filesystem": {"readwritePaths": ["/etc"]}})";
    const Ran ran = belljar({"check", "-"}, profile);
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.out, testing::AnyOf(HasSubstr("system-writable"), HasSubstr("not-yours")));
}

TEST_F(CliAuthoringTest, MissingPathsHaveAFix)
{
    const std::string path =
        m_folder.write("p.json", R"({"filesystem": {"readonlyPaths": ["/usr/share", "/no/such"]}})");
    EXPECT_EQ(belljar({"check", path}).code, 1);
    EXPECT_EQ(belljar({"check", path, "--fix", "path-missing"}).code, 0);
    EXPECT_THAT(m_folder.read("p.json"), Not(HasSubstr("/no/such")));
}

TEST_F(CliAuthoringTest, RulesOfLintAreListed)
{
    const json rules = json::parse(belljar({"check", "--rules", "--json"}).out).at("rules");
    int lint = 0;
    for (const json& rule : rules) lint += rule.at("scope") == "lint" ? 1 : 0;
    EXPECT_GE(lint, 20);
}

TEST_F(CliAuthoringTest, NewListsAndPrintsTemplates)
{
    const json templates = json::parse(belljar({"new", "--json"}).out).at("templates");
    EXPECT_GE(templates.size(), 12U);
    const Ran made = belljar({"new", "build"});
    EXPECT_EQ(made.code, 0);
    EXPECT_EQ(json::parse(made.out).at("_comment").at("template"), "Build in this folder");
    EXPECT_EQ(belljar({"new", "no-such"}).code, 2);
    const std::string path = m_folder.write("there.json", "mine");
    EXPECT_EQ(belljar({"new", "build", "-o", path}).code, 1);
    EXPECT_EQ(m_folder.read("there.json"), "mine");
}

TEST_F(CliAuthoringTest, DiffSaysMoreLessAndSame)
{
    const std::string narrow =
        m_folder.write("a.json", R"({"version": "0.8.0-alpha", "filesystem": {"readonlyPaths": ["/var/tmp"]}})");
    const std::string wide =
        m_folder.write("b.json", R"({"version": "0.8.0-alpha", "filesystem": {"readwritePaths": ["/var/tmp"],
        "deniedPaths": []}, "network": {"egress": {"allow": [{"to": [{"cidr": "192.0.2.0/24"}]}]},
        "ingress": {"default": "deny", "hostLoopback": "deny"}}})");
    const Ran more = belljar({"diff", narrow, wide, "--json"});
    EXPECT_EQ(more.code, 1) << more.err;
    const json document = json::parse(more.out);
    EXPECT_TRUE(document.at("wider"));
    bool network = false;
    for (const json& each : document.at("differences"))
        network = network || (each.at("change") == "more" && each.at("subject") == "192.0.2.0/24 tcp" &&
                              each.at("afterRule").at("place").at("line") == 2);
    EXPECT_TRUE(network) << more.out;
    EXPECT_EQ(belljar({"diff", wide, wide}).code, 0);
    EXPECT_THAT(belljar({"diff", wide, wide}).out, HasSubstr("same access"));
    const Ran text = belljar({"diff", narrow, wide, "--text"});
    EXPECT_THAT(text.out, AllOf(HasSubstr("more   "), HasSubstr("-    1 "), HasSubstr("+    1 ")));
    EXPECT_EQ(belljar({"diff", narrow, m_folder.file("missing")}).code, 2);
}

TEST_F(CliAuthoringTest, MigratingKeepsTheAccess)
{
    const std::string before = m_folder.write(
        "old.json", R"({"version": "0.7.0-alpha", "process": {"commandLine": "true"}, "containment": "bubblewrap",
        "network": {"defaultPolicy": "block", "enforcementMode": "firewall", "allowedHosts": ["192.0.2.7"]}})");
    const std::string after = m_folder.file("new.json");
    ASSERT_EQ(belljar({"migrate", before, "-o", after}).code, 0);
    const json document = json::parse(belljar({"diff", before, after, "--json"}).out);
    EXPECT_THAT(document.at("differences"), IsEmpty()) << document;
    EXPECT_TRUE(document.at("complete"));
    EXPECT_GT(document.at("questions").get<int>(), 100);
}

TEST_F(CliAuthoringTest, ProbeSaysWhatEachContainmentDoes)
{
    const std::string path =
        m_folder.write("p.json", R"({"version": "0.8.0-alpha", "filesystem": {"deniedPaths": ["/x"]},
        "network": {"proxy": {"url": "http://192.0.2.1:3128"}}})");
    const Ran ran = belljar({"probe", path, "--json"});
    EXPECT_EQ(ran.code, 0) << ran.err;
    const auto state = [&](const std::string& pointer, const std::string& containment) -> std::string {
        const json fields = json::parse(ran.out).at("fields");
        for (const json& field : fields) {
            if (field.at("pointer") != pointer) continue;
            for (const json& cell : field.at("containments"))
                if (cell.at("containment") == containment) return cell.at("state");
        }
        return "none";
    };
    EXPECT_EQ(state("/filesystem/deniedPaths", "bubblewrap"), "enforced");
    EXPECT_EQ(state("/filesystem/deniedPaths", "seatbelt"), "accepted");
    EXPECT_EQ(state("/network/proxy/url", "seatbelt"), "refused");
    EXPECT_EQ(belljar({"probe", m_folder.file("missing")}).code, 1);
}

}  // namespace
}  // namespace belljar
