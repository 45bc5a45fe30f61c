// The events of one session as a table, with its own index of the rows that fit the query, in their order.
//
// Not a QSortFilterProxyModel: that maps every source row by itself, which takes minutes with millions of rows. Large
// sessions are filtered and sorted by a worker over a snapshot and swapped in by one reset.
#pragma once

#include <QAbstractTableModel>

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/model/event.h"
#include "ui/models/latest_job.h"
#include "ui/models/row_index.h"

namespace belljar {

/// Events that fit are marked in the list. The order of a list of these decides.
struct HighlightRule {
    Query query;
    QString name;    ///< What the mark says; ready to be shown.
    int colour = 0;  ///< An index into Theme::highlights.
};

class EventTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    /// Numbers are stored in saved layouts: append only. The table of what they are is in the source.
    enum Column {
        kTime,
        kProcess,
        kOperation,
        kObject,
        kResult,
        kVerdict,
        kRule,
        kNote,
        kDetail,
        kSequence,
        kWall,
        kPid,
        kParent,
        kInsidePid,
        kKind,
        kCategory,
        kTrust,
        kSource,
        kLine,
        kMechanism,
        kOrigin,
        kColumnCount
    };
    enum Role {
        kDenialRole = Qt::UserRole,  ///< bool: denied by a rule although the object exists.
        kAbsentRole,                 ///< bool: denied, but the host has no such object either.
        kHighlightRole,              ///< int: the colour of the highlight rule that fits; invalid when none does.
        kNotedRole,                  ///< bool: bookmarked.
    };
    using Notes = std::map<std::uint64_t, std::string>;  ///< By sequence number; "" is a bookmark without a note.

    explicit EventTableModel(QObject* parent = nullptr);

    /// Starts a new session; the view stays.
    void reset(std::vector<Rule> rules, std::int64_t startedUnixNs = 0);
    /// `events` begin as those before; new ones are asked for by the query and appended.
    void extend(const EventColumns& events, std::span<const Rule> moreRules = {});
    /// At once for small sessions, otherwise viewChanged() tells when it is shown.
    void setView(EventView view);
    void sort(int column, Qt::SortOrder order) override;
    /// Back to the order of recording.
    void unsort();
    /// Puts the rows that are held back into their places.
    void refresh() { setView(m_wanted); }
    void setHighlights(std::vector<HighlightRule> rules);
    /// What is noted of one event, or nullptr for nothing.
    void setNote(std::uint64_t sequence, const std::string* text);
    void setNotes(Notes notes);
    /// Whether the event of that number shows what looks like a secret; not at first.
    void setRevealed(std::uint64_t sequence, bool revealed);
    [[nodiscard]] bool isRevealed(std::uint64_t sequence) const { return m_revealed.contains(sequence); }

    [[nodiscard]] const EventView& view() const { return m_wanted; }
    [[nodiscard]] bool isBusy() const { return m_job.isBusy(); }
    [[nodiscard]] const EventColumns& columns() const { return m_events; }
    [[nodiscard]] const SessionFacts& facts() const { return m_facts; }
    [[nodiscard]] QueryContext context() const { return m_facts.context(&m_tree); }
    [[nodiscard]] const std::vector<Rule>& rules() const { return *m_facts.rules; }
    [[nodiscard]] const Notes& notes() const { return m_notes; }
    [[nodiscard]] std::size_t eventNumber(int row) const { return m_rows.event(static_cast<std::size_t>(row)); }
    [[nodiscard]] const Event& event(int row) const;   ///< Valid until the next call.
    [[nodiscard]] int rowOf(std::size_t event) const;  ///< -1: it is not shown.
    [[nodiscard]] std::size_t total() const { return m_events.size(); }
    [[nodiscard]] std::uint64_t denied() const { return m_denied; }
    /// Rows that fit, but wait until the list is sorted again.
    [[nodiscard]] std::uint64_t heldBack() const { return m_heldBack; }
    /// The next row after `row` (-1: from the start) in `step` direction (+1, -1) that is a denial; -1 when none.
    [[nodiscard]] int nextDenial(int row, int step) const;

    /// The field by which cells of this column are asked for.
    [[nodiscard]] static QueryFieldId fieldOf(int column);
    [[nodiscard]] static bool shownAtFirst(int column);
    [[nodiscard]] static int charactersOf(int column);  ///< A good width.
    /// What a query for the cell's value looks like: "path=/etc/hosts"; "" where the event has no such value.
    [[nodiscard]] std::string cellQuery(const QModelIndex& index) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

signals:
    /// Another query or order is shown now.
    void viewChanged();
    void busyChanged(bool busy);

private:
    void show(const EventView& view, RowIndex rows, std::size_t seen);
    void countNew(std::size_t before);
    [[nodiscard]] std::vector<std::uint32_t> fittingFrom(std::size_t first) const;
    [[nodiscard]] QString cellText(const Event& event, int column) const;
    [[nodiscard]] QString noteText(const Event& event) const;
    [[nodiscard]] QString accessibleText(const Event& event) const;
    [[nodiscard]] QVariant highlightOf(const Event& event) const;

    EventColumns m_events;
    SessionFacts m_facts;
    ProcessTree m_tree;
    std::size_t m_knownProcesses = 0;
    std::vector<std::uint8_t> m_deniedShapes;
    std::uint64_t m_denied = 0;
    std::uint64_t m_heldBack = 0;
    EventView m_shown;   ///< What m_rows are.
    EventView m_wanted;  ///< What they will be.
    RowIndex m_rows;
    std::vector<HighlightRule> m_highlights;
    Notes m_notes;
    std::set<std::uint64_t> m_revealed;  ///< Sequence numbers.
    LatestJob m_job;
    mutable Event m_read;  ///< One row's event is asked for many cells and roles.
    mutable std::size_t m_readNumber;
};

/// The rule's text of an event, escaped; empty when no rule applies.
[[nodiscard]] QString ruleText(const Event& event, const std::vector<Rule>& rules);

}  // namespace belljar
