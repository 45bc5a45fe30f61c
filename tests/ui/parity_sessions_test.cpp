// What the window does with sessions and recordings, done there and by the command line: recordings tell the same,
// exports and notes are the same byte for byte, and what changes a running session changes it alike.
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QInputDialog>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

#include <set>

#include "core/events/event_selection.h"
#include "tests/ui/parity_support.h"
#include "ui/models/event_table_model.h"
#include "ui/models/group_model.h"
#include "ui/models/live_filter.h"
#include "ui/views/ask_bar.h"
#include "ui/views/event_table_view.h"
#include "ui/views/explain_pane.h"
#include "ui/views/fix_bar.h"
#include "ui/views/fix_list.h"
#include "ui/views/launcher_bar.h"
#include "ui/views/live_page.h"
#include "ui/views/output_view.h"

using namespace belljar;
using namespace belljar::test;
using namespace Qt::StringLiterals;

namespace {

/// Under which a program may run and little else.
constexpr const char* kProfile = R"({
  "version": "0.8.0-alpha",
  "process": { "commandLine": "true", "cwd": "/" }
}
)";

QString textOf(const QJsonValue& value)
{
    return value.toString().replace(QRegularExpression(u"[0-9]+"_s), u"N"_s);
}

/// What happened, without when, how often, in which order and under which process numbers.
std::set<QString> facts(const QByteArray& jsonLines)
{
    std::set<QString> facts;
    for (const QByteArray& line : jsonLines.split('\n')) {
        const QJsonObject event = QJsonDocument::fromJson(line).object();
        if (!event.contains(u"kind"_s)) continue;
        facts.insert(QStringList{event[u"process"_s].toString(), event[u"kind"_s].toString(),
                                 textOf(event[u"object"_s]), event[u"verdict"_s].toString(),
                                 event[u"result"_s].toString(), event[u"rule"_s][u"text"_s].toString()}
                         .join(u" | "_s));
    }
    return facts;
}

QString difference(const std::set<QString>& one, const std::set<QString>& other)
{
    QStringList lines;
    for (const QString& fact : one)
        if (!other.contains(fact)) lines << u"only in the window: "_s + fact;
    for (const QString& fact : other)
        if (!one.contains(fact)) lines << u"only in the terminal: "_s + fact;
    return lines.join(u'\n');
}

}  // namespace

class ParitySessionsTest : public QObject {
    Q_OBJECT

public:
    static QString cannotRun() { return ParityBench::whyNot(true); }

private slots:
    void init();
    void cleanup() { m_bench.reset(); }
    void runsAndRecordings();
    void streams();
    void exportsOfEvents();
    void bookmarksAndNotes();
    void groupsAndLines();
    void endings();
    void allAtOnce();
    void liveChanges();
    void answers();

private:
    LivePage& page() { return m_bench->window.livePage(); }
    void waitForEnd() { QTRY_VERIFY_WITH_TIMEOUT(!m_bench->window.controller().isRunning(), kRunLimitMs); }
    void startHere(const QString& command)
    {
        m_bench->window.launcher().setCommand(command);
        m_bench->trigger(u"Run › Run in the sandbox"_s);
        QVERIFY2(m_bench->window.controller().isRunning(), qPrintable(m_bench->window.messageBar().text()));
    }
    /// `belljar run` of that command; the caller waits for its end.
    std::unique_ptr<QProcess> startThere(const QStringList& options, const QString& command)
    {
        auto run = std::make_unique<QProcess>();
        run->setWorkingDirectory(m_bench->folder.path());
        run->setStandardInputFile(QProcess::nullDevice());
        run->start(ParityBench::program(), QStringList{u"run"_s, u"--trace"_s, u"full"_s} + options +
                                               QStringList{u"--"_s, u"sh"_s, u"-c"_s, command});
        return run;
    }
    QJsonArray sessions() const
    {
        return QJsonDocument::fromJson(m_bench->cli({u"sessions"_s, u"--json"_s}).out)[u"sessions"_s].toArray();
    }
    /// The id of the session that this program runs; waits for it.
    QString idOf(const QProcess& run) const
    {
        for (int i = 0; i < kRunLimitMs / 100; ++i) {
            for (const QJsonValue& session : sessions())
                if (session[u"pid"_s].toInteger() == run.processId()) return session[u"id"_s].toString();
            QTest::qWait(100);
        }
        return {};
    }
    QJsonObject outcomeOf(const QString& recording) const
    {
        const QByteArray lines = m_bench->cli({u"events"_s, recording, u"--format"_s, u"jsonl"_s}).out.trimmed();
        return QJsonDocument::fromJson(lines.mid(lines.lastIndexOf('\n') + 1))[u"outcome"_s].toObject();
    }
    /// A recording of a short run, open in the window.
    void recordAndOpen();
    void exportAs(const QString& name, const QStringList& options);

