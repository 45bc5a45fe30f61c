// A message in the window instead of a box over it: what happened, where, how to fix it, and perhaps one thing to do.
#pragma once

#include <QFrame>

#include <functional>

#include "core/base/result.h"
#include "core/model/finding.h"

class QLabel;
class QMessageBox;
class QPushButton;
class QToolButton;

namespace belljar {

class DataText;

class MessageBar : public QFrame {
    Q_OBJECT

public:
    /// `closable`: whether the user can put it away; otherwise it stays until hidden.
    explicit MessageBar(bool closable, QWidget* parent = nullptr);

    /// `text` is shown as it is: data in it must have gone through visible().
    void showText(Severity severity, const QString& text);
    void showError(const Error& error);
    /// With a button: `action` runs when it is pressed, and the bar goes.
    void offer(const QString& text, const QString& button, std::function<void()> action);

    [[nodiscard]] QString text() const;
    [[nodiscard]] QPushButton& actionButton() { return *m_action; }

protected:
    void changeEvent(QEvent* event) override;

private:
    void dress();

    QLabel* m_icon;
    DataText* m_text;
    QPushButton* m_action;
    QToolButton* m_close;
    Severity m_severity = Severity::note;
    std::function<void()> m_do;
};

/// "message", "where", "native" and "hint" of an error as sentences, escaped.
[[nodiscard]] QString errorText(const Error& error);

/// A message box over the window that never takes text for markup and does not block; it deletes itself when closed.
[[nodiscard]] QMessageBox* plainBox(QWidget* parent, const QString& title, const QString& text);

}  // namespace belljar
