// Before a run: what it would be, what is missing for it, and the same as a command line to copy.
#pragma once

#include <QDialog>
#include <QString>

#include <string>

#include "core/engine/preparation.h"

namespace belljar {

/// What `belljar` takes to run `command` (a shell line; "" is the profile's own) under the profile in `file`, as this
/// window does.
[[nodiscard]] std::string cliLine(const std::string& file, const std::string& command);

class PreflightDialog : public QDialog {
    Q_OBJECT

public:
    /// `line` is cliLine(), or empty when the profile is not saved as it stands.
    PreflightDialog(const Preparation& preparation, const std::string& line, QWidget* parent);

signals:
    void runRequested();

private:
    QWidget* makeLine(const std::string& line);
    QWidget* makeFindings(const Preparation& preparation);
    void showTexts(bool withSecrets);

    std::string m_line;
    std::string m_plan;
};

}  // namespace belljar
