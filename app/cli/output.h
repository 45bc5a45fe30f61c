// How the CLI speaks: text for people, JSON for programs, each in one write.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "core/base/json_object.h"
#include "core/base/result.h"
#include "core/events/session_json.h"
#include "core/model/finding.h"

namespace belljar::cli {

/// Writes to standard output. Text must be escaped already.
void printOut(std::string_view text);
/// Writes to standard error. Text must be escaped already.
void printErr(std::string_view text);
/// Writes there, or to a file. Text must be escaped already.
void printTo(std::FILE* file, std::string_view text);
/// False when something printed with printOut() did not arrive (disk full, closed).
[[nodiscard]] bool outputArrived();

[[nodiscard]] std::string findingJson(const Finding& finding);

[[nodiscard]] std::string_view severityName(Severity severity);

/// "what, where, fix" for people: two lines at most, escaped.
[[nodiscard]] std::string errorText(const Error& error);
/// "name:line:column: warning: message [id]" and the fix on a second line, escaped.
[[nodiscard]] std::string findingText(const Finding& finding, const std::string& profileName);

/// Says an error: for people on standard error; as {"error": ...} on standard output, or on standard error where
/// standard output is the program's.
void reportError(const Error& error, bool json, bool jsonOnStderr = false);

}  // namespace belljar::cli
