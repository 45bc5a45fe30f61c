// Reading `--events jsonl`: apart from runner.cpp, because the JSON library takes long to compile.
#include <nlohmann/json.hpp>

#include <gtest/gtest.h>

#include "tests/sandbox/runner.h"

namespace belljar::test {
namespace {

using Json = nlohmann::json;

std::string text(const Json& object, const char* key)
{
    const auto at = object.find(key);
    return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

SeenEvent eventOf(const Json& line)
{
    SeenEvent event;
    event.kind = text(line, "kind");
    event.object = text(line, "object");
    event.detail = text(line, "detail");
    event.verdict = text(line, "verdict");
    event.mechanism = text(line, "mechanism");
    event.absentOnHost = line.value("absentOnHost", false);
    event.result = text(line, "result");
    event.trust = text(line, "trust");
    event.process = text(line, "process");
    if (line.contains("errno") && line["errno"].is_number_integer()) event.error = line["errno"].get<int>();
    const auto rule = line.find("rule");
    if (rule == line.end() || !rule->is_object()) return event;
    event.hasRule = true;
    event.ruleId = rule->value("id", 0U);
    event.ruleText = text(*rule, "text");
    event.ruleSource = text(*rule, "source");
    event.rulePointer = text(*rule, "pointer");
    return event;
}

}  // namespace

std::vector<SeenEvent> parseEvents(const std::string& jsonLines)
{
    std::vector<SeenEvent> events;
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = jsonLines.find('\n', begin)) != std::string::npos; begin = end + 1) {
        const Json line = Json::parse(jsonLines.begin() + static_cast<std::ptrdiff_t>(begin),
                                      jsonLines.begin() + static_cast<std::ptrdiff_t>(end), nullptr, false);
        if (!line.is_object()) {
            ADD_FAILURE() << "not a JSON object: " << jsonLines.substr(begin, end - begin);
            continue;
        }
        if (line.contains("kind")) events.push_back(eventOf(line));
    }
    return events;
}

SeenExplanation parseExplanation(const std::string& json)
{
    SeenExplanation seen;
    const Json document = Json::parse(json, nullptr, false);
    const Json answers = document.is_object() ? document.value("answers", Json::array()) : Json::array();
    if (answers.size() != 1) {
        ADD_FAILURE() << "no explanation: " << json;
        return seen;
    }
    const Json& answer = answers.front();
    const Json rule = answer.value("rule", Json::object());
    const Json remedy = answer.value("remedy", Json::object());
    seen.allowed = answer.value("allowed", false);
    seen.errorName = text(answer, "errno");
    seen.mechanism = text(answer, "mechanism");
    seen.sentence = text(answer, "sentence");
    seen.ruleText = text(rule, "text");
    seen.ruleSource = text(rule, "source");
    seen.remedy = text(remedy, "kind");
    seen.removePointer = text(remedy, "remove");
    seen.grant = text(remedy, "grant");
    seen.access = text(remedy, "access");
    seen.remedySentence = text(remedy, "sentence");
    const Json rules = remedy.value("rules", Json::array());
    if (!rules.empty()) seen.networkRule = text(rules.front(), "rule");
    return seen;
}

}  // namespace belljar::test
