// Where attempts that no rule covers wait for an answer, so that nobody is asked twice, and nobody too often.
//
// Who decides asks the desk for each such attempt, and is told whether it is let out, refused or held; a held one is
// asked about again when something was answered or time has gone by. A question that nobody answers, or that is one too
// many, is denied once, and no rule is written.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "core/model/access.h"
#include "core/model/network_question.h"

namespace belljar {

/// All methods are safe from any thread. Callbacks are called without a lock, and not for a session that has ended.
class AskDesk {
public:
    using Clock = std::chrono::steady_clock;
    struct Callbacks {
        std::function<void(const NetworkQuestion&)> onQuestion;
        std::function<void(std::uint64_t number, AskEnd end)> onOver;
    };
    AskDesk(Callbacks callbacks, std::chrono::milliseconds patience)
        : m_callbacks(std::move(callbacks)), m_patience(patience)
    {
    }

    struct Ruling {
        enum class Kind { allowed, denied, held } kind = Kind::denied;
        RuleId rule = 0;             ///< Of what is allowed.
        std::uint64_t question = 0;  ///< Of what is held.
    };
    /// About something that no rule covers. `choices` are made only for a new question: see NetworkQuestion::choices;
    /// without any it is denied.
    Ruling consider(const Access& access, const std::function<std::vector<NetworkQuestion::Choice>()>& choices,
                    Clock::time_point now);
    /// Publishes a question, once it is known who began it; the first call counts.
    void tell(std::uint64_t number, const FlowProcess& process);

    /// Those that are open and published, oldest first.
    [[nodiscard]] std::vector<NetworkQuestion> open() const;
    /// nullopt: it is open no more.
    [[nodiscard]] std::optional<NetworkQuestion> find(std::uint64_t number) const;
    /// What was answered, for this question and for all others that `spec` covers; `rule` is the one that allows.
    void settle(const NetworkQuestion& question, const NetworkSpec& spec, bool allow, AskSpan span, RuleId rule,
                Clock::time_point now);
    /// Denies what was not answered in time.
    void tidy(Clock::time_point now);
    /// Nothing is asked any more, and no callback is called again.
    void close();

private:
    struct Key {
        bool isLookup = false;
        IpProtocol protocol = IpProtocol::tcp;
        std::string host;  ///< The name, else the address.
        std::uint16_t port = 0;
        auto operator<=>(const Key&) const = default;
    };
    struct Known {
        bool allow = false;
        RuleId rule = 0;
        Clock::time_point until;
        std::chrono::seconds quiet{0};  ///< For how long it was denied the last time.
    };
    struct Open {
        NetworkQuestion question;
        Key key;
        bool isTold = false;
    };
    [[nodiscard]] static Key keyOf(const Access& access);
    [[nodiscard]] bool mayAsk(Clock::time_point now);
    void denyOnce(const Key& key, Clock::time_point now);
    [[nodiscard]] const Known* known(const Key& key, Clock::time_point now) const;

    const Callbacks m_callbacks;
    const std::chrono::milliseconds m_patience;
    mutable std::mutex m_mutex;
    std::map<std::uint64_t, Open> m_open;
    std::map<Key, Known> m_known;
    std::vector<NetworkSpec> m_denied;       ///< For this run, without a rule.
    std::vector<Clock::time_point> m_asked;  ///< When the latest questions were asked.
    std::uint64_t m_last = 0;
    bool m_isClosed = false;
};

}  // namespace belljar
