// The journey of a newcomer, by mouse and keyboard: open the sample, edit the form, run it in a real sandbox, find a
// denial, read why, go to its line, and export the JSON.
#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QMenu>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QProcess>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableView>
#include <QTextBlock>

#include "backends/registry.h"
#include "core/config/config_io.h"
#include "core/events/recording.h"
#include "core/platform/platform.h"
#include "tests/ui/sandbox_support.h"
#include "tests/ui/test_support.h"
#include "ui/models/shown_text.h"
#include "ui/views/event_table_view.h"
#include "ui/views/explain_pane.h"
#include "ui/views/history_dialog.h"
#include "ui/views/launcher_bar.h"
#include "ui/views/live_page.h"
#include "ui/views/main_window.h"
#include "ui/views/message_bar.h"
#include "ui/views/new_profile_dialog.h"
#include "ui/views/outcome_bar.h"
#include "ui/views/output_view.h"
#include "ui/views/preflight_dialog.h"
#include "ui/views/profile_page.h"
#include "ui/views/terminal_view.h"

using namespace belljar;
using namespace Qt::StringLiterals;

namespace {

constexpr int kRunLimitMs = 90'000;

QAction* menuAction(const MainWindow& window, const QString& text)
{
    for (const auto* menu : window.menuBar()->findChildren<QMenu*>()) {
        for (QAction* action : menu->actions()) {
            if (QString(action->text()).remove(u'&') == text) return action;
        }
    }
    return nullptr;
}

}  // namespace

class JourneyTest : public QObject {
    Q_OBJECT

public:
    static QString cannotRun() { return test::whyNoSandbox(); }

private slots:
    void initTestCase();
    void beginsAtHome();
    void startsWithAValidProfile();
    void opensTheSample();
    void addsAReadOnlyPath();
    void showsWhatWouldRun();
    void runsAndSeesDenials();
    void explainsADenial();
    void goesToTheRule();
    void exportsJson();
    void savesTheRecording();
    void stopsALongRun();
    void typesIntoTheTerminal();
    void showsTwoStreamsWithoutATerminal();
    void runsAgainFromTheHistory();
    void offersADroppedProgram();
    void refusesWhatCannotRun();

private:
    std::unique_ptr<HostFacts> m_facts;
    BackendList m_backends;
    QTemporaryDir m_folder;
    std::unique_ptr<MainWindow> m_window;
    QString m_added;
    RuleId m_rule = 0;
};

void JourneyTest::initTestCase()
{
    m_facts = inspectHost(true);
    m_backends = allBackends();
    m_window.reset(new MainWindow({*m_facts, m_backends, {}, false, m_folder.path(), ThemeChoice::light}));
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
}

void JourneyTest::beginsAtHome()
{
    auto* machine = m_window->findChild<QTableView*>(u"containments"_s);
    QVERIFY(machine != nullptr && machine->isVisible());
    QCOMPARE(machine->model()->rowCount(), static_cast<int>(m_backends.size()));
    bool bubblewrapIsHere = false;
    for (int row = 0; row < machine->model()->rowCount(); ++row) {
        const QString state = machine->model()->index(row, 1).data().toString();
        const QString reason = machine->model()->index(row, 2).data().toString();
        QVERIFY2(state.contains(u"available"_s) || !reason.isEmpty(), "what is not here says why");
        bubblewrapIsHere = bubblewrapIsHere || state.contains(u"available"_s);
    }
    QVERIFY(bubblewrapIsHere);
    auto* sample = m_window->findChild<QPushButton*>(u"home-sample"_s);
    QTest::mouseClick(sample, Qt::LeftButton);
    QVERIFY(m_window->profilePage().isVisible());
    QVERIFY(m_window->windowTitle().contains(u"profile.json"_s));
    QTest::keyClick(m_window.get(), Qt::Key_1, Qt::ControlModifier);
    QVERIFY(machine->isVisible());
    auto* recent = m_window->findChild<QListWidget*>(u"recent"_s);
    QCOMPARE(recent->count(), 1);
    QVERIFY(recent->item(0)->text().endsWith(u"profile.json"_s));
    QTest::mouseClick(m_window->findChild<QPushButton*>(u"home-new"_s), Qt::LeftButton);
    auto* templates = m_window->findChild<NewProfileDialog*>();
    QVERIFY(templates != nullptr);
    QTest::keyClick(templates->findChild<QListWidget*>(), Qt::Key_Return);
    QTRY_COMPARE(m_window->findChild<NewProfileDialog*>(), nullptr);
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    QVERIFY(m_window->profilePage().isVisible());
}

