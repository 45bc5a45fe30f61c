// Migration from schema 0.6 and 0.7 to 0.8: what is rewritten, what is named, and that the effective access stays.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "core/base/ip_network.h"
#include "core/config/config_io.h"
#include "core/config/config_migration.h"
#include "core/policy/decide.h"
#include "core/policy/resolve.h"
#include "tests/core/config/legacy_maker.h"
#include "tests/core/policy/fake_host_facts.h"

namespace belljar {
namespace {

Migration migrated(const std::string& text)
{
    Result<Migration> result = migrateConfig(text, "p.json");
    EXPECT_TRUE(result) << text << (result ? "" : describe(result.error()));
    return result ? std::move(result).value() : Migration{};
}

/// A 0.7 profile with this network section.
std::string withNetwork(const std::string& network, const std::string& version = "0.7.0-alpha")
{
    return "{\"version\": \"" + version + "\", \"process\": {\"commandLine\": \"x\"}, \"network\": " + network + "}";
}

/// The network section, and what follows it, of the migrated profile.
std::string networkOf(const std::string& network)
{
    const Migration result = migrated(withNetwork(network));
    EXPECT_TRUE(result.changed) << network;
    const std::size_t at = result.text.find("\"network\": ");
    return at == std::string::npos ? std::string() : result.text.substr(at + 11, result.text.size() - at - 12);
}

TEST(Migration, OlderFieldsBecomeRules)
{
    EXPECT_EQ(networkOf(R"({"defaultPolicy": "block"})"), R"({"egress": { "default": "deny" }})");
    EXPECT_EQ(networkOf(R"({"defaultPolicy": "block", "enforcementMode": "both", "allowLocalNetwork": false})"),
              R"({"egress": { "default": "deny" }})");
    EXPECT_EQ(networkOf(R"({"enforcementMode": "firewall"})"), R"({"egress": { "default": "deny" }})");
    EXPECT_EQ(networkOf(R"({"defaultPolicy": "block", "blockedHosts": ["a.example"]})"),
              R"({"egress": { "default": "deny" }})");
    EXPECT_EQ(networkOf(R"({"defaultPolicy": "allow"})"), R"({"defaultPolicy": "allow", "allowLocalNetwork": true})");
    EXPECT_EQ(networkOf(R"({"defaultPolicy": "allow", "allowLocalNetwork": true})"),
              R"({"defaultPolicy": "allow", "allowLocalNetwork": true})");
    const std::string allow =
        networkOf(R"({"defaultPolicy": "block", "enforcementMode": "both", "allowedHosts": ["10.0.0.0/8", "::1"]})");
    EXPECT_NE(allow.find(R"("default": "deny")"), std::string::npos) << allow;
    EXPECT_NE(allow.find(R"("allow": [)"), std::string::npos) << allow;
    EXPECT_NE(allow.find(R"({ "cidr": "10.0.0.0/8" })"), std::string::npos) << allow;
    EXPECT_EQ(allow.find("allowedHosts"), std::string::npos) << allow;
    const std::string deny =
        networkOf(R"({"defaultPolicy": "allow", "enforcementMode": "firewall", "blockedHosts": ["192.0.2.1"]})");
    EXPECT_NE(deny.find(R"("default": "allow")"), std::string::npos) << deny;
    EXPECT_NE(deny.find(R"("deny": [)"), std::string::npos) << deny;
    EXPECT_NE(networkOf(R"({"defaultPolicy": "allow", "proxy": {"localhost": 8080}})")
                  .find(R"("runtimeConfig": {"networkProxy": "http://127.0.0.1:8080"})"),
              std::string::npos);
}

struct Impossible {
    const char* network;
    const char* pointer;
    const char* fix;
};

constexpr Impossible kImpossible[] = {
    {R"({"defaultPolicy": "block", "enforcementMode": "firewall", "allowedHosts": ["1.2.3.4", "api.example"]})",
     "/network/allowedHosts/1", "Name its addresses"},
    {R"({"defaultPolicy": "block", "enforcementMode": "both", "allowedHosts": ["10.1.2.3/8"]})",
     "/network/allowedHosts/0", "Name its addresses"},
    {R"({"defaultPolicy": "block", "enforcementMode": "both", "allowedHosts": ["::/0"]})", "/network/allowedHosts/0",
     "2000::/3"},
    {R"({"defaultPolicy": "block", "allowedHosts": ["1.2.3.4"]})", "/network/allowedHosts", "enforcementMode"},
    {R"({"enforcementMode": "capabilities", "allowedHosts": ["1.2.3.4"]})", "/network/allowedHosts", "enforcementMode"},
    {R"({"defaultPolicy": "allow", "blockedHosts": ["1.2.3.4"]})", "/network/blockedHosts", "enforcementMode"},
    {R"({"defaultPolicy": "allow", "allowedHosts": ["1.2.3.4"]})", "/network/allowedHosts", "Remove the list"},
    {R"({"defaultPolicy": "allow", "allowLocalNetwork": false})", "/network/allowLocalNetwork", "Set it to true"},
    {R"({"defaultPolicy": "block", "allowLocalNetwork": true})", "/network/allowLocalNetwork", "Remove it"},
    {R"({"defaultPolicy": "allow", "proxy": {"builtinTestServer": true}})", "/network/proxy/builtinTestServer",
     "Start a proxy"},
    {R"({"defaultPolicy": "allow", "proxy": {"url": "http://proxy.example:3128"}})", "/network/proxy/url", "forwards"},
    {R"({"defaultPolicy": "allow", "proxy": {"url": "http://[::1]:3128"}})", "/network/proxy/url", "127.0.0.1"},
    {R"({"defaultPolicy": "allow", "proxy": {"url": "http://localhost:0"}})", "/network/proxy/url", "127.0.0.1"},
    {R"({"defaultPolicy": "allow", "proxy": {"localhost": 80}})", "/network/proxy/localhost", "another port"},
};

TEST(Migration, WhatCannotBeMigratedIsNamedAndNothingIsChanged)
{
    for (const Impossible& item : kImpossible) {
        SCOPED_TRACE(item.network);
        const std::string text = withNetwork(item.network);
        const Migration result = migrated(text);
        EXPECT_FALSE(result.possible());
        EXPECT_FALSE(result.changed);
        EXPECT_EQ(result.text, text);
        int errors = 0;
        for (const Finding& finding : result.findings) {
            if (finding.severity != Severity::error) continue;
            ++errors;
            EXPECT_EQ(finding.place.pointer, item.pointer);
            EXPECT_EQ(finding.place.line, 1U);
            EXPECT_GT(finding.place.column, 1U);
            EXPECT_NE(finding.fix.find(item.fix), std::string::npos) << finding.fix;
            EXPECT_FALSE(finding.message.empty());
        }
        EXPECT_EQ(errors, 1);
    }
}

TEST(Migration, NamesEachThingThatStandsInTheWay)
{
    const Migration result = migrated(withNetwork(
        R"({"defaultPolicy": "block", "enforcementMode": "both", "allowLocalNetwork": true,
            "allowedHosts": ["a.example", "1.2.3.4", "b.example"]})"));
    std::vector<std::string> pointers;
    for (const Finding& finding : result.findings)
        if (finding.severity == Severity::error) pointers.push_back(finding.place.pointer);
    EXPECT_EQ(pointers, (std::vector<std::string>{"/network/allowLocalNetwork", "/network/allowedHosts/0",
                                                  "/network/allowedHosts/2"}));
}

TEST(Migration, ProxyWithCredentialsIsRefused)
{
    const Result<Migration> result =
        migrateConfig(withNetwork(R"({"defaultPolicy": "allow", "proxy": {"url": "http://u:p@localhost:1"}})"), "p");
    EXPECT_TRUE(!result || !result->possible());
}

TEST(Migration, ChangesNothingElse)
{
    const Migration result = migrated(R"({
    "$schema":   "../schemas/stable/mxc-config.schema.0.7.0-alpha.json",
    "_comment": ["kept",  {"this": 1.50}],
    "experimental": {"somebody": {"x":[1 ,2]}, "belljar": {"limits": {"tmpMb": 5}}},
    "version": "0.7.0-alpha",
    "process": {"commandLine": "x",   "env": ["A=1"]},
    "containment": "appcontainer",
    "appContainer": {"capabilities": ["internetClient"]}
}
)");
    EXPECT_EQ(result.text, R"({
    "$schema":   "../schemas/stable/mxc-config.schema.0.8.0-alpha.json",
    "_comment": ["kept",  {"this": 1.50}],
    "experimental": {"somebody": {"x":[1 ,2]}, "belljar": {"limits": {"tmpMb": 5}}},
    "version": "0.8.0-alpha",
    "process": {"commandLine": "x",   "env": ["A=1"]},
    "containment": "processcontainer",
    "processContainer": {"capabilities": ["internetClient"]}
}
)");
    EXPECT_EQ(migrated(result.text).text, result.text);
    EXPECT_FALSE(migrated(result.text).changed);
}

TEST(Migration, AVersionThatWasNotThereComesFirst)
{
    EXPECT_EQ(migrated("{\n  \"process\": {}\n}\n").text, "{\n  \"version\": \"0.8.0-alpha\",\n  \"process\": {}\n}\n");
    EXPECT_EQ(migrated("{\"process\":{}}").text, "{\"version\":\"0.8.0-alpha\",\"process\":{}}");
    EXPECT_EQ(migrated("{\"process\": {}}").text, "{\"version\": \"0.8.0-alpha\", \"process\": {}}");
    EXPECT_EQ(migrated("{ \"version\": null }").text, "{ \"version\": \"0.8.0-alpha\" }");
    EXPECT_EQ(migrateConfig("{}")->text.substr(0, 3), "{\n ");
}

TEST(Migration, RefusesWhatIsNoProfileAndLeavesNewOnes)
{
    EXPECT_FALSE(migrateConfig("[1"));
    EXPECT_FALSE(migrateConfig(R"({"version": "0.7.0", "nonsense": 1})"));
    for (const char* version : {"0.8.0-alpha", "0.9.0"})
        EXPECT_FALSE(migrated(withNetwork(R"({"defaultPolicy": "allow"})", version)).changed);
    const Migration other =
        migrated(R"({"containment": "lxc", "network": {"defaultPolicy": "allow", "allowedHosts": ["h"]}})");
    EXPECT_TRUE(other.changed);
    EXPECT_NE(other.text.find("allowedHosts"), std::string::npos);
}

// ---- effective access -------------------------------------------------------------------------------------------

bool contains(const std::optional<std::vector<std::string>>& networks, const IpNetwork& address)
{
    if (!networks) return false;
    return std::any_of(networks->begin(), networks->end(), [&](const std::string& text) {
        const Result<IpNetwork> network = parseIpNetwork(text);
        return network && network->contains(address);
    });
}

/// What the older fields let through to an address outside; what is blocked stays so, also beside allowedHosts.
bool olderAllows(const SandboxConfig& config, const IpNetwork& address)
{
    if (!config.network || config.network->proxy) return false;
    const NetworkConfig& network = *config.network;
    if (contains(network.blockedHosts, address)) return false;
    return network.defaultPolicy == "allow" || contains(network.allowedHosts, address);
}

bool ruleNames(const std::optional<std::vector<NetworkRuleConfig>>& rules, const IpNetwork& address)
{
    if (!rules) return false;
    for (const NetworkRuleConfig& rule : *rules)
        for (const NetworkPeerConfig& peer : *rule.to)
            if (parseIpNetwork(peer.cidr)->contains(address)) return true;
    return false;
}

/// What 0.8 lets through: denial beats permission beats the default.
bool newerAllows(const SandboxConfig& config, const IpNetwork& address)
{
    if (!config.network) return false;
    if (!config.network->egress) return config.network->defaultPolicy == "allow";
    const NetworkEgressConfig& egress = *config.network->egress;
    if (ruleNames(egress.deny, address)) return false;
    return ruleNames(egress.allow, address) || egress.defaultAction == "allow";
}

class EffectiveAccess : public testing::Test {
protected:
    [[nodiscard]] Resolution resolved(const SandboxConfig& config, std::optional<NetworkMode> network = {}) const
    {
        ResolveRequest request;
        request.config = &config;
        request.network = network;
        return resolvePolicy(request, m_host);
    }

    static std::vector<std::string> paths()
    {
        return {"/home/u/proj", "/home/u/docs", "/home/u/.ssh", "/home/u/proj/src",
                "/usr/share",   "/home/u",      "/etc/ssl",     "/home/u/docs/letter"};
    }

    Access question()
    {
        static const char* const kPaths[] = {"/home/u/proj/main.c",
                                             "/home/u/proj/src/a.c",
                                             "/home/u/docs/letter",
                                             "/home/u/.ssh/id_rsa",
                                             "/usr/share",
                                             "/home/u/new",
                                             "/etc/passwd",
                                             "/tmp/x",
                                             "/dev/null",
                                             "/home/u/proj",
                                             "/etc/ssl",
                                             "/root"};
        static const char* const kHosts[] = {"10.1.2.3", "127.0.0.1", "192.0.2.7", "2001:db8::5",
                                             "8.8.8.8",  "::1",       "0.0.0.0"};
        Access access;
        access.kind = static_cast<AccessKind>(m_random() % 9);
        if (access.kind == AccessKind::connect || access.kind == AccessKind::bind) {
            access.host = kHosts[m_random() % std::size(kHosts)];
            access.port = static_cast<std::uint16_t>(1 + m_random() % 65535);
        } else {
            access.path = kPaths[m_random() % std::size(kPaths)];
        }
        return access;
    }

    FakeHostFacts m_host = FakeHostFacts::linuxHost();
    std::mt19937 m_random{1};
};

TEST_F(EffectiveAccess, IsTheSameOverTenThousandQuestions)
{
    int asked = 0;
    int allowed = 0;
    int profiles = 0;
    for (std::uint32_t seed = 1; asked < 10'000; ++seed) {
        ASSERT_LT(seed, 20'000U);
        const SandboxConfig before = LegacyMaker(seed, paths()).make();
        const Result<Migration> migration = migrateConfig(writeConfig(before));
        if (!migration || !migration->possible()) continue;
        const Result<LoadedConfig> after = readConfig(migration->text);
        ASSERT_TRUE(after) << describe(after.error());
        // Without `allowLocalNetwork` Belljar runs the older form enclosed; the executor shares the host's network.
        const NetworkConfig network = before.network.value_or(NetworkConfig{});
        const bool lists = network.blockedHosts && !network.blockedHosts->empty();
        const bool firewall = network.enforcementMode == "firewall" || network.enforcementMode == "both";
        const bool shared = network.defaultPolicy == "allow" && !network.proxy && !lists && !firewall;
        const Resolution old = resolved(before, shared ? std::optional(NetworkMode::host) : std::nullopt);
        const Resolution now = resolved(after->config);
        ASSERT_EQ(old.policy.has_value(), now.policy.has_value()) << migration->text;
        if (!now.policy) continue;
        ++profiles;
        for (int i = 0; i < 40; ++i, ++asked) {
            const Access access = question();
            const Verdict first = decide(*old.policy, access);
            const Verdict second = decide(*now.policy, access);
            ASSERT_EQ(first.allowed, second.allowed) << access.path << access.host << "\n" << migration->text;
            ASSERT_EQ(first.expectedErrno, second.expectedErrno) << access.path << access.host;
            allowed += first.allowed ? 1 : 0;
        }
    }
    EXPECT_GT(profiles, 100);
    EXPECT_GT(allowed, 1000);
    EXPECT_LT(allowed, 9000);
}

TEST_F(EffectiveAccess, OfFilteredProfilesIsTheSameOverTenThousandAddresses)
{
    int asked = 0;
    int allowed = 0;
    std::set<std::string> kinds;
    for (std::uint32_t seed = 1; asked < 10'000; ++seed) {
        ASSERT_LT(seed, 20'000U);
        const SandboxConfig before = LegacyMaker(seed, paths()).make();
        const Result<Migration> migration = migrateConfig(writeConfig(before));
        if (!migration || !migration->possible() || !before.network) continue;
        const Result<LoadedConfig> after = readConfig(migration->text);
        ASSERT_TRUE(after) << describe(after.error());
        if (after->config.network->egress) {
            const NetworkEgressConfig& egress = *after->config.network->egress;
            kinds.insert(*egress.defaultAction + (egress.allow ? " allow" : "") + (egress.deny ? " deny" : ""));
        }
        for (int i = 0; i < 20; ++i, ++asked) {
            static const char* const kNear[] = {"10.", "192.0.", "198.51.", "127.0."};
            std::string text = kNear[m_random() % 4];
            while (std::count(text.begin(), text.end(), '.') < 3) text += std::to_string(m_random() % 8) + ".";
            text += std::to_string(m_random() % 10);
            static const char* const kSix[] = {"::1", "2001:db8::5", "2001:db9::1", "fe80::1"};
            if (m_random() % 3 == 0) text = kSix[m_random() % 4];
            const Result<IpNetwork> address = parseIpNetwork(text);
            ASSERT_TRUE(address) << text;
            ASSERT_EQ(olderAllows(before, *address), newerAllows(after->config, *address))
                << text << "\n"
                << writeConfig(before) << migration->text;
            allowed += newerAllows(after->config, *address) ? 1 : 0;
        }
    }
    EXPECT_GT(allowed, 1000);
    EXPECT_LT(allowed, 9000);
    EXPECT_EQ(kinds, (std::set<std::string>{"allow deny", "deny", "deny allow", "deny allow deny"}));
}

}  // namespace
}  // namespace belljar
