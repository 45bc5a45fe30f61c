// What is wrong or worth knowing about the profile, as a list: the problems pane.
#pragma once

#include <QAbstractListModel>

#include <vector>

#include "core/model/finding.h"

namespace belljar {

class FindingModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role { kSeverityRole = Qt::UserRole };  ///< int(Severity)

    explicit FindingModel(QObject* parent = nullptr);

    void setFindings(std::vector<Finding> findings);
    [[nodiscard]] const std::vector<Finding>& findings() const { return m_findings; }
    /// "2 errors, 1 warning", or "No problems".
    [[nodiscard]] QString summary() const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

private:
    std::vector<Finding> m_findings;
};

}  // namespace belljar