void JourneyTest::startsWithAValidProfile()
{
    QVERIFY2(m_window->document().isValid(),
             m_window->document().error() ? describe(*m_window->document().error()).c_str() : "");
    QVERIFY(m_window->findChild<QWidget*>(u"/process/commandLine"_s)->isEnabled());
}

void JourneyTest::opensTheSample()
{
    QAction* action = menuAction(*m_window, u"Try the sample"_s);
    QVERIFY(action != nullptr);
    action->trigger();
    QVERIFY2(m_window->messageBar().isHidden(), qPrintable(m_window->messageBar().text()));
    QVERIFY2(m_window->document().isValid(),
             m_window->document().error() ? describe(*m_window->document().error()).c_str() : "");
    QVERIFY(m_window->windowTitle().contains(u"profile.json"_s));
    auto* text = m_window->findChild<QPlainTextEdit*>(u"profileText"_s);
    QCOMPARE(text->toPlainText().toStdString(), m_window->document().text());
    QVERIFY(m_window->launcher().line().placeholderText().contains(u"try-me.sh"_s));
}

void JourneyTest::addsAReadOnlyPath()
{
    m_added = m_folder.filePath(u"more data"_s);
    QVERIFY(QDir().mkpath(m_added));
    const std::string before = m_window->document().text();
    auto* path = m_window->findChild<QLineEdit*>(u"newPath"_s);
    auto* access = m_window->findChild<QComboBox*>(u"newAccess"_s);
    auto* add = m_window->findChild<QPushButton*>(u"addPath"_s);
    QVERIFY(!add->isEnabled());
    QTest::mouseClick(path, Qt::LeftButton);
    QTest::keyClicks(path, m_added);
    QCOMPARE(access->currentText(), u"read only"_s);
    QTest::mouseClick(add, Qt::LeftButton);
    QVERIFY(m_window->document().isModified());
    QVERIFY(m_window->isWindowModified());
    const auto& paths = *m_window->document().config()->config.filesystem->readonlyPaths;
    QCOMPARE(QString::fromStdString(paths.back()), m_added);
    auto* text = m_window->findChild<QPlainTextEdit*>(u"profileText"_s);
    QVERIFY(text->toPlainText().contains(m_added));
    // Ctrl+Z in the text undoes what the form did, and Ctrl+Y brings it back.
    text->setFocus();
    QTest::keyClick(text, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(m_window->document().text(), before);
    QTest::keyClick(text, Qt::Key_Y, Qt::ControlModifier);
    QVERIFY(m_window->document().isModified());
}

void JourneyTest::showsWhatWouldRun()
{
    QTest::keyClick(m_window.get(), Qt::Key_F5, Qt::ShiftModifier);
    auto* dialog = m_window->findChild<PreflightDialog*>();
    QVERIFY(dialog != nullptr);
    // The path that was added is not in the file yet: the line would run another profile.
    QVERIFY(m_window->document().isModified());
    QVERIFY(dialog->findChild<QLineEdit*>(u"cliLine"_s)->text().isEmpty());
    QVERIFY(!dialog->findChild<QPushButton*>(u"copyLine"_s)->isEnabled());
    const QString plan = dialog->findChild<QPlainTextEdit*>(u"plan"_s)->toPlainText();
    QVERIFY2(plan.contains(m_added), qPrintable(plan));
    QVERIFY(plan.startsWith(u"# Containment: bubblewrap"_s));
    QTest::keyClick(dialog, Qt::Key_Escape);
    QTRY_COMPARE(m_window->findChild<PreflightDialog*>(), nullptr);

    // As `belljar plan` prints it.
    QVERIFY(m_window->document().save(m_window->document().filePath()).ok());
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    QTest::keyClick(m_window.get(), Qt::Key_F5, Qt::ShiftModifier);
    dialog = m_window->findChild<PreflightDialog*>();
    QVERIFY(dialog != nullptr);
    QTest::mouseClick(dialog->findChild<QPushButton*>(u"copyLine"_s), Qt::LeftButton);
    const QString line = QApplication::clipboard()->text();
    QVERIFY2(line.startsWith(u"belljar run --trace full "_s), qPrintable(line));
    const QString bin = qEnvironmentVariable("BELLJAR_BIN");
    if (!bin.isEmpty()) {
        QProcess cli;
        cli.start(u"sh"_s, {u"-c"_s, bin + u'/' + QString(line).replace(u"belljar run"_s, u"belljar plan"_s)});
        QVERIFY(cli.waitForFinished(kRunLimitMs));
        const QString printed = QString::fromUtf8(cli.readAllStandardOutput());
        QCOMPARE(dialog->findChild<QPlainTextEdit*>(u"plan"_s)->toPlainText(), printed);
    }
    QTest::keyClick(dialog, Qt::Key_Escape);
    QTRY_COMPARE(m_window->findChild<PreflightDialog*>(), nullptr);
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

void JourneyTest::runsAndSeesDenials()
{
    auto* run = m_window->findChild<QPushButton*>(u"run"_s);
    QTest::mouseClick(run, Qt::LeftButton);
    QVERIFY2(m_window->messageBar().isHidden(), qPrintable(m_window->messageBar().text()));
    QVERIFY(m_window->livePage().isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->controller().isRunning(), kRunLimitMs);
    // The terminal takes what it gets in slices.
    QTRY_VERIFY2(m_window->livePage().output().text(1).contains(u"The jar held"_s),
                 qPrintable(m_window->livePage().output().text(1)));
    const QString output = m_window->livePage().output().text(1);
    QVERIFY2(m_window->livePage().outcome().text().contains(u"exited with code 0"_s),
             qPrintable(m_window->livePage().outcome().text() + u'\n' + output));
    QVERIFY(m_window->livePage().events().total() > 10);
    QVERIFY(m_window->livePage().events().denied() > 0);
    QVERIFY(run->isEnabled());
    auto* watch = m_window->findChild<QLabel*>(u"watch"_s);
    QVERIFY(!watch->isHidden());
    QVERIFY(watch->text().contains(u"kernel"_s) || watch->text().contains(u"notify"_s));
    QVERIFY(!watch->toolTip().isEmpty());
    auto* denied = m_window->findChild<QPushButton*>(u"deniedCount"_s);
    QCOMPARE(denied->text(), u"%1 denied"_s.arg(m_window->livePage().events().denied()));
}

void JourneyTest::explainsADenial()
{
    LivePage& page = m_window->livePage();
    QTest::keyClick(m_window.get(), Qt::Key_F, Qt::ControlModifier);
    auto* filter = m_window->findChild<QLineEdit*>(u"filter"_s);
    QTRY_VERIFY(filter->hasFocus());
    QTest::keyClicks(filter, u"diary"_s);
    QTRY_COMPARE(page.filter().typed(), std::string("diary"));
    auto* deniedOnly = m_window->findChild<QCheckBox*>(u"deniedOnly"_s);
    deniedOnly->click();
    QVERIFY(page.events().rowCount() > 0);
    const QModelIndex cell = page.events().index(0, EventTableModel::kObject);
    page.table().scrollTo(cell);
    const QPoint position = page.table().visualRect(cell).center();
    QTest::mouseClick(page.table().viewport(), Qt::LeftButton, {}, position);
    QTest::mouseDClick(page.table().viewport(), Qt::LeftButton, {}, position);
    const QString text = page.explainPane().text();
    QVERIFY2(text.startsWith(u"Denied"_s), qPrintable(text));
    QVERIFY2(text.contains(u"deniedPaths"_s), qPrintable(text));
    QVERIFY2(text.contains(u"private"_s), qPrintable(text));
    QVERIFY2(text.contains(u"line "_s), qPrintable(text));
    m_rule = page.events().event(0).rule;
}

void JourneyTest::goesToTheRule()
{
    LivePage& page = m_window->livePage();
    const SourcePlace place = page.events().rules()[m_rule].place;
    QVERIFY(place.line > 0);
    QTest::mouseClick(&page.explainPane().goToButton(), Qt::LeftButton);
    QVERIFY(m_window->profilePage().isVisible());
    auto* text = m_window->findChild<QPlainTextEdit*>(u"profileText"_s);
    QCOMPARE(text->textCursor().blockNumber() + 1, static_cast<int>(place.line));
    QVERIFY(text->textCursor().block().text().contains(u"private"_s));
}

void JourneyTest::exportsJson()
{
    const QString path = m_folder.filePath(u"export.json"_s);
    m_window->findChild<QAction*>(u"export"_s)->trigger();
    auto* dialog = m_window->findChild<QFileDialog*>();
    QVERIFY(dialog != nullptr);
    auto* name = dialog->findChild<QLineEdit*>(u"fileNameEdit"_s);
    QVERIFY(name != nullptr);
    name->setText(path);  // As a paste: typing would open the list of completions over the button.
    QTest::mouseClick(dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Save), Qt::LeftButton);
    QTRY_VERIFY(QFile::exists(path));
    QTRY_VERIFY(m_window->findChild<QFileDialog*>() == nullptr);
    m_window->activateWindow();  // What a window manager does when a dialog goes; there is none offscreen.
    QTRY_VERIFY(m_window->isActiveWindow());
    const Result<std::string> text = readFile(path.toStdString(), 1 << 20);
    QVERIFY(text.ok());
    const Result<LoadedConfig> config = readConfig(*text, "export.json");
    QVERIFY2(config.ok(), config.ok() ? "" : describe(config.error()).c_str());
    const auto& paths = *config->config.filesystem->readonlyPaths;
    QVERIFY(std::find(paths.begin(), paths.end(), m_added.toStdString()) != paths.end());
    QVERIFY(config->config.process->commandLine->find("try-me.sh") != std::string::npos);
}

void JourneyTest::savesTheRecording()
{
    const QString path = m_folder.filePath(u"saved.belljar"_s);
    QVERIFY(m_window->saveRecordingTo(path));
    const Result<Recording> recording = readRecording(path.toStdString());
    QVERIFY2(recording.ok(), recording.ok() ? "" : describe(recording.error()).c_str());
    QCOMPARE(recording->damage, std::string());
    QVERIFY(recording->outcome.has_value());
    QCOMPARE(recording->events.size(), m_window->livePage().events().total());
    QVERIFY(!m_window->saveRecordingTo(u"/nonexistent/folder/x"_s));
    QVERIFY(m_window->messageBar().isVisible());
}

void JourneyTest::stopsALongRun()
{
    m_window->launcher().setCommand(u"printf '\\033[1mstarted\\033[0m\\n'; sleep 600"_s);
    QTest::keyClick(m_window.get(), Qt::Key_F5);
    QVERIFY2(m_window->controller().isRunning(), qPrintable(m_window->messageBar().text()));
    QTRY_VERIFY_WITH_TIMEOUT(m_window->livePage().output().text(1) == u"started\n"_s, kRunLimitMs);
    QTest::keyClick(m_window.get(), Qt::Key_Period, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->controller().isRunning(), kRunLimitMs);
    QVERIFY2(m_window->livePage().outcome().text().contains(u"stopped by the user"_s),
             qPrintable(m_window->livePage().outcome().text()));
}

void JourneyTest::typesIntoTheTerminal()
{
    OutputView& output = m_window->livePage().output();
    m_window->launcher().setCommand(u"read line; echo \"got $line\"; stty size"_s);
    m_window->run();
    QTRY_VERIFY_WITH_TIMEOUT(m_window->livePage().events().total() > 0, kRunLimitMs);
    QTest::keyClicks(&output.terminal(), u"it all"_s);
    QTest::keyClick(&output.terminal(), Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->controller().isRunning(), kRunLimitMs);
    QTRY_VERIFY2(output.text(1).contains(u"got it all"_s), qPrintable(output.text(1)));
    const QString size = u"%1 %2"_s.arg(output.terminal().rows()).arg(output.terminal().columns());
    QTRY_VERIFY2(output.text(1).contains(size), qPrintable(output.text(1)));
}

void JourneyTest::showsTwoStreamsWithoutATerminal()
{
    QAction* inTerminal = menuAction(*m_window, u"In a terminal"_s);
    QVERIFY(inTerminal != nullptr && inTerminal->isChecked());
    inTerminal->trigger();
    m_window->launcher().setCommand(u"echo out; echo err >&2; cat"_s);  // cat reads the end at once.
    m_window->run();
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->controller().isRunning(), kRunLimitMs);
    QTRY_COMPARE(m_window->livePage().output().text(1), u"out\n"_s);
    QTRY_COMPARE(m_window->livePage().output().text(2), u"err\n"_s);
    inTerminal->trigger();
}

