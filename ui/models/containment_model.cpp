#include "ui/models/containment_model.h"

#include "ui/models/shown_text.h"

namespace belljar {

using namespace Qt::StringLiterals;

ContainmentModel::ContainmentModel(const BackendList& backends, const SystemFacts& facts, QObject* parent)
    : QAbstractTableModel(parent)
{
    for (const auto& backend : backends) m_rows.push_back({backend->info(), backend->probe(facts)});
}

int ContainmentModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ContainmentModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kColumns;
}

QVariant ContainmentModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const QString state = row.availability.available ? tr("✓ available") : tr("✗ not here");
    QString reason = shown(row.availability.reason);
    if (!row.availability.available && !row.availability.fix.empty())
        reason += u' ' + tr("To fix it: %1").arg(shown(row.availability.fix));
    if (role == Qt::AccessibleTextRole) return u"%1: %2. %3"_s.arg(shown(row.info.title), state, reason);
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
        case kName: return shown(row.info.title);
        case kState: return state;
        case kReason: return reason;
        default: return {};
    }
}

QVariant ContainmentModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case kName: return tr("Containment");
        case kState: return tr("State");
        case kReason: return tr("Why, and how to fix it");
        default: return {};
    }
}

}  // namespace belljar
