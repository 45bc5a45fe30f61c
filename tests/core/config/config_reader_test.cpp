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
    {"", "1:1", "EOF while parsing a value", "The profile is empty."},
    {"   \n\t", "2:2", "EOF while parsing a value", ""},
    {"{\n  \"version\": \"0.8.0\",\n}", "3:1", "trailing comma", "Remove the comma before }."},
    {"{,}", "1:2", "key must be a string", "Write the key in double quotes."},
    {"{\"a\" 1}", "1:2 (/a)",
     "unknown field `a`, expected one of `$schema`, `_comment`, `version`, `phase`, `sandboxId`, `correlationVector`, "
     "`containerId`, `containment`",
     "Remove it."},
    {"{\"ui\": {} \"network\": {}}", "1:11", "expected `,` or `}`", ""},
    {"// note\n{}", "1:1", "expected value", "JSON has no comments; use `_comment`."},
    {"{} // end", "1:4", "trailing characters", "A profile is one JSON object; remove what follows it."},
    {"{}{}", "1:3", "trailing characters", "A profile is one JSON object; remove what follows it."},
    {"{version: 1}", "1:2", "key must be a string", "Write the key in double quotes."},
    {"{'version': 1}", "1:2", "key must be a string", "Write the key in double quotes."},
    {"{\"process\": {\"timeout\": 0x10}}", "1:26", "expected `,` or `}`", ""},
    {"{\"process\": {\"timeout\": 5.}}", "1:27", "invalid number", ""},
    {"{\"process\": {\"timeout\": 1e400}}", "1:30", "number out of range", ""},
    {"{\"process\": {\"timeout\": 01}}", "1:26", "invalid number", "Numbers have no leading zeros."},
    {"[1-2]", "1:2 (/0)", "invalid type: integer `1`, expected a string", "Write a string."},
    {"[5.", "1:4", "EOF while parsing a value", ""},
    {"[\n1 \n ,  \n,2]", "2:1 (/0)", "invalid type: integer `1`, expected a string", "Write a string."},
    {"{\"a\"\n\n : : 1}", "1:2 (/a)",
     "unknown field `a`, expected one of `$schema`, `_comment`, `version`, `phase`, `sandboxId`, `correlationVector`, "
     "`containerId`, `containment`",
     "Remove it."},
    {"{\"ui\": {\"disable\": True}}", "1:20", "expected value", ""},
    {"{\"ui\": undefined}", "1:8", "expected value", ""},
    {"{\"process\": {\"commandLine\": \"a\nb\"}}", "1:31",
     "control character (\\u0000-\\u001F) found while parsing a string", "Write it as an escape such as \\n or \\t."},
    {"{\"process\": {\"commandLine\": \"\\x41\"}}", "1:31", "invalid escape", "Write a backslash as \\\\."},
    {"{\"process\": {\"commandLine\": \"a\\ud800b\"}}", "1:37", "unexpected end of hex escape", ""},
    {"{\"process\": {\"commandLine\": \"a", "1:31", "EOF while parsing a string", "Close it with a double quote."},
    {"\xef\xbb\xbf{}", "1:1", "expected value",
     "The text starts with a byte order mark: save it as UTF-8 without one."},
    {"{\"process\": {\"cwd\": \"\xff\"}}", "1:22", "stream did not contain valid UTF-8", "Save the profile as UTF-8."},
    {"{\"process\": {\"cwd\": \"\xc0\xaf\"}}", "1:22", "stream did not contain valid UTF-8",
     "Save the profile as UTF-8."},
    {"{\"process\": {\"cwd\": \"\xed\xa0\x80\"}}", "1:22", "stream did not contain valid UTF-8",
     "Save the profile as UTF-8."},
    // The root.
    {"null", "1:1", "invalid type: null, expected a configuration object", "Write an object."},
    {"[]", "1:1", "invalid length 0, expected a configuration object", "Write an object with named members."},
    {" true", "1:2", "invalid type: boolean `true`, expected a configuration object", "Write an object."},
    // Wrong types.
    {"{\n  \"filesystem\": {\n    \"readwritePaths\": 42\n  }\n}", "3:23 (/filesystem/readwritePaths)",
     "invalid type: integer `42`, expected a sequence", "Write an array of strings."},
    {"{\"filesystem\": {\"readonlyPaths\": [\"/a\", null]}}", "1:41 (/filesystem/readonlyPaths/1)",
     "invalid type: null, expected a string", "Write a string."},
    {"{\"filesystem\": {\"deniedPaths\": [{\"path\": \"/a\"}]}}", "1:33 (/filesystem/deniedPaths/0)",
     "invalid type: map, expected a string", "Write a string."},
    {"{\"process\": \"true\"}", "1:13 (/process)", "invalid type: string \"true\", expected struct Process",
     "Write an object."},
    {"{\"process\": {\"commandLine\": [\"true\"]}}", "1:29 (/process/commandLine)",
     "invalid type: sequence, expected a string", "Write a string."},
    {"{\"process\": {\"env\": {\"A\": \"1\"}}}", "1:21 (/process/env)", "invalid type: map, expected a sequence",
     "Write an array of strings."},
    {"{\"ui\": {\"disable\": \"yes\"}}", "1:20 (/ui/disable)", "invalid type: string \"yes\", expected a boolean",
     "Write a boolean."},
    {"{\"ui\": {\"disable\": 1}}", "1:20 (/ui/disable)", "invalid type: integer `1`, expected a boolean",
     "Write a boolean."},
    {"{\"version\": 0.8}", "1:13 (/version)", "invalid type: floating point `0.8`, expected a string",
     "Write a string."},
    {"{\"$schema\": {}}", "1:13 (/$schema)", "invalid type: map, expected a string", "Write a string."},
    {"{\"experimental\": []}", "1:18 (/experimental)", "invalid length 0, expected struct Experimental with 6 elements",
     "Write an object with named members."},
    // Numbers.
    {"{\"process\": {\"timeout\": 1.0}}", "1:25 (/process/timeout)", "invalid type: floating point `1.0`, expected u32",
     "Write a whole number from 0 to 4294967295."},
    {"{\"process\": {\"timeout\": -1}}", "1:25 (/process/timeout)", "invalid value: integer `-1`, expected u32",
     "Write a whole number from 0 to 4294967295."},
    {"{\"process\": {\"timeout\": 1e3}}", "1:25 (/process/timeout)",
     "invalid type: floating point `1000.0`, expected u32", "Write a whole number from 0 to 4294967295."},
    {"{\"process\": {\"timeout\": 4294967296}}", "1:25 (/process/timeout)",
     "invalid value: integer `4294967296`, expected u32", "Write a whole number from 0 to 4294967295."},
    {"{\"process\": {\"timeout\": 18446744073709551616}}", "1:25 (/process/timeout)",
     "invalid type: floating point `1.8446744073709552e+19`, expected u32",
     "Write a whole number from 0 to 4294967295."},
    {"{\"process\": {\"timeout\": \"1000\"}}", "1:25 (/process/timeout)", "invalid type: string \"1000\", expected u32",
     "Write a whole number from 0 to 4294967295."},
    {"{\"network\": {\"proxy\": {\"localhost\": 0}}}", "1:37 (/network/proxy/localhost)",
     "network.proxy.localhost must be a port between 1 and 65535",
     "The rule: a proxy is one of `localhost`, `url` and `builtinTestServer`."},
    {"{\"network\": {\"proxy\": {\"localhost\": 65536}}}", "1:37 (/network/proxy/localhost)",
     "invalid value: integer `65536`, expected u16", "Write a whole number from 1 to 65535."},
    {"{\"experimental\": {\"belljar\": {\"limits\": {\"processes\": 4194305}}}}",
     "1:55 (/experimental/belljar/limits/processes)", "invalid value: integer `4194305`, expected u32",
     "Write a whole number from 0 to 4194304."},
    // Words.
    {"{\"containment\": \"Bubblewrap\"}", "1:17 (/containment)",
     "unknown variant `Bubblewrap`, expected one of `process`, `appcontainer`, `processcontainer`, `vm`, "
     "`windows_sandbox`, `lxc`, `microvm`, `hyp",
     "Did you mean `bubblewrap`?"},
    {"{\"containment\": \"\"}", "1:17 (/containment)",
     "unknown variant ``, expected one of `process`, `appcontainer`, `processcontainer`, `vm`, `windows_sandbox`, "
     "`lxc`, `microvm`, `hyperlight`, ",
     "Write one of `process`, `processcontainer`, `vm`, `windows_sandbox`, `lxc`, `mic"},
    {"{\"ui\": {\"clipboard\": \"copy\"}}", "1:22 (/ui/clipboard)",
     "unknown variant `copy`, expected one of `none`, `read`, `write`, `all`",
     "Write one of `none`, `read`, `write`, `all`."},
    {"{\"network\": {\"defaultPolicy\": \"deny\"}}", "1:31 (/network/defaultPolicy)",
     "unknown variant `deny`, expected `allow` or `block`", "Write `allow` or `block`."},
    {"{\"version\": \"0.8.0\", \"network\": {\"egress\": {\"default\": \"Allow\"}}}", "1:56 (/network/egress/default)",
     "unknown variant `Allow`, expected `allow` or `deny`", "Did you mean `allow`?"},
    // Keys.
    {"{\"Process\": {}}", "1:2 (/Process)",
     "unknown field `Process`, expected one of `$schema`, `_comment`, `version`, `phase`, `sandboxId`, "
     "`correlationVector`, `containerId`, `contai",
     "Did you mean `process`?"},
    {"{\"filesystem\": {\"readOnlyPaths\": []}}", "1:17 (/filesystem/readOnlyPaths)",
     "unknown field `readOnlyPaths`, expected one of `readwritePaths`, `readonlyPaths`, `deniedPaths`",
     "Did you mean `readonlyPaths`?"},
    {"{\"process\": {\"comandLine\": \"a\"}}", "1:14 (/process/comandLine)",
     "unknown field `comandLine`, expected one of `commandLine`, `cwd`, `env`, `timeout`",
     "Did you mean `commandLine`?"},
    {"{\"commandLine\": \"a\"}", "1:2 (/commandLine)",
     "unknown field `commandLine`, expected one of `$schema`, `_comment`, `version`, `phase`, `sandboxId`, "
     "`correlationVector`, `containerId`, `co",
     "`commandLine` belongs in /process."},
    {"{\"process\": {\"_comment\": \"a\"}}", "1:14 (/process/_comment)",
     "unknown field `_comment`, expected one of `commandLine`, `cwd`, `env`, `timeout`",
     "`_comment` belongs at the top level."},
    {"{\"zzzzzzzzzz\": 1}", "1:2 (/zzzzzzzzzz)",
     "unknown field `zzzzzzzzzz`, expected one of `$schema`, `_comment`, `version`, `phase`, `sandboxId`, "
     "`correlationVector`, `containerId`, `con",
     "Remove it."},
    {"{\"\": 1}", "1:2 (/)",
     "unknown field ``, expected one of `$schema`, `_comment`, `version`, `phase`, `sandboxId`, `correlationVector`, "
     "`containerId`, `containment`,",
     "Remove it."},
    {"{\"experimental\": {\"belljar\": {\"limit\": {}}}}", "1:31 (/experimental/belljar/limit)",
     "unknown field `limit`, expected one of `extends`, `limits`, `programs`, `syscalls`", "Did you mean `limits`?"},
    {"{\"phase\": \"Exec\"}", "1:11 (/phase)",
     "unknown variant `Exec`, expected one of `provision`, `start`, `exec`, `stop`, `deprovision`",
     "Did you mean `exec`?"},
    {"{\"sandboxId\": 1}", "1:15 (/sandboxId)", "invalid type: integer `1`, expected a string", "Write a string."},
    {"{\"experimental\": {\"seatbelt\": {}}}", "1:31 (/experimental/seatbelt)",
     "'experimental.seatbelt' has moved to the stable section; use top-level 'seatbelt' instead.",
     "The rule: the Seatbelt section stands at the top level."},
    {"{\n\"version\": \"0.8.0\",\n\"version\": \"0.8.0\"}", "3:1 (/version)", "duplicate field `version`",
     "It was given in line 2 before; remove one of the two."},
    {"{\"ui\": {\"disable\": true, \"d\\u0069sable\": true}}", "1:26 (/ui/disable)", "duplicate field `disable`",
     "It was given in line 1 before; remove one of the two."},
    {"{\"processContainer\": null,\n\"appContainer\": {}}", "2:1 (/appContainer)", "duplicate field `processContainer`",
     "It was given in line 1 before; remove one of the two."},
    {"{\"_comment\": 1, \"_comment\": 2}", "1:17 (/_comment)", "duplicate field `_comment`",
     "It was given in line 1 before; remove one of the two."},
    {"{\"experimental\": {\"test\": {}, \"test\": {}}}", "1:31 (/experimental/test)", "duplicate field `test`",
     "It was given in line 1 before; remove one of the two."},
    {"{\"version\": \"0.8.0\", \"network\": {\"egress\": {\"allow\": [{\"to\": [{}]}]}}}",
     "1:63 (/network/egress/allow/0/to/0)", "missing field `cidr`", "Add `cidr`."},
    // Texts.
    {"{\"process\": {\"commandLine\": \"\"}}", "1:29 (/process/commandLine)", "process.commandLine cannot be empty",
     "Leave it out, or name a command."},
    {"{\"process\": {\"commandLine\": \"a\\u0000b\"}}", "1:29 (/process/commandLine)",
     "process.commandLine must not contain null bytes", "Remove \\u0000."},
    {"{\"filesystem\": {\"deniedPaths\": [\"/a\", \" \\t\"]}}", "1:39 (/filesystem/deniedPaths/1)",
     "Filesystem path is empty", "Remove the entry, or name a file or folder."},
    {"{\"filesystem\": {\"readonlyPaths\": [\"/a\\u0000\"]}}", "1:35 (/filesystem/readonlyPaths/0)",
     "contains an embedded NUL character", "Remove \\u0000."},
    {"{\"filesystem\": {\"readonlyPaths\": [\"/a\\\"b\"]}}", "1:35 (/filesystem/readonlyPaths/0)",
     "Filesystem path '/a\"b' contains invalid character '\"'",
     "MXC cannot name such a file; grant its folder instead."},
    // Versions.
    {"{\"version\": \"0.8\"}", "1:13 (/version)",
     "Invalid schema version '0.8': must be semver (e.g., 'X.Y.Z' or 'X.Y.Z-alpha')",
     "Write for example \"0.8.0-alpha\"."},
    {"{\"version\": \"0.5.0\"}", "1:13 (/version)",
     "Config schema version '0.5.0' is older than supported (supported: >=0.6, <=0.9). Update your config.",
     "Belljar reads schema versions 0.6 to 0.9."},
    {"{\"version\": \"0.10.0\", \"somethingNew\": 1}", "1:23 (/somethingNew)",
     "unknown field `somethingNew`, expected one of `$schema`, `_comment`, `version`, `phase`, `sandboxId`, "
     "`correlationVector`, `containerId`, `c",
     "Remove it."},
    {"{\"version\": \"1.0.0\"}", "1:13 (/version)",
     "Config schema version '1.0.0' is newer than supported (supported: >=0.6, <=0.9). Upgrade wxc-exec.",
     "Belljar reads schema versions 0.6 to 0.9."},
    {"{\"version\": \"0.8.0-01\"}", "1:13 (/version)",
     "Invalid schema version '0.8.0-01': must be semver (e.g., 'X.Y.Z' or 'X.Y.Z-alpha')",
     "Write for example \"0.8.0-alpha\"."},
    {"{\"version\": \"0.7.0\", \"network\": {\"egress\": {}}}", "1:44 (/network/egress)",
     "network.egress, network.ingress, runtimeConfig, and processContainer.network require schema version 0.8 or later",
     "Set \"version\" to \"0.8.0-alpha\"."},
    {"{\"network\": {\"ingress\": null}}", "1:25 (/network/ingress)",
     "network.egress, network.ingress, runtimeConfig, and processContainer.network require schema version 0.8 or later",
     "Set \"version\" to \"0.8.0-alpha\"."},
    {"{\"version\": \"0.6.0\", \"runtimeConfig\": {}}", "1:39 (/runtimeConfig)",
     "network.egress, network.ingress, runtimeConfig, and processContainer.network require schema version 0.8 or later",
     "Set \"version\" to \"0.8.0-alpha\"."},
    // Rules between fields.
    {"{\"version\": \"0.8.0\", \"network\": {\"defaultPolicy\": \"block\", \"egress\": {}}}", "1:70 (/network/egress)",
     "network configuration cannot mix defaultPolicy, enforcementMode, allowLocalNetwork, allowedHosts, blockedHosts, "
     "or proxy with egress, ingres",
     "Keep either the older network fields or the rules by address and port."},
    {"{\"version\": \"0.8.0\", \"network\": {\"egress\": {\"allow\": [{\"to\": []}]}}}",
     "1:62 (/network/egress/allow/0/to)",
     "network.egress.allow[0].to must contain at least one destination when specified",
     "Leave it out to match everything, or name at least one."},
    {"{\"version\": \"0.8.0\", \"network\": {\"egress\": {\"allow\": [{\"to\": [{\"cidr\": \"10.0.0.1/8\"}]}]}}}",
     "1:72 (/network/egress/allow/0/to/0/cidr)",
     "network.egress.allow[0].to[0].cidr must be a valid network CIDR: host part of address was not zero",
     "Write for example 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32."},
    {"{\"version\": \"0.8.0\", \"network\": {\"egress\": {\"deny\": [{\"to\": [{\"cidr\": \"example.com\"}]}]}}}",
     "1:71 (/network/egress/deny/0/to/0/cidr)",
     "network.egress.deny[0].to[0].cidr must be a valid network CIDR: couldn't parse address in network: invalid IP "
     "address syntax",
     "Write for example 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32."},
    {"{\"version\": \"0.8.0\", \"network\": {\"egress\": {\"deny\": [{\"to\": [{\"cidr\": \"::/0\", \"except\": "
     "[\"1.1.1.1\"]}]}]}}}",
     "1:90 (/network/egress/deny/0/to/0/except/0)",
     "network.egress.deny[0].to[0].except[0] must be contained within network.egress.deny[0].to[0].cidr",
     "The rule: egress rules name networks, exceptions inside them, and ports that go "},
    {"{\"version\": \"0.8.0\", \"network\": {\"egress\": {\"allow\": [{\"ports\": [{\"endPort\": 2}]}]}}}",
     "1:78 (/network/egress/allow/0/ports/0/endPort)", "network.egress.allow[0].ports[0].endPort requires port",
     "`port` is the start of the range."},
    {"{\"version\": \"0.8.0\", \"network\": {\"egress\": {\"allow\": [{\"ports\": [{\"port\": 9, \"endPort\": 2}]}]}}}",
     "1:89 (/network/egress/allow/0/ports/0/endPort)",
     "network.egress.allow[0].ports[0].endPort must be greater than or equal to port",
     "The rule: egress rules name networks, exceptions inside them, and ports that go "},
    {"{\"version\": \"0.8.0\", \"network\": {\"egress\": {\"allow\": [{\"ports\": [{\"protocol\": \"icmp\", \"port\": "
     "9}]}]}}}",
     "1:66 (/network/egress/allow/0/ports/0)",
     "network.egress.allow[0].ports[0] cannot specify port or endPort for protocol='icmp'",
     "Remove `port` and `endPort`, or choose tcp or udp."},
    {"{\"network\": {\"proxy\": {}}}", "1:23 (/network/proxy)",
     "network.proxy must specify builtinTestServer, localhost, or url",
     "The rule: a proxy is one of `localhost`, `url` and `builtinTestServer`."},
    {"{\"network\": {\"proxy\": {\"builtinTestServer\": true, \"url\": \"http://a:1\"}}}", "1:23 (/network/proxy)",
     "When network.proxy.builtinTestServer is true, no other proxy options may be set",
     "The rule: a proxy is one of `localhost`, `url` and `builtinTestServer`."},
    {"{\"network\": {\"proxy\": {\"builtinTestServer\": false}}}", "1:45 (/network/proxy/builtinTestServer)",
     "network.proxy.builtinTestServer must be true when present", "Leave it out, or set it to true."},
    {"{\"network\": {\"proxy\": {\"url\": \"http://localhost\"}}}", "1:31 (/network/proxy/url)",
     "network.proxy must include a port (e.g., http://localhost:8080), got: http://localhost",
     "The rule: a proxy's url is an http or https address with a port."},
    {"{\"version\": \"0.8.0\", \"runtimeConfig\": {\"networkProxy\": \"http://10.0.0.1:8080\"}}",
     "1:56 (/runtimeConfig/networkProxy)", "runtimeConfig.networkProxy must use localhost, 127.0.0.1, or [::1]",
     "The rule: networkProxy is an http or https address with a port on this computer."},
    {"{\"version\": \"0.8.0\", \"runtimeConfig\": {\"networkProxy\": \"http://[::1]:8080\"}, \"network\": {\"egress\": "
     "{\"default\": \"allow\"}}}",
     "1:100 (/network/egress)",
     "runtimeConfig.networkProxy requires network.egress.default='deny' with no direct allow or deny rules",
     "Remove the rules, or remove /runtimeConfig/networkProxy."},
    {"{\"containment\": \"bubblewrap\", \"lxc\": {}}", "1:38 (/lxc)",
     "Multiple containment backends configured: 'containment' is 'bubblewrap' (no per-backend section is defined for "
     "this backend), but the config",
     "Remove the section, or change `containment`."},
    {"{\"seatbelt\": {}, \"processContainer\": {}}", "1:14 (/seatbelt)",
     "Multiple containment backends configured: 'containment' is 'processcontainer' (allows the 'processContainer' "
     "section), but the config also i",
     "Remove the section, or change `containment`."},
    {"{\"containment\": \"processcontainer\", \"processContainer\": {\"capabilities\": [\"a,b\"]}}",
     "1:75 (/processContainer/capabilities/0)",
     "processContainer.capabilities entry 'a,b' must not contain a comma; provide multiple capabilities as separate "
     "JSON array entries",
     "The rule: AppContainer capabilities are single names that are not reserved."},
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
        EXPECT_EQ(read.error().where.rfind("1:", 0), 0U) << at;
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

