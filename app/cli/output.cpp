#include "app/cli/output.h"

#include <cstdio>

#include <spdlog/fmt/fmt.h>

#include "core/base/visible.h"
#include "core/platform/platform.h"

namespace belljar::cli {
namespace {

bool g_outputArrived = true;  // Only main()'s thread prints to standard output.

}  // namespace

void printOut(std::string_view text)
{
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
        g_outputArrived = false;
}

void printErr(std::string_view text)
{
    printTo(stderr, text);
}

void printTo(std::FILE* file, std::string_view text)
{
    if (file != stderr || !isRawTerminal(2)) {
        std::fwrite(text.data(), 1, text.size(), file);
        return;
    }
    std::string lines;
    for (const char c : text) lines += c == '\n' ? std::string("\r\n") : std::string(1, c);
    std::fwrite(lines.data(), 1, lines.size(), file);
}

bool outputArrived()
{
    return g_outputArrived;
}

std::string findingJson(const Finding& finding)
{
    std::vector<std::string> changes;
    for (const ProfileChange& change : finding.changes)
        changes.push_back(
            JsonObject().text("pointer", change.pointer).raw("value", change.json.value_or("null")).str());
    return JsonObject()
        .text("severity", severityName(finding.severity))
        .text("id", finding.id)
        .text("message", finding.message)
        .raw("place", placeJson(finding.place))
        .text("fix", finding.fix)
        .raw("changes", jsonArray(changes))
        .str();
}

std::string_view severityName(Severity severity)
{
    switch (severity) {
        case Severity::note: return "note";
        case Severity::warning: return "warning";
        case Severity::error: return "error";
    }
    return "error";
}

std::string errorText(const Error& error)
{
    std::string text;
    if (!error.where.empty()) text += visible(error.where) + ": ";
    text += visible(error.message);
    if (!error.native.empty()) text += " (" + visible(error.native) + ")";
    text += '\n';
    if (!error.hint.empty()) text += "  fix: " + visible(error.hint) + "\n";
    return text;
}

/// A pointer may hold a hostile key.
constexpr std::size_t kLongestPointer = 1000;

std::string findingText(const Finding& finding, const std::string& profileName)
{
    const std::string& own = profileName.empty() ? std::string("profile") : profileName;
    std::string text = visible(finding.place.file.empty() ? own : finding.place.file);
    if (finding.place.line != 0) text += fmt::format(":{}:{}", finding.place.line, finding.place.column);
    if (!finding.place.pointer.empty()) text += " (" + visibleElided(finding.place.pointer, kLongestPointer) + ")";
    text += fmt::format(": {}: {}", severityName(finding.severity), visible(finding.message));
    if (!finding.id.empty()) text += " [" + visible(finding.id) + "]";
    text += '\n';
    if (!finding.fix.empty()) text += "  fix: " + visible(finding.fix) + "\n";
    return text;
}

void reportError(const Error& error, bool json, bool jsonOnStderr)
{
    if (!json) {
        printErr("belljar: " + errorText(error));
        return;
    }
    const std::string document = JsonObject().raw("error", errorJson(error)).str() + "\n";
    if (jsonOnStderr) printErr(document);
    else printOut(document);
}

}  // namespace belljar::cli
