#include "ui/models/path_rule_model.h"

#include <algorithm>

#include "core/base/visible.h"
#include "ui/models/profile_document.h"
#include "ui/models/shown_text.h"

namespace belljar {

namespace {

std::string listPointer(PathAccess access)
{
    switch (access) {
        case PathAccess::readWrite: return "/filesystem/readwritePaths";
        case PathAccess::readOnly: return "/filesystem/readonlyPaths";
        case PathAccess::denied: return "/filesystem/deniedPaths";
    }
    return {};
}

}  // namespace

PathRuleModel::PathRuleModel(ProfileDocument& document, QObject* parent)
    : QAbstractTableModel(parent), m_document(document)
{
    connect(&document, &ProfileDocument::parsed, this, &PathRuleModel::reload);
    reload();
}

QString PathRuleModel::accessTitle(PathAccess access)
{
    switch (access) {
        case PathAccess::readWrite: return tr("read + write");
        case PathAccess::readOnly: return tr("read only");
        case PathAccess::denied: return tr("denied");
    }
    return {};
}

void PathRuleModel::reload()
{
    std::vector<Row> rows;
    const auto& config = m_document.config();
    if (config && config->config.filesystem) {
        const FilesystemConfig& files = *config->config.filesystem;
        const auto add = [&rows](const std::optional<std::vector<std::string>>& paths, PathAccess access) {
            for (std::size_t i = 0; paths && i < paths->size(); ++i) {
                rows.push_back({(*paths)[i], access, listPointer(access) + "/" + std::to_string(i)});
            }
        };
        add(files.readonlyPaths, PathAccess::readOnly);
        add(files.readwritePaths, PathAccess::readWrite);
        add(files.deniedPaths, PathAccess::denied);
    }
    if (rows == m_rows) {
        // Only whether the table can be edited may have changed.
        if (!m_rows.empty()) emit dataChanged(index(0, 0), index(rowCount() - 1, kColumnCount - 1));
        return;
    }
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

void PathRuleModel::setReplacements(std::vector<PathReplacement> replacements)
{
    m_replacements = std::move(replacements);
    if (!m_rows.empty()) emit dataChanged(index(0, kPath), index(rowCount() - 1, kPath));
}

QString PathRuleModel::shownPath(const Row& row) const
{
    const auto replaced =
        std::find_if(m_replacements.begin(), m_replacements.end(), [&](const PathReplacement& replacement) {
            return replacement.pointer == row.pointer && replacement.written == row.path;
        });
    const QString written = shownElided(row.path, 1000);
    return replaced == m_replacements.end() ? written
                                            : tr("%1 → %2").arg(written, shownElided(replaced->resolved, 1000));
}

bool PathRuleModel::report(const Result<void>& result)
{
    if (!result) emit failed(result.error());
    return result.ok();
}

Result<void> PathRuleModel::addPath(const std::string& path, PathAccess access)
{
    if (path.empty()) return Error{ErrorCode::policyValidation, "The path is empty.", {}, {}, "Type or choose a path."};
    const Result<void> result = m_document.setValue(listPointer(access) + "/-", jsonQuote(path), tr("add path"));
    report(result);
    return result;
}

Result<void> PathRuleModel::removeRow(int row)
{
    const Result<void> result = m_document.removeValue(pointer(row), tr("remove path"));
    report(result);
    return result;
}

bool PathRuleModel::contains(const std::string& path, PathAccess access) const
{
    return std::any_of(m_rows.begin(), m_rows.end(),
                       [&](const Row& row) { return row.path == path && row.access == access; });
}

int PathRuleModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int PathRuleModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kColumnCount;
}

QVariant PathRuleModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    if (role == Qt::AccessibleTextRole) return tr("%1, %2").arg(shownPath(row), accessTitle(row.access));
    if (role == Qt::EditRole) {
        return index.column() == kPath ? QVariant(QString::fromStdString(row.path)) : static_cast<int>(row.access);
    }
    if (role != Qt::DisplayRole) return {};
    return index.column() == kPath ? shownPath(row) : accessTitle(row.access);
}

QVariant PathRuleModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    return section == kPath ? tr("Path") : tr("Access");
}

Qt::ItemFlags PathRuleModel::flags(const QModelIndex& index) const
{
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (!index.isValid() || !m_document.isValid()) return flags;
    // A path with hidden characters can be changed in the text only, where they are marked.
    const bool editable = index.column() == kAccess || fitsLineEdit(m_rows[static_cast<std::size_t>(index.row())].path);
    return editable ? flags | Qt::ItemIsEditable : flags;
}

bool PathRuleModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::EditRole || !checkIndex(index, CheckIndexOption::IndexIsValid)) return false;
    const Row row = m_rows[static_cast<std::size_t>(index.row())];
    if (index.column() == kPath) {
        const std::string path = engineText(value.toString().trimmed());
        if (path.empty() || path == row.path) return false;
        return report(m_document.setValue(row.pointer, jsonQuote(path), tr("change path")));
    }
    const auto access = static_cast<PathAccess>(value.toInt());
    if (access == row.access) return false;
    return report(m_document.change({{row.pointer, std::nullopt}, {listPointer(access) + "/-", jsonQuote(row.path)}},
                                    tr("change access")));
}

}  // namespace belljar
