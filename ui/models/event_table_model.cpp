#include "ui/models/event_table_model.h"

#include <array>
#include <limits>

#include "core/events/event_table.h"
#include "core/events/query_number.h"
#include "core/events/query_pattern.h"
#include "ui/models/shown_text.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kAtOnce = 100'000;  ///< As many events are filtered faster than a worker has been asked.
constexpr std::size_t kNothingRead = std::numeric_limits<std::size_t>::max();

struct ColumnRow {
    QueryFieldId field;
    const char* title;
    bool shownAtFirst;
    int characters;
};

constexpr std::array<ColumnRow, EventTableModel::kColumnCount> kColumns{{
    {QueryFieldId::time, QT_TRANSLATE_NOOP("belljar::EventTableModel", "Time"), true, 9},
    {QueryFieldId::process, QT_TRANSLATE_NOOP("belljar::EventTableModel", "Process"), true, 15},
    {QueryFieldId::operation, QT_TRANSLATE_NOOP("belljar::EventTableModel", "Operation"), true, 14},
    {QueryFieldId::object, QT_TRANSLATE_NOOP("belljar::EventTableModel", "Object"), true, 50},
    {QueryFieldId::result, QT_TRANSLATE_NOOP("belljar::EventTableModel", "Result"), true, 11},
    {QueryFieldId::verdict, QT_TRANSLATE_NOOP("belljar::EventTableModel", "Verdict"), true, 13},
    {QueryFieldId::rule, QT_TRANSLATE_NOOP("belljar::EventTableModel", "Rule"), true, 30},
    {QueryFieldId::sequence, QT_TRANSLATE_NOOP("belljar::EventTableModel", "Note"), false, 20},
    {QueryFieldId::detail, QT_TRANSLATE_NOOP("belljar::EventTableModel", "Arguments"), false, 24},
    {QueryFieldId::sequence, QT_TRANSLATE_NOOP("belljar::EventTableModel", "Number"), false, 9},
    {QueryFieldId::wall, QT_TRANSLATE_NOOP("belljar::EventTableModel", "Clock (UTC)"), false, 20},
    {QueryFieldId::pid, QT_TRANSLATE_NOOP("belljar::EventTableModel", "Process id"), false, 10},
    {QueryFieldId::parent, QT_TRANSLATE_NOOP("belljar::EventTableModel", "Parent id"), false, 10},
    {QueryFieldId::insidePid, QT_TRANSLATE_NOOP("belljar::EventTableModel", "Id inside"), false, 9},
    {QueryFieldId::kind, QT_TRANSLATE_NOOP("belljar::EventTableModel", "Kind"), false, 16},
    {QueryFieldId::category, QT_TRANSLATE_NOOP("belljar::EventTableModel", "Category"), false, 11},
    {QueryFieldId::trust, QT_TRANSLATE_NOOP("belljar::EventTableModel", "Result known"), false, 13},
    {QueryFieldId::source, QT_TRANSLATE_NOOP("belljar::EventTableModel", "Rule from"), false, 13},
    {QueryFieldId::line, QT_TRANSLATE_NOOP("belljar::EventTableModel", "Line"), false, 6},
    {QueryFieldId::mechanism, QT_TRANSLATE_NOOP("belljar::EventTableModel", "Mechanism"), false, 16},
    {QueryFieldId::origin, QT_TRANSLATE_NOOP("belljar::EventTableModel", "Seen by"), false, 10},
}};

bool isNumber(int column)
{
    const QueryFieldType type = queryField(EventTableModel::fieldOf(column)).type;
    return column != EventTableModel::kNote && (type == QueryFieldType::number || type == QueryFieldType::time);
}

}  // namespace

EventTableModel::EventTableModel(QObject* parent) : QAbstractTableModel(parent), m_readNumber(kNothingRead)
{
    connect(&m_job, &LatestJob::busyChanged, this, &EventTableModel::busyChanged);
}

void EventTableModel::reset(std::vector<Rule> rules, std::int64_t startedUnixNs)
{
    m_job.cancel();
    beginResetModel();
    m_events = {};
    m_facts = {std::make_shared<const std::vector<Rule>>(std::move(rules)), startedUnixNs};
    m_tree = {};
    m_knownProcesses = 0;
    m_deniedShapes.clear();
    m_denied = 0;
    m_heldBack = 0;
    m_shown = m_wanted;
    m_rows = m_shown.isAll() ? RowIndex() : RowIndex(std::vector<std::uint32_t>());
    m_notes.clear();
    m_revealed.clear();
    m_readNumber = kNothingRead;
    endResetModel();
}

