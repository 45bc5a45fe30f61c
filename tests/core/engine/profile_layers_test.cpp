// Base profiles from end to end: reading them, their mistakes, places, and that the flattened export decides the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "backends/registry.h"
#include "core/base/path_text.h"
#include "core/engine/preparation.h"
#include "core/policy/decide.h"
#include "tests/core/policy/fake_host_facts.h"

namespace belljar {
namespace {

class Layers : public testing::Test {
protected:
    Layers()
    {
        m_request.profileName = "top.json";
        m_request.needsCommand = false;
        m_request.placeholders = PlaceholderValues{"/home/u", "/home/u/proj", "/tmp", "/p"};
        m_request.readLayer = [this](const std::string& path) -> Result<LayerFile> {
            const std::string canonical = normalizedPath(path);
            const auto file = m_files.find(canonical);
            if (file == m_files.end()) return Error{ErrorCode::malformedRequest, "no such file", path, {}, {}};
            return LayerFile{canonical, file->second, m_suspect};
        };
    }

    Preparation prepared(std::string top)
    {
        m_request.profileText = std::move(top);
        return prepare(m_request, m_host, m_backends);
    }

    static const Finding* find(const Preparation& preparation, const std::string& id)
    {
        const auto found = std::find_if(preparation.findings.begin(), preparation.findings.end(),
                                        [&](const Finding& finding) { return finding.id == id; });
        return found == preparation.findings.end() ? nullptr : &*found;
    }

    void expectRefused(const std::string& top, const std::string& id)
    {
        const Preparation preparation = prepared(top);
        EXPECT_FALSE(preparation.policy.has_value()) << top;
        ASSERT_NE(find(preparation, id), nullptr) << top << (preparation.error ? describe(*preparation.error) : "");
        EXPECT_EQ(find(preparation, id)->severity, Severity::error);
    }

