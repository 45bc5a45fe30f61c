// Random hostile profiles against the reader, writer and editor: config_fuzz [--seconds N] [--seed N].
//
// Makes its own inputs by damaging good profiles and stops at the first thing that is wrong, printing the input. Beside
// "does not crash" it holds: nlohmann's reader agrees on what is JSON; an error has a place and a sentence; what was
// read is written and read again as the same; an edited text is still JSON.
#include <algorithm>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/result.h"
#include "core/base/visible.h"
#include "core/config/config_io.h"
#include "core/config/config_migration.h"
#include "core/config/mxc_notes.h"
#include "core/config/mxc_sentence.h"
#include "core/config/placeholders.h"
#include "tests/fuzz/fuzz_loop.h"

namespace {

using namespace belljar;

const std::vector<std::string>& seeds()
{
    static const std::vector<std::string> texts = {
        R"({"version": "0.8.0-alpha", "process": {"commandLine": "echo \u00fc\ud83d\ude00", "cwd": "/w", "timeout": 4294967295}})",
        R"({"filesystem": {"readonlyPaths": ["/usr", "C:\\x"], "readwritePaths": [], "deniedPaths": null}, "_comment": [1.5e3]})",
        R"({"version": "0.8.0", "network": {"egress": {"default": "deny", "allow": [{"to": [{"cidr": "10.0.0.0/8",
            "except": ["10.1.0.0/16"]}], "ports": [{"protocol": "tcp", "port": 443, "endPort": 444}]}]}}})",
        R"({"version": "0.8.0", "process": ["true", null, null, 5], "filesystem": {"readonlyPaths": ["/usr", "/x"]},
            "network": {"enforcementMode": "firewall", "allowedHosts": ["192.0.2.0/24", "::1"], "blockedHosts": ["1.2.3.4"]}})",
        R"({"version": "0.8.0", "process": {"commandLine": "x"}, "runtimeConfig": {"networkProxy": "http://localhost:80"},
            "network": {"egress": {"default": "deny"}, "ingress": {"hostLoopback": "deny"}}})",
        R"({"containment": "lxc", "lxc": {"release": "x"}, "process": {"commandLine": "x"}, "network": {"proxy": {"localhost": 8}}})",
        R"({"network": {"proxy": {"url": "http://127.0.0.1:8080"}}, "experimental": {"belljar": {"limits": {"memoryMb": 1}}}})"};
    return texts;
}

class Fuzzer {
public:
    explicit Fuzzer(std::uint64_t seed) : m_random(seed) {}