void EventTableModel::countNew(std::size_t before)
{
    for (; m_knownProcesses < m_events.processTable.size(); ++m_knownProcesses) {
        const RecordedProcess& process = m_events.processTable[m_knownProcesses];
        m_tree.add(process.pid, process.start, process.parentPid);
    }
    while (m_deniedShapes.size() < m_events.shapeTable.size()) {
        const EventShape& shape = m_events.shapeTable[m_deniedShapes.size()];
        m_deniedShapes.push_back(isDenial(shape.verdict, shape.absentOnHost) ? 1 : 0);
    }
    for (std::size_t event = before; event < m_events.size(); ++event)
        m_denied += m_deniedShapes[m_events.shapes[event]];
}

std::vector<std::uint32_t> EventTableModel::fittingFrom(std::size_t first) const
{
    const EventSet fitting = selectEvents(m_events.from(first), context(), m_shown.query, 1);
    std::vector<std::uint32_t> numbers = fitting.numbers();
    for (std::uint32_t& number : numbers) number += static_cast<std::uint32_t>(first);
    return numbers;
}

void EventTableModel::extend(const EventColumns& events, std::span<const Rule> moreRules)
{
    if (!moreRules.empty()) {
        std::vector<Rule> rules = *m_facts.rules;
        rules.insert(rules.end(), moreRules.begin(), moreRules.end());
        m_facts.rules = std::make_shared<const std::vector<Rule>>(std::move(rules));
    }
    const std::size_t before = m_events.size();
    m_events = events;
    if (m_events.size() == before) return;
    countNew(before);
    if (before == 0 && m_events.size() > kAtOnce && !m_shown.isAll()) {
        refresh();  // A recording: its rows are made by the worker.
        return;
    }
    const int first = rowCount();
    if (m_rows.isAll()) {
        beginInsertRows({}, first, static_cast<int>(m_events.size()) - 1);
        m_rows.growTo(m_events.size());
        endInsertRows();
        return;
    }
    const std::vector<std::uint32_t> numbers = fittingFrom(before);
    if (m_shown.sort) m_heldBack += numbers.size();
    if (numbers.empty() || m_shown.sort) return;
    beginInsertRows({}, first, first + static_cast<int>(numbers.size()) - 1);
    m_rows.append(numbers);
    endInsertRows();
}

void EventTableModel::setView(EventView view)
{
    m_wanted = std::move(view);
    if (m_events.size() <= kAtOnce || m_wanted.isAll()) {
        m_job.cancel();
        show(m_wanted, makeRows(m_events, m_facts, m_wanted), m_events.size());
        return;
    }
    m_job.start([this, events = m_events, facts = m_facts, wanted = m_wanted]() -> LatestJob::Finish {
        const auto rows = std::make_shared<RowIndex>(makeRows(events, facts, wanted));
        return [this, rows, wanted, seen = events.size()] { show(wanted, std::move(*rows), seen); };
    });
}

void EventTableModel::show(const EventView& view, RowIndex rows, std::size_t seen)
{
    beginResetModel();
    m_shown = view;
    m_rows = std::move(rows);
    m_heldBack = 0;
    m_readNumber = kNothingRead;
    if (m_rows.isAll()) m_rows.growTo(m_events.size());
    else if (seen < m_events.size()) {
        const std::vector<std::uint32_t> later = fittingFrom(seen);
        if (m_shown.sort) m_heldBack = later.size();
        else m_rows.append(later);
    }
    endResetModel();
    emit viewChanged();
}

void EventTableModel::sort(int column, Qt::SortOrder order)
{
    EventView view = m_wanted;
    view.sort = EventSort{fieldOf(column), order == Qt::DescendingOrder};
    if (view.sort != m_wanted.sort) setView(std::move(view));
}

void EventTableModel::unsort()
{
    EventView view = m_wanted;
    view.sort.reset();
    if (m_wanted.sort) setView(std::move(view));
}

