// The menus of the main window and what they ask.
#include <QAction>
#include <QFileInfo>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>

#include "core/config/config_io.h"

#include "ui/models/shown_text.h"
#include "ui/views/command_palette.h"
#include "ui/views/history_dialog.h"
#include "ui/views/icons.h"
#include "ui/views/launcher_bar.h"
#include "ui/views/live_page.h"
#include "ui/views/main_window.h"
#include "ui/views/message_bar.h"
#include "ui/views/new_profile_dialog.h"
#include "ui/views/preflight_dialog.h"
#include "ui/views/profile_page.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kMostRecent = 8;
constexpr auto kRecentKey = "recentProfiles"_L1;
constexpr auto kAskKey = "asksAboutTheNetwork"_L1;
constexpr auto kTerminalKey = "inTerminal"_L1;

}  // namespace

void MainWindow::makeFileMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&File"));
    QAction* create = menu->addAction(icon(u"new"_s), tr("&New profile…"), QKeySequence::New, this, [this] {
        whenSaved([this] {
            auto* dialog = new NewProfileDialog(this);
            connect(dialog, &NewProfileDialog::chosen, this, [this](const std::string& text) {
                m_document.reset(text);
                showPage(kProfilePage);
            });
            dialog->open();
        });
    });
    QAction* sample =
        menu->addAction(icon(u"run"_s), tr("&Try the sample"), this, [this] { whenSaved([this] { openSample(); }); });
    QAction* open = menu->addAction(icon(u"open"_s), tr("&Open…"), QKeySequence::Open, this, [this] {
        whenSaved(
            [this] { chooseFile(tr("Open profile"), false, {}, [this](const QString& path) { openProfile(path); }); });
    });
    QAction* openRecorded = menu->addAction(
        icon(u"live"_s), tr("Open recor&ding…"), QKeySequence(tr("Ctrl+Shift+O")), this,
        [this] { chooseFile(tr("Open recording"), false, {}, [this](const QString& path) { openRecording(path); }); });
    openRecorded->setObjectName(u"openRecording"_s);
    create->setObjectName(u"new"_s);
    sample->setObjectName(u"sample"_s);
    open->setObjectName(u"open"_s);
    m_beginnings = {sample, create, open, openRecorded};
    m_recent = menu->addMenu(tr("Open &recent"));
    connect(m_recent, &QMenu::aboutToShow, this, &MainWindow::fillRecent);
    menu->addSeparator();
    menu->addAction(icon(u"save"_s), tr("&Save"), QKeySequence::Save, this, [this] { saveOr(false); });
    menu->addAction(tr("Save &as…"), QKeySequence(tr("Ctrl+Shift+S")), this, [this] { saveOr(true); })
        ->setObjectName(u"saveAs"_s);
    QAction* exportAction =
        menu->addAction(icon(u"export"_s), tr("&Export JSON…"), QKeySequence(tr("Ctrl+E")), this, [this] {
            chooseFile(tr("Export JSON"), true, u"export.json"_s, [this](const QString& path) { exportTo(path); });
        });
    exportAction->setObjectName(u"export"_s);
    m_saveRecordingAction = menu->addAction(tr("Save re&cording…"), this, [this] {
        const QString name = QFileInfo(controller().recordingPath()).fileName();
        chooseFile(tr("Save recording"), true, name, [this](const QString& path) { saveRecordingTo(path); });
    });
    m_saveRecordingAction->setEnabled(false);
    m_exportEventsAction = menu->addAction(tr("Export e&vents…"), this, [this] {
        chooseFile(tr("Export the events that are shown"), true, u"events.csv"_s,
                   [this](const QString& path) { livePage().exportShown(path); },
                   {tr("Table (%1)").arg(u"*.csv"_s), tr("JSON lines (%1)").arg(u"*.jsonl"_s),
                    tr("Database (%1)").arg(u"*.sqlite"_s), tr("Text (%1)").arg(u"*.txt"_s)});
    });
    m_exportEventsAction->setEnabled(false);
    m_saveRecordingAction->setObjectName(u"saveRecording"_s);
    m_exportEventsAction->setObjectName(u"exportEvents"_s);
    menu->addSeparator();
    menu->addAction(tr("&Quit"), QKeySequence::Quit, this, &QWidget::close);
}