    std::unique_ptr<ParityBench> m_bench;
    QString m_recording;
};

void ParitySessionsTest::init()
{
    m_bench = std::make_unique<ParityBench>();
    QAction* terminal = m_bench->action(u"Run › In a terminal"_s);
    if (terminal->isChecked()) terminal->trigger();
}

void ParitySessionsTest::recordAndOpen()
{
    m_recording = m_bench->file(u"session.belljar"_s);
    const QString profile = m_bench->write(u"profile.json"_s, kProfile);
    BELLJAR_CLI_OK(m_bench->cli({u"run"_s, u"--trace"_s, u"full"_s, u"--record"_s, m_recording, profile, u"--"_s,
                                 u"sh"_s, u"-c"_s, u"cat /etc/passwd /home/nobody /etc/shadow; ls /; true"_s}));
    m_bench->trigger(u"File › Open recording…"_s);
    QVERIFY(m_bench->choose(m_recording));
    QTRY_VERIFY_WITH_TIMEOUT(page().canExport(), kRunLimitMs);
    QTRY_VERIFY_WITH_TIMEOUT(page().events().total() > 5, kRunLimitMs);
}

void ParitySessionsTest::runsAndRecordings()
{
    m_bench->trigger(u"File › Try the sample"_s);
    const QString profile = m_bench->window.document().filePath();
    m_bench->trigger(u"Run › Run in the sandbox"_s);
    QVERIFY2(m_bench->window.controller().isRunning(), qPrintable(m_bench->window.messageBar().text()));
    waitForEnd();
    m_bench->trigger(u"File › Save recording…"_s);
    QVERIFY(m_bench->choose(m_bench->file(u"gui.belljar"_s)));
    QVERIFY(QFile::remove(m_bench->file(u"data/sample/out/result.txt"_s)));  // Which the first run has made.
    const CliRun run = m_bench->cli({u"run"_s, u"--trace"_s, u"full"_s, u"--record"_s, u"cli.belljar"_s, profile});
    QVERIFY2(run.code == 0, (run.err + run.out).constData());
    QTRY_COMPARE(page().output().text(1), QString::fromUtf8(run.out));
    const QStringList lines{u"--format"_s, u"jsonl"_s};
    const std::set<QString> here = facts(m_bench->cli(QStringList{u"events"_s, u"gui.belljar"_s} + lines).out);
    const std::set<QString> there = facts(m_bench->cli(QStringList{u"events"_s, u"cli.belljar"_s} + lines).out);
    QVERIFY(here.size() > 30);
    QVERIFY2(here == there, qPrintable(difference(here, there)));
    QCOMPARE(outcomeOf(u"gui.belljar"_s)[u"ending"_s], outcomeOf(u"cli.belljar"_s)[u"ending"_s]);
    QCOMPARE(outcomeOf(u"gui.belljar"_s)[u"code"_s], outcomeOf(u"cli.belljar"_s)[u"code"_s]);
}

