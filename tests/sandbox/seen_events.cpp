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
    event.verdict = text(line, "verdict");
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

}  // namespace belljar::test
