#include "core/events/query.h"

#include <algorithm>

#include "core/events/event_table.h"

namespace belljar {

bool Query::matches(const Event& event, const QueryContext& context) const
{
    bool answer = true;
    for (std::size_t at = 0; at < m_steps.size(); ++at) {
        const QueryStep& step = m_steps[at];
        switch (step.kind) {
            case QueryStep::Kind::ask: answer = m_conditions[step.operand].holds(event, context); break;
            case QueryStep::Kind::negate: answer = !answer; break;
            case QueryStep::Kind::jumpIfTrue:
                if (answer) at = step.operand - 1;
                break;
            case QueryStep::Kind::jumpIfFalse:
                if (!answer) at = step.operand - 1;
                break;
        }
    }
    return answer;
}

bool Query::asksTree() const
{
    return std::any_of(m_conditions.begin(), m_conditions.end(),
                       [](const QueryCondition& condition) { return condition.field == QueryFieldId::tree; });
}

bool countable(QueryFieldId field)
{
    return field != QueryFieldId::sequence && field != QueryFieldId::text && field != QueryFieldId::tree;
}

std::string_view groupValue(const Event& event, const QueryContext& context, QueryFieldId field, std::string& buffer)
{
    constexpr std::int64_t kSecond = 1'000'000'000;
    const QueryFieldType type = queryField(field).type;
    const bool inSeconds = type == QueryFieldType::time || type == QueryFieldType::moment;
    if (type != QueryFieldType::number && !inSeconds) return textOf(event, context, field, buffer).value_or("");
    const auto number = numberOf(event, context, field);
    if (!number) return "";
    if (type == QueryFieldType::moment) buffer = momentText(*number);
    else buffer = std::to_string(*number / (inSeconds ? kSecond : 1));
    return buffer;
}

void EventTally::add(const EventTally& other)
{
    if (other.count == 0) return;
    firstNs = count == 0 ? other.firstNs : std::min(firstNs, other.firstNs);
    lastNs = count == 0 ? other.lastNs : std::max(lastNs, other.lastNs);
    count += other.count;
    denied += other.denied;
}

void EventCounter::add(const Event& event, const QueryContext& context)
{
    std::string buffer;
    EventTally tally;
    tally.add(event.timeNs, isDenial(event.verdict, event.absentOnHost));
    add(groupValue(event, context, m_field, buffer), tally);
}

void EventCounter::add(std::string_view value, const EventTally& tally)
{
    m_tallies[std::string(value)].add(tally);
}

std::vector<EventGroup> EventCounter::groups() const
{
    std::vector<EventGroup> groups;
    groups.reserve(m_tallies.size());
    for (const auto& [value, tally] : m_tallies) groups.push_back({tally, value});
    std::sort(groups.begin(), groups.end(), [](const EventGroup& a, const EventGroup& b) {
        return a.count != b.count ? a.count > b.count : a.value < b.value;
    });
    return groups;
}

}  // namespace belljar