void JourneyTest::runsAgainFromTheHistory()
{
    m_window->launcher().setCommand({});
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    QTest::keyClick(m_window.get(), Qt::Key_H, Qt::ControlModifier);
    auto* dialog = m_window->findChild<HistoryDialog*>();
    QVERIFY(dialog != nullptr);
    auto* list = dialog->findChild<QListView*>();
    QVERIFY2(list->currentIndex().data().toString().startsWith(u"echo out"_s),
             qPrintable(list->currentIndex().data().toString()));
    const int runs = list->model()->rowCount();
    QVERIFY(runs >= 4);
    // An older one is pinned and stands first.
    list->setCurrentIndex(list->model()->index(1, 0));
    const QString older = list->currentIndex().data().toString();
    QTest::mouseClick(dialog->findChild<QPushButton*>(u"pin"_s), Qt::LeftButton);
    QCOMPARE(list->model()->index(0, 0).data().toString(), u"Pinned: "_s + older);
    list->setCurrentIndex(list->model()->index(runs - 1, 0));
    QTest::mouseClick(dialog->findChild<QPushButton*>(u"forget"_s), Qt::LeftButton);
    QCOMPARE(list->model()->rowCount(), runs - 1);
    list->setCurrentIndex(list->model()->index(1, 0));
    QTest::mouseClick(dialog->findChild<QPushButton*>(u"runAgain"_s), Qt::LeftButton);
    QCOMPARE(m_window->launcher().command(), u"echo out; echo err >&2; cat"_s);
    QVERIFY(m_window->controller().isRunning());
    m_window->stop();
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->controller().isRunning(), kRunLimitMs);
    // It outlives the window, and only its owner reads it.
    const QString file = m_folder.filePath(u"history.json"_s);
    QCOMPARE(RunHistory(file).rowCount(), runs - 1);
    QVERIFY(RunHistory(file).run(0).pinned);
    QCOMPARE(QFile(file).permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
}

