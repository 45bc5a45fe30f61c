// belljar answer: what a running session asks, and answering from another terminal.
#include <algorithm>
#include <array>
#include <charconv>

#include <spdlog/fmt/fmt.h>

#include "app/cli/ask_terminal.h"
#include "app/cli/option_parser.h"
#include "app/cli/output.h"
#include "app/cli/verb.h"
#include "core/base/visible.h"
#include "core/engine/answered_rule.h"
#include "core/engine/session_control.h"

namespace belljar::cli {
namespace {

struct AnswerOptions {
    std::optional<std::string> session, number, allow, span, choice, profile;
    bool json = false;
};

int fail(const Error& error, bool json, int code = kProblem)
{
    reportError(error, json);
    return code;
}

std::string questionJson(const NetworkQuestion& question)
{
    std::vector<std::string> choices;
    for (const NetworkQuestion::Choice& choice : question.choices) choices.push_back(jsonQuote(choice.spec.text));
    return JsonObject()
        .number("number", static_cast<std::int64_t>(question.number))
        .text("question", questionText(question))
        .text("name", question.name)
        .text("address", question.address)
        .number("port", question.port)
        .raw("choices", jsonArray(choices))
        .str();
}

int showQuestions(const SessionInfo& info, bool json)
{
    const Result<std::vector<NetworkQuestion>> questions = sessionQuestions(info.id);
    if (!questions) return fail(questions.error(), json);
    std::vector<std::string> lines;
    std::string text;
    for (const NetworkQuestion& question : *questions) {
        lines.push_back(questionJson(question));
        text += fmt::format("{}  {}\n", question.number, visible(questionText(question)));
        for (std::size_t i = 0; i < question.choices.size(); ++i)
            text += fmt::format("     {}  {}\n", i + 1, visible(question.choices[i].spec.text));
    }
    printOut(json           ? JsonObject().raw("questions", jsonArray(lines)).str() + "\n"
             : text.empty() ? std::string("Nothing is asked.\n")
                            : text);
    return kOk;
}

Result<std::uint64_t> numberFrom(const std::string& text, const char* what)
{
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc{} && end == text.data() + text.size() && number > 0) return number;
    return Error{ErrorCode::malformedRequest, fmt::format("{} is a number from 1", what), text, {}, {}};
}

Result<NetworkAnswer> wantedAnswer(const AnswerOptions& options)
{
    NetworkAnswer answer;
    const Result<std::uint64_t> number = numberFrom(*options.number, "a question");
    if (!number) return number.error();
    const Result<std::uint64_t> choice = numberFrom(options.choice.value_or("1"), "--choice");
    if (!choice) return choice.error();
    answer.number = *number;
    answer.choice = *choice - 1;
    answer.allow = options.allow == "allow";
    if (options.span == "run") answer.span = AskSpan::run;
    if (options.span == "always") answer.span = AskSpan::always;
    if (answer.span != AskSpan::always || options.profile) return answer;
    return Error{ErrorCode::malformedRequest, "a rule for always is written into a profile", "--profile", {}, {}};
}

}  // namespace

int answerVerb(const Arguments& arguments)
{
    AnswerOptions options;
    OptionParser parser(
        "answer SESSION [NUMBER allow|deny [--for once|run|always] [--choice N] [--profile FILE]] [--json]",
        "Shows what a session that runs with --ask wants to know, or answers one question.");
    parser.positional("SESSION", options.session, "Its id, the beginning of it, or the number of its belljar process",
                      true);
    parser.positional("NUMBER", options.number, "The question", false);
    parser.positional("ANSWER", options.allow, "allow or deny", false);
    parser.choice("--for", options.span, {"once", "run", "always"}, "For how long it holds; once unless given");
    parser.option("--choice", options.choice, "N",
                  "Which of the rules that the question lists; the first unless given");
    parser.option("--profile", options.profile, "FILE", "With --for always: the profile that gets the rule");
    parser.flag("--json", options.json, "Print one JSON document");
    if (const std::optional<int> code = parser.parse(arguments, kUsage)) return *code;
    const Result<SessionInfo> info = findSession(*options.session);
    if (!info) return fail(info.error(), options.json);
    if (!options.number) return showQuestions(*info, options.json);
    if (options.allow != "allow" && options.allow != "deny")
        return fail({ErrorCode::malformedRequest, "an answer is allow or deny", options.allow.value_or(""), {}, {}},
                    options.json, kUsage);
    const Result<NetworkAnswer> answer = wantedAnswer(options);
    if (!answer) return fail(answer.error(), options.json, kUsage);
    const Result<NetworkAnswered> answered = answerSession(info->id, *answer);
    if (!answered) return fail(answered.error(), options.json);
    if (answer->span == AskSpan::always)
        if (const Result<void> written = writeAnswer(*options.profile, *answered); !written)
            return fail(written.error(), options.json);
    const char* const word = answered->allow ? "allowed" : "denied";
    printOut(options.json ? JsonObject().text("rule", answered->spec).text("answer", word).str() + "\n"
                          : fmt::format("{}: {}\n", visible(answered->spec), word));
    return kOk;
}

}  // namespace belljar::cli