    /// False after printing what is wrong.
    bool round()
    {
        std::string text = seeds()[below(seeds().size())];
        for (std::size_t i = below(6); i > 0; --i) damage(text);
        m_text = text;
        return checkRead() && checkExecutor() && checkEdit();
    }

private:
    std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(m_random); }

    void damage(std::string& text)
    {
        static const std::vector<std::string> pieces = {"{",
                                                        "}",
                                                        "[",
                                                        "]",
                                                        ",",
                                                        ":",
                                                        "\"",
                                                        "\\",
                                                        "\\u0000",
                                                        "\\ud800",
                                                        "null",
                                                        "true",
                                                        "-0",
                                                        "1e999",
                                                        "01",
                                                        "\xff",
                                                        "\xc3",
                                                        "\xe2\x80\xae",
                                                        std::string(1, '\0'),
                                                        "\n",
                                                        "\"a\":1,",
                                                        "[[[[",
                                                        "{\"a\":",
                                                        "\xef\xbb\xbf",
                                                        "//",
                                                        "0.8",
                                                        "\"default\"",
                                                        "\"version\": \"0.8.0\",",
                                                        "\"\"",
                                                        "::/0",
                                                        std::string(200, '[')};
        const std::size_t at = below(text.size() + 1);
        const std::size_t length = std::min(below(12), text.size() - at);
        switch (below(4)) {
            case 0: text.insert(at, pieces[below(pieces.size())]); break;
            case 1: text.erase(at, length); break;
            case 2: text.insert(below(text.size() + 1), text.substr(at, length * 4)); break;
            default:
                if (at < text.size()) text[at] = static_cast<char>(below(256));
        }
    }

    bool wrong(const std::string& what) const
    {
        std::cout << "WRONG: " << what << "\ninput: " << visible(m_text) << "\n";
        return false;
    }

    bool checkRead() const
    {
        JsonLimits limits;
        limits.allowDuplicateKeys = true;
        limits.maxDepth = 100'000;
        const Result<JsonText> tree = JsonText::parse(m_text, "f", limits);
        const bool clean = m_text.find('\0') == std::string::npos && m_text.substr(0, 3) != "\xef\xbb\xbf";
        if (tree.ok() != (clean && nlohmann::json::accept(m_text)))
            return wrong("the two readers disagree on what is JSON");
        if (tree && nlohmann::json::parse(m_text).is_object() != (tree->node(0).type == JsonType::object))
            return wrong("the type of the root differs");
        const Result<LoadedConfig> read = readConfig(m_text, "f");
        if (!read) {
            const Error& error = read.error();
            return (!error.message.empty() && error.where.rfind("f:", 0) == 0) ||
                   wrong("an error without place or sentence");
        }
        const std::string written = writeConfig(read->config);
        const Result<LoadedConfig> again = readConfig(written);
        if (!again) return wrong("what was written is refused: " + describe(again.error()) + "\n" + written);
        if (again->config != read->config) return wrong("what was written reads differently:\n" + written);
        return checkMigration() && checkPlaceholders(read->config);
    }

    /// A migrated profile reads, needs no second migration, and a refusal leaves the text alone.
    bool checkMigration() const
    {
        const Result<Migration> migration = migrateConfig(m_text);
        if (!migration) return wrong("what reads cannot be looked at for migration: " + describe(migration.error()));
        if (!migration->possible() || !migration->changed)
            return migration->text == m_text || wrong("nothing was to change, and the text did");
        const Result<Migration> again = migrateConfig(migration->text);
        if (!again) return wrong("the migrated profile is refused: " + migration->text);
        return !again->changed || wrong("a second migration changed something: " + migration->text);
    }

    bool checkPlaceholders(const SandboxConfig& config) const
    {
        const ExpandedConfig expanded = expandPlaceholders(config, {"/home/u", "/w", "/tmp", ""});
        if (expanded.config.has_value() == expanded.replacements.empty())
            return wrong("a configuration changed without a replacement, or the other way round");
        return true;
    }

    static bool isOneLine(const std::string& text)
    {
        return !text.empty() && std::none_of(text.begin(), text.end(),
                                             [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    }

    /// What MXC's executor would say: a sentence of one printable line for each problem, and notes where there is none.
    bool checkExecutor()
    {
        RuleOptions options;
        options.asExecutor = true;
        options.experimental = below(2) == 0;
        options.testingFeatures = below(2) == 0;
        options.fileType = [](const std::string& path) {
            return path.size() % 2 == 0 ? FileType::missing : FileType::directory;
        };
        const ConfigReading reading = examineConfig(m_text, "f", options);
        for (const ConfigProblem& problem : reading.problems) {
            const std::string sentence = mxcSentence(reading.loaded.text, problem);
            if (!isOneLine(sentence)) return wrong("no sentence to show: " + sentence);
        }
        if (!reading.problems.empty()) return true;
        if (!readConfig(m_text, "f")) return wrong("an executor's request that is no profile");
        for (const std::string& note : mxcNotes(reading.loaded.config, options))
            if (!isOneLine(note)) return wrong("no note to show: " + note);
        return true;
    }

    bool checkEdit()
    {
        static const std::vector<std::string> pointers = {"/process/timeout",
                                                          "/filesystem/readonlyPaths/-",
                                                          "/network/egress/allow/0/to/0",
                                                          "/_comment/x/0/-",
                                                          "/experimental/belljar/limits/memoryMb",
                                                          "/a~1b/",
                                                          ""};
        const Result<JsonText> tree = JsonText::parse(m_text);
        if (!tree) return true;
        const std::string& pointer = pointers[below(pointers.size())];
        if (const Result<TextEdit> edit = editSet(*tree, pointer, "{\n  \"x\": [1]\n}")) {
            const Result<JsonText> after = JsonText::parse(applyEdit(m_text, *edit));
            if (!after && after.error().message.find("nested") == std::string::npos)
                return wrong("setting " + pointer + " gives: " + applyEdit(m_text, *edit));
        }
        const Result<TextEdit> removal = editRemove(*tree, pointer);
        return !removal || JsonText::parse(applyEdit(m_text, *removal)) || wrong("removing " + pointer);
    }

    std::mt19937_64 m_random;
    std::string m_text;
};

}  // namespace

int main(int argc, char** argv)
{
    return belljar::fuzzMain<Fuzzer>("config_fuzz", "inputs", argc, argv);
}