void JourneyTest::offersADroppedProgram()
{
    const QString folder = m_folder.filePath(u"dropped"_s);
    QVERIFY(QDir().mkpath(folder));
    const QString script = folder + u"/it's mine.sh"_s;
    QFile file(script);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("#!/bin/sh\necho dropped\n");
    file.close();
    file.setPermissions(file.permissions() | QFile::ExeOwner | QFile::ExeUser);
    m_window->takeDropped(script);
    QCOMPARE(m_window->launcher().command(), u"'%1/it'\\''s mine.sh'"_s.arg(folder));
    QVERIFY(m_window->messageBar().isVisible());
    QTest::mouseClick(&m_window->messageBar().actionButton(), Qt::LeftButton);
    QCOMPARE(QString::fromStdString(m_window->document().config()->config.filesystem->readonlyPaths->back()), folder);
    m_window->run();
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->controller().isRunning(), kRunLimitMs);
    QTRY_COMPARE(m_window->livePage().output().text(1), u"dropped\n"_s);
}

void JourneyTest::refusesWhatCannotRun()
{
    m_window->launcher().setCommand(u"true"_s);
    m_window->document().reset("{ \"version\": ");
    m_window->run();
    QVERIFY(!m_window->controller().isRunning());
    QVERIFY(m_window->messageBar().isVisible());
    QVERIFY(m_window->messageBar().text().startsWith(u"Error"_s));
    m_window.reset();
}

BELLJAR_QTEST_MAIN(JourneyTest)
#include "journey_test.moc"
