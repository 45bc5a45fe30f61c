// After a one-click fix: what was changed, and what can be done next: take it back, or run again.
#pragma once

#include <QFrame>

#include "ui/models/fix_options.h"

class QLabel;
class QPushButton;

namespace belljar {

class DataText;
class RunController;

class FixBar : public QFrame {
    Q_OBJECT

public:
    /// Both must outlive it.
    FixBar(ProfileDocument& document, RunController& controller, QWidget* parent = nullptr);

    /// Changes the profile as one undoable step and, if asked, the running session.
    void apply(const FixOption& option, bool alsoInSession);
    [[nodiscard]] QString text() const;

signals:
    void runRequested();

private:
    void say(const QString& text, bool isProblem, bool isApplied);
    [[nodiscard]] QString changeSession(const FixOption& option);

    ProfileDocument& m_document;
    RunController& m_controller;
    QLabel* m_icon;
    DataText* m_text;
    QPushButton* m_undo;
    QPushButton* m_run;
    int m_undoIndex = -1;  ///< Of the undo stack after the fix.
};

}  // namespace belljar
