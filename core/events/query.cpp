#include "core/events/query.h"

#include <algorithm>

namespace belljar {

bool Query::matches(const Event& event, const std::vector<Rule>& rules) const
{
    bool answer = true;
    for (std::size_t at = 0; at < m_steps.size(); ++at) {
        const Step& step = m_steps[at];
        switch (step.kind) {
            case Step::Kind::ask: answer = m_conditions[step.operand].holds(event, rules); break;
            case Step::Kind::negate: answer = !answer; break;
            case Step::Kind::jumpIfTrue:
                if (answer) at = step.operand - 1;
                break;
            case Step::Kind::jumpIfFalse:
                if (!answer) at = step.operand - 1;
                break;
        }
    }
    return answer;
}

void EventCounter::add(const Event& event, const std::vector<Rule>& rules)
{
    constexpr std::int64_t kSecond = 1'000'000'000;
    const QueryFieldType type = queryField(m_field).type;
    if (type == QueryFieldType::number || type == QueryFieldType::time) {
        const auto number = numberOf(event, rules, m_field);
        const std::int64_t unit = type == QueryFieldType::time ? kSecond : 1;
        ++m_counts[number ? std::to_string(*number / unit) : ""];
        return;
    }
    std::string buffer;
    ++m_counts[std::string(textOf(event, rules, m_field, buffer).value_or(""))];
}

std::vector<EventGroup> EventCounter::groups() const
{
    std::vector<EventGroup> groups;
    groups.reserve(m_counts.size());
    for (const auto& [value, count] : m_counts) groups.push_back({value, count});
    std::sort(groups.begin(), groups.end(), [](const EventGroup& a, const EventGroup& b) {
        return a.count != b.count ? a.count > b.count : a.value < b.value;
    });
    return groups;
}

}  // namespace belljar
