// A run as it happens and after: process tree, event table with filter, explanation, output, and how it ended.
#pragma once

#include <QWidget>

#include "ui/bridge/engine_bridge.h"
#include "ui/models/event_table_model.h"

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QTableView;
class QTreeView;

namespace belljar {

class ExplainPane;
class OutcomeBar;
class OutputView;
class ProcessTreeModel;
class RunController;

class LivePage : public QWidget {
    Q_OBJECT

public:
    explicit LivePage(RunController& controller, QWidget* parent = nullptr);

    void startSession(const QString& command);
    void addBatch(const SessionBatch& batch);
    void focusFilter();
    /// Selects and explains the next denial after the selected row in `step` direction (+1, -1).
    void goToDenial(int step);
    void applyTheme();

    [[nodiscard]] EventTableModel& events() { return *m_events; }
    [[nodiscard]] QTableView& table() { return *m_table; }
    [[nodiscard]] ExplainPane& explainPane() { return *m_explain; }
    [[nodiscard]] OutputView& output() { return *m_output; }
    [[nodiscard]] OutcomeBar& outcome() { return *m_outcome; }

signals:
    void goToRequested(const belljar::SourcePlace& place);
    void saveRecordingRequested();

private:
    QWidget* makeTablePart();
    QLayout* makeFilterRow();
    void setUpTable();
    void setUpTree();
    void applyFilter();
    void updateCount();
    void explainRow(const QModelIndex& index);
    void setFollowing(bool following);

    RunController& m_controller;
    EventTableModel* m_events;
    ProcessTreeModel* m_processes;
    QTreeView* m_tree;
    QTableView* m_table;
    QLineEdit* m_filter;
    QCheckBox* m_deniedOnly;
    QCheckBox* m_follow;
    QPushButton* m_allProcesses;
    QLabel* m_count;
    ExplainPane* m_explain;
    OutputView* m_output;
    OutcomeBar* m_outcome;
    std::uint64_t m_outputDropped = 0;
    bool m_following = true;
    bool m_appending = false;
};

}  // namespace belljar
