// How the CLI speaks: text for people, JSON for programs, each in one write.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/model/event.h"
#include "core/model/event_source.h"
#include "core/model/finding.h"
#include "core/model/outcome.h"
#include "core/model/policy.h"

namespace belljar::cli {

/// Writes to standard output. Text must be escaped already.
void printOut(std::string_view text);
/// Writes to standard error. Text must be escaped already.
void printErr(std::string_view text);
/// Writes there, or to a file. Text must be escaped already.
void printTo(std::FILE* file, std::string_view text);
/// False when something printed with printOut() did not arrive (disk full, closed).
[[nodiscard]] bool outputArrived();

/// A JSON object in the making; keys are literals of ours and are not escaped.
class JsonObject {
public:
    JsonObject& text(std::string_view key, std::string_view value);
    JsonObject& number(std::string_view key, std::int64_t value);
    JsonObject& number(std::string_view key, std::uint64_t value);
    JsonObject& number(std::string_view key, int value) { return number(key, static_cast<std::int64_t>(value)); }
    JsonObject& number(std::string_view key, std::uint32_t value)
    {
        return number(key, static_cast<std::uint64_t>(value));
    }
    JsonObject& flag(std::string_view key, bool value);
    JsonObject& raw(std::string_view key, std::string_view json);  ///< `json` must be valid.
    [[nodiscard]] std::string str() const;                         ///< On one line, without a newline.

private:
    std::string m_members;
};

[[nodiscard]] std::string jsonArray(const std::vector<std::string>& elements);  ///< Elements are JSON.
[[nodiscard]] std::string jsonTexts(const std::vector<std::string>& texts);     ///< Elements are texts.
[[nodiscard]] std::string placeJson(const SourcePlace& place);
[[nodiscard]] std::string ruleJson(RuleId id, const Rule& rule);
[[nodiscard]] std::string findingJson(const Finding& finding);
[[nodiscard]] std::string errorJson(const Error& error);
[[nodiscard]] std::string outcomeJson(const Outcome& outcome);
[[nodiscard]] std::string lossesJson(const Losses& losses);
[[nodiscard]] std::string lossesText(const Losses& losses);  ///< For people: how many at which hop.
[[nodiscard]] std::string sourceJson(const SourceFacts& source);

[[nodiscard]] std::string_view severityName(Severity severity);

/// "what, where, fix" for people: two lines at most, escaped.
[[nodiscard]] std::string errorText(const Error& error);
/// "name:line:column: warning: message [id]" and the fix on a second line, escaped.
[[nodiscard]] std::string findingText(const Finding& finding, const std::string& profileName);

/// Says an error: for people on standard error; as {"error": ...} on standard output, or on standard error where
/// standard output is the program's.
void reportError(const Error& error, bool json, bool jsonOnStderr = false);

}  // namespace belljar::cli
