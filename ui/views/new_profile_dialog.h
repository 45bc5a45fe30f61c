// Chooses the template that a new profile begins with. Enter takes it.
#pragma once

#include <QDialog>

#include <string>

class QListWidget;
class QPlainTextEdit;

namespace belljar {

class NewProfileDialog : public QDialog {
    Q_OBJECT

public:
    explicit NewProfileDialog(QWidget* parent = nullptr);

signals:
    void chosen(const std::string& text);

private:
    void preview();

    QListWidget* m_list;
    QPlainTextEdit* m_text;
};

}  // namespace belljar