    FakeHostFacts m_host = FakeHostFacts::linuxHost();
    BackendList m_backends = allBackends();
    std::map<std::string, std::string> m_files;
    bool m_suspect = false;
    RunRequest m_request;
};

std::string extending(const std::string& files, const std::string& rest = {})
{
    return R"({"experimental": {"belljar": {"extends": [)" + files + "]}}" + (rest.empty() ? "" : ", " + rest) + "}";
}

TEST_F(Layers, RulesOfABaseSayTheirFile)
{
    m_files["/p/sub/base.json"] = "{\"filesystem\":\n {\"readonlyPaths\": [\"${PROFILE_DIR}/../../home/u/docs\"]}}";
    m_host.folder("/p/sub");
    const Preparation preparation = prepared(extending("\"sub/base.json\""));
    ASSERT_TRUE(preparation.policy.has_value()) << (preparation.error ? describe(*preparation.error) : "");
    const Access access{AccessKind::read, "/home/u/docs/letter", {}, 0};
    const Verdict verdict = decide(*preparation.policy, access);
    EXPECT_TRUE(verdict.allowed);
    const SourcePlace& place = preparation.policy->rules[verdict.rule].place;
    EXPECT_EQ(place.file, "/p/sub/base.json");
    EXPECT_EQ(place.pointer, "/filesystem/readonlyPaths/0");
    EXPECT_EQ(place.line, 2U);
    EXPECT_NE(preparation.policy->rules[verdict.rule].text.find("${PROFILE_DIR}"), std::string::npos);
    EXPECT_NE(explain(*preparation.policy, access, verdict).find("/p/sub/base.json, line 2"), std::string::npos);
    EXPECT_EQ(preparation.layers, std::vector<std::string>{"/p/sub/base.json"});
}

TEST_F(Layers, ABaseCannotBeWidenedAtItsOwnPath)
{
    m_files["/p/b.json"] = R"({"filesystem": {"deniedPaths": ["/home/u/docs"], "readonlyPaths": ["/home/u/proj"]}})";
    const Preparation preparation = prepared(extending(
        "\"b.json\"", R"("filesystem": {"readonlyPaths": ["/home/u/docs"], "readwritePaths": ["/home/u/proj"]})"));
    ASSERT_TRUE(preparation.policy.has_value());
    EXPECT_FALSE(decide(*preparation.policy, {AccessKind::read, "/home/u/docs/letter", {}, 0}).allowed);
    EXPECT_FALSE(decide(*preparation.policy, {AccessKind::write, "/home/u/proj/main.c", {}, 0}).allowed);
    EXPECT_TRUE(decide(*preparation.policy, {AccessKind::read, "/home/u/proj/main.c", {}, 0}).allowed);
    const Finding* conflict = find(preparation, "layer-conflict");
    ASSERT_NE(conflict, nullptr);
    EXPECT_NE(conflict->message.find("/p/b.json:1:"), std::string::npos) << conflict->message;
    EXPECT_NE(conflict->message.find("top.json:1:"), std::string::npos) << conflict->message;
}

TEST_F(Layers, TheLaterBaseIsTheNearer)
{
    m_files["/p/a.json"] = R"({"process": {"cwd": "/home/u/docs"}, "filesystem": {"readonlyPaths": ["/home/u"]}})";
    m_files["/p/b.json"] = R"({"process": {"cwd": "/home/u/proj"}})";
    const Preparation preparation = prepared(extending("\"a.json\", \"b.json\""));
    ASSERT_TRUE(preparation.policy.has_value());
    EXPECT_EQ(preparation.policy->process.cwd, "/home/u/proj");
    EXPECT_EQ(preparation.layers, (std::vector<std::string>{"/p/b.json", "/p/a.json"}));
}

TEST_F(Layers, AFileNamedTwiceCountsOnce)
{
    m_files["/p/root.json"] = R"({"filesystem": {"readonlyPaths": ["/home/u/docs"]}})";
    m_files["/p/a.json"] = extending("\"root.json\"");
    m_files["/p/b.json"] = extending("\"./root.json\"");
    const Preparation preparation = prepared(extending("\"a.json\", \"b.json\""));
    ASSERT_TRUE(preparation.policy.has_value());
    EXPECT_EQ(preparation.layers.size(), 3U);
}

TEST_F(Layers, MistakesAreErrorsWithTheirPlace)
{
    m_files["/p/cycle.json"] = extending("\"cycle.json\"");
    expectRefused(extending("\"cycle.json\""), "layer-cycle");
    EXPECT_EQ(find(prepared(extending("\"cycle.json\"")), "layer-cycle")->place.file, "/p/cycle.json");
    expectRefused(extending("\"none.json\""), "layer-unread");
    expectRefused(extending("\"https://example.org/x\""), "layer-path");
    expectRefused(extending("\"\""), "layer-path");
    expectRefused(extending("\"${NOTHING}/x\""), "layer-path");
    for (int i = 0; i < 12; ++i)
        m_files["/p/d" + std::to_string(i) + ".json"] = extending("\"d" + std::to_string(i + 1) + ".json\"");
    expectRefused(extending("\"d0.json\""), "layer-depth");
    m_files["/p/d8.json"] = "{}";
    EXPECT_FALSE(prepared(extending("\"d0.json\"")).policy.has_value()) << "nine deep";
    m_files["/p/d7.json"] = "{}";
    EXPECT_TRUE(prepared(extending("\"d0.json\"")).policy.has_value()) << "eight deep";
    std::string many;
    for (int i = 0; i < 80; ++i) {
        m_files["/p/m" + std::to_string(i)] = "{}";
        many += (many.empty() ? "\"m" : ", \"m") + std::to_string(i) + "\"";
    }
    expectRefused(extending(many), "layer-many");
    m_files["/p/bad.json"] = "{\n  \"filesystems\": {}}";
    const Preparation bad = prepared(extending("\"bad.json\""));
    EXPECT_FALSE(bad.policy.has_value());
    EXPECT_EQ(bad.findings.at(0).place.file, "/p/bad.json");
    EXPECT_EQ(bad.findings.at(0).place.line, 2U);
    m_files["/p/other.json"] = R"({"containment": "lxc"})";
    expectRefused(extending("\"other.json\"", R"("containment": "bubblewrap")"), "layer-conflict");
}

TEST_F(Layers, WithoutPlaceholdersNothingIsReadAndNothingRuns)
{
    m_files["/p/b.json"] = "{}";
    m_request.placeholders.reset();
    expectRefused(extending("\"b.json\""), "layer-unread");
}

TEST_F(Layers, BasesThatSandboxesCanWriteAreSaid)
{
    m_files["/home/u/proj/b.json"] = "{}";
    m_suspect = true;
    const Preparation preparation =
        prepared(extending("\"/home/u/proj/b.json\"", R"("filesystem": {"readwritePaths": ["/home/u/proj"]})"));
    EXPECT_NE(find(preparation, "layer-suspect"), nullptr);
    EXPECT_NE(find(preparation, "layer-writable"), nullptr);
    m_suspect = false;
    const Preparation fine = prepared(extending("\"/home/u/proj/b.json\""));
    EXPECT_EQ(find(fine, "layer-suspect"), nullptr);
    EXPECT_EQ(find(fine, "layer-writable"), nullptr);
}

/// Random layers over a small tree, so that paths meet often.
class RandomLayers {
public:
    explicit RandomLayers(unsigned seed) : m_random(seed) {}

    std::string path()
    {
        static const std::vector<std::string> kPaths{"/home/u",
                                                     "/home/u/proj",
                                                     "/home/u/proj/src",
                                                     "/home/u/proj/main.c",
                                                     "/home/u/proj/src/a.c",
                                                     "/home/u/docs",
                                                     "/home/u/docs/letter",
                                                     "/home/u/.ssh",
                                                     "/usr/local",
                                                     "/usr/bin/true",
                                                     "/usr/local/bin/tool",
                                                     "/etc/ssl"};
        return kPaths[m_random() % kPaths.size()];
    }