void ParitySessionsTest::streams()
{
    const QString profile = m_bench->write(u"profile.json"_s, kProfile);
    QVERIFY(m_bench->window.openProfile(profile));
    const QString command = u"echo out; echo err >&2; cat; test -t 1 && echo tty"_s;
    startHere(command);
    waitForEnd();
    const CliRun run = m_bench->cli({u"run"_s, profile, u"--"_s, u"sh"_s, u"-c"_s, command});
    QTRY_COMPARE(page().output().text(1), QString::fromUtf8(run.out));
    QTRY_COMPARE(page().output().text(2), QString::fromUtf8(run.err));
    // In a terminal: script(1) gives `belljar run` one.
    if (QStandardPaths::findExecutable(u"script"_s).isEmpty()) QSKIP("script(1) is not installed");
    m_bench->trigger(u"Run › In a terminal"_s);
    startHere(u"test -t 1 && echo tty"_s);
    waitForEnd();
    QProcess terminal;
    terminal.setWorkingDirectory(m_bench->folder.path());
    terminal.setStandardInputFile(QProcess::nullDevice());
    terminal.start(u"script"_s,
                   {u"-qec"_s, u"'%1' run profile.json -- sh -c 'test -t 1 && echo tty'"_s.arg(ParityBench::program()),
                    u"/dev/null"_s});
    QVERIFY(terminal.waitForFinished(kRunLimitMs));
    const QString there = QString::fromUtf8(terminal.readAllStandardOutput());
    QVERIFY2(there.contains(u"tty"_s), qPrintable(there));
    QTRY_VERIFY2(page().output().text(1).contains(u"tty"_s), qPrintable(page().output().text(1)));
}

void ParitySessionsTest::exportAs(const QString& name, const QStringList& options)
{
    m_bench->trigger(u"File › Export events…"_s);
    QVERIFY(m_bench->choose(m_bench->file(u"gui."_s + name)));
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(m_bench->file(u"gui."_s + name)), kRunLimitMs);
    BELLJAR_CLI_OK(m_bench->cli(QStringList{u"events"_s, m_recording, u"--output"_s, u"cli."_s + name} + options));
    QVERIFY(!m_bench->read(u"gui."_s + name).isEmpty());
    QCOMPARE(m_bench->read(u"gui."_s + name), m_bench->read(u"cli."_s + name));
    QVERIFY(QFile::remove(m_bench->file(u"gui."_s + name)) && QFile::remove(m_bench->file(u"cli."_s + name)));
}

void ParitySessionsTest::exportsOfEvents()
{
    recordAndOpen();
    const auto all = [this](const QStringList& filter) {
        exportAs(u"csv"_s, QStringList{u"--format"_s, u"csv"_s} + filter);
        exportAs(u"jsonl"_s, QStringList{u"--format"_s, u"jsonl"_s} + filter);
        exportAs(u"sqlite"_s, QStringList{u"--format"_s, u"sqlite"_s} + filter);
        exportAs(u"txt"_s, filter);
    };
    all({});
    // What a cell's key leaves, and what it hides.
    const int rows = page().events().rowCount();
    page().table().setCurrentIndex(page().events().index(0, EventTableModel::kProcess));
    QTest::keyClick(&page().table(), Qt::Key_Equal);
    QTRY_VERIFY(!page().events().isBusy() && page().events().rowCount() < rows);
    const int fewer = page().events().rowCount();
    page().table().setCurrentIndex(page().events().index(0, EventTableModel::kObject));
    QTest::keyClick(&page().table(), Qt::Key_Minus);
    QTRY_VERIFY(!page().events().isBusy() && page().events().rowCount() < fewer);
    QVERIFY(page().events().rowCount() > 0);
    all({u"--filter"_s, QString::fromStdString(page().filter().text())});
    // A name that says nothing of the form, and a folder that is not there.
    m_bench->trigger(u"File › Export events…"_s);
    page().exportShown(m_bench->file(u"events.pdf"_s));
    QVERIFY(m_bench->window.messageBar().text().contains(u".csv"_s));
    page().exportShown(u"/nonexistent/folder/x.csv"_s);
    QTRY_VERIFY(m_bench->window.messageBar().text().contains(u"/nonexistent/folder"_s));
}

