// The help pages, built in: who the three kinds of user are first, then one page for each subject.
#pragma once

#include <QDialog>

class QListWidget;
class QTextBrowser;

namespace belljar {

/// Shows only pages of our own; links lead to other pages of it and nowhere else.
class HelpDialog : public QDialog {
    Q_OBJECT

public:
    explicit HelpDialog(QWidget* parent);

    /// `name` is a file of resources/help without its ending.
    void showPage(const QString& name);

private:
    QListWidget* m_pages;
    QTextBrowser* m_text;
};

}  // namespace belljar
