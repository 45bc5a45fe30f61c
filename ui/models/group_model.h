// What the shown events add up to by one field: counts, denials, first and last time; a view of its own beside the
// list.
#pragma once

#include <QAbstractTableModel>

#include <optional>
#include <vector>

#include "ui/models/latest_job.h"
#include "ui/models/row_index.h"

namespace belljar {

class GroupModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { kValue, kCount, kDenied, kFirst, kLast, kColumnCount };

    explicit GroupModel(QObject* parent = nullptr);

    /// Counts, in a worker when there is much to count, the events that fit; groups() until then are those of before.
    void count(const EventColumns& events, const SessionFacts& facts, const Query& query, QueryFieldId field);
    void clear();
    void sort(int column, Qt::SortOrder order) override;

    [[nodiscard]] QueryFieldId field() const { return m_field; }
    [[nodiscard]] const std::vector<EventGroup>& groups() const { return m_groups; }
    [[nodiscard]] bool isBusy() const { return m_job.isBusy(); }
    /// "path=/etc/hosts"; "" for the group of events that have no such value.
    [[nodiscard]] std::string queryOf(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

signals:
    void counted();

private:
    void show(std::vector<EventGroup> groups, QueryFieldId field);
    void order();
    [[nodiscard]] QString cellText(const EventGroup& group, int column) const;

    std::vector<EventGroup> m_groups;
    QueryFieldId m_field = QueryFieldId::path;
    int m_sortColumn = kCount;
    Qt::SortOrder m_sortOrder = Qt::DescendingOrder;
    LatestJob m_job;
};

}  // namespace belljar
