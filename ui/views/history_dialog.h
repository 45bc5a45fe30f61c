// The runs of before: start one again, pin it, forget it.
#pragma once

#include <QDialog>

class QListView;
class QPushButton;

namespace belljar {

class RunHistory;

class HistoryDialog : public QDialog {
    Q_OBJECT

public:
    /// `history` must outlive it.
    HistoryDialog(RunHistory& history, QWidget* parent);

signals:
    void runRequested(const QString& command, const QString& profile);

private:
    void updateButtons();
    void run();

    RunHistory& m_history;
    QListView* m_list;
    QPushButton* m_run;
    QPushButton* m_pin;
    QPushButton* m_reveal = nullptr;
    QPushButton* m_remove;
};

}  // namespace belljar
