#include "app/cli/output.h"

#include <cstdio>

#include <spdlog/fmt/fmt.h>

#include "core/base/visible.h"
#include "core/events/event_table.h"
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

JsonObject& JsonObject::raw(std::string_view key, std::string_view json)
{
    if (!m_members.empty()) m_members += ',';
    m_members += fmt::format("\"{}\":{}", key, json);
    return *this;
}

JsonObject& JsonObject::text(std::string_view key, std::string_view value)
{
    return raw(key, jsonQuote(value));
}
JsonObject& JsonObject::number(std::string_view key, std::int64_t value)
{
    return raw(key, fmt::format("{}", value));
}
JsonObject& JsonObject::number(std::string_view key, std::uint64_t value)
{
    return raw(key, fmt::format("{}", value));
}
JsonObject& JsonObject::flag(std::string_view key, bool value)
{
    return raw(key, value ? "true" : "false");
}
std::string JsonObject::str() const
{
    return "{" + m_members + "}";
}

std::string jsonArray(const std::vector<std::string>& elements)
{
    std::string json;
    for (const std::string& element : elements) json += (json.empty() ? "" : ",") + element;
    return "[" + json + "]";
}

std::string jsonTexts(const std::vector<std::string>& texts)
{
    std::vector<std::string> quoted;
    quoted.reserve(texts.size());
    for (const std::string& text : texts) quoted.push_back(jsonQuote(text));
    return jsonArray(quoted);
}

std::string placeJson(const SourcePlace& place)
{
    JsonObject json;
    if (!place.file.empty()) json.text("file", place.file);
    return json.text("pointer", place.pointer).number("line", place.line).number("column", place.column).str();
}

std::string ruleJson(RuleId id, const Rule& rule)
{
    return JsonObject()
        .number("id", id)
        .text("source", ruleSourceName(rule.source))
        .text("text", rule.text)
        .raw("place", placeJson(rule.place))
        .str();
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

std::string errorJson(const Error& error)
{
    return JsonObject()
        .text("code", errorCodeName(error.code))
        .text("message", error.message)
        .text("where", error.where)
        .text("native", error.native)
        .text("hint", error.hint)
        .str();
}

std::string outcomeJson(const Outcome& outcome)
{
    JsonObject json;
    json.text("ending", endingName(outcome.ending));
    if (const auto* exited = std::get_if<Exited>(&outcome.ending)) json.number("code", exited->code);
    if (const auto* signaled = std::get_if<Signaled>(&outcome.ending)) json.number("signal", signaled->signal);
    if (const auto* timedOut = std::get_if<TimedOut>(&outcome.ending))
        json.number("limitMs", static_cast<std::int64_t>(timedOut->limit.count()));
    if (const auto* killed = std::get_if<Killed>(&outcome.ending)) json.text("reason", killed->reason);
    if (const auto* limit = std::get_if<LimitReached>(&outcome.ending)) json.text("limit", limit->limit);
    if (const auto* failed = std::get_if<SetupFailed>(&outcome.ending)) json.raw("error", errorJson(failed->error));
    if (!outcome.note.empty()) json.text("note", outcome.note);
    json.text("sentence", describe(outcome));
    json.number("durationNs", static_cast<std::int64_t>(outcome.duration.count()));
    json.number("cpuTimeUs", static_cast<std::int64_t>(outcome.cpuTime.count()));
    json.number("peakMemoryKb", static_cast<std::uint64_t>(outcome.peakMemoryKb));
    return json.str();
}

std::string lossesJson(const Losses& losses)
{
    return JsonObject()
        .number("source", static_cast<std::uint64_t>(losses.source))
        .number("recording", static_cast<std::uint64_t>(losses.recording))
        .number("queue", static_cast<std::uint64_t>(losses.queue))
        .str();
}

std::string lossesText(const Losses& losses)
{
    return fmt::format("{} events at the source, {} while recording, {} on the way to who looks", losses.source,
                       losses.recording, losses.queue);
}

std::string sourceJson(const SourceFacts& source)
{
    return JsonObject()
        .text("id", source.id)
        .text("mechanism", source.mechanism)
        .raw("blindSpots", jsonTexts(source.blindSpots))
        .text("whyNotBetter", source.whyNotBetter)
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
