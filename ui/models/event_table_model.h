// The events of one session as a table that only grows, with its own index of the rows that pass the filter.
//
// Not a QSortFilterProxyModel: that maps every source row by itself, which takes minutes with millions of rows.
#pragma once

#include <QAbstractTableModel>

#include <cstdint>
#include <span>
#include <vector>

#include "core/model/event.h"
#include "ui/models/event_filter.h"

namespace belljar {

class EventTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { kTime, kProcess, kOperation, kObject, kResult, kVerdict, kRule, kColumnCount };
    enum Role {
        kDenialRole = Qt::UserRole,  ///< bool: denied by a rule although the object exists.
        kAbsentRole,                 ///< bool: denied, but the host has no such object either.
    };
    /// Events kept for showing; more are only in the recording and are counted by notShown().
    static constexpr std::size_t kMostEvents = 1'000'000;

    explicit EventTableModel(QObject* parent = nullptr);

    /// Starts a new session with this rule table.
    void reset(std::vector<Rule> rules);
    void append(std::span<const Event> events);
    void setFilter(const EventFilter& filter);

    [[nodiscard]] const EventFilter& filter() const { return m_filter; }
    [[nodiscard]] const std::vector<Rule>& rules() const { return m_rules; }
    [[nodiscard]] const Event& event(int row) const { return m_events[m_rows[static_cast<std::size_t>(row)]]; }
    [[nodiscard]] std::size_t total() const { return m_events.size(); }
    [[nodiscard]] std::uint64_t denied() const { return m_denied; }
    [[nodiscard]] std::uint64_t notShown() const { return m_notShown; }
    /// The next row after `row` (-1: from the start) in `step` direction (+1, -1) that is a denial; -1 when none.
    [[nodiscard]] int nextDenial(int row, int step) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString cellText(const Event& event, int column) const;
    [[nodiscard]] QString accessibleText(const Event& event) const;

    std::vector<Event> m_events;
    std::vector<std::uint32_t> m_rows;  ///< Indexes into m_events that pass the filter, ascending.
    std::vector<Rule> m_rules;
    EventFilter m_filter;
    std::uint64_t m_denied = 0;
    std::uint64_t m_notShown = 0;
};

}  // namespace belljar
