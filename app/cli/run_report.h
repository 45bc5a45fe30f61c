// What `belljar run` tells about a run: events while they happen, and a summary at its end.
#pragma once

#include <cstdio>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "app/cli/ask_terminal.h"
#include "app/cli/expectations.h"
#include "core/engine/session.h"
#include "core/events/query.h"
#include "core/model/finding.h"

namespace belljar::cli {

enum class EventsMode { none, pretty, jsonl };

class RunReport final : public SessionObserver {
public:
    /// `sink` is not owned and may be nullptr. `finished` is called once, on one of the session's threads.
    RunReport(EventsMode mode, std::FILE* sink, std::vector<Rule> rules, std::function<void()> finished);

    /// Before the session starts: only such events are shown. All are counted.
    void showOnly(Query filter) { m_filter = std::move(filter); }
    /// The same: what is to be seen.
    void expect(Expectations expected) { m_expected = std::move(expected); }
    /// The same: who is shown questions; it must outlive the session.
    void askAt(AskTerminal& asker) { m_asker = &asker; }

    void onEvents(std::span<const Event> events) override;
    void onRules(std::span<const Rule> rules) override { m_rules.assign(rules.begin(), rules.end()); }
    void onQuestion(const NetworkQuestion& question) override
    {
        if (m_asker != nullptr) m_asker->add(question);
    }
    void onQuestionOver(std::uint64_t number, AskEnd /*end*/) override
    {
        if (m_asker != nullptr) m_asker->remove(number);
    }
    void onOutput(int stream, std::string_view bytes) override;
    void onFinished(const Outcome& outcome, const Losses& losses) override;

    // The rest only after the session has ended.

    /// What a person should know: failures and losses always, what was denied when `withDenials` says so.
    [[nodiscard]] std::string closingText(const Outcome& outcome, bool withDenials) const;
    [[nodiscard]] bool isAsExpected() const { return m_expected.areMet(m_losses.total()); }
    /// Everything as one JSON document on one line.
    [[nodiscard]] std::string document(const Outcome& outcome, int exitCode, const std::vector<Finding>& findings,
                                       const RecordingHeader& header, const std::string& recording) const;

private:
    struct Denial {
        Event event;
        std::uint64_t count = 0;
    };

    void count(const Event& event);
    [[nodiscard]] QueryContext contextOf(const Event& event);

    EventsMode m_mode;
    std::FILE* m_sink;
    std::vector<Rule> m_rules;
    std::function<void()> m_finished;
    std::map<std::pair<EventKind, std::string>, Denial> m_denials;  ///< Bounded; what does not fit is only counted.
    std::uint64_t m_events = 0;
    std::uint64_t m_denied = 0;
    Losses m_losses;
    Query m_filter;
    Expectations m_expected;
    AskTerminal* m_asker = nullptr;
    ProcessTree m_processes;         ///< Only where a query asks for it.
    std::int64_t m_startUnixNs = 0;  ///< Wall clock at the session's first event, less that event's time.
};

}  // namespace belljar::cli