void ParitySessionsTest::bookmarksAndNotes()
{
    recordAndOpen();
    QVERIFY(QFile::copy(m_recording, m_bench->file(u"other.belljar"_s)));
    const QString notes = m_recording + u".notes"_s;
    const auto same = [&](const QStringList& change) {
        BELLJAR_CLI_OK(m_bench->cli(QStringList{u"events"_s, u"other.belljar"_s} + change));
        QCOMPARE(m_bench->read(notes), m_bench->read(u"other.belljar.notes"_s));
    };
    const auto number = [this](int row) { return QString::number(page().events().event(row).sequence); };
    page().table().setCurrentIndex(page().events().index(1, 0));
    QTest::keyClick(&page().table(), Qt::Key_M);
    QVERIFY(QFile::exists(notes));
    same({u"--bookmark"_s, number(1)});
    page().table().setCurrentIndex(page().events().index(2, 0));
    QTest::keyClick(&page().table(), Qt::Key_N);
    auto* dialog = page().findChild<QInputDialog*>(u"note"_s);
    QVERIFY(dialog != nullptr);
    dialog->setTextValue(u"why \"this\"?"_s);
    dialog->accept();
    same({u"--bookmark"_s, number(2), u"--note"_s, u"why \"this\"?"_s});
    exportAs(u"jsonl"_s, {u"--format"_s, u"jsonl"_s});  // The notes travel.
    QTest::keyClick(&page().table(), Qt::Key_M);
    same({u"--remove-bookmark"_s, number(2)});
    page().table().setCurrentIndex(page().events().index(1, 0));
    QTest::keyClick(&page().table(), Qt::Key_M);
    same({u"--remove-bookmark"_s, number(1)});
    QVERIFY(!QFile::exists(notes));
}

void ParitySessionsTest::groupsAndLines()
{
    recordAndOpen();
    page().table().setCurrentIndex(page().events().index(0, EventTableModel::kObject));
    QTest::keyClick(&page().table(), Qt::Key_C, Qt::ControlModifier);
    const QString line = QApplication::clipboard()->text();
    const QString number = QString::number(page().events().event(0).sequence);
    const CliRun shownThere = m_bench->cli({u"events"_s, m_recording, u"--filter"_s, u"seq="_s + number});
    QVERIFY(line.size() > 10);
    QVERIFY2(QString::fromUtf8(shownThere.out).contains(line), shownThere.out.constData());
    QTest::keyClick(&page().table(), Qt::Key_G);
    QTRY_VERIFY(!page().groups().isBusy() && page().groups().rowCount() > 0);
    const QString field = QString::fromUtf8(queryField(page().groups().field()).name.data());
    const QByteArray json = m_bench->cli({u"events"_s, m_recording, u"--count-by"_s, field, u"--json"_s}).out;
    std::set<QString> there;
    for (const QJsonValue& group : QJsonDocument::fromJson(json)[u"groups"_s].toArray())
        there.insert(u"%1 %2 %3"_s.arg(group[u"value"_s].toString())
                         .arg(group[u"count"_s].toInt())
                         .arg(group[u"denied"_s].toInt()));
    std::set<QString> here;
    for (const EventGroup& group : page().groups().groups())
        here.insert(u"%1 %2 %3"_s.arg(QString::fromStdString(group.value)).arg(group.count).arg(group.denied));
    QVERIFY(here.size() > 3);
    QVERIFY2(here == there, qPrintable(difference(here, there)));
}

