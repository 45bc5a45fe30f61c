#include "ui/models/path_rule_model.h"

#include <QTextDocument>

#include <algorithm>

#include "core/base/path_text.h"
#include "core/base/visible.h"
#include "core/policy/host_walk.h"
#include "ui/models/profile_analysis.h"
#include "ui/models/profile_document.h"
#include "ui/models/shown_text.h"

namespace belljar {

using namespace Qt::StringLiterals;

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

QString endText(const HostWalk& walk)
{
    switch (walk.end) {
        case HostWalk::End::missing: return PathRuleModel::tr("not on this machine");
        case HostWalk::End::unreadable: return PathRuleModel::tr("cannot be looked at");
        case HostWalk::End::loop: return PathRuleModel::tr("links in a circle");
        case HostWalk::End::found: break;
    }
    switch (walk.facts.type) {
        case FileType::directory: return PathRuleModel::tr("folder");
        case FileType::regular: return PathRuleModel::tr("file");
        default: return PathRuleModel::tr("socket, pipe or device");
    }
}

}  // namespace

PathRuleModel::PathRuleModel(ProfileDocument& document, ProfileAnalysis& analysis, QObject* parent)
    : QAbstractTableModel(parent), m_document(document), m_analysis(analysis)
{
    connect(&analysis, &ProfileAnalysis::changed, this, &PathRuleModel::reload);
    connect(&document, &ProfileDocument::fileChanged, this, &PathRuleModel::reload);
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
    for (Row& row : rows) {
        // A rule that moved to another place of its list was not changed.
        const std::string list = row.pointer.substr(0, row.pointer.rfind('/'));
        row.isChanged = !m_document.savedList(list).contains(row.path);
    }
    addBaseRows(rows);
    for (Row& row : rows) describe(row);
    if (rows == m_rows) {
        // Only whether the table can be edited may have changed.
        if (!m_rows.empty()) emit dataChanged(index(0, 0), index(rowCount() - 1, kColumnCount - 1));
        return;
    }
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

void PathRuleModel::addBaseRows(std::vector<Row>& rows) const
{
    const Preparation& preparation = m_analysis.preparation();
    if (!preparation.policy) return;
    for (const PathEntry& entry : preparation.origins.requests) {
        const SourcePlace& place = preparation.policy->rules[entry.rule].place;
        if (place.file.empty()) continue;
        Row& row = rows.emplace_back();
        row.path = entry.written;
        row.access = entry.access;
        row.origin = place.file;
    }
}

/// What the path is on this machine, and what the engine found wrong with the rule.
void PathRuleModel::describe(Row& row) const
{
    const Preparation& preparation = m_analysis.preparation();
    std::string path = row.path;
    for (const PathReplacement& replaced : preparation.replacements) {
        if (replaced.pointer != row.pointer || replaced.written != row.path || row.pointer.empty()) continue;
        row.resolved = replaced.resolved;
        path = replaced.resolved;
    }
    QStringList parts;
    if (isAbsolutePath(path)) {
        const HostWalk walk = walkHost(normalizedPath(path), m_analysis.facts());
        parts << endText(walk);
        if (!walk.links.empty() && walk.end == HostWalk::End::found)
            parts << tr("through a link to %1").arg(shownElided(walk.canonical, 500));
    }
    for (const Finding& finding : m_analysis.findings()) {
        if (row.pointer.empty() || finding.place.pointer != row.pointer || !finding.place.file.empty()) continue;
        if (finding.id == "placeholder") continue;  // Shown with the path.
        parts << shownElided(finding.message, 500);
        row.severity = std::max(row.severity, static_cast<int>(finding.severity));
    }
    row.state = parts.join(u"; "_s);
}

QString PathRuleModel::shownPath(const Row& row) const
{
    const QString written = shownElided(row.path, 1000);
    return row.resolved.empty() ? written : tr("%1 → %2").arg(written, shownElided(row.resolved, 1000));
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
    if (pointer(row).empty())
        return Error{ErrorCode::policyValidation,
                     "This rule stands in a base profile.",
                     {},
                     {},
                     "Open that profile to change it."};
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
    const QString origin =
        row.origin.empty() ? row.isChanged ? tr("changed") : tr("this file") : shownElided(row.origin, 500);
    if (role == Qt::AccessibleTextRole)
        return tr("%1, %2, %3, %4").arg(shownPath(row), accessTitle(row.access), row.state, origin);
    if (role == kSeverityRole) return row.severity < 0 ? QVariant() : row.severity;
    if (role == Qt::EditRole) {
        return index.column() == kPath ? QVariant(QString::fromStdString(row.path)) : static_cast<int>(row.access);
    }
    if (role == Qt::ToolTipRole) {  // What has no room in its cell. Tool tips take tags for markup: then rather none.
        const QString full = index.column() == kPath ? shownPath(row) : index.column() == kState ? row.state : origin;
        return Qt::mightBeRichText(full) ? QVariant() : QVariant(full);
    }
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
        case kPath: return shownPath(row);
        case kAccess: return accessTitle(row.access);
        case kState: return row.state;
        default: return origin;
    }
}

QVariant PathRuleModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case kPath: return tr("Path");
        case kAccess: return tr("Access");
        case kState: return tr("On this machine");
        default: return tr("Origin");
    }
}

Qt::ItemFlags PathRuleModel::flags(const QModelIndex& index) const
{
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (!index.isValid() || !m_document.isValid() || index.column() > kAccess) return flags;
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    if (row.pointer.empty()) return flags;
    // A path with hidden characters can be changed in the text only, where they are marked.
    const bool editable = index.column() == kAccess || fitsLineEdit(row.path);
    return editable ? flags | Qt::ItemIsEditable : flags;
}

bool PathRuleModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::EditRole || !(flags(index) & Qt::ItemIsEditable)) return false;
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
