// Read → write → read is equal: for configurations made up from the description, so that every field is in some, and
// for everything of MXC's corpus that reads.
#include <random>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/result.h"
#include "core/config/config_io.h"
#include "core/config/field_description.h"
#include "core/config/field_kinds.h"
#include "shared_files.h"

namespace belljar {
namespace {

/// Fills structs of the model field by field, by their description alone.
class Maker {
public:
    explicit Maker(std::uint32_t seed) : m_random(seed) {}

    std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(m_random); }
    bool chance(std::size_t oneIn) { return below(oneIn) == 0; }

    std::string text()
    {
        static const char* const kPieces[] = {"a",  "/", "ü",        "\xf0\x9f\x94\x94", "\n",      "\x01", "\x7f",
                                              "\\", " ", "\u202e",   "\u2028",           "${HOME}", "~",    "null",
                                              "0",  "'", "</script>"};
        std::string made;
        for (std::size_t pieces = below(6); pieces > 0; --pieces) made += kPieces[below(std::size(kPieces))];
        return made;
    }

    void make(std::string& out, const FieldFacts& facts)
    {
        std::vector<std::string_view> words;
        for (const Word& word : facts.words)
            if (word.meaning.empty()) words.push_back(word.text);
        out = words.empty() ? text() : std::string(words[below(words.size())]);
        if (facts.text != TextRule::any) out = "/p" + out;
        if (facts.key == "cidr") out = chance(2) ? "10.0.0.0/8" : "2001:db8::/32";
        if (facts.key == "except") out = "10.1.0.0/16";
    }

    void make(bool& out, const FieldFacts& facts) { out = facts.key == "builtinTestServer" || chance(2); }

    void make(AnyJson& out, const FieldFacts&)
    {
        static const char* const kTexts[] = {"null", "[ ]", "{\"a\" : [1e5, -0.0, \"\\u00e9\"]}", "\"x\"", "true"};
        out.text = kTexts[below(std::size(kTexts))];
    }

    template <Number T>
    void make(T& out, const FieldFacts& facts)
    {
        const std::uint64_t largestOne = largest<T>(facts);
        const std::uint64_t choices[] = {facts.minimum, largestOne, facts.minimum + (largestOne - facts.minimum) / 3};
        out = static_cast<T>(choices[below(3)]);
    }

    template <class T>
    void make(std::optional<T>& out, const FieldFacts& facts)
    {
        if (!chance(3)) make(out.emplace(), facts);
    }

    template <class T>
    void make(std::vector<T>& out, const FieldFacts& facts)
    {
        for (std::size_t left = below(3) + (facts.atLeastOne ? 1 : 0); left > 0; --left)
            make(out.emplace_back(), facts);
    }

    template <Described T>
    void make(T& out, const FieldFacts&)
    {
        forEachField<T>([&](const auto& f) { make(out.*f.member, f.facts); });
        if constexpr (kTolerant<T>)
            if (chance(2))
                make((out.*Description<T>::kOthers).emplace_back(OtherMember{"own " + text(), {}}).value, {});
    }

    SandboxConfig config()
    {
        SandboxConfig made;
        make(made, {});
        obeyRules(made);
        return made;
    }

private:
    /// What rules between fields would refuse is taken out.
    void obeyRules(SandboxConfig& config)
    {
        static const char* const kVersions[] = {"0.6.0-alpha", "0.7.0", "0.8.0-alpha", "0.9.0-dev"};
        const bool directional = chance(2);
        config.version = kVersions[directional ? 2 + below(2) : below(4)];
        if (chance(2)) config.phase.reset(), config.sandboxId.reset(), config.correlationVector.reset();
        keepOneStyle(config, directional);
        keepOneSection(config);
        fitContainment(config);
    }

    /// What only some containments take.
    void fitContainment(SandboxConfig& config)
    {
        config.experimental->seatbelt.reset();
        if (config.processContainer && config.processContainer->captureDenials)
            config.processContainer->captureDenials->outputPath = "/report.json";
        if (config.containment == "processcontainer" && config.runtimeConfig) {
            NetworkConfig& network = config.network ? *config.network : config.network.emplace();
            NetworkIngressConfig& ingress = network.ingress ? *network.ingress : network.ingress.emplace();
            ingress.defaultAction = "allow";
            const bool peer = config.processContainer && config.processContainer->network &&
                              config.processContainer->network->allowedProxyPeer.value_or("") != "";
            ingress.hostLoopback = peer ? "deny" : "allow";
        }
        if (config.containment == "bubblewrap" || !config.network) return;
        config.network->proxy.reset();
        if (config.containment != "wslc") return;
        config.network->allowedHosts.reset();
        config.network->blockedHosts.reset();
        config.network->allowLocalNetwork.reset();
    }

    void keepOneStyle(SandboxConfig& config, bool directional)
    {
        if (config.network && directional) {
            NetworkConfig kept;
            kept.egress = config.network->egress;
            kept.ingress = config.network->ingress;
            config.network = kept;
            fixRules(kept.egress ? *kept.egress : kept.egress.emplace());
            config.network->egress = kept.egress;
        } else if (config.network) {
            config.network->egress.reset();
            config.network->ingress.reset();
            if (config.network->proxy) fixProxy(*config.network->proxy);
        }
        if (!directional) config.runtimeConfig.reset();
        if (config.runtimeConfig && config.runtimeConfig->networkProxy) {
            config.runtimeConfig->networkProxy = "http://localhost:8080";
            if (config.network) config.network->egress.reset();
        }
        const bool proxied = config.runtimeConfig && config.runtimeConfig->networkProxy;
        if (!config.processContainer) return;
        if (!directional) config.processContainer->network.reset();
        if (config.processContainer->network && !proxied) config.processContainer->network->allowedProxyPeer.reset();
        if (config.processContainer->capabilities) config.processContainer->capabilities = {"internetClient"};
    }