void ParitySessionsTest::endings()
{
    const QString profile = m_bench->write(u"profile.json"_s, kProfile);
    QVERIFY(m_bench->window.openProfile(profile));
    startHere(u"sleep 600"_s);
    m_bench->trigger(u"Run › Stop"_s);
    waitForEnd();
    const QString stopped = m_bench->window.controller().recordingPath();
    // The command line ends a session of its own, and one of the window's.
    const auto run = startThere({u"--record"_s, u"cli.belljar"_s, profile}, u"sleep 600"_s);
    BELLJAR_CLI_OK(m_bench->cli({u"kill"_s, idOf(*run)}));
    QVERIFY(run->waitForFinished(kRunLimitMs));
    startHere(u"sleep 600"_s);
    BELLJAR_CLI_OK(m_bench->cli({u"kill"_s, QString::fromStdString(m_bench->window.controller().sessionId())}));
    waitForEnd();
    QCOMPARE(outcomeOf(stopped)[u"ending"_s].toString(), outcomeOf(u"cli.belljar"_s)[u"ending"_s].toString());
    QCOMPARE(outcomeOf(m_bench->window.controller().recordingPath())[u"ending"_s].toString(),
             outcomeOf(stopped)[u"ending"_s].toString());
}

void ParitySessionsTest::allAtOnce()
{
    const QString profile = m_bench->write(u"profile.json"_s, kProfile);
    QVERIFY(m_bench->window.openProfile(profile));
    startHere(u"sleep 600"_s);
    startHere(u"sleep 600"_s);
    QCOMPARE(sessions().size(), 2);
    m_bench->trigger(u"Run › Stop all sessions"_s);
    QTRY_COMPARE_WITH_TIMEOUT(m_bench->window.sessions().running(), 0, kRunLimitMs);
    QTRY_COMPARE(sessions().size(), 0);
    startHere(u"sleep 600"_s);
    const auto run = startThere({profile}, u"sleep 600"_s);
    QVERIFY(!idOf(*run).isEmpty());
    QCOMPARE(sessions().size(), 2);
    BELLJAR_CLI_OK(m_bench->cli({u"kill"_s, u"--all"_s}));
    QVERIFY(run->waitForFinished(kRunLimitMs));
    QTRY_COMPARE_WITH_TIMEOUT(m_bench->window.sessions().running(), 0, kRunLimitMs);
    QTRY_COMPARE(sessions().size(), 0);
    BELLJAR_CLI_OK(m_bench->cli({u"kill"_s, u"--all"_s}));  // Nobody is left, which is no mistake.
}

void ParitySessionsTest::liveChanges()
{
    const QString gui = m_bench->write(u"gui.json"_s, kProfile);
    const QString cli = m_bench->write(u"cli.json"_s, kProfile);
    // Not in /tmp, of which a sandbox has its own, nor with a link on the way.
    const QTemporaryDir outside(u"/var/tmp/belljar-test-parity-XXXXXX"_s);
    const QString granted = outside.filePath(u"granted.txt"_s);
    QFile file(granted);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("reached\n") == 8);
    file.close();
    const QString command = u"until cat '%1'; do sleep 0.1; done"_s.arg(granted);
    QVERIFY(m_bench->window.openProfile(gui));
    startHere(command);
    QTRY_VERIFY_WITH_TIMEOUT(page().events().denied() > 0, kRunLimitMs);
    m_bench->trigger(u"Run › Next denial"_s);
    FixList& fixes = page().explainPane().fixes();
    QTRY_VERIFY2(fixes.findChild<QCheckBox*>(u"alsoInSession"_s) != nullptr, qPrintable(page().explainPane().text()));
    fixes.findChild<QCheckBox*>(u"alsoInSession"_s)->setChecked(true);
    auto* fix = fixes.findChild<QPushButton*>(u"fix1"_s);
    QVERIFY2(fix->accessibleName().contains(granted), qPrintable(fix->accessibleName()));
    fix->setFocus();
    QTest::keyClick(fix, Qt::Key_Space);
    QVERIFY2(page().fixBar().text().contains(u"is read-only now"_s), qPrintable(page().fixBar().text()));
    waitForEnd();
    m_bench->trigger(u"File › Save"_s);
    const auto run = startThere({u"--record"_s, u"cli.belljar"_s, cli}, command);
    BELLJAR_CLI_OK(m_bench->cli({u"policy"_s, idOf(*run), u"--ro"_s, granted}));
    BELLJAR_CLI_OK(m_bench->cli({u"edit"_s, cli, u"--ro"_s, granted}));
    QVERIFY(run->waitForFinished(kRunLimitMs));
    QVERIFY(m_bench->read(gui) != kProfile);
    QCOMPARE(m_bench->read(gui), m_bench->read(cli));
    const QString recording = m_bench->window.controller().recordingPath();
    QCOMPARE(outcomeOf(recording)[u"code"_s], outcomeOf(u"cli.belljar"_s)[u"code"_s]);
    QCOMPARE(outcomeOf(recording)[u"code"_s].toInt(-1), 0);
    QTRY_VERIFY(page().output().text(1).contains(u"reached"_s));
    QVERIFY(run->readAllStandardOutput().contains("reached"));
    const QStringList changes{u"--filter"_s, u"kind=session.policy"_s, u"--format"_s, u"csv"_s};
    QCOMPARE(m_bench->cli(QStringList{u"events"_s, recording} + changes).out.count('\n'),
             m_bench->cli(QStringList{u"events"_s, u"cli.belljar"_s} + changes).out.count('\n'));
}

