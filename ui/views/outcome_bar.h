// How the run ended, in one line that stays: icon, sentence, and what can be done with its recording.
#pragma once

#include <QFrame>

#include <optional>

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
    void showOpening(const QString& recording);
    /// `outcome` absent: the session did not end in an orderly way. `damage`: where and why the readable part ends, if
    /// not at its end. The texts must be ready to be shown.
    void showRecording(const QString& command, const std::optional<Outcome>& outcome, const Losses& losses,
                       const QString& damage);
    [[nodiscard]] QString text() const;

signals:
    void saveRecordingRequested();

private:
    [[nodiscard]] static QString endText(const Outcome& outcome, const Losses& losses);
    [[nodiscard]] static QString lossText(const Losses& losses);
    void dress(const QString& iconName, const QColor& colour, const QString& text);

    QLabel* m_icon;
    DataText* m_text;
    QPushButton* m_save;
};

}  // namespace belljar