    void fixRules(NetworkEgressConfig& egress)
    {
        for (auto* list : {&egress.allow, &egress.deny}) {
            for (NetworkRuleConfig& rule : *list ? **list : list->emplace()) {
                for (NetworkPeerConfig& peer : rule.to ? *rule.to : rule.to.emplace(1, NetworkPeerConfig{"::1", {}}))
                    if (peer.except && !peer.cidr.starts_with("10.")) peer.except->clear();
                for (NetworkPortConfig& port : rule.ports ? *rule.ports : rule.ports.emplace(1)) {
                    if (port.protocol == "icmp") port.port.reset();
                    if (!port.port) port.endPort.reset();
                    if (port.endPort) port.endPort = std::max(*port.port, *port.endPort);
                }
            }
        }
    }

    void fixProxy(NetworkProxyConfig& proxy)
    {
        const std::size_t kind = below(3);
        if (kind != 0) proxy.localhost.reset();
        else proxy.localhost = proxy.localhost.value_or(1);
        if (kind == 1) proxy.builtinTestServer = true;
        else proxy.builtinTestServer.reset();
        if (kind == 2) proxy.url = "http://proxy.example:3128";
        else proxy.url.reset();
    }

    void keepOneSection(SandboxConfig& config)
    {
        ExperimentalConfig& experimental = config.experimental ? *config.experimental : config.experimental.emplace();
        const std::size_t kept = below(7);
        const auto keep = [&](std::size_t index, auto& section, const char* containment) {
            if (kept != index) section.reset();
            else if (section) config.containment = containment;
        };
        config.containment = "bubblewrap";
        keep(0, config.processContainer, "processcontainer");
        keep(1, config.seatbelt, "seatbelt");
        keep(2, config.lxc, "lxc");
        keep(3, experimental.windowsSandbox, "windows_sandbox");
        keep(4, experimental.wslc, "wslc");
        keep(5, experimental.isolationSession, "isolation_session");
        if (experimental.wslc && experimental.wslc->portMappings && experimental.wslc->portMappings->size() > 1)
            experimental.wslc->portMappings->resize(1);
    }

    std::mt19937 m_random;
};

/// The fields of the description that a text has, with "*" for positions.
void noteFields(const JsonText& text, std::set<std::string>& seen)
{
    for (const FieldInfo& field : configFields()) {
        std::string pointer = field.pointer;
        for (std::size_t star; (star = pointer.find('*')) != std::string::npos;) pointer[star] = '0';
        if (text.find(pointer) != JsonText::kNone) seen.insert(field.pointer);
    }
}

TEST(RoundTrip, MadeUpConfigurationsOfEveryField)
{
    std::set<std::string> seen;
    int read = 0;
    constexpr int kTries = 3000;
    for (std::uint32_t seed = 1; seed <= kTries; ++seed) {
        const SandboxConfig made = Maker(seed).config();
        const std::string written = writeConfig(made);
        const Result<LoadedConfig> loaded = readConfig(written);
        if (!loaded) continue;  // Some rule that the maker does not know; too many of these fail below.
        ++read;
        ASSERT_EQ(loaded->config, made) << "seed " << seed << "\n" << written;
        ASSERT_EQ(writeConfig(loaded->config), written) << "seed " << seed;
        noteFields(loaded->text, seen);
    }
    EXPECT_GT(read, kTries / 4);
    for (const FieldInfo& field : configFields())
        EXPECT_TRUE(seen.count(field.pointer)) << field.pointer << " is in none";
}

TEST(RoundTrip, TheMakerIsSeenToMatter)
{
    // A control: configurations differ, and one lost field is noticed.
    SandboxConfig made = Maker(7).config();
    EXPECT_FALSE(made == Maker(8).config());
    const std::string written = writeConfig(made);
    made.containerId = made.containerId ? std::nullopt : std::optional<std::string>("lost");
    EXPECT_NE(writeConfig(made), written);
}

TEST(RoundTrip, WhatReadsOfTheCorpus)
{
    std::istringstream lines(fileText(sharedPath("mxc/corpus.jsonl")));
    int read = 0;
    for (std::string line; std::getline(lines, line);) {
        const nlohmann::json row = nlohmann::json::parse(line);
        if (row["via"] != "file" || !row.contains("input")) continue;
        const Result<LoadedConfig> first = readConfig(row["input"].get<std::string>());
        if (!first) continue;
        ++read;
        const std::string written = writeConfig(first->config);
        const Result<LoadedConfig> second = readConfig(written);
        ASSERT_TRUE(second) << row["id"] << " " << describe(second.error()) << "\n" << written;
        EXPECT_EQ(first->config, second->config) << row["id"] << "\n" << written;
        EXPECT_EQ(writeConfig(second->config), written) << row["id"];
    }
    if (read == 0) GTEST_SKIP() << "no corpus at " << sharedPath("mxc/corpus.jsonl");
    EXPECT_GT(read, 500);
}

}  // namespace
}  // namespace belljar
