// What this machine can run: each containment with "available", or why not and how to fix it.
#pragma once

#include <QAbstractTableModel>

#include <string>
#include <vector>

#include "core/engine/backend.h"

namespace belljar {

class ContainmentModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { kName, kState, kReason, kColumns };

    /// Probes once; both only for the time of the call.
    ContainmentModel(const BackendList& backends, const SystemFacts& facts, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] bool isAvailable(int row) const
    {
        return m_rows[static_cast<std::size_t>(row)].availability.available;
    }

private:
    struct Row {
        BackendInfo info;
        Availability availability;
    };
    std::vector<Row> m_rows;
};

}  // namespace belljar
