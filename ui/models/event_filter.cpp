#include "ui/models/event_filter.h"

#include "core/events/event_table.h"
#include "ui/models/shown_text.h"

namespace belljar {

namespace {

constexpr std::size_t kSearchedBytes = 32'768;  ///< More than the longest path, fully escaped.

}  // namespace

bool EventFilter::matches(const Event& event, const std::vector<Rule>& rules) const
{
    if (deniedOnly && event.verdict != EventVerdict::denied) return false;
    if (!processes.isEmpty() && !processes.contains({event.pid, event.processStart})) return false;
    if (contains.isEmpty()) return true;
    const auto hit = [this](const QString& text) { return text.contains(contains, Qt::CaseInsensitive); };
    const std::string_view title = eventRow(event.kind).title;
    return hit(shownElided(event.object, kSearchedBytes)) || hit(shownElided(event.processName, kSearchedBytes)) ||
           hit(shown(title)) || hit(shown(resultText(event))) || hit(shownElided(event.detail, kSearchedBytes)) ||
           hit(ruleText(event, rules)) || hit(QString::number(event.pid));
}

bool isDenial(const Event& event)
{
    return event.verdict == EventVerdict::denied && !event.absentOnHost;
}

QString ruleText(const Event& event, const std::vector<Rule>& rules)
{
    if (event.verdict == EventVerdict::none || event.rule >= rules.size()) return {};
    return shownElided(rules[event.rule].text, 200);
}

}  // namespace belljar
