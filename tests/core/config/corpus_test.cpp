// The reader against the verdicts of MXC's real executor.
#include <filesystem>
#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/base64.h"
#include "core/config/config_io.h"
#include "core/config/mxc_sentence.h"
#include "shared_files.h"

namespace belljar {
namespace {

struct Case {
    std::string id;
    std::string category;
    std::string input;
    std::string stage;
    std::string reason;  ///< What the executor's message must hold.
    bool experimental = false;
    bool testingFeatures = false;
};

/// The cases that come with the text of a configuration; those about the command line are not the reader's.
std::vector<Case> corpus()
{
    std::vector<Case> result;
    std::istringstream lines(fileText(sharedPath("mxc/corpus.jsonl")));
    for (std::string line; std::getline(lines, line);) {
        const nlohmann::json row = nlohmann::json::parse(line);
        Case item{row["id"], row["category"], row.value("input", ""), row["stage"], row.value("reason_substring", "")};
        if (item.reason.starts_with("error: ")) item.stage = "engine";  // Some of these are filed under parse.
        if (row["via"] == "args" || row["stage"] == "cli") continue;
        if (row.contains("input_base64")) item.input = decodeBase64(row["input_base64"].get<std::string>()).value();
        if (row["via"] == "base64") {
            const std::optional<std::string> decoded = decodeBase64(item.input);
            EXPECT_EQ(decoded.has_value(), item.reason.find("Failed to decode base64") == std::string::npos) << item.id;
            if (!decoded) continue;
            item.input = *decoded;
        }
        for (const std::string flag : row["flags"]) {
            item.experimental = item.experimental || flag == "--experimental";
            item.testingFeatures = item.testingFeatures || flag == "--allow-testing-features";
        }
        result.push_back(std::move(item));
    }
    return result;
}

FileType typeOf(const std::string& path)
{
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) return FileType::directory;
    return std::filesystem::exists(path, ignored) ? FileType::regular : FileType::missing;
}

std::string stageOf(const ConfigReading& reading)
{
    if (reading.problems.empty()) return "ok";
    const ConfigProblem& first = reading.problems.front();
    if (first.kind != ProblemKind::rule) return "parse";
    if (first.rule->scope == RuleScope::engine) return "engine";
    return first.rule->scope == RuleScope::backend ? "validate" : "parse";
}

TEST(Corpus, TheReaderAgreesWithTheRealExecutorInVerdictStageAndWords)
{
    const std::vector<Case> cases = corpus();
    if (cases.empty()) GTEST_SKIP() << "no corpus at " << sharedPath("mxc/corpus.jsonl");
    std::size_t otherWords = 0;
    for (const Case& item : cases) {
        RuleOptions options;
        options.asExecutor = true;
        options.experimental = item.experimental;
        options.testingFeatures = item.testingFeatures;
        options.fileType = typeOf;
        const ConfigReading reading = examineConfig(item.input, item.id, options);
        EXPECT_EQ(stageOf(reading), item.stage) << item.id << " " << item.reason << "\n" << item.input.substr(0, 300);
        if (reading.problems.empty() || item.reason.empty()) continue;
        const std::string sentence = mxcSentence(reading.loaded.text, reading.problems.front());
        // The names of the file and of the stage stand around it, or it is cut where the place follows.
        const bool same =
            sentence.find(item.reason) != std::string::npos || item.reason.find(sentence) != std::string::npos;
        if (same) continue;
        ++otherWords;
        std::cout << item.id << ": expected " << item.reason << "\n    said " << sentence.substr(0, 200) << "\n";
    }
    std::cout << cases.size() << " cases, " << otherWords << " with other words\n";
    EXPECT_LE(otherWords * 100, cases.size());
}

}  // namespace
}  // namespace belljar
