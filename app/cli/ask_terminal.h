// `belljar run --ask`: what no rule covers is asked on the terminal, one question at a time.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/engine/session.h"

namespace belljar::cli {

/// "python3 (4711) wants to reach www.example.org at 192.0.2.1:443/tcp"
[[nodiscard]] std::string questionText(const NetworkQuestion& question);

/// What was typed, as the answer to that question; nullopt: it is none. Nothing and "n": no, for this once.
[[nodiscard]] std::optional<NetworkAnswer> answerFrom(const NetworkQuestion& question, std::string_view typed);

class AskTerminal {
public:
    AskTerminal();
    /// Nobody is asked any more. Its thread may wait for a line as long as Belljar is there; nothing comes of it.
    ~AskTerminal();
    AskTerminal(const AskTerminal&) = delete;
    AskTerminal& operator=(const AskTerminal&) = delete;

    /// False where there is no terminal.
    [[nodiscard]] bool open();
    using Answerer = std::function<Result<NetworkAnswered>(const NetworkAnswer&)>;
    /// Asks what is added, from now on. `answer` gets what was typed, on a thread of its own, until close().
    void begin(Answerer answer);
    void close();

    /// From any thread.
    void add(const NetworkQuestion& question);
    void remove(std::uint64_t number);

private:
    struct State;
    const std::shared_ptr<State> m_state;
};

}  // namespace belljar::cli
