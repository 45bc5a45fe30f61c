// Events, rules and sessions as tests of the desktop app make them up.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/events/event_collector.h"
#include "core/events/query.h"

namespace belljar::test {

inline std::vector<Rule> rules()
{
    std::vector<Rule> table(builtin_rule::kCount);
    table.push_back({RuleSource::profile, "deniedPaths: /secret", {"/filesystem/deniedPaths/0", 12, 5}});
    return table;
}

inline Event makeEvent(std::int32_t pid, std::uint64_t start, std::int32_t parent, EventVerdict verdict,
                       std::string object)
{
    Event event;
    event.pid = pid;
    event.processStart = start;
    event.parentPid = parent;
    event.processName = "cat";
    event.object = std::move(object);
    event.verdict = verdict;
    event.rule = verdict == EventVerdict::denied ? builtin_rule::kCount : 0;
    event.result = verdict == EventVerdict::denied ? 13 : 0;
    event.trust = ResultTrust::seen;
    return event;
}

/// A session that grows: each call gives what there is then.
class Session {
public:
    const EventColumns& add(std::vector<Event> events)
    {
        for (Event& event : events) {
            event.sequence = ++m_sequence;
            if (event.timeNs == 0) event.timeNs = static_cast<std::int64_t>(m_sequence) * 1'000'000;
        }
        m_collector.append(events);
        return m_collector.columns();
    }
    /// As if so many had been lost.
    void skip(std::uint64_t count) { m_sequence += count; }

private:
    EventCollector m_collector;
    std::uint64_t m_sequence = 0;
};

/// `text` must be a query.
inline Query query(const std::string& text)
{
    return std::get<Query>(parseQuery(text, "/home/u"));
}

}  // namespace belljar::test