void MainWindow::makeEditMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Edit"));
    QAction* undo = m_document.undoStack().createUndoAction(this, tr("&Undo"));
    undo->setIcon(icon(u"undo"_s));
    undo->setShortcut(QKeySequence::Undo);
    QAction* redo = m_document.undoStack().createRedoAction(this, tr("&Redo"));
    redo->setIcon(icon(u"redo"_s));
    redo->setShortcuts({QKeySequence(tr("Ctrl+Shift+Z")), QKeySequence(tr("Ctrl+Y"))});
    menu->addAction(undo);
    menu->addAction(redo);
    menu->addSeparator();
    const auto compare = [this](ComparePane::With with) {
        return [this, with] {
            showPage(kProfilePage);
            m_profilePage->showCompare(with);
        };
    };
    menu->addAction(tr("Compare with the &saved version"), QKeySequence(tr("Ctrl+D")), this,
                    compare(ComparePane::With::saved));
    menu->addAction(tr("Compare with &another profile"), this, compare(ComparePane::With::file));
    menu->addAction(tr("&Migrate to schema 0.8"), this, compare(ComparePane::With::migrated));
    menu->addSeparator();
    menu->addAction(tr("Find a &command or field…"), QKeySequence(tr("Ctrl+K")), this, &MainWindow::openPalette)
        ->setObjectName(u"palette"_s);
    menu->addAction(tr("&Find or filter"), QKeySequence::Find, this, [this] {
        if (livePage().isVisible()) livePage().focusFilter();
        else m_profilePage->editorHost().editor().find();
    });
}

void MainWindow::makeRunMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Run"));
    menu->addAction(icon(u"run"_s), tr("&Run in the sandbox"), QKeySequence(Qt::Key_F5), this, &MainWindow::run);
    menu->addAction(tr("Show what &would run…"), QKeySequence(tr("Shift+F5")), this, &MainWindow::openPreflight)
        ->setObjectName(u"preflight"_s);
    menu->addAction(tr("Run &history…"), QKeySequence(tr("Ctrl+H")), this, &MainWindow::openHistory)
        ->setObjectName(u"history"_s);
    m_stopAction = menu->addAction(icon(u"stop"_s), tr("&Stop"), QKeySequence(tr("Ctrl+.")), this, &MainWindow::stop);
    m_stopAction->setEnabled(false);
    m_stopAllAction =
        menu->addAction(tr("Stop &all sessions"), QKeySequence(tr("Ctrl+Shift+.")), this, &MainWindow::stopAll);
    m_stopAllAction->setEnabled(false);
    menu->addAction(tr("New session &tab"), QKeySequence(tr("Ctrl+T")), this, [this] {
        m_sessions->addSession();
        showPage(kLivePage);
    });
    menu->addAction(tr("&Close session tab"), QKeySequence(tr("Ctrl+W")), this,
                    [this] { closeSession(m_sessions->currentIndex()); });
    menu->addSeparator();
    QAction* terminal = menu->addAction(tr("In a &terminal"));
    terminal->setObjectName(u"inTerminal"_s);
    terminal->setCheckable(true);
    terminal->setToolTip(
        tr("Gives the program a terminal to type into; otherwise it has no input, and its standard "
           "output and standard error are shown apart."));
    connect(terminal, &QAction::toggled, this, [this](bool on) {
        QSettings().setValue(kTerminalKey, on);
        m_sessions->setUsesTerminal(on);
    });
    terminal->setChecked(QSettings().value(kTerminalKey, true).toBool());
    QAction* asks = menu->addAction(tr("As&k about the network"));
    asks->setObjectName(u"asks"_s);
    asks->setCheckable(true);
    asks->setToolTip(
        tr("Holds what no rule of a filtered network covers until you answer; without an answer it is "
           "denied once, and no rule is written."));
    connect(asks, &QAction::toggled, this, [this](bool on) {
        QSettings().setValue(kAskKey, on);
        m_sessions->setAsks(on);
    });
    asks->setChecked(QSettings().value(kAskKey, false).toBool());
    menu->addSeparator();
    menu->addAction(icon(u"next"_s), tr("&Next denial"), QKeySequence(Qt::Key_F8), this, [this] { goToDenial(1); });
    menu->addAction(tr("&Previous denial"), QKeySequence(Qt::SHIFT | Qt::Key_F8), this, [this] { goToDenial(-1); });
}

void MainWindow::closeSession(int index)
{
    auto* tab = static_cast<SessionTab*>(m_sessions->widget(index));
    if (!tab->controller().isRunning()) {
        m_sessions->closeSession(index);
        return;
    }
    QMessageBox* box = plainBox(this, tr("A program is running"),
                                tr("%1 is still running. Stop it and close its tab?").arg(tab->title()));
    box->setStandardButtons(QMessageBox::Close | QMessageBox::Cancel);
    box->setDefaultButton(QMessageBox::Cancel);
    // By name: meanwhile it may have ended, or been moved.
    connect(box, &QMessageBox::buttonClicked, tab, [this, box, tab](QAbstractButton* button) {
        if (box->standardButton(button) == QMessageBox::Close) m_sessions->closeSession(m_sessions->indexOf(tab));
    });
    box->open();
}

