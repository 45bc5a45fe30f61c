#include <gtest/gtest.h>

#include "core/base/result.h"
#include "core/config/config_io.h"
#include "core/config/config_rules.h"

namespace belljar {
namespace {

/// A profile that is wrong in one way. `text` replaces %; `where` is "line:column (pointer)".
struct BadProfile {
    const char* text;
    const char* where;
    const char* message;
    const char* hint;
};

constexpr BadProfile kBadProfiles[] = {
    // The text itself.
    {"", "1:1", "unexpected end of input", ""},
    {"   \n\t", "2:2", "unexpected end of input", ""},
    {"{\n  \"version\": \"0.8.0\",\n}", "3:1", "unexpected '}', expected string literal", ""},
    {"{,}", "1:2", "unexpected ','", ""},
    {"{\"a\" 1}", "1:6", "unexpected number literal, expected ':'", ""},
    {"{\"ui\": {} \"network\": {}}", "1:11", "unexpected string literal, expected '}'", ""},
    {"// note\n{}", "1:1", "invalid literal", ""},
    {"{} // end", "1:4", "invalid literal", ""},
    {"{}{}", "1:3", "unexpected '{'", ""},
    {"{version: 1}", "1:2", "invalid literal", ""},
    {"{'version': 1}", "1:2", "invalid literal", ""},
    {"{\"process\": {\"timeout\": 0x10}}", "1:26", "invalid literal", ""},
    {"{\"process\": {\"timeout\": 5.}}", "1:27", "invalid number", ""},
    {"{\"process\": {\"timeout\": 1e400}}", "1:25", "number is too large", ""},
    {"{\"process\": {\"timeout\": 01}}", "1:26", "unexpected number literal", ""},
    {"[1-2]", "1:3", "unexpected number literal", ""},
    {"[5.", "1:4", "invalid number", ""},
    {"[\n1 \n ,  \n,2]", "4:1", "unexpected ','", ""},
    {"{\"a\"\n\n : : 1}", "3:4", "unexpected ':'", ""},
    {"{\"ui\": {\"disable\": True}}", "1:20", "invalid literal", ""},
    {"{\"ui\": undefined}", "1:8", "invalid literal", ""},
    {"{\"process\": {\"commandLine\": \"a\nb\"}}", "1:31", "control character", ""},
    {"{\"process\": {\"commandLine\": \"\\x41\"}}", "1:31", "forbidden character after backslash", ""},
    {"{\"process\": {\"commandLine\": \"a\\ud800b\"}}", "1:37", "surrogate", ""},
    {"{\"process\": {\"commandLine\": \"a", "1:31", "missing closing quote", ""},
    {"\xef\xbb\xbf{}", "1:1", "byte order mark", "without a byte order mark"},
    {"{\"process\": {\"cwd\": \"\xff\"}}", "1:22", "byte 0xff is not valid UTF-8", "Save the profile as UTF-8"},
    {"{\"process\": {\"cwd\": \"\xc0\xaf\"}}", "1:22", "byte 0xc0", ""},
    {"{\"process\": {\"cwd\": \"\xed\xa0\x80\"}}", "1:22", "byte 0xed", ""},
    // The root.
    {"null", "1:1", "expected an object, got null", ""},
    {"[]", "1:1", "expected an object, got an array", ""},
    {" true", "1:2", "expected an object, got a boolean", ""},
    // Wrong types.
    {"{\n  \"filesystem\": {\n    \"readwritePaths\": 42\n  }\n}", "3:23 (/filesystem/readwritePaths)",
     "expected an array of strings, got a number", ""},
    {"{\"filesystem\": {\"readonlyPaths\": [\"/a\", null]}}", "1:41 (/filesystem/readonlyPaths/1)",
     "expected a string, got null", ""},
    {"{\"filesystem\": {\"deniedPaths\": [{\"path\": \"/a\"}]}}", "1:33 (/filesystem/deniedPaths/0)",
     "expected a string, got an object", ""},
    {"{\"process\": \"true\"}", "1:13 (/process)", "expected an object, got a string", ""},
    {"{\"process\": {\"commandLine\": [\"true\"]}}", "1:29 (/process/commandLine)", "expected a string, got an array",
     ""},
    {"{\"process\": {\"env\": {\"A\": \"1\"}}}", "1:21 (/process/env)", "expected an array of strings, got an object",
     ""},
    {"{\"ui\": {\"disable\": \"yes\"}}", "1:20 (/ui/disable)", "expected a boolean, got a string", ""},
    {"{\"ui\": {\"disable\": 1}}", "1:20 (/ui/disable)", "expected a boolean, got a number", ""},
    {"{\"version\": 0.8}", "1:13 (/version)", "expected a string, got a number", ""},
    {"{\"$schema\": {}}", "1:13 (/$schema)", "expected a string, got an object", ""},
    {"{\"experimental\": []}", "1:18 (/experimental)", "expected an object, got an array", ""},
    // Numbers.
    {"{\"process\": {\"timeout\": 1.0}}", "1:25 (/process/timeout)",
     "expected a whole number from 0 to 4294967295, got 1.0", ""},
    {"{\"process\": {\"timeout\": -1}}", "1:25 (/process/timeout)", "from 0 to 4294967295, got -1", ""},
    {"{\"process\": {\"timeout\": 1e3}}", "1:25 (/process/timeout)", "got 1e3", ""},
    {"{\"process\": {\"timeout\": 4294967296}}", "1:25 (/process/timeout)", "got 4294967296", ""},
    {"{\"process\": {\"timeout\": 18446744073709551616}}", "1:25 (/process/timeout)", "got 18446744073709551616", ""},
    {"{\"process\": {\"timeout\": \"1000\"}}", "1:25 (/process/timeout)", "expected a whole number, got a string", ""},
    {"{\"network\": {\"proxy\": {\"localhost\": 0}}}", "1:37 (/network/proxy/localhost)", "from 1 to 65535, got 0", ""},
    {"{\"network\": {\"proxy\": {\"localhost\": 65536}}}", "1:37 (/network/proxy/localhost)", "got 65536", ""},
    {"{\"experimental\": {\"belljar\": {\"limits\": {\"processes\": 4194305}}}}",
     "1:55 (/experimental/belljar/limits/processes)", "from 0 to 4194304", ""},
    // Words.
    {"{\"containment\": \"Bubblewrap\"}", "1:17 (/containment)", "unknown value `Bubblewrap`",
     "Did you mean `bubblewrap`?"},
    {"{\"containment\": \"\"}", "1:17 (/containment)", "unknown value ``, expected one of `process`, `bubblewrap`", ""},
    {"{\"ui\": {\"clipboard\": \"copy\"}}", "1:22 (/ui/clipboard)", "expected one of `none`, `read`, `write`, `all`",
     ""},
    {"{\"network\": {\"defaultPolicy\": \"deny\"}}", "1:31 (/network/defaultPolicy)", "expected `allow` or `block`",
     ""},
    {"{\"version\": \"0.8.0\", \"network\": {\"egress\": {\"default\": \"Allow\"}}}", "1:56 (/network/egress/default)",
     "unknown value `Allow`", "Did you mean `allow`?"},
    // Keys.
    {"{\"Process\": {}}", "1:2 (/Process)", "unknown key `Process`", "Did you mean `process`?"},
    {"{\"filesystem\": {\"readOnlyPaths\": []}}", "1:17 (/filesystem/readOnlyPaths)", "unknown key `readOnlyPaths`",
     "Did you mean `readonlyPaths`?"},
    {"{\"process\": {\"comandLine\": \"a\"}}", "1:14 (/process/comandLine)", "unknown key",
     "Did you mean `commandLine`?"},
    {"{\"commandLine\": \"a\"}", "1:2 (/commandLine)", "unknown key `commandLine`", "belongs in /process"},
    {"{\"process\": {\"_comment\": \"a\"}}", "1:14 (/process/_comment)", "unknown key", "belongs at the top level"},
    {"{\"zzzzzzzzzz\": 1}", "1:2 (/zzzzzzzzzz)", "unknown key", "Expected one of `$schema`"},
    {"{\"\": 1}", "1:2 (/)", "unknown key ``", ""},
    {"{\"experimental\": {\"belljar\": {\"limit\": {}}}}", "1:31 (/experimental/belljar/limit)", "unknown key `limit`",
     "Did you mean `limits`?"},
    {"{\"phase\": \"Exec\"}", "1:11 (/phase)", "Exec", ""},
    {"{\"sandboxId\": 1}", "1:15 (/sandboxId)", "string", ""},
    {"{\"experimental\": {\"seatbelt\": {}}}", "1:19 (/experimental/seatbelt)", "use `seatbelt` at the top level", ""},
    {"{\n\"version\": \"0.8.0\",\n\"version\": \"0.8.0\"}", "3:1 (/version)",
     "duplicate key `version`, first given in line 2", "Remove one"},
    {"{\"ui\": {\"disable\": true, \"d\\u0069sable\": true}}", "1:26 (/ui/disable)", "duplicate key `disable`", ""},
    {"{\"processContainer\": null,\n\"appContainer\": {}}", "2:1 (/appContainer)", "duplicate key `processContainer`",
     ""},
    {"{\"_comment\": 1, \"_comment\": 2}", "1:17 (/_comment)", "duplicate key `_comment`", ""},
    {"{\"experimental\": {\"test\": {}, \"test\": {}}}", "1:31 (/experimental/test)", "duplicate key `test`", ""},
    {"{\"version\": \"0.8.0\", \"network\": {\"egress\": {\"allow\": [{\"to\": [{}]}]}}}",
     "1:63 (/network/egress/allow/0/to/0)", "`cidr` is missing", ""},
    // Texts.
    {"{\"process\": {\"commandLine\": \"\"}}", "1:29 (/process/commandLine)", "`commandLine` may not be empty", ""},
    {"{\"process\": {\"commandLine\": \"a\\u0000b\"}}", "1:29 (/process/commandLine)", "NUL", ""},
    {"{\"filesystem\": {\"deniedPaths\": [\"/a\", \" \\t\"]}}", "1:39 (/filesystem/deniedPaths/1)",
     "a path may not be blank", ""},
    {"{\"filesystem\": {\"readonlyPaths\": [\"/a\\u0000\"]}}", "1:35 (/filesystem/readonlyPaths/0)", "NUL", ""},
    {"{\"filesystem\": {\"readonlyPaths\": [\"/a\\\"b\"]}}", "1:35 (/filesystem/readonlyPaths/0)", "character '\"'",
     ""},
    // Versions.
    {"{\"version\": \"0.8\"}", "1:13 (/version)", "not of the form X.Y.Z", "0.8.0-alpha"},
    {"{\"version\": \"0.5.0\"}", "1:13 (/version)", "older than supported", "0.6 to 0.9"},
    {"{\"version\": \"0.10.0\", \"somethingNew\": 1}", "1:13 (/version)", "newer than supported", "0.6 to 0.9"},
    {"{\"version\": \"1.0.0\"}", "1:13 (/version)", "newer than supported", ""},
    {"{\"version\": \"0.8.0-01\"}", "1:13 (/version)", "not of the form", ""},
    {"{\"version\": \"0.7.0\", \"network\": {\"egress\": {}}}", "1:34 (/network/egress)",
     "`egress` needs schema version 0.8 or later, the profile declares 0.7.0", "Set \"version\" to \"0.8.0-alpha\"."},
    {"{\"network\": {\"ingress\": null}}", "1:14 (/network/ingress)", "the profile declares none", "0.8.0-alpha"},
    {"{\"version\": \"0.6.0\", \"runtimeConfig\": {}}", "1:22 (/runtimeConfig)", "needs schema version 0.8", ""},
    // Rules between fields.
    {"{\"version\": \"0.8.0\", \"network\": {\"defaultPolicy\": \"block\", \"egress\": {}}}", "1:70 (/network/egress)",
     "may not be mixed with the older network fields", "Keep either"},
    {"{\"version\": \"0.8.0\", \"network\": {\"egress\": {\"allow\": [{\"to\": []}]}}}",
     "1:62 (/network/egress/allow/0/to)", "given but empty", "at least one"},
    {"{\"version\": \"0.8.0\", \"network\": {\"egress\": {\"allow\": [{\"to\": [{\"cidr\": \"10.0.0.1/8\"}]}]}}}",
     "1:72 (/network/egress/allow/0/to/0/cidr)", "bits behind its prefix", "10.0.0.0/8"},
    {"{\"version\": \"0.8.0\", \"network\": {\"egress\": {\"deny\": [{\"to\": [{\"cidr\": \"example.com\"}]}]}}}",
     "1:71 (/network/egress/deny/0/to/0/cidr)", "no IPv4 or IPv6 address", ""},
    {"{\"version\": \"0.8.0\", \"network\": {\"egress\": {\"deny\": [{\"to\": [{\"cidr\": \"::/0\", \"except\": "
     "[\"1.1.1.1\"]}]}]}}}",
     "1:90 (/network/egress/deny/0/to/0/except/0)", "`1.1.1.1` is not inside `::/0`", ""},
    {"{\"version\": \"0.8.0\", \"network\": {\"egress\": {\"allow\": [{\"ports\": [{\"endPort\": 2}]}]}}}",
     "1:78 (/network/egress/allow/0/ports/0/endPort)", "needs `port`", ""},
    {"{\"version\": \"0.8.0\", \"network\": {\"egress\": {\"allow\": [{\"ports\": [{\"port\": 9, \"endPort\": 2}]}]}}}",
     "1:89 (/network/egress/allow/0/ports/0/endPort)", "smaller than", ""},
    {"{\"version\": \"0.8.0\", \"network\": {\"egress\": {\"allow\": [{\"ports\": [{\"protocol\": \"icmp\", \"port\": "
     "9}]}]}}}",
     "1:66 (/network/egress/allow/0/ports/0)", "icmp has no ports", ""},
    {"{\"network\": {\"proxy\": {}}}", "1:23 (/network/proxy)", "one of `localhost`, `url` and `builtinTestServer`",
     "Name one"},
    {"{\"network\": {\"proxy\": {\"builtinTestServer\": true, \"url\": \"http://a:1\"}}}", "1:23 (/network/proxy)",
     "one of `localhost`", "Keep one"},
    {"{\"network\": {\"proxy\": {\"builtinTestServer\": false}}}", "1:45 (/network/proxy/builtinTestServer)",
     "may only be true", ""},
    {"{\"network\": {\"proxy\": {\"url\": \"http://localhost\"}}}", "1:31 (/network/proxy/url)", "no port", ""},
    {"{\"network\": {\"proxy\": {\"url\": \"http://u:p@h:1\"}}}", "1:31 (/network/proxy/url)", "user name or password",
     "visible"},
    {"{\"version\": \"0.8.0\", \"runtimeConfig\": {\"networkProxy\": \"http://10.0.0.1:8080\"}}",
     "1:56 (/runtimeConfig/networkProxy)", "must be on this computer", "127.0.0.1"},
    {"{\"version\": \"0.8.0\", \"runtimeConfig\": {\"networkProxy\": \"http://[::1]:8080\"}, \"network\": {\"egress\": "
     "{\"default\": \"allow\"}}}",
     "1:100 (/network/egress)", "needs egress to be denied", ""},
    {"{\"containment\": \"bubblewrap\", \"lxc\": {}}", "1:38 (/lxc)",
     "belongs to the containment `lxc`, the profile uses `bubblewrap`", "change `containment`"},
    {"{\"seatbelt\": {}, \"processContainer\": {}}", "1:14 (/seatbelt)", "belongs to the containment `seatbelt`", ""},
    {"{\"containment\": \"processcontainer\", \"processContainer\": {\"capabilities\": [\"a,b\"]}}",
     "1:75 (/processContainer/capabilities/0)", "comma", ""},
};

TEST(ConfigReader, RefusesEachBadProfileWithPlaceSentenceAndHint)
{
    EXPECT_GE(std::size(kBadProfiles), 60U);
    for (const BadProfile& bad : kBadProfiles) {
        SCOPED_TRACE(bad.text);
        const Result<LoadedConfig> read = readConfig(bad.text, "profile.json");
        if (read) {
            ADD_FAILURE() << "accepted";
            continue;
        }
        const Error& error = read.error();
        EXPECT_EQ(error.where, std::string("profile.json:") + bad.where);
        EXPECT_NE(error.message.find(bad.message), std::string::npos) << error.message;
        EXPECT_NE(error.hint.find(bad.hint), std::string::npos) << error.hint;
        EXPECT_EQ(error.code, ErrorCode::malformedRequest);
        EXPECT_EQ(error.message.find('\n'), std::string::npos);
    }
}

TEST(ConfigReader, RefusesNulBytesWhereverTheyStand)
{
    const std::string good = R"({"process": {"commandLine": "true"}})";
    ASSERT_TRUE(readConfig(good));
    for (std::size_t at = 0; at <= good.size(); ++at) {
        std::string bad = good;
        bad.insert(at, 1, '\0');
        const Result<LoadedConfig> read = readConfig(bad);
        ASSERT_FALSE(read) << at;
        EXPECT_EQ(read.error().where, "1:" + std::to_string(at + 1));
        EXPECT_NE(read.error().message.find("NUL"), std::string::npos);
    }
}

TEST(ConfigReader, RefusesInvalidUtf8WhereverItStands)
{
    const std::string good = R"({"process": {"commandLine": "echo ü"}, "_comment": ["日本"]})";
    ASSERT_TRUE(readConfig(good));
    for (std::size_t at = 0; at < good.size(); ++at) {
        std::string bad = good;
        bad[at] = '\xff';
        EXPECT_FALSE(readConfig(bad)) << at;
        EXPECT_FALSE(readConfig(good.substr(0, at))) << at;  // Cut off: never a whole profile.
    }
}

TEST(ConfigReader, ReadsEveryKindOfField)
{
    const Result<LoadedConfig> read = readConfig(R"({
  "$schema": "x", "_comment": {"a": 1, "a": 2}, "version": "0.8.0-alpha", "containerId": "box",
  "containment": "bubblewrap",
  "process": {"commandLine": "echo \u00fc\ud83d\ude00", "cwd": "/w", "env": ["A=1"], "timeout": 4294967295},
  "lifecycle": {"destroyOnExit": true, "preservePolicy": null},
  "filesystem": {"readonlyPaths": ["/usr", "C:\\x"], "readwritePaths": [], "deniedPaths": null},
  "network": {"egress": {"default": "deny", "allow": [{"to": [{"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}],
    "ports": [{"protocol": "tcp", "port": 443, "endPort": 444}]}, {}]}, "ingress": {"hostLoopback": "deny"}},
  "runtimeConfig": {},
  "ui": {"disable": false, "clipboard": "read"},
  "phase": null,
  "experimental": {"belljar": {"limits": {"memoryMb": 512}}, "somethingNew": [1], "somethingNew": [2]}
})");
    ASSERT_TRUE(read) << describe(read.error());
    const SandboxConfig& config = read->config;
    EXPECT_EQ(config.schema, "x");
    EXPECT_EQ(config.comment->text, R"({"a": 1, "a": 2})");
    EXPECT_EQ(config.process->commandLine, "echo ü😀");
    EXPECT_EQ(config.process->env, std::vector<std::string>{"A=1"});
    EXPECT_EQ(config.process->timeout, 4294967295U);
    EXPECT_EQ(config.lifecycle->destroyOnExit, true);
    EXPECT_FALSE(config.lifecycle->preservePolicy.has_value());
    EXPECT_EQ(config.filesystem->readonlyPaths, (std::vector<std::string>{"/usr", "C:\\x"}));
    EXPECT_EQ(config.filesystem->readwritePaths, std::vector<std::string>());
    EXPECT_FALSE(config.filesystem->deniedPaths.has_value());
    ASSERT_EQ(config.network->egress->allow->size(), 2U);
    EXPECT_EQ((*config.network->egress->allow)[0].ports->at(0).endPort, 444);
    EXPECT_EQ((*config.network->egress->allow)[0].to->at(0).except->at(0), "10.1.0.0/16");
    EXPECT_EQ(config.ui->disable, false);
    EXPECT_EQ(config.experimental->belljar->limits->memoryMb, 512U);
    EXPECT_FALSE(config.experimental->belljar->limits->processes.has_value());
    EXPECT_EQ(config.experimental->others.size(), 2U);
    EXPECT_FALSE(config.lxc.has_value());
}

TEST(ConfigReader, ReadsOtherSpellings)
{
    const Result<LoadedConfig> read =
        readConfig(R"({"version": "", "containment": "appcontainer", "appContainer": {"leastPrivilege": true}})");
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(read->config.containment, "processcontainer");
    EXPECT_EQ(read->config.processContainer->leastPrivilege, true);
    EXPECT_TRUE(readConfig(R"({"macos_sandbox": {"guiAccess": false}})"));
    EXPECT_TRUE(readConfig(R"({"seatbelt": {}})"));  // `process` is Seatbelt on macOS.
    EXPECT_TRUE(readConfig("{}"));                   // Whether there is a command is for preparation to say.
}

TEST(ConfigReader, KnowsThePlaceOfEachFieldAndOfMissingOnes)
{
    const Result<LoadedConfig> read =
        readConfig("{\n  \"filesystem\": {\n    \"deniedPaths\": [\"/a\",\n      \"/b\"]\n  }\n}");
    ASSERT_TRUE(read);
    const SourcePlace second = read->place("/filesystem/deniedPaths/1");
    EXPECT_EQ(second.pointer, "/filesystem/deniedPaths/1");
    EXPECT_EQ(second.line, 4U);
    EXPECT_EQ(second.column, 7U);
    const SourcePlace parent = read->place("/filesystem/readonlyPaths/0");
    EXPECT_EQ(parent.pointer, "/filesystem");
    EXPECT_EQ(parent.line, 2U);
    EXPECT_EQ(read->place("/network").pointer, "");
    EXPECT_EQ(read->place("/network").line, 1U);
    EXPECT_EQ(LoadedConfig{}.place("/network").line, 0U);
}

TEST(ConfigReader, ShortensWhatItQuotes)
{
    const Result<LoadedConfig> read = readConfig("{\"" + std::string(100'000, 'k') + "\": 1}", "p.json");
    ASSERT_FALSE(read);
    EXPECT_LT(describe(read.error()).size(), 1000U);
    const Result<LoadedConfig> digits = readConfig("{\"process\": {\"timeout\": 1" + std::string(300, '0') + "}}");
    ASSERT_FALSE(digits);
    EXPECT_LT(describe(digits.error()).size(), 300U);
}

TEST(ConfigRules, EachHasItsOwnIdAndSentence)
{
    std::vector<std::string_view> ids;
    for (const ConfigRule& rule : configRules()) {
        EXPECT_FALSE(rule.sentence.empty());
        EXPECT_FALSE(rule.check(SandboxConfig{})) << rule.id << " refuses the empty configuration";
        EXPECT_EQ(std::count(ids.begin(), ids.end(), rule.id), 0) << rule.id;
        ids.push_back(rule.id);
    }
    EXPECT_GE(ids.size(), 10U);
}

}  // namespace
}  // namespace belljar