    std::string layer(const std::string& extends)
    {
        std::string text = "{\"version\": \"0.9.0-alpha\"";
        if (m_random() % 8 != 0) {
            text += ", \"filesystem\": {\"readwritePaths\": " + paths(2, false) +
                    ", \"readonlyPaths\": " + paths(3, true) + ", \"deniedPaths\": " + paths(2, true) + "}";
        }
        if (m_random() % 3 == 0)
            text += m_random() % 2 == 0 ? R"(, "network": {"defaultPolicy": "allow", "allowLocalNetwork": true})"
                                        : R"(, "network": {"defaultPolicy": "block"})";
        text += ", \"experimental\": {\"belljar\": {\"extends\": [" + extends + "]";
        if (m_random() % 3 == 0) text += ", \"programs\": [{\"path\": \"" + path() + "\"}]";
        if (m_random() % 3 == 0) text += R"(, "syscalls": {"deny": ["mkdir"]})";
        if (m_random() % 2 == 0) text += ", \"limits\": {\"processes\": " + std::to_string(m_random() % 4 * 10) + "}";
        return text + "}}}";
    }

    Access question()
    {
        static constexpr AccessKind kKinds[]{AccessKind::stat,   AccessKind::list,    AccessKind::read,
                                             AccessKind::write,  AccessKind::create,  AccessKind::execute,
                                             AccessKind::remove, AccessKind::connect, AccessKind::systemCall};
        const AccessKind kind = kKinds[m_random() % std::size(kKinds)];
        if (kind == AccessKind::connect) return {kind, {}, "93.184.216.34", 443};
        if (kind == AccessKind::systemCall) return {kind, m_random() % 2 == 0 ? "mkdir" : "socket", {}, 0};
        return {kind, m_random() % 4 == 0 ? path() + "/new" : path(), {}, 0};
    }

    unsigned number(unsigned below) { return static_cast<unsigned>(m_random() % below); }

private:
    std::string paths(unsigned most, bool anywhere)
    {
        std::string list;
        for (unsigned i = number(most + 1); i > 0; --i) {
            std::string one = path();
            if (!anywhere && !one.starts_with("/home")) one = "/home/u/proj";
            list += (list.empty() ? "\"" : ", \"") + one + "\"";
        }
        return "[" + list + "]";
    }

    std::mt19937 m_random;
};

TEST_F(Layers, TheFlattenedExportDecidesTheSame)
{
    constexpr unsigned kQuestionsOfASet = 60;
    unsigned asked = 0;
    unsigned denied = 0;
    unsigned sets = 0;
    for (unsigned seed = 1; asked < 12'000 && seed < 2'000; ++seed) {
        RandomLayers random(seed);
        m_files.clear();
        const unsigned bases = 1 + random.number(3);
        for (unsigned i = 0; i < bases; ++i) {
            const bool last = i + 1 == bases;
            m_files["/p/" + std::to_string(i)] =
                random.layer(last || random.number(2) == 0 ? "" : "\"" + std::to_string(i + 1) + "\"");
        }
        std::string names;
        for (unsigned i = 0; i < bases; ++i) names += (names.empty() ? "\"" : ", \"") + std::to_string(i) + "\"";
        const Preparation layered = prepared(random.layer(names));
        const Result<std::string> flat = exportProfile(m_request);
        if (!layered.policy) continue;  // A random policy may be refused; then there is nothing to compare.
        ASSERT_TRUE(flat) << describe(flat.error());
        EXPECT_EQ(flat->find("extends"), std::string::npos);
        const Preparation single = prepared(*flat);
        ASSERT_TRUE(single.policy.has_value()) << *flat << (single.error ? describe(*single.error) : "");
        EXPECT_EQ(single.policy->limits.processes, layered.policy->limits.processes);
        ++sets;
        for (unsigned i = 0; i < kQuestionsOfASet; ++i, ++asked) {
            const Access access = random.question();
            const Verdict one = decide(*layered.policy, access);
            const Verdict other = decide(*single.policy, access);
            denied += one.allowed ? 0U : 1U;
            ASSERT_TRUE(one.allowed == other.allowed && one.expectedErrno == other.expectedErrno &&
                        one.mechanism == other.mechanism)
                << accessKindName(access.kind) << " " << access.path << "\n"
                << *flat;
            EXPECT_EQ(layered.policy->rules[one.rule].text, single.policy->rules[other.rule].text);
        }
    }
    EXPECT_GE(asked, 10'000U);
    EXPECT_GE(sets, 150U);
    EXPECT_GT(denied, asked / 10) << "the questions tell something";
    EXPECT_LT(denied, asked - asked / 10);
}

}  // namespace
}  // namespace belljar