void EventTableModel::setHighlights(std::vector<HighlightRule> rules)
{
    m_highlights = std::move(rules);
    if (rowCount() != 0) emit dataChanged(index(0, 0), index(rowCount() - 1, kColumnCount - 1), {kHighlightRole});
}

void EventTableModel::setRevealed(std::uint64_t sequence, bool revealed)
{
    if (revealed) m_revealed.insert(sequence);
    else m_revealed.erase(sequence);
    if (rowCount() != 0) emit dataChanged(index(0, 0), index(rowCount() - 1, kColumnCount - 1));
}

void EventTableModel::setNotes(Notes notes)
{
    m_notes = std::move(notes);
    if (rowCount() != 0) emit dataChanged(index(0, 0), index(rowCount() - 1, kColumnCount - 1));
}

void EventTableModel::setNote(std::uint64_t sequence, const std::string* text)
{
    if (text != nullptr) m_notes[sequence] = *text;
    else m_notes.erase(sequence);
    if (const int row = rowOf(m_events.eventOf(sequence)); row >= 0)
        emit dataChanged(index(row, 0), index(row, kColumnCount - 1));
}

const Event& EventTableModel::event(int row) const
{
    const std::size_t number = eventNumber(row);
    if (number != m_readNumber) m_events.read(number, m_read);
    m_readNumber = number;
    return m_read;
}

int EventTableModel::rowOf(std::size_t event) const
{
    const auto row = m_rows.rowOf(event, m_shown.sort.has_value());
    return row ? static_cast<int>(*row) : -1;
}

int EventTableModel::nextDenial(int row, int step) const
{
    const int count = rowCount();
    int next = row < 0 && step < 0 ? count - 1 : row + step;
    for (; next >= 0 && next < count; next += step) {
        if (m_deniedShapes[m_events.shapes[eventNumber(next)]] != 0) return next;
    }
    return -1;
}

QueryFieldId EventTableModel::fieldOf(int column)
{
    return kColumns[static_cast<std::size_t>(column)].field;
}

bool EventTableModel::shownAtFirst(int column)
{
    return kColumns[static_cast<std::size_t>(column)].shownAtFirst;
}

int EventTableModel::charactersOf(int column)
{
    return kColumns[static_cast<std::size_t>(column)].characters;
}

std::string EventTableModel::cellQuery(const QModelIndex& index) const
{
    const Event& cellEvent = event(index.row());
    const QueryFieldRow& field = queryField(fieldOf(index.column()));
    const std::string name = std::string(field.name) + "=";
    if (field.type == QueryFieldType::time) return name + std::to_string(cellEvent.timeNs) + "ns";
    if (field.type == QueryFieldType::number || field.type == QueryFieldType::moment) {
        const auto number = numberOf(cellEvent, context(), field.id);
        if (!number) return {};
        return name + (field.type == QueryFieldType::moment ? momentText(*number) : std::to_string(*number));
    }
    std::string buffer;
    const auto text = textOf(cellEvent, context(), field.id, buffer);
    return text ? name + writtenText(*text) : std::string();
}

int EventTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int EventTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kColumnCount;
}

QVariant EventTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const int column = index.column();
    switch (role) {
        case Qt::DisplayRole: return cellText(event(index.row()), column);
        case Qt::AccessibleTextRole: return accessibleText(event(index.row()));
        case Qt::TextAlignmentRole:
            return isNumber(column) ? QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter))
                                    : QVariant();
        case kDenialRole: return isDenial(event(index.row()));
        case kAbsentRole: {
            const Event& shownEvent = event(index.row());
            return shownEvent.verdict == EventVerdict::denied && shownEvent.absentOnHost;
        }
        case kHighlightRole: return highlightOf(event(index.row()));
        case kNotedRole: return m_notes.contains(m_events.sequence(eventNumber(index.row())));
        default: return {};
    }
}

QVariant EventTableModel::highlightOf(const Event& event) const
{
    for (const HighlightRule& rule : m_highlights)
        if (rule.query.matches(event, context())) return rule.colour;
    return {};
}

QVariant EventTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= kColumnCount) return {};
    if (role == Qt::ToolTipRole && section != kNote) {
        const QueryFieldRow& field = queryField(fieldOf(section));
        return tr("In queries: %1").arg(shown(field.name));
    }
    return role == Qt::DisplayRole ? tr(kColumns[static_cast<std::size_t>(section)].title) : QVariant();
}

}  // namespace belljar
