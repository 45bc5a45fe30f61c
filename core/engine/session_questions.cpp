#include "core/engine/session_questions.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "core/policy/network_words.h"

namespace belljar {
namespace {

using json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 3> kSpans{"once", "run", "always"};    // by AskSpan
constexpr std::array<std::string_view, 3> kScopes{"address", "host", "all"};  // by AskScope

std::string textOf(const json& value)
{
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

json objectFrom(const std::string& text)
{
    json value = json::parse(text, nullptr, false);
    return value.is_object() ? value : json::object();
}

std::string stringAt(const json& object, const char* key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t numberAt(const json& object, const char* key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

bool flagAt(const json& object, const char* key)
{
    const auto found = object.find(key);
    return found != object.end() && *found == true;
}

json choicesJson(const NetworkQuestion& question)
{
    json choices = json::array();
    for (const NetworkQuestion::Choice& choice : question.choices)
        choices.push_back({{"scope", kScopes[static_cast<std::size_t>(choice.scope)]}, {"rule", choice.spec.text}});
    return choices;
}

NetworkQuestion questionFrom(const json& one)
{
    NetworkQuestion question;
    question.number = static_cast<std::uint64_t>(numberAt(one, "number"));
    question.isLookup = flagAt(one, "lookup");
    if (stringAt(one, "protocol") == "udp") question.protocol = IpProtocol::udp;
    question.address = stringAt(one, "address");
    question.port = static_cast<std::uint16_t>(numberAt(one, "port"));
    question.name = stringAt(one, "name");
    question.process.pid = static_cast<std::int32_t>(numberAt(one, "pid"));
    question.process.name = stringAt(one, "process");
    question.until = std::chrono::steady_clock::now() + std::chrono::milliseconds(numberAt(one, "leftMs"));
    const auto choices = one.find("choices");
    if (choices == one.end() || !choices->is_array()) return question;
    for (const json& choice : *choices) {
        if (!choice.is_object()) continue;
        const auto scope = std::find(kScopes.begin(), kScopes.end(), stringAt(choice, "scope"));
        Result<NetworkSpec> spec = parseNetworkSpec(stringAt(choice, "rule"));
        if (scope != kScopes.end() && spec)
            question.choices.push_back({static_cast<AskScope>(scope - kScopes.begin()), std::move(spec).value()});
    }
    return question;
}

}  // namespace

std::string questionsText(const std::vector<NetworkQuestion>& questions)
{
    json list = json::array();
    const auto now = std::chrono::steady_clock::now();
    for (const NetworkQuestion& question : questions) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(question.until - now);
        list.push_back({{"number", question.number},
                        {"lookup", question.isLookup},
                        {"protocol", std::string(protocolName(question.protocol))},
                        {"address", question.address},
                        {"port", question.port},
                        {"name", question.name},
                        {"pid", question.process.pid},
                        {"process", question.process.name},
                        {"leftMs", std::max<std::int64_t>(0, left.count())},
                        {"choices", choicesJson(question)}});
    }
    return textOf({{"questions", std::move(list)}});
}

std::vector<NetworkQuestion> questionsFromText(const std::string& text)
{
    std::vector<NetworkQuestion> questions;
    const json object = objectFrom(text);
    const auto list = object.find("questions");
    if (list == object.end() || !list->is_array()) return questions;
    for (const json& one : *list)
        if (one.is_object()) questions.push_back(questionFrom(one));
    return questions;
}

std::string answerText(const NetworkAnswer& answer)
{
    return textOf({{"number", answer.number},
                   {"choice", answer.choice},
                   {"allow", answer.allow},
                   {"span", kSpans[static_cast<std::size_t>(answer.span)]}});
}

Result<NetworkAnswer> answerFromText(const std::string& text, const std::string& by)
{
    constexpr std::size_t kMembers = 5;  // with "do"
    const json request = objectFrom(text);
    const auto isNumber = [&](const char* key) {
        const auto found = request.find(key);
        return found != request.end() && found->is_number_unsigned();
    };
    const auto allow = request.find("allow");
    const auto span = std::find(kSpans.begin(), kSpans.end(), stringAt(request, "span"));
    const bool right = request.size() == kMembers && isNumber("number") && isNumber("choice") &&
                       allow != request.end() && allow->is_boolean() && span != kSpans.end();
    if (!right)
        return Error{ErrorCode::malformedRequest,
                     "an answer has \"number\", \"choice\", \"allow\" and \"span\": once, run or always",
                     {},
                     {},
                     {}};
    return NetworkAnswer{request["number"].get<std::uint64_t>(), allow->get<bool>(),
                         static_cast<AskSpan>(span - kSpans.begin()), request["choice"].get<std::size_t>(), by};
}

std::string answeredText(const NetworkAnswered& answered)
{
    return textOf({{"rule", answered.spec},
                   {"allow", answered.allow},
                   {"profileList", answered.profileList},
                   {"profileElement", answered.profileElement}});
}

NetworkAnswered answeredFromText(const std::string& text)
{
    const json object = objectFrom(text);
    return {stringAt(object, "rule"), flagAt(object, "allow"), stringAt(object, "profileList"),
            stringAt(object, "profileElement")};
}

}  // namespace belljar
