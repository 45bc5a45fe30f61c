// A session as it happens, and a recording afterwards: process tree, events with query and chips, groups, timeline, the
// explanation of one event with its fixes, output, and how it ended.
#pragma once

#include <QTimer>
#include <QWidget>

#include <optional>

#include "core/events/recording_reader.h"
#include "ui/bridge/engine_bridge.h"
#include "ui/models/activity.h"
#include "ui/models/event_table_model.h"
#include "ui/models/live_filter.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QMenu;
class QPushButton;
class QStackedWidget;
class QTableView;
class QTreeView;

namespace belljar {

enum class CellAction;
class EventTableView;
class ExplainPane;
class FixBar;
class GroupModel;
class OutcomeBar;
class OutputView;
class ProcessTreeModel;
class ProfileDocument;
class QueryBar;
class RunController;
class Timeline;

class LivePage : public QWidget {
    Q_OBJECT

public:
    /// Both must outlive it. Fixes change `document`.
    LivePage(RunController& controller, ProfileDocument& document, QWidget* parent = nullptr);
    ~LivePage() override;

    void startSession(const QString& command);
    void addBatch(const SessionBatch& batch);
    /// Reads it beside the Qt thread: recordingOpened() or failed() follows. Refused with failed() while a session
    /// runs.
    void openRecording(const QString& path);
    void focusFilter();
    /// Selects and explains the next denial after the selected row in `step` direction (+1, -1).
    void goToDenial(int step);
    /// A recording is shown, and nothing is added to it any more.
    [[nodiscard]] bool canExport() const;
    /// Writes the events that the filter leaves, beside the Qt thread: exported() or failed() follows. The name's end
    /// says as what: .csv, .jsonl, .sqlite, .txt. A file that is there is replaced.
    void exportShown(const QString& path);
    /// Adds a condition as a chip.
    void pushFilter(const QString& label, const std::string& query, const QString& kind = {});
    void applyTheme();

    [[nodiscard]] EventTableModel& events() { return *m_events; }
    [[nodiscard]] LiveFilter& filter() { return *m_filter; }
    [[nodiscard]] EventTableView& table() { return *m_table; }
    [[nodiscard]] GroupModel& groups() { return *m_groups; }
    [[nodiscard]] Timeline& timeline() { return *m_timeline; }
    [[nodiscard]] QueryBar& queryBar() { return *m_query; }
    [[nodiscard]] ExplainPane& explainPane() { return *m_explain; }
    [[nodiscard]] FixBar& fixBar() { return *m_fixBar; }
    [[nodiscard]] OutputView& output() { return *m_output; }
    [[nodiscard]] OutcomeBar& outcome() { return *m_outcome; }
    /// Events that are only in the recording, as there was no more room here.
    [[nodiscard]] std::uint64_t notKept() const { return m_notKept; }
    /// Events that are nowhere: as the session says at its end, and as missing numbers say before.
    [[nodiscard]] std::uint64_t lost() const;

signals:
    void goToRequested(const belljar::SourcePlace& place);
    void saveRecordingRequested();
    void runRequested();
    void recordingOpened(const QString& path);
    void exported(const QString& path);
    void failed(const belljar::Error& error);

private:
    // live_page_layout.cpp
    void makeLayout();
    QWidget* makeTablePart();
    QLayout* makeQueryRow();
    void setUpTree();
    void setUpGroups();
    void connectParts();
    // live_page_filter.cpp
    void fillFilterMenu(QMenu& menu);
    void fillHighlightMenu(QMenu& menu);
    void saveFilter();
    void loadHighlights();
    void addHighlight(const QString& name, const std::string& query);
    void actOnCell(CellAction action, const QModelIndex& index);
    void showFilter();
    void groupBy(int entry);
    void countGroups();
    void countValues(QueryFieldId field);
    [[nodiscard]] std::string bookmarksQuery() const;
    // live_page_notes.cpp
    void loadNotes(const QString& recording, const std::string& sessionId);
    void setNote(std::uint64_t sequence, const std::optional<std::string>& text);
    void askNote(std::uint64_t sequence);
    // live_page.cpp
    void clear();
    void take(const EventColumns& events, std::span<const Rule> rules);
    void showRecording(const QString& path, OpenRecording& recording, Activity activity);
    void updateCount();
    void explainCurrent();
    void explainRow(int row);

    RunController& m_controller;
    ProfileDocument& m_document;
    EventTableModel* m_events;
    ProcessTreeModel* m_processes;
    GroupModel* m_groups;
    LiveFilter* m_filter;
    Activity m_activity;
    QTreeView* m_tree;
    EventTableView* m_table;
    QTableView* m_groupTable;
    QStackedWidget* m_lists;
    QueryBar* m_query;
    QPushButton* m_filters;
    QComboBox* m_groupBox;
    QCheckBox* m_deniedOnly;
    QCheckBox* m_follow;
    QLabel* m_count;
    Timeline* m_timeline;
    ExplainPane* m_explain;
    OutputView* m_output;
    OutcomeBar* m_outcome;
    FixBar* m_fixBar;
    LatestJob m_opening;
    LatestJob m_values;
    LatestJob m_exporting;
    QTimer m_explainLater;
    QTimer m_groupLater;
    std::optional<Policy> m_policy;  ///< What the session ran under, where that is known.
    std::string m_profileText;       ///< Of a recording: fixes are about this profile.
    QString m_recording;             ///< Notes belong to it; empty: none.
    QString m_file;                  ///< The recording of the events that are shown.
    std::string m_sessionId;
    std::uint64_t m_explained = 0;  ///< Sequence number of the event whose explanation is shown.
    bool m_isLive = false;          ///< The events are those of the controller's session.
    Losses m_losses;
    std::uint64_t m_notKept = 0;
    std::uint64_t m_outputDropped = 0;
};

}  // namespace belljar
