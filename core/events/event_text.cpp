// How events are written for people (one aligned line) and for programs (one JSON object).
#include <algorithm>

#include <spdlog/fmt/fmt.h>

#include "core/base/visible.h"
#include "core/events/event_table.h"

namespace belljar {
namespace {

constexpr std::size_t kProcessColumns = 18;
constexpr std::size_t kTitleColumns = 14;
constexpr std::size_t kObjectColumns = 60;
constexpr std::size_t kDetailLimit = 120;  // Bytes of arguments shown in a line; the JSON has all of them.

/// Appends `text` and blanks up to `columns`. Counts characters, not bytes; wide characters may shift a line.
void appendPadded(std::string& line, std::string_view text, std::size_t columns)
{
    line += text;
    const auto width = static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
    line.append(width < columns ? columns - width : 0, ' ');
    line += ' ';
}

/// The rule that decided, or nullptr: recordings may hold any number.
const Rule* decidingRule(const Event& event, const std::vector<Rule>& rules)
{
    return event.verdict != EventVerdict::none && event.rule < rules.size() ? &rules[event.rule] : nullptr;
}

}  // namespace

std::string_view trustName(ResultTrust trust)
{
    switch (trust) {
        case ResultTrust::unknown: return "unknown";
        case ResultTrust::derived: return "derived";
        case ResultTrust::seen: return "seen";
    }
    return "unknown";
}

std::string_view ruleSourceName(RuleSource source)
{
    switch (source) {
        case RuleSource::builtIn: return "builtIn";
        case RuleSource::base: return "base";
        case RuleSource::profile: return "profile";
        case RuleSource::commandLine: return "commandLine";
        case RuleSource::live: return "live";
    }
    return "builtIn";
}

std::string resultText(const Event& event)
{
    if (event.result == kResultUnknown || event.trust == ResultTrust::unknown) return "?";
    const std::string_view mark = event.trust == ResultTrust::derived ? "~" : "";
    return std::string(mark) + errnoName(event.result);
}

std::string_view verdictText(const Event& event)
{
    switch (event.verdict) {
        case EventVerdict::none: return "";
        case EventVerdict::allowed: return "allowed";
        case EventVerdict::denied: return event.absentOnHost ? "absent" : "denied";
    }
    return "";
}

std::string eventLine(const Event& event, const std::vector<Rule>& rules)
{
    std::string line = fmt::format("{:9.3f}  ", static_cast<double>(event.timeNs) / 1e9);
    appendPadded(line, fmt::format("{}[{}]", visible(event.processName), event.pid), kProcessColumns);
    appendPadded(line, eventRow(event.kind).title, kTitleColumns);
    std::string object = visible(event.object);
    if (!event.detail.empty()) {
        if (!object.empty()) object += "  ";
        object += "(" + visibleElided(event.detail, kDetailLimit) + ")";
    }
    appendPadded(line, object, kObjectColumns);
    appendPadded(line, resultText(event), 8);
    appendPadded(line, verdictText(event), 7);
    if (const Rule* rule = decidingRule(event, rules)) {
        line += visible(rule->text);
        const std::string file = rule->place.file.empty() ? std::string() : visible(rule->place.file) + " ";
        if (rule->place.line != 0) line += fmt::format(" ({}line {})", file, rule->place.line);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
}

std::string eventJson(const Event& event, const std::vector<Rule>& rules)
{
    const EventKindRow& row = eventRow(event.kind);
    std::string json = fmt::format(
        R"({{"sequence":{},"timeNs":{},"pid":{},"parentPid":{},"insidePid":{},"processStart":{},"process":{},)",
        event.sequence, event.timeNs, event.pid, event.parentPid, event.insidePid, event.processStart,
        jsonQuote(event.processName));
    json += fmt::format(R"("kind":"{}","category":"{}","origin":"{}")", row.name, categoryName(row.category),
                        originName(event.origin));
    json += ",\"object\":" + jsonQuote(event.object) + ",\"detail\":" + jsonQuote(event.detail);
    if (event.result == kResultUnknown) json += R"(,"errno":null,"result":null)";
    else json += fmt::format(R"(,"errno":{},"result":"{}")", event.result, errnoName(event.result));
    json += fmt::format(R"(,"trust":"{}","verdict":)", trustName(event.trust));
    if (event.verdict == EventVerdict::none) json += "null";
    else json += event.verdict == EventVerdict::allowed ? "\"allowed\"" : "\"denied\"";
    json += event.absentOnHost ? ",\"absentOnHost\":true" : ",\"absentOnHost\":false";
    if (event.mechanism != Mechanism::none) json += fmt::format(R"(,"mechanism":"{}")", mechanismName(event.mechanism));
    if (const Rule* rule = decidingRule(event, rules))
        json += fmt::format(R"(,"rule":{{"id":{},"source":"{}","text":{},"pointer":{},"line":{},"column":{}{}}}}})",
                            event.rule, ruleSourceName(rule->source), jsonQuote(rule->text),
                            jsonQuote(rule->place.pointer), rule->place.line, rule->place.column,
                            rule->place.file.empty() ? "" : ",\"file\":" + jsonQuote(rule->place.file));
    else json += R"(,"rule":null})";
    return json;
}

}  // namespace belljar
