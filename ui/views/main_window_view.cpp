// The menus of the main window that change nothing of a profile or session: View and Help.
#include <QActionGroup>
#include <QApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QSettings>

#include "ui/views/help_dialog.h"
#include "ui/views/icons.h"
#include "ui/views/language.h"
#include "ui/views/main_window.h"
#include "ui/views/message_bar.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr int kIconSize = 64;
constexpr auto kLanguageKey = "language"_L1;
constexpr auto kThemeKey = "theme"_L1;

}  // namespace

void MainWindow::makeViewMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&View"));
    menu->addAction(icon(u"home"_s), tr("&Home"), QKeySequence(tr("Ctrl+1")), this, [this] { showPage(kHomePage); });
    menu->addAction(icon(u"profile"_s), tr("&Profile"), QKeySequence(tr("Ctrl+2")), this,
                    [this] { showPage(kProfilePage); });
    menu->addAction(icon(u"live"_s), tr("&Live"), QKeySequence(tr("Ctrl+3")), this, [this] { showPage(kLivePage); });
    menu->addSeparator();
    QMenu* themes = menu->addMenu(tr("&Theme"));
    auto* group = new QActionGroup(this);
    const std::pair<ThemeChoice, std::pair<QString, QString>> choices[] = {
        {ThemeChoice::system, {tr("As the &system"), u"system"_s}},
        {ThemeChoice::light, {tr("&Light"), u"light"_s}},
        {ThemeChoice::dark, {tr("&Dark"), u"dark"_s}},
        {ThemeChoice::contrast, {tr("&High contrast"), u"contrast"_s}},
    };
    for (const auto& [choice, words] : choices) {
        QAction* action = themes->addAction(words.first);
        action->setCheckable(true);
        action->setChecked(choice == m_themeChoice);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, theme = choice, word = words.second] {
            QSettings().setValue(kThemeKey, word);
            setTheme(theme);
        });
    }
    addLanguageMenu(*menu);
}

/// Texts are made once: another language takes a new start.
void MainWindow::addLanguageMenu(QMenu& menu)
{
    QMenu* names = menu.addMenu(tr("&Language (at the next start)"));
    auto* group = new QActionGroup(this);
    const QString chosen = QSettings().value(kLanguageKey, u"system"_s).toString();
    for (const QString& word : QStringList{u"system"_s} + languages()) {
        QAction* action =
            names->addAction(word == "system"_L1 ? tr("As the &system") : QLocale(word).nativeLanguageName());
        action->setProperty("isData", word != "system"_L1);
        action->setCheckable(true);
        action->setChecked(word == chosen);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [word] { QSettings().setValue(kLanguageKey, word); });
    }
}

void MainWindow::makeHelpMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Help"));
    menu->addAction(tr("&Help…"), QKeySequence(Qt::Key_F1), this, [this] { (new HelpDialog(this))->open(); })
        ->setObjectName(u"help"_s);
    QAction* keyboard =
        menu->addAction(tr("&Keyboard"), QKeySequence(Qt::SHIFT | Qt::Key_F1), this, &MainWindow::openKeyboard);
    keyboard->setObjectName(u"keyboard"_s);
    QAction* about = menu->addAction(tr("&About Belljar"), this, [this] {
        QMessageBox* box =
            plainBox(this, tr("About Belljar"),
                     tr("Belljar %1\nRuns a program under a policy and shows everything it tries.\nMIT licence.")
                         .arg(QCoreApplication::applicationVersion()));
        box->setIconPixmap(applicationIcon().pixmap(QSize(kIconSize, kIconSize), devicePixelRatioF()));
        box->open();
    });
    about->setObjectName(u"about"_s);
}

/// One row for each line of the list, its keys before the tab.
void MainWindow::openKeyboard()
{
    const QString keys =
        tr("Ctrl+1, Ctrl+2, Ctrl+3\tHome, profile, live\n"
           "F5, Ctrl+.\tRun, stop\n"
           "Ctrl+Shift+.\tStop all sessions\n"
           "Ctrl+T, Ctrl+W\tNew session tab, close it\n"
           "Ctrl+H\tRun something of before again\n"
           "Shift+F5\tShow what would run, and the same for a terminal\n"
           "F8, Shift+F8\tNext, previous denial\n"
           "Enter\tExplain the selected event; go to the selected problem\n"
           "Ctrl+K\tFind any command or field\n"
           "Ctrl+F\tFind in the text; filter the events\n"
           "= - H T G\tIn the events: show only, hide, highlight the value; its process tree; group by it\n"
           "M N Backspace\tBookmark, note; take back the last condition\n"
           "End\tFollow the newest event\n"
           "Ctrl+Z, Ctrl+Y\tUndo, redo in form and text alike\n"
           "Ctrl+N, Ctrl+O, Ctrl+S, Ctrl+E\tNew, open, save, export\n"
           "Escape, then Tab\tLeaves the text editor");
    auto* dialog = new QDialog(this);
    dialog->setObjectName(u"keyboardList"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Keyboard"));
    auto* layout = new QFormLayout(dialog);
    layout->setHorizontalSpacing(2 * fontMetrics().height());
    QFont bold = font();
    bold.setBold(true);
    for (const QString& line : keys.split(u'\n')) {
        auto* key = new QLabel(line.section(u'\t', 0, 0), dialog);
        key->setFont(bold);
        layout->addRow(key, new QLabel(line.section(u'\t', 1), dialog));
    }
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    layout->addRow(buttons);
    dialog->open();
}

}  // namespace belljar