TEST(ConfigReader, ReportsEveryProblemInTheOrderOfTheText)
{
    const ConfigReading reading = examineConfig(R"({
  "version": "0.8.0-alpha",
  "process": { "comandLine": "true", "timeout": "5s" },
  "filesystem": { "readonlyPaths": [42, "/usr"] },
  "network": { "defaultPolicy": "deny" },
  "ui": { "clipboard": "none", "clipboard": "read" },
  "lifecycle": @
})");
    struct Expected {
        std::uint32_t line, column;
        const char* pointer;
        const char* message;
    };
    const Expected expected[] = {{3, 16, "/process/comandLine", "unknown field `comandLine`"},
                                 {3, 49, "/process/timeout", "string \"5s\", expected u32"},
                                 {4, 37, "/filesystem/readonlyPaths/0", "integer `42`, expected a string"},
                                 {5, 33, "/network/defaultPolicy", "unknown variant `deny`"},
                                 {6, 32, "/ui/clipboard", "duplicate field `clipboard`"},
                                 {7, 16, "", "expected value"}};
    ASSERT_EQ(reading.problems.size(), std::size(expected));
    for (std::size_t i = 0; i < std::size(expected); ++i) {
        const Finding& finding = reading.problems[i].finding;
        EXPECT_EQ(finding.place.line, expected[i].line) << finding.message;
        EXPECT_EQ(finding.place.column, expected[i].column) << finding.message;
        if (i + 1 < std::size(expected)) { EXPECT_FALSE(finding.fix.empty()) << finding.message; }
        EXPECT_NE(finding.message.find(expected[i].message), std::string::npos) << finding.message;
    }
}

