// The three path lists of a profile as one table of rules: path and access. Changes are edits of the document's text.
#pragma once

#include <QAbstractTableModel>

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/config/placeholders.h"
#include "core/model/policy.h"

namespace belljar {

class ProfileDocument;

class PathRuleModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { kPath, kAccess, kColumnCount };

    explicit PathRuleModel(ProfileDocument& document, QObject* parent = nullptr);

    Result<void> addPath(const std::string& path, PathAccess access);
    Result<void> removeRow(int row);
    /// What the document's paths with placeholders stand for: shown beside them.
    void setReplacements(std::vector<PathReplacement> replacements);
    /// True when the rule stands in the profile already.
    [[nodiscard]] bool contains(const std::string& path, PathAccess access) const;
    /// Where the row's rule stands: "/filesystem/readonlyPaths/0".
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
        bool operator==(const Row&) const = default;
    };

    void reload();
    [[nodiscard]] QString shownPath(const Row& row) const;
    bool report(const Result<void>& result);

    ProfileDocument& m_document;
    std::vector<Row> m_rows;
    std::vector<PathReplacement> m_replacements;
};

}  // namespace belljar
