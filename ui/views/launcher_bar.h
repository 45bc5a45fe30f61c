// The command to run, Run and Stop: at the top of the window, on every page.
#pragma once

#include <QWidget>

class QLineEdit;
class QPushButton;

namespace belljar {

class LauncherBar : public QWidget {
    Q_OBJECT

public:
    explicit LauncherBar(QWidget* parent = nullptr);

    /// The shell line to run instead of the profile's; blank: the profile's.
    [[nodiscard]] QString command() const;
    void setCommand(const QString& command);
    /// What a blank line runs, escaped.
    void setProfileCommand(const QString& command);
    void setRunning(bool running);
    [[nodiscard]] QLineEdit& line() { return *m_line; }

signals:
    void runRequested();
    void stopRequested();

private:
    QLineEdit* m_line;
    QPushButton* m_run;
    QPushButton* m_stop;
};

}  // namespace belljar
