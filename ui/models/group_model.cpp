#include "ui/models/group_model.h"

#include <algorithm>

#include "core/events/query_pattern.h"
#include "ui/models/shown_text.h"

namespace belljar {

namespace {

constexpr std::size_t kAtOnce = 50'000;
constexpr std::size_t kCellBytes = 400;

}  // namespace

GroupModel::GroupModel(QObject* parent) : QAbstractTableModel(parent) {}

void GroupModel::count(const EventColumns& events, const SessionFacts& facts, const Query& query, QueryFieldId field)
{
    const auto work = [events, facts, query, field] {
        return countEvents(events, facts.context(), selectEvents(events, facts.context(), query), field);
    };
    if (events.size() <= kAtOnce) {
        m_job.cancel();
        show(work(), field);
        return;
    }
    m_job.start([this, work, field]() -> LatestJob::Finish {
        const auto groups = std::make_shared<std::vector<EventGroup>>(work());
        return [this, groups, field] { show(std::move(*groups), field); };
    });
}

void GroupModel::show(std::vector<EventGroup> groups, QueryFieldId field)
{
    beginResetModel();
    m_groups = std::move(groups);
    m_field = field;
    order();
    endResetModel();
    emit counted();
}

void GroupModel::clear()
{
    m_job.cancel();
    show({}, m_field);
}

void GroupModel::order()
{
    const auto less = [this](const EventGroup& a, const EventGroup& b) {
        switch (m_sortColumn) {
            case kCount: return a.count < b.count;
            case kDenied: return a.denied < b.denied;
            case kFirst: return a.firstNs < b.firstNs;
            case kLast: return a.lastNs < b.lastNs;
            default: return a.value < b.value;
        }
    };
    if (m_sortOrder == Qt::AscendingOrder) std::stable_sort(m_groups.begin(), m_groups.end(), less);
    else
        std::stable_sort(m_groups.begin(), m_groups.end(),
                         [&](const EventGroup& a, const EventGroup& b) { return less(b, a); });
}

void GroupModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0 || column >= kColumnCount) return;
    beginResetModel();
    m_sortColumn = column;
    m_sortOrder = order;
    this->order();
    endResetModel();
}

std::string GroupModel::queryOf(int row) const
{
    const EventGroup& group = m_groups[static_cast<std::size_t>(row)];
    const QueryFieldRow& field = queryField(m_field);
    if (group.value.empty()) return {};
    // Whole seconds were counted.
    if (field.type == QueryFieldType::time)
        return "time>=" + group.value + "s time<" + std::to_string(std::stoll(group.value) + 1) + "s";
    const bool written = field.type == QueryFieldType::number || field.type == QueryFieldType::moment;
    return std::string(field.name) + "=" + (written ? group.value : writtenText(group.value));
}

int GroupModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_groups.size());
}

int GroupModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kColumnCount;
}

QString GroupModel::cellText(const EventGroup& group, int column) const
{
    const auto seconds = [](std::int64_t ns) { return QString::number(static_cast<double>(ns) / 1e9, 'f', 4); };
    switch (column) {
        case kValue: return group.value.empty() ? tr("(none)") : shownWithoutSecrets(group.value, kCellBytes);
        case kCount: return QString::number(group.count);
        case kDenied: return group.denied == 0 ? QString() : QString::number(group.denied);
        case kFirst: return seconds(group.firstNs);
        case kLast: return seconds(group.lastNs);
        default: return {};
    }
}

QVariant GroupModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const EventGroup& group = m_groups[static_cast<std::size_t>(index.row())];
    if (role == Qt::DisplayRole) return cellText(group, index.column());
    if (role == Qt::AccessibleTextRole)
        return tr("%1: %2 events, %3 denied")
            .arg(cellText(group, kValue), QString::number(group.count), QString::number(group.denied));
    if (role == Qt::TextAlignmentRole && index.column() != kValue)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    return {};
}

QVariant GroupModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case kValue: {
            QString title = shown(queryField(m_field).name);
            return title.replace(0, 1, title.at(0).toUpper());
        }
        case kCount: return tr("Events");
        case kDenied: return tr("Denied");
        case kFirst: return tr("First (s)");
        case kLast: return tr("Last (s)");
        default: return {};
    }
}

}  // namespace belljar