TEST(ConfigReader, ReportsEveryBrokenRule)
{
    const ConfigReading reading = examineConfig(
        R"({"containment": "lxc", "processContainer": {}, "filesystem": {"deniedPaths": ["", "a\"b"]},
            "network": {"proxy": {"localhost": 0}}})");
    std::vector<std::string> ids;
    for (const ConfigProblem& problem : reading.problems) {
        ids.push_back(problem.finding.id);
        EXPECT_FALSE(problem.finding.fix.empty());
        EXPECT_NE(problem.finding.place.line, 0U);
    }
    EXPECT_EQ(ids,
              (std::vector<std::string>{"containment-section", "path-text", "path-text", "one-proxy", "lxc-proxy"}));
}

TEST(ConfigReader, StopsCountingProblemsOfHostileTexts)
{
    std::string text = "{\"filesystem\": {\"readonlyPaths\": [1";
    for (int i = 0; i < 10'000; ++i) text += ",1";
    const ConfigReading reading = examineConfig(text + "]}}");
    EXPECT_EQ(reading.problems.size(), 100U);
}

TEST(ConfigReader, TakesAnArrayOfAllFieldsAsMxcDoes)
{
    const Result<LoadedConfig> read = readConfig(R"({"process": ["true", "/tmp", ["A=1"], 1000]})");
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(read->config.process->cwd, "/tmp");
    EXPECT_EQ(read->config.process->timeout, 1000U);
    EXPECT_FALSE(readConfig(R"({"process": ["true", "/tmp", ["A=1"]]})"));
    EXPECT_FALSE(readConfig(R"({"process": ["true", "/tmp", ["A=1"], 1000, 1]})"));
    EXPECT_TRUE(readConfig(R"({"containment": {"lxc": null}})"));
    EXPECT_FALSE(readConfig(R"({"containment": {"lxc": 1}})"));
}

TEST(ConfigRules, EachHasItsOwnIdAndSentence)
{
    const SandboxConfig empty;
    const RuleContext context{empty, SchemaVersion(), {}, {}};
    std::vector<std::string_view> ids;
    for (const ConfigRule& rule : configRules()) {
        EXPECT_FALSE(rule.sentence.empty());
        RuleViolations found;
        if (rule.id != "process-given") rule.check(context, found);
        EXPECT_TRUE(found.empty()) << rule.id << " refuses the empty configuration";
        EXPECT_EQ(std::count(ids.begin(), ids.end(), rule.id), 0) << rule.id;
        ids.push_back(rule.id);
    }
    EXPECT_GE(ids.size(), 30U);
}

}  // namespace
}  // namespace belljar