void ParitySessionsTest::answers()
{
    const QByteArray filtered = R"({
  "version": "0.8.0-alpha",
  "process": { "commandLine": "true", "cwd": "/" },
  "network": {
    "egress": { "default": "deny" },
    "ingress": { "default": "deny" }
  },
  "experimental": { "belljar": { "network": { "hosts": [{ "name": "known.parity.example" }] } } }
}
)";
    const QString gui = m_bench->write(u"gui.json"_s, filtered);
    const QString cli = m_bench->write(u"cli.json"_s, filtered);
    const QString command = u"getent hosts www.parity.example; sleep 600"_s;
    QVERIFY(m_bench->window.openProfile(gui));
    m_bench->trigger(u"Run › Ask about the network"_s);
    startHere(command);
    AskBar& bar = *m_bench->window.sessions().current().findChild<AskBar*>();
    QTRY_VERIFY_WITH_TIMEOUT(bar.isVisible(), kRunLimitMs);
    QVERIFY2(bar.text().contains(u"www.parity.example"_s), qPrintable(bar.text()));
    auto* allow = bar.findChild<QPushButton*>(u"askAllow"_s);
    QTRY_VERIFY(allow->isEnabled());
    auto* span = bar.findChild<QComboBox*>(u"askSpan"_s);
    span->setCurrentIndex(2);
    QTest::mouseClick(allow, Qt::LeftButton);
    QTRY_VERIFY(m_bench->window.document().isModified());
    m_bench->trigger(u"File › Save"_s);
    m_bench->trigger(u"Run › Stop"_s);
    waitForEnd();
    m_bench->trigger(u"Run › Ask about the network"_s);

    const auto run = startThere({u"--ask"_s, cli}, command);
    const QString id = idOf(*run);
    QJsonArray questions;
    for (int i = 0; i < kRunLimitMs / 100 && questions.isEmpty(); ++i) {
        questions = QJsonDocument::fromJson(m_bench->cli({u"answer"_s, id, u"--json"_s}).out)[u"questions"_s].toArray();
        QTest::qWait(100);
    }
    QCOMPARE(questions.size(), 1);
    BELLJAR_CLI_OK(m_bench->cli({u"answer"_s, id, QString::number(questions[0][u"number"_s].toInt()), u"allow"_s,
                                 u"--for"_s, u"always"_s, u"--profile"_s, cli}));
    BELLJAR_CLI_OK(m_bench->cli({u"kill"_s, id}));
    QVERIFY(run->waitForFinished(kRunLimitMs));
    QVERIFY(m_bench->read(gui).contains("www.parity.example"));
    QCOMPARE(m_bench->read(gui), m_bench->read(cli));
}

BELLJAR_QTEST_MAIN(ParitySessionsTest)
#include "parity_sessions_test.moc"
