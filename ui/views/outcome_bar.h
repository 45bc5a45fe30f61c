// How the run ended, in one line that stays: icon, sentence, and what can be done with its recording.
#pragma once

#include <QFrame>

#include "core/model/event.h"
#include "core/model/outcome.h"

class QLabel;
class QPushButton;

namespace belljar {

class DataText;

class OutcomeBar : public QFrame {
    Q_OBJECT

public:
    explicit OutcomeBar(QWidget* parent = nullptr);

    void showIdle();
    void showRunning(const QString& command);
    void showOutcome(const Outcome& outcome, const Losses& losses);
    [[nodiscard]] QString text() const;

signals:
    void saveRecordingRequested();

private:
    void dress(const QString& iconName, const QColor& colour, const QString& text);

    QLabel* m_icon;
    DataText* m_text;
    QPushButton* m_save;
};

}  // namespace belljar
