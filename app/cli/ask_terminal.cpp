#include "app/cli/ask_terminal.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <mutex>
#include <thread>

#include <spdlog/fmt/fmt.h>

#include "core/base/visible.h"
#include "core/policy/network_words.h"

namespace belljar::cli {
namespace {

std::string choicesText(const NetworkQuestion& question)
{
    std::string text;
    for (std::size_t i = 0; i < question.choices.size(); ++i)
        text += fmt::format("  {}  {}\n", i + 1, visible(question.choices[i].spec.text));
    return text;
}

std::string_view takeWord(std::string_view& text)
{
    constexpr const char* kBlank = " \t\r\n";
    text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
    const std::string_view word = text.substr(0, text.find_first_of(kBlank));
    text.remove_prefix(word.size());
    return word;
}

}  // namespace

std::string questionText(const NetworkQuestion& question)
{
    std::string text = question.process.pid == 0
                           ? std::string("A program")
                           : fmt::format("{} ({})", visible(question.process.name), question.process.pid);
    if (question.isLookup) return text + " looks up " + visible(question.name);
    text += " wants to reach ";
    if (!question.name.empty()) text += visible(question.name) + " at ";
    const bool bracket = question.address.find(':') != std::string::npos;
    return text + fmt::format("{}{}{}:{}/{}", bracket ? "[" : "", question.address, bracket ? "]" : "", question.port,
                              protocolName(question.protocol));
}

std::optional<NetworkAnswer> answerFrom(const NetworkQuestion& question, std::string_view typed)
{
    NetworkAnswer answer;
    answer.number = question.number;
    const std::string_view word = takeWord(typed);
    if (word.empty() || word == "n" || word == "y") {
        answer.allow = word == "y";
    } else if (word == "N" || word == "Y") {
        answer.allow = word == "Y";
        answer.span = AskSpan::run;
    } else if (word == "A") {
        answer.allow = true;
        answer.span = AskSpan::always;
    } else {
        return std::nullopt;
    }
    const std::string_view which = takeWord(typed);
    if (!takeWord(typed).empty()) return std::nullopt;
    if (which.empty()) return answer;
    if (which.size() == 1 && which[0] >= '1' && which[0] <= '9')
        answer.choice = static_cast<std::size_t>(which[0] - '1');
    else return std::nullopt;
    if (answer.choice >= question.choices.size()) return std::nullopt;
    return answer;
}

struct AskTerminal::State {
    std::mutex mutex;
    std::condition_variable news;
    std::deque<NetworkQuestion> waiting;  ///< The first one is asked.
    bool isOver = false;
    std::mutex answering;  ///< Held while `answer` is called.
    Answerer answer;
    std::FILE* input = nullptr;
    std::FILE* output = nullptr;

    ~State()
    {
        if (input != nullptr) std::fclose(input);
        if (output != nullptr) std::fclose(output);
    }

    void say(const std::string& text) const
    {
        std::fwrite(text.data(), 1, text.size(), output);
        std::fflush(output);
    }

    /// The next question, once there is one; nullopt: it is over.
    std::optional<NetworkQuestion> next()
    {
        std::unique_lock lock(mutex);
        news.wait(lock, [this] { return isOver || !waiting.empty(); });
        if (isOver) return std::nullopt;
        return waiting.front();
    }

    bool isOpen(std::uint64_t number)
    {
        const std::lock_guard lock(mutex);
        return std::any_of(waiting.begin(), waiting.end(),
                           [number](const NetworkQuestion& question) { return question.number == number; });
    }

    void drop(std::uint64_t number)
    {
        const std::lock_guard lock(mutex);
        std::erase_if(waiting, [number](const NetworkQuestion& question) { return question.number == number; });
        news.notify_all();
    }

    void ask(const NetworkQuestion& question)
    {
        say("belljar: " + questionText(question) + "\n" + choicesText(question) +
            "  n no, y yes (this once); N, Y the same for this run; A always - of 1, or e.g. `Y 2` [n] ");
        std::array<char, 256> line{};
        // Who closes the terminal, or its line (Ctrl+D), has said nothing: no, for this once.
        if (std::fgets(line.data(), static_cast<int>(line.size()), input) == nullptr) std::clearerr(input);
        const std::optional<NetworkAnswer> wanted = answerFrom(question, line.data());
        if (!isOpen(question.number)) {
            say("belljar: too late, it was denied\n");
            return;
        }
        if (!wanted) {
            say("belljar: that is no answer\n");
            return;
        }
        const std::lock_guard lock(answering);
        if (!answer) return;
        const Result<NetworkAnswered> done = answer(*wanted);
        if (!done) say("belljar: " + visible(done.error().message) + "\n");
        drop(question.number);
    }
};

AskTerminal::AskTerminal() : m_state(std::make_shared<State>()) {}

AskTerminal::~AskTerminal()
{
    close();
}

bool AskTerminal::open()
{
    // A stream for each way: one that is both must be repositioned between, and a terminal cannot.
    m_state->input = std::fopen("/dev/tty", "r");
    m_state->output = std::fopen("/dev/tty", "w");
    return m_state->input != nullptr && m_state->output != nullptr;
}

void AskTerminal::begin(Answerer answer)
{
    m_state->answer = std::move(answer);
    std::thread([state = m_state] {
        while (const std::optional<NetworkQuestion> question = state->next()) state->ask(*question);
    }).detach();
}

void AskTerminal::close()
{
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->isOver = true;
        m_state->waiting.clear();
        m_state->news.notify_all();
    }
    const std::lock_guard lock(m_state->answering);
    m_state->answer = nullptr;
}

void AskTerminal::add(const NetworkQuestion& question)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->waiting.push_back(question);
    m_state->news.notify_all();
}

void AskTerminal::remove(std::uint64_t number)
{
    m_state->drop(number);
}

}  // namespace belljar::cli
