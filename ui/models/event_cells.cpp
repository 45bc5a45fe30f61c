// What the cells of the event table say.
#include "core/events/event_table.h"
#include "core/events/query_number.h"
#include "ui/models/event_table_model.h"
#include "ui/models/shown_text.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kCellBytes = 400;
constexpr double kNsPerSecond = 1e9;

}  // namespace

QString ruleText(const Event& event, const std::vector<Rule>& rules)
{
    if (event.verdict == EventVerdict::none || event.rule >= rules.size()) return {};
    return shownElided(rules[event.rule].text, 200);
}

QString EventTableModel::noteText(const Event& event) const
{
    const auto note = m_notes.find(event.sequence);
    if (note == m_notes.end()) return {};
    return note->second.empty() ? tr("Bookmark") : shownElided(note->second, kCellBytes);
}

QString EventTableModel::cellText(const Event& event, int column) const
{
    const auto shownText = [&](std::string_view text) {
        return isRevealed(event.sequence) ? shownElided(text, kCellBytes) : shownWithoutSecrets(text, kCellBytes);
    };
    switch (column) {
        case kTime: return QString::number(static_cast<double>(event.timeNs) / kNsPerSecond, 'f', 4);
        case kProcess: return u"%1 %2"_s.arg(shownElided(event.processName, 64), QString::number(event.pid));
        case kOperation: return shown(eventRow(event.kind).title);
        case kObject: return shownText(event.object.empty() ? event.detail : event.object);
        case kResult: return shown(resultText(event));
        case kVerdict: return shown(verdictText(event));
        case kRule: return ruleText(event, rules());
        case kNote: return noteText(event);
        default: break;
    }
    const QueryFieldId field = fieldOf(column);
    const QueryFieldType type = queryField(field).type;
    if (type == QueryFieldType::number || type == QueryFieldType::moment) {
        const auto number = numberOf(event, context(), field);
        if (!number) return {};
        return type == QueryFieldType::moment ? shown(momentText(*number)) : QString::number(*number);
    }
    std::string buffer;
    return shownText(textOf(event, context(), field, buffer).value_or(""));
}

QString EventTableModel::accessibleText(const Event& event) const
{
    const QString verdict = event.verdict == EventVerdict::none ? tr("Event") : shown(verdictText(event));
    const QString rule = ruleText(event, rules());
    const QString note = noteText(event);
    QString what = u"%1: %2 %3 %4"_s.arg(verdict, cellText(event, kProcess), cellText(event, kOperation),
                                         cellText(event, kObject));
    if (!rule.isEmpty()) what = tr("%1, rule %2").arg(what, rule);
    for (const HighlightRule& highlight : m_highlights)
        if (highlight.query.matches(event, context())) what = tr("%1, highlighted: %2").arg(what, highlight.name);
    return note.isEmpty() ? what : tr("%1, note: %2").arg(what, note);
}

}  // namespace belljar