void MainWindow::openPreflight()
{
    m_document.parseNow();
    const bool asInFile = !m_document.filePath().isEmpty() && !m_document.isModified();
    const std::string line =
        asInFile ? cliLine(engineText(m_document.filePath()), engineText(m_launcher->command())) : std::string();
    auto* dialog = new PreflightDialog(controller().prepared(request()), line, this);
    connect(dialog, &PreflightDialog::runRequested, this, &MainWindow::run);
    dialog->open();
}

void MainWindow::openHistory()
{
    auto* dialog = new HistoryDialog(m_history, this);
    connect(dialog, &HistoryDialog::runRequested, this, &MainWindow::runAgain);
    dialog->open();
}

void MainWindow::runAgain(const QString& command, const QString& profile)
{
    const auto start = [this, command] {
        m_launcher->setCommand(command);
        run();
    };
    if (profile == m_document.filePath()) {
        start();
        return;
    }
    if (profile.isEmpty()) {
        m_message->showText(Severity::note, tr("That run was under a profile that was never saved. Its command is in "
                                               "the line above; choose a profile for it."));
        m_launcher->setCommand(command);
        return;
    }
    whenSaved([this, profile, start] {
        if (openProfile(profile)) start();
    });
}

/// Every menu entry that can be used now, and every field that profiles have.
void MainWindow::openPalette()
{
    std::vector<PaletteEntry> entries;
    const std::function<void(const QMenu&, const QString&)> add = [&](const QMenu& menu, const QString& where) {
        for (QAction* action : menu.actions()) {
            const QString title = QString(action->text()).remove(u'&');
            if (action->menu() != nullptr) {
                add(*action->menu(), u"%1 › %2"_s.arg(where, title));
            } else if (!action->isSeparator() && action->isEnabled()) {
                entries.push_back({title, where, action->shortcut().toString(QKeySequence::NativeText),
                                   [action] { action->trigger(); }});
            }
        }
    };
    fillRecent();
    for (const QAction* top : menuBar()->actions()) add(*top->menu(), QString(top->text()).remove(u'&'));
    for (const FieldInfo& field : configFields()) {
        if (field.type == "object" || field.pointer.find('*') != std::string::npos) continue;
        QString about = QString::fromStdString(field.help);
        for (const std::string& value : field.values) about += u' ' + QString::fromStdString(value);
        entries.push_back({QString::fromStdString(field.title),
                           QString::fromStdString(field.pointer),
                           {},
                           [this, pointer = field.pointer] {
                               showPage(kProfilePage);
                               m_profilePage->goToField(pointer);
                           },
                           about});
    }
    (new CommandPalette(std::move(entries), this))->open();
}

void MainWindow::fillRecent()
{
    m_recent->clear();
    const QStringList paths = recentProfiles();
    for (const QString& path : paths) {
        m_recent->addAction(menuText(engineText(path)), this,
                            [this, path] { whenSaved([this, path] { openProfile(path); }); });
    }
    if (paths.isEmpty()) m_recent->addAction(tr("Nothing yet"))->setEnabled(false);
}

QStringList MainWindow::recentProfiles()
{
    return QSettings().value(kRecentKey).toStringList();
}

void MainWindow::rememberRecent(const QString& path)
{
    QStringList paths = recentProfiles();
    paths.removeAll(path);
    paths.prepend(path);
    QSettings().setValue(kRecentKey, QStringList(paths.mid(0, kMostRecent)));
}

void MainWindow::saveOr(bool askForName, std::function<void()> afterwards)
{
    const auto save = [this, next = std::move(afterwards)](const QString& path) {
        const Result<void> saved = m_document.save(path);
        if (!saved) {
            m_message->showError(saved.error());
            return;
        }
        rememberRecent(m_document.filePath());
        if (next) next();
    };
    if (askForName || m_document.filePath().isEmpty()) {
        chooseFile(tr("Save profile"), true, m_document.filePath().isEmpty() ? u"profile.json"_s : m_document.name(),
                   save);
    } else {
        save(m_document.filePath());
    }
}

void MainWindow::whenSaved(std::function<void()> afterwards)
{
    if (!m_document.isModified()) {
        afterwards();
        return;
    }
    QMessageBox* box =
        plainBox(this, tr("Unsaved changes"),
                 tr("The profile %1 has unsaved changes.").arg(shownElided(engineText(m_document.name()), 200)));
    box->setIconPixmap(
        iconPixmap(u"warning"_s, currentTheme().warning, 2 * fontMetrics().height(), devicePixelRatioF()));
    box->setStandardButtons(QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel);
    box->setDefaultButton(QMessageBox::Save);
    connect(box, &QMessageBox::buttonClicked, this, [this, box, next = std::move(afterwards)](QAbstractButton* button) {
        const QMessageBox::StandardButton choice = box->standardButton(button);
        if (choice == QMessageBox::Save) saveOr(false, next);
        else if (choice == QMessageBox::Discard) next();
    });
    box->open();
}

}  // namespace belljar
