// The reader against the verdicts of MXC's real executor.
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/result.h"
#include "core/config/config_io.h"
#include "core/config/state_aware.h"
#include "shared_files.h"

namespace belljar {
namespace {

struct Case {
    std::string id;
    std::string category;
    std::string input;
    std::string stage;
    std::string reason;
};

std::string fromBase64(const std::string& text)
{
    static const std::string kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    unsigned bits = 0;
    int count = 0;
    for (const char c : text) {
        const std::size_t value = kAlphabet.find(c);
        if (value == std::string::npos) break;
        bits = bits << 6U | static_cast<unsigned>(value);
        count += 6;
        if (count < 8) continue;
        count -= 8;
        out += static_cast<char>(bits >> static_cast<unsigned>(count) & 0xffU);
    }
    return out;
}

/// The cases that come with the text of a configuration; those about the command line are not the reader's.
std::vector<Case> corpus()
{
    std::vector<Case> result;
    std::istringstream lines(fileText(sharedPath("mxc/corpus.jsonl")));
    for (std::string line; std::getline(lines, line);) {
        const nlohmann::json row = nlohmann::json::parse(line);
        Case item{row["id"], row["category"], row.value("input", ""), row["stage"], row.value("reason", "")};
        if (row["via"] == "args" || row["stage"] == "cli") continue;
        if (item.reason.find("Failed to decode base64") != std::string::npos) continue;  // Never became a text.
        if (row.contains("input_base64")) item.input = fromBase64(row["input_base64"]);
        if (row["via"] == "base64") item.input = fromBase64(item.input);
        result.push_back(std::move(item));
    }
    return result;
}

/// MXC's reader takes a list of all members in the place of any object; Belljar's does not, and says so.
bool isListForObject(const Case& item)
{
    return item.category == "gen-positional-array";
}

/// Refusals of the executor's parse stage that depend on the machine, on the backend that was chosen for it, or on
/// whether a command is given in another way. In Belljar these belong to preparation and to the backends.
bool isAboutMoreThanTheText(const Case& item)
{
    static const char* const kBeginnings[] = {"error: ",
                                              "'process' section is required",
                                              "Missing required field",
                                              "Bubblewrap:",
                                              "LXC:",
                                              "WSLc:",
                                              "Seatbelt:",
                                              "ProcessContainer runtimeConfig",
                                              "Network proxy is only supported with",
                                              "processContainer.captureDenials.outputPath"};
    for (const char* beginning : kBeginnings)
        if (item.reason.rfind(beginning, 0) == 0) return true;
    // `process` is bubblewrap on the executor's Linux; on Windows and macOS these sections belong to it.
    return item.reason.find("'containment' is 'bubblewrap' (no per-backend") != std::string::npos &&
           item.input.find("\"bubblewrap\"") == std::string::npos &&
           (item.reason.find("section(s): processContainer.") != std::string::npos ||
            item.reason.find("section(s): seatbelt.") != std::string::npos);
}

TEST(Corpus, TheReaderAgreesWithTheRealExecutor)
{
    const std::vector<Case> cases = corpus();
    if (cases.empty()) GTEST_SKIP() << "no corpus at " << sharedPath("mxc/corpus.jsonl");
    std::map<std::string, int> agreed;
    std::map<std::string, int> wrong;
    std::map<std::string, int> notOurs;
    for (const Case& item : cases) {
        const bool expected = item.stage != "parse";
        const Result<LoadedConfig> read = readConfig(item.input, item.id);
        const std::optional<RuleViolation> refusal = read ? oneShotRefusal(read->config) : std::nullopt;
        EXPECT_TRUE(!refusal || expected || refusal->message == item.reason) << item.id;
        if ((read.ok() && !refusal) == expected) {
            ++agreed[item.category];
            continue;
        }
        if (expected ? isListForObject(item) : isAboutMoreThanTheText(item)) {
            ++notOurs[item.category];
            continue;
        }
        ++wrong[item.category];
        ADD_FAILURE() << item.id << " (" << item.category << ") expected " << (expected ? "accept" : "reject: ")
                      << item.reason << "\n"
                      << item.input.substr(0, 300) << "\n"
                      << (read ? std::string("accepted") : describe(read.error()));
    }
    int total = 0;
    int left = 0;
    for (const auto& [category, count] : agreed) {
        std::cout << category << ": " << count << " agree, " << wrong[category] << " wrong, " << notOurs[category]
                  << " not the reader's\n";
        total += count;
    }
    for (const auto& [category, count] : notOurs) left += count;
    std::cout << "total: " << total << " of " << cases.size() << " agree, " << left << " not the reader's\n";
    EXPECT_GE(total * 100, static_cast<int>(cases.size()) * 94) << "the allowances above swallow too much";
}

}  // namespace
}  // namespace belljar
