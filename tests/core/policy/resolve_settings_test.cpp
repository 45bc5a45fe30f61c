#include "core/base/visible.h"
#include "core/policy/remedy.h"
#include "tests/core/policy/policy_fixture.h"

namespace belljar {
namespace {

class ResolveSettings : public PolicyTest {};

TEST_F(ResolveSettings, UserInterface)
{
    config.ui = UiConfig{true, "none", false};
    policy();
    EXPECT_TRUE(resolution.findings.empty()) << messages();
    config.ui = UiConfig{{}, "all", true};
    refused("ui-needs-display");
    EXPECT_EQ(count("ui-needs-display"), 2U);
    EXPECT_EQ(refused("ui-needs-display").place.pointer, "/ui/clipboard");
}

TEST_F(ResolveSettings, DisplayAndClipboard)
{
    EXPECT_FALSE(policy().ui.display);
    const auto verdict = [&](AccessKind kind) { return decide(policy(), {kind, "text/plain", {}, 0}); };
    EXPECT_FALSE(verdict(AccessKind::clipboardRead).allowed);
    EXPECT_EQ(verdict(AccessKind::clipboardWrite).rule, builtin_rule::kNoInterface);
    struct Row {
        const char* word;
        bool read, write;
        const char* remedy;  ///< For what is denied.
    };
    for (const Row& row :
         {Row{"none", false, false, "Set ui.clipboard to read"}, Row{"read", true, false, "Set ui.clipboard to all"},
          Row{"write", false, true, "Set ui.clipboard to all"}, Row{"all", true, true, ""}}) {
        config.ui = UiConfig{false, row.word, {}};
        const Policy resolved = policy();
        EXPECT_TRUE(resolved.ui.display);
        EXPECT_FALSE(resolved.ui.inputTools);
        const Verdict read = verdict(AccessKind::clipboardRead);
        EXPECT_EQ(read.allowed, row.read) << row.word;
        EXPECT_EQ(verdict(AccessKind::clipboardWrite).allowed, row.write) << row.word;
        EXPECT_EQ(resolved.rules[read.rule].text, std::string("ui.clipboard: ") + row.word);
        const AccessKind denied = row.read ? AccessKind::clipboardWrite : AccessKind::clipboardRead;
        EXPECT_EQ(remedyFor(resolved, {denied, "text/plain", {}, 0}, verdict(denied), host).sentence, row.remedy);
        const PathRule* sockets = ruleAt(resolved, "/tmp/.X11-unix");
        ASSERT_NE(sockets, nullptr);
        EXPECT_EQ(sockets->kind, PathKind::privateTmp);
    }
}

TEST_F(ResolveSettings, LifecycleWithoutEffectIsNoted)
{
    config.lifecycle = LifecycleConfig{false, true};
    policy();
    EXPECT_EQ(count("no-effect"), 2U);
    config.lifecycle = LifecycleConfig{true, false};
    policy();
    EXPECT_EQ(count("no-effect"), 0U);
}

TEST_F(ResolveSettings, Limits)
{
    EXPECT_EQ(policy().limits.tmpBytes, 512ULL << 20);
    EXPECT_EQ(resolution.policy->limits.memoryBytes, 640ULL << 20);
    EXPECT_EQ(resolution.policy->limits.processes, 1024U);
    EXPECT_TRUE(resolution.policy->limits.defaultMemory && resolution.policy->limits.defaultProcesses);
    config.experimental.emplace().belljar.emplace().limits = LimitsConfig{4096, 50, 10, 0};
    const Limits limits = policy().limits;
    EXPECT_EQ(limits.memoryBytes, 4096ULL << 20);
    EXPECT_EQ(limits.processes, 50U);
    EXPECT_EQ(limits.cpuSeconds, 10U);
    EXPECT_EQ(limits.tmpBytes, 0U);
    EXPECT_FALSE(limits.defaultMemory || limits.defaultProcesses);
    config.experimental->belljar.emplace().limits = LimitsConfig{0, 0, {}, {}};
    EXPECT_EQ(policy().limits.memoryBytes, 0U) << "0 is no limit";
    EXPECT_EQ(resolution.policy->limits.processes, 0U);
}

TEST_F(ResolveSettings, Containment)
{
    EXPECT_EQ(policy().containment, "bubblewrap");
    config.containment = "process";
    EXPECT_EQ(policy().containment, "bubblewrap");
    config.containment = "lxc";
    EXPECT_EQ(policy().containment, "lxc");
}

TEST_F(ResolveSettings, EnvironmentOfHostileSize)
{
    process().env = std::vector<std::string>(1'000'000, "A=1");
    refused("env-too-large");
    process().env = std::vector<std::string>(100'000, "A=1");
    EXPECT_EQ(policy().process.env.front(), "A=1");
}

TEST_F(ResolveSettings, ThousandsOfFindingsAreCutAndNoErrorIsLost)
{
    process().env = std::vector<std::string>(10'000, "NOVALUE");
    process().env->push_back(std::string("A=\0", 3));
    refused("env-nul");
    EXPECT_EQ(count("env-skipped"), 500U);
    EXPECT_EQ(count("more-findings"), 1U);
}

TEST_F(ResolveSettings, Environment)
{
    process().env = {"A=1", "B=2", "A=3", "NOVALUE", "=x", "PATH=/usr/bin"};
    request.extraEnv = {"B=4"};
    const std::vector<std::string> expected{"A=3",          "B=4",          "PATH=/usr/bin",
                                            "HOME=/home/u", "LANG=C.UTF-8", "TERM=xterm"};
    EXPECT_EQ(policy().process.env, expected);
    EXPECT_EQ(count("env-skipped"), 2U);
    EXPECT_EQ(finding("env-skipped")->place.pointer, "/process/env/3");
    request.defaultEnvironment = false;
    EXPECT_EQ(policy().process.env, (std::vector<std::string>{"A=3", "B=4", "PATH=/usr/bin"}));
    process().env = {std::string("A=1\0B=2", 7)};
    refused("env-nul");
}

TEST_F(ResolveSettings, Command)
{
    EXPECT_TRUE(policy().process.argv.empty());
    process().commandLine = "echo $HOME";
    process().timeout = 1500;
    EXPECT_EQ(policy().process.argv, (std::vector<std::string>{"/bin/sh", "-c", "echo $HOME"}));
    EXPECT_EQ(resolution.policy->process.timeout.count(), 1500);
    request.argv = {"true", "x"};
    request.timeout = std::chrono::milliseconds(20);
    EXPECT_EQ(policy().process.argv, request.argv);
    EXPECT_EQ(resolution.policy->process.timeout.count(), 20);
    request.argv = {"true", std::string("a\0b", 3)};
    refused("command-nul");
}

TEST_F(ResolveSettings, CommandsThatCannotBeThereAreNamed)
{
    request.argv = {"tool"};
    EXPECT_EQ(refused("command-not-found").fix,
              "Grant it: --ro `/usr/local/bin/tool`, or add `/usr/local/bin/tool` to filesystem.readonlyPaths, and "
              "call it by that path");
    request.argv = {"no-such-tool"};
    EXPECT_NE(refused("command-not-found").message.find("does not exist"), std::string::npos);
    request.argv = {"/home/u/proj/main.c"};
    refused("command-not-found");
    readOnly({"/home/u/proj"});
    policy();
    request.argv = {"./main.c"};
    policy();
    request.argv = {"./none"};
    refused("command-not-found");
    host.file("/tmp/script");
    request.argv = {"/tmp/script"};
    refused("command-not-found");
    request.argv = {"true"};
    process().env = {"PATH=/opt/bin"};
    EXPECT_EQ(refused("command-not-found").fix, "Call it `/usr/bin/true`");
    process().env = {"PATH=/opt/bin:/bin"};
    policy();
}

TEST_F(ResolveSettings, AShellThatIsDeniedIsMissed)
{
    process().commandLine = "true";
    policy();
    deny({"/usr/bin/dash"});
    refused("command-not-found");
}

TEST_F(ResolveSettings, StartFolder)
{
    EXPECT_EQ(policy().process.cwd, "/") << "the launcher's folder is not granted";
    readOnly({"/home/u/proj"});
    EXPECT_EQ(policy().process.cwd, "/home/u/proj");
    process().cwd = "/home/u/proj/src";
    EXPECT_EQ(policy().process.cwd, "/home/u/proj/src");
    process().cwd = "/tmp";
    EXPECT_EQ(policy().process.cwd, "/tmp");
    process().cwd = "/home/u";
    EXPECT_EQ(policy().process.cwd, "/home/u") << "a folder on the way to a grant";
    for (const char* cwd : {"/home/u/docs", "/home/u/proj/main.c", "/tmp/x", "/nowhere"}) {
        process().cwd = cwd;
        EXPECT_FALSE(refused("cwd-not-granted").fix.empty()) << cwd;
    }
    process().cwd = "/home/u/docs";
    resolve();
    EXPECT_EQ(finding("cwd-not-granted")->fix,
              "Grant it: --ro `/home/u/docs`, or add `/home/u/docs` to filesystem.readonlyPaths");
    process().cwd = "src";
    refused("cwd-relative");
    request.cwd = "/home/u/proj";
    EXPECT_EQ(policy().process.cwd, "/home/u/proj");
}

TEST_F(ResolveSettings, WorksWithoutAConfiguration)
{
    const Resolution empty = resolvePolicy({}, host);
    ASSERT_TRUE(empty.policy.has_value());
    EXPECT_EQ(empty.policy->rules.size(), builtin_rule::kCount + 2U);
}

TEST_F(ResolveSettings, HostileTextIsQuotedRawAndEscapedOnce)
{
    const std::string hostile = "/no\x1b[2J\n\xe2\x80\xae";
    readOnly({hostile});
    resolve();
    ASSERT_NE(finding("path-missing"), nullptr);
    const std::string& message = finding("path-missing")->message;
    EXPECT_NE(message.find("`" + hostile + "`"), std::string::npos) << "the finding holds what was written";
    EXPECT_NE(visible(message).find("`/no\\x1b[2J\\n\\u{202e}`"), std::string::npos)
        << "and is escaped where it is shown";
}

}  // namespace
}  // namespace belljar
