// Each rule of lint: a profile that breaks it, what mends it, and one that keeps it.
#include <set>

#include "core/policy/lint.h"
#include "tests/core/policy/policy_fixture.h"

namespace belljar {
namespace {

class LintTest : public PolicyTest {
protected:
    /// The findings of lint alone.
    std::vector<Finding> lint()
    {
        const Policy& made = policy();
        return lintPolicy({config, made, resolution.origins, request.place, {}}, host);
    }

    /// The one finding with that id, or an empty one.
    Finding broken(const std::string& id)
    {
        const std::vector<Finding> findings = lint();
        Finding only;
        int count = 0;
        for (const Finding& each : findings) {
            if (each.id != id) continue;
            only = each;
            ++count;
        }
        EXPECT_EQ(count, 1) << id;
        return only;
    }

    bool keeps(const std::string& id)
    {
        for (const Finding& each : lint())
            if (each.id == id) return false;
        return true;
    }

    NetworkEgressConfig& egress()
    {
        config.version = "0.8.0-alpha";
        network().ingress = NetworkIngressConfig{"deny", "deny"};
        return network().egress ? *network().egress : network().egress.emplace();
    }
};

using Changes = std::vector<ProfileChange>;

TEST_F(LintTest, TwentyRulesAndMoreEachOnce)
{
    std::set<std::string_view> ids;
    for (const LintRule& rule : lintRules()) EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
    EXPECT_GE(ids.size(), 20U);
}

TEST_F(LintTest, TwiceInOneList)
{
    readOnly({"/home/u/proj", "/home/u/proj"});
    EXPECT_EQ(broken("path-twice").changes, (Changes{{"/filesystem/readonlyPaths/1", std::nullopt}}));
    readOnly({"/home/u/proj"});
    EXPECT_TRUE(keeps("path-twice"));
}

TEST_F(LintTest, InTwoLists)
{
    readWrite({"/home/u/proj"});
    readOnly({"/home/u/proj"});
    EXPECT_EQ(broken("path-conflict").changes, (Changes{{"/filesystem/readwritePaths/0", std::nullopt}}));
    readOnly({});
    EXPECT_TRUE(keeps("path-conflict"));
}

TEST_F(LintTest, SaidAbove)
{
    readOnly({"/home/u", "/home/u/proj"});
    EXPECT_EQ(broken("path-redundant").changes, (Changes{{"/filesystem/readonlyPaths/1", std::nullopt}}));
    readOnly({"/home/u"});
    readWrite({"/home/u/proj"});
    EXPECT_TRUE(keeps("path-redundant"));
}

TEST_F(LintTest, WhatEverySandboxHasNeedsNoGrant)
{
    readOnly({"/usr/bin"});
    broken("path-redundant");
    readOnly({"/usr/bin", "/usr/bin"});
    broken("path-redundant");
    broken("path-twice");
}

TEST_F(LintTest, TheWholeHomeWritable)
{
    readWrite({"/home/u"});
    const Finding finding = broken("home-writable");
    EXPECT_EQ(finding.severity, Severity::error);
    EXPECT_EQ(finding.changes, (Changes{{"/filesystem/readwritePaths/0", std::nullopt},
                                        {"/filesystem/readonlyPaths/-", "\"/home/u\""}}));
    readWrite({"/home/u/proj"});
    EXPECT_TRUE(keeps("home-writable"));
}

TEST_F(LintTest, SecretsByName)
{
    readOnly({"/home/u/.ssh"});
    const Finding finding = broken("secret-granted");
    EXPECT_EQ(finding.severity, Severity::error);
    EXPECT_EQ(finding.changes, (Changes{{"/filesystem/readonlyPaths/0", std::nullopt}}));
    readOnly({"/home/u/proj"});
    EXPECT_TRUE(keeps("secret-granted"));
}

TEST_F(LintTest, SecretsInWhatIsGranted)
{
    readOnly({"/home/u"});
    EXPECT_EQ(broken("secret-below").changes, (Changes{{"/filesystem/deniedPaths/-", "\"/home/u/.ssh\""}}));
    deny({"/home/u/.ssh"});
    EXPECT_TRUE(keeps("secret-below"));
}

TEST_F(LintTest, SocketsOfAdministrators)
{
    host.socket("/run/docker.sock");
    readOnly({"/run/docker.sock"});
    EXPECT_EQ(broken("root-socket").severity, Severity::error);
    readOnly({"/run"});
    EXPECT_EQ(broken("root-socket").changes, (Changes{{"/filesystem/deniedPaths/-", "\"/run/docker.sock\""}}));
    deny({"/run/docker.sock"});
    EXPECT_TRUE(keeps("root-socket"));
}

TEST_F(LintTest, SocketsOfTheSession)
{
    const std::string run = "/run/user/" + std::to_string(host.system().uid);
    host.folder("/run/user");
    host.folder(run);
    host.socket(run + "/bus");
    readOnly({run});
    EXPECT_EQ(broken("session-socket").severity, Severity::error);
    deny({run + "/bus"});
    EXPECT_TRUE(keeps("session-socket"));
}

TEST_F(LintTest, TheSystemWritable)
{
    host.folder("/var/lib/x");
    readWrite({"/var/lib/x"});
    EXPECT_EQ(broken("system-writable").changes, (Changes{{"/filesystem/readwritePaths/0", std::nullopt},
                                                          {"/filesystem/readonlyPaths/-", "\"/var/lib/x\""}}));
    readWrite({"/home/u/proj"});
    EXPECT_TRUE(keeps("system-writable"));
    // A service's home is its own, the whole machine is nobody's.
    host.facts.homePath = "/var/lib/x";
    host.folder("/var/lib/x/proj");
    readWrite({"/var/lib/x/proj"});
    EXPECT_TRUE(keeps("system-writable"));
    host.facts.homePath = "/";
    EXPECT_FALSE(keeps("system-writable"));
}

TEST_F(LintTest, FilesOfTheNextLogin)
{
    host.file("/home/u/.bashrc");
    readWrite({"/home/u/.bashrc"});
    EXPECT_EQ(broken("startup-writable").changes, (Changes{{"/filesystem/readwritePaths/0", std::nullopt},
                                                           {"/filesystem/readonlyPaths/-", "\"/home/u/.bashrc\""}}));
    readWrite({});
    readOnly({"/home/u/.bashrc"});
    EXPECT_TRUE(keeps("startup-writable"));
}

TEST_F(LintTest, FoldersOfPrograms)
{
    host.folder("/home/u/proj/bin");
    host.facts.environment = {"PATH=/usr/bin:/home/u/proj/bin"};
    readWrite({"/home/u/proj"});
    EXPECT_EQ(broken("search-path-writable").changes,
              (Changes{{"/filesystem/readonlyPaths/-", "\"/home/u/proj/bin\""}}));
    readOnly({"/home/u/proj/bin"});
    EXPECT_TRUE(keeps("search-path-writable"));
}

TEST_F(LintTest, HooksOfGit)
{
    host.folder("/home/u/proj/.git");
    host.folder("/home/u/proj/.git/hooks");
    readWrite({"/home/u/proj"});
    EXPECT_EQ(broken("git-hooks-writable").changes,
              (Changes{{"/filesystem/readonlyPaths/-", "\"/home/u/proj/.git/hooks\""}}));
    deny({"/home/u/proj/.git/hooks"});
    EXPECT_TRUE(keeps("git-hooks-writable"));
}

TEST_F(LintTest, TheWorldAndTheLocalNetwork)
{
    egress().defaultAction = "allow";
    const Finding finding = broken("network-anywhere");
    ASSERT_EQ(finding.changes.size(), 1U);
    EXPECT_EQ(finding.changes[0].pointer, "/network/egress/deny/-");
    NetworkRuleConfig local;
    for (const char* cidr : {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"})
        (local.to ? *local.to : local.to.emplace()).push_back({cidr, {}});
    egress().deny = {local};
    EXPECT_TRUE(keeps("network-anywhere"));
}

TEST_F(LintTest, CredentialsOfClouds)
{
    NetworkRuleConfig rule;
    rule.to.emplace().push_back({"169.254.169.254/32", {}});
    egress().allow = {rule};
    EXPECT_EQ(broken("metadata-address").severity, Severity::error);
    egress().allow->front().to->front().cidr = "192.0.2.0/24";
    EXPECT_TRUE(keeps("metadata-address"));
}

TEST_F(LintTest, ServicesOfThisMachine)
{
    NetworkRuleConfig rule;
    rule.to.emplace().push_back({"192.0.2.0/24", {}});
    egress().allow = {rule};
    network().ingress->hostLoopback = "allow";
    EXPECT_EQ(broken("loopback-services").changes, (Changes{{"/network/ingress/hostLoopback", "\"deny\""}}));
    network().ingress->hostLoopback = "deny";
    EXPECT_TRUE(keeps("loopback-services"));
}

TEST_F(LintTest, TheWholeNetworkOfThisMachine)
{
    network().defaultPolicy = "allow";
    network().allowLocalNetwork = true;
    EXPECT_EQ(broken("network-open").changes, (Changes{{"/network", std::nullopt}}));
    config.network.reset();
    EXPECT_TRUE(keeps("network-open"));
}

TEST_F(LintTest, SecretsInVariables)
{
    process().env = std::vector<std::string>{"LANG=C", "API_TOKEN=abc"};
    EXPECT_EQ(broken("env-secret").changes, (Changes{{"/process/env/1", std::nullopt}}));
    process().env = std::vector<std::string>{"LANG=C", "API_TOKEN="};
    EXPECT_TRUE(keeps("env-secret"));
}

TEST_F(LintTest, VariablesTwice)
{
    process().env = std::vector<std::string>{"A=1", "B=2", "A=3"};
    EXPECT_EQ(broken("env-twice").changes, (Changes{{"/process/env/0", std::nullopt}}));
    process().env = std::vector<std::string>{"A=1", "B=2"};
    EXPECT_TRUE(keeps("env-twice"));
}

TEST_F(LintTest, CodeFromWhereTheSandboxWrites)
{
    readWrite({"/home/u/proj"});
    process().env = std::vector<std::string>{"PYTHONPATH=/usr/lib:/home/u/proj"};
    EXPECT_EQ(broken("env-loader").changes, (Changes{{"/process/env/0", std::nullopt}}));
    process().env = std::vector<std::string>{"PYTHONPATH=/usr/lib"};
    EXPECT_TRUE(keeps("env-loader"));
}

TEST_F(LintTest, NoLimits)
{
    config.experimental.emplace().belljar.emplace().limits.emplace().processes = 0;
    EXPECT_EQ(broken("unlimited").changes, (Changes{{"/experimental/belljar/limits/processes", std::nullopt}}));
    config.experimental->belljar->limits->processes = 10;
    EXPECT_TRUE(keeps("unlimited"));
}

TEST_F(LintTest, CallsTwice)
{
    auto& deny = config.experimental.emplace().belljar.emplace().syscalls.emplace().deny.emplace();
    deny = {"mkdir", "mkdir"};
    EXPECT_EQ(broken("syscall-twice").changes, (Changes{{"/experimental/belljar/syscalls/deny/1", std::nullopt}}));
    deny = {"mkdir"};
    EXPECT_TRUE(keeps("syscall-twice"));
}

TEST_F(LintTest, TheClipboardReadable)
{
    config.ui.emplace();
    config.ui->disable = false;
    config.ui->clipboard = "all";
    EXPECT_EQ(broken("clipboard-readable").changes, (Changes{{"/ui/clipboard", "\"write\""}}));
    config.ui->clipboard = "write";
    EXPECT_TRUE(keeps("clipboard-readable"));
}

TEST_F(LintTest, SandboxesInside)
{
    config.experimental.emplace().belljar.emplace().syscalls.emplace().nestedSandboxes = true;
    EXPECT_EQ(broken("nested-sandboxes").changes,
              (Changes{{"/experimental/belljar/syscalls/nestedSandboxes", std::nullopt}}));
    config.experimental->belljar->syscalls->nestedSandboxes = false;
    EXPECT_TRUE(keeps("nested-sandboxes"));
}

TEST_F(LintTest, AProxyThatIsOnlyOffered)
{
    NetworkProxyConfig proxy;
    proxy.localhost = std::uint16_t{8080};
    network().proxy = proxy;
    config.experimental.emplace().belljar.emplace().network.emplace().cooperativeProxy = true;
    EXPECT_EQ(broken("proxy-cooperative").changes,
              (Changes{{"/experimental/belljar/network/cooperativeProxy", std::nullopt}}));
    config.experimental->belljar->network->cooperativeProxy = false;
    EXPECT_TRUE(keeps("proxy-cooperative"));
}

TEST_F(LintTest, OptionsAreNotTheProfilesToChange)
{
    request.extraPaths = {{"/home/u/.ssh", PathAccess::readOnly}};
    EXPECT_TRUE(broken("secret-granted").changes.empty());
}

}  // namespace
}  // namespace belljar
