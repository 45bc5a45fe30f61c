// The list of events: follows the newest until it is scrolled, says how many are new since, and offers what can be done
// with a cell by key and by menu.
#pragma once

#include <QTableView>

class QMenu;
class QPushButton;

namespace belljar {

class EventTableModel;

/// What can be done with a cell.
enum class CellAction { include, exclude, highlight, tree, bookmark, note, group };

class EventTableView : public QTableView {
    Q_OBJECT

public:
    /// `model` must outlive it.
    explicit EventTableView(EventTableModel& model, QWidget* parent = nullptr);

    [[nodiscard]] bool isFollowing() const { return m_following; }
    void setFollowing(bool following);
    [[nodiscard]] QPushButton& newButton() { return *m_newButton; }
    /// Selects and shows the row of `event`; false when the list does not show it.
    bool goTo(std::size_t event);
    /// Another session comes: its events are others.
    void forgetCurrent() { m_currentEvent = -1; }
    /// What is there now is nothing new.
    void allSeen();
    void saveLayout() const;
    /// A menu for choosing columns, to be used by the caller.
    [[nodiscard]] QMenu* makeColumnMenu(QWidget* parent);

signals:
    void actionRequested(belljar::CellAction action, const QModelIndex& index);
    void popRequested();
    void followingChanged(bool following);
    void currentEventChanged();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    void setUpLook();
    void setUpColumns();
    void rowsCame();
    void viewIsReset();
    void showNew();
    void fitRule();
    void copyRow(const QModelIndex& index) const;

    EventTableModel& m_model;
    QPushButton* m_newButton;
    bool m_following = true;
    bool m_moving = false;       ///< The list itself scrolls.
    int m_ruleWidth = 0;         ///< As it was made; another width is the user's.
    int m_seenRows = 0;          ///< Rows when following paused.
    qint64 m_currentEvent = -1;  ///< Stays the current one when rows change.
};

}  // namespace belljar
