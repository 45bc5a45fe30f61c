// The three path lists of a profile as one table of rules: path, access, what the path is on this machine, and where
// the rule comes from. Rules of base profiles follow, which cannot be edited here. Changes are edits of the document's
// text.
#pragma once

#include <QAbstractTableModel>

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/finding.h"
#include "core/model/policy.h"

namespace belljar {

class ProfileAnalysis;
class ProfileDocument;

class PathRuleModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { kPath, kAccess, kState, kOrigin, kColumnCount };
    enum Role { kSeverityRole = Qt::UserRole };  ///< In kState: int(Severity) of the worst finding; absent: none.

    PathRuleModel(ProfileDocument& document, ProfileAnalysis& analysis, QObject* parent = nullptr);

    Result<void> addPath(const std::string& path, PathAccess access);
    Result<void> removeRow(int row);
    /// True when the rule stands in the profile already.
    [[nodiscard]] bool contains(const std::string& path, PathAccess access) const;
    /// Where the row's rule stands: "/filesystem/readonlyPaths/0". "" for those of base profiles.
    [[nodiscard]] const std::string& pointer(int row) const { return m_rows[static_cast<std::size_t>(row)].pointer; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    /// Path (text) or access (int of PathAccess) with Qt::EditRole.
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

    /// For people: "read only", "read + write", "denied".
    [[nodiscard]] static QString accessTitle(PathAccess access);

signals:
    void failed(const belljar::Error& error);

private:
    struct Row {
        std::string path;
        PathAccess access = PathAccess::denied;
        std::string pointer;
        std::string origin{};  ///< Of a base profile; "": this file.
        bool isChanged = false;
        std::string resolved{};  ///< What placeholders stand for, where there are some.
        QString state{};
        int severity = -1;
        bool operator==(const Row&) const = default;
    };

    void reload();
    void describe(Row& row) const;
    void addBaseRows(std::vector<Row>& rows) const;
    [[nodiscard]] QString shownPath(const Row& row) const;
    bool report(const Result<void>& result);

    ProfileDocument& m_document;
    ProfileAnalysis& m_analysis;
    std::vector<Row> m_rows;
};

}  // namespace belljar
