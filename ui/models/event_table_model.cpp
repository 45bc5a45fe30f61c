#include "ui/models/event_table_model.h"

#include "core/events/event_table.h"
#include "ui/models/shown_text.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kCellBytes = 400;
constexpr double kNsPerSecond = 1e9;

}  // namespace

EventTableModel::EventTableModel(QObject* parent) : QAbstractTableModel(parent) {}

void EventTableModel::reset(std::vector<Rule> rules)
{
    beginResetModel();
    m_events.clear();
    m_rows.clear();
    m_rules = std::move(rules);
    m_filter.processes.clear();
    m_denied = 0;
    m_notShown = 0;
    endResetModel();
}

void EventTableModel::append(std::span<const Event> events)
{
    std::vector<std::uint32_t> rows;
    for (const Event& event : events) {
        if (isDenial(event)) ++m_denied;
        if (m_events.size() >= kMostEvents) {
            ++m_notShown;
            continue;
        }
        if (m_filter.matches(event, m_rules)) rows.push_back(static_cast<std::uint32_t>(m_events.size()));
        m_events.push_back(event);
    }
    if (rows.empty()) return;
    const int first = static_cast<int>(m_rows.size());
    beginInsertRows({}, first, first + static_cast<int>(rows.size()) - 1);
    m_rows.insert(m_rows.end(), rows.begin(), rows.end());
    endInsertRows();
}

void EventTableModel::setFilter(const EventFilter& filter)
{
    beginResetModel();
    m_filter = filter;
    m_rows.clear();
    for (std::size_t i = 0; i < m_events.size(); ++i) {
        if (m_filter.matches(m_events[i], m_rules)) m_rows.push_back(static_cast<std::uint32_t>(i));
    }
    endResetModel();
}

int EventTableModel::nextDenial(int row, int step) const
{
    const int count = rowCount();
    int next = row < 0 && step < 0 ? count - 1 : row + step;
    for (; next >= 0 && next < count; next += step) {
        if (isDenial(event(next))) return next;
    }
    return -1;
}

int EventTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int EventTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kColumnCount;
}

QString EventTableModel::cellText(const Event& event, int column) const
{
    switch (column) {
        case kTime: return QString::number(static_cast<double>(event.timeNs) / kNsPerSecond, 'f', 4);
        case kProcess: return u"%1 %2"_s.arg(shownElided(event.processName, 64), QString::number(event.pid));
        case kOperation: return shown(eventRow(event.kind).title);
        case kObject:
            return event.object.empty() ? shownElided(event.detail, kCellBytes) : shownElided(event.object, kCellBytes);
        case kResult: return shown(resultText(event));
        case kVerdict: return shown(verdictText(event));
        case kRule: return ruleText(event, m_rules);
        default: return {};
    }
}

QString EventTableModel::accessibleText(const Event& event) const
{
    const QString verdict = event.verdict == EventVerdict::none ? tr("Event") : shown(verdictText(event));
    const QString rule = ruleText(event, m_rules);
    const QString what = u"%1: %2 %3 %4"_s.arg(verdict, cellText(event, kProcess), cellText(event, kOperation),
                                               cellText(event, kObject));
    return rule.isEmpty() ? what : tr("%1, rule %2").arg(what, rule);
}

QVariant EventTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Event& shownEvent = event(index.row());
    switch (role) {
        case Qt::DisplayRole: return cellText(shownEvent, index.column());
        case Qt::AccessibleTextRole: return accessibleText(shownEvent);
        case Qt::TextAlignmentRole:
            return index.column() == kTime ? QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter))
                                           : QVariant();
        case kDenialRole: return isDenial(shownEvent);
        case kAbsentRole: return shownEvent.verdict == EventVerdict::denied && shownEvent.absentOnHost;
        default: return {};
    }
}

QVariant EventTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case kTime: return tr("Time");
        case kProcess: return tr("Process");
        case kOperation: return tr("Operation");
        case kObject: return tr("Object");
        case kResult: return tr("Result");
        case kVerdict: return tr("Verdict");
        case kRule: return tr("Rule");
        default: return {};
    }
}

}  // namespace belljar
