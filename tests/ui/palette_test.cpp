// The command palette: finds by any part, runs what is chosen, and leads to every field.
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenuBar>

#include "backends/registry.h"
#include "core/config/config_io.h"
#include "core/platform/platform.h"
#include "tests/ui/test_support.h"
#include "ui/views/command_palette.h"
#include "ui/views/main_window.h"

using namespace belljar;
using namespace Qt::StringLiterals;

class PaletteTest : public QObject {
    Q_OBJECT

public:
    static QString cannotRun() { return {}; }

private slots:
    void initTestCase();
    void findsEveryWordInAnyOrder();
    void runsWhatIsChosen();
    void leadsToAField();
    void listsOnlyWhatCanBeUsed();
    void nearlyAllQueriesFindTheirsInTheTopThree();

private:
    QLineEdit* open();

    std::unique_ptr<HostFacts> m_facts;
    BackendList m_backends;
    QTemporaryDir m_folder;
    std::unique_ptr<MainWindow> m_window;
};

void PaletteTest::initTestCase()
{
    m_facts = inspectHost(true);
    m_backends = allBackends();
    m_window.reset(new MainWindow({*m_facts, m_backends, {}, false, m_folder.path(), ThemeChoice::light}));
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

QLineEdit* PaletteTest::open()
{
    m_window->activateWindow();  // A screen without a window manager does not go back to it.
    if (!QTest::qWaitForWindowActive(m_window.get())) return nullptr;
    QTest::keyClick(m_window.get(), Qt::Key_K, Qt::ControlModifier);
    auto* palette = m_window->findChild<CommandPalette*>();
    return palette == nullptr ? nullptr : palette->findChild<QLineEdit*>();
}

void PaletteTest::findsEveryWordInAnyOrder()
{
    PaletteModel model({{u"Save recording…"_s, u"File"_s, {}, {}},
                        {u"Recording"_s, u"/x"_s, {}, {}},
                        {u"Stop"_s, u"Run"_s, u"Ctrl+."_s, {}}});
    QCOMPARE(model.rowCount(), 3);
    model.setTyped(u"recording FILE"_s);
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.entry(0).title, u"Save recording…"_s);
    model.setTyped(u"rec"_s);
    QCOMPARE(model.entry(0).title, u"Recording"_s);  // What begins so comes first.
    model.setTyped(u"nothing like it"_s);
    QCOMPARE(model.rowCount(), 0);
}

void PaletteTest::runsWhatIsChosen()
{
    QLineEdit* line = open();
    QVERIFY(line != nullptr);
    QTest::keyClicks(line, u"live view"_s);
    QTest::keyClick(line, Qt::Key_Return);
    QTRY_COMPARE(m_window->findChild<CommandPalette*>(), nullptr);
    QTRY_VERIFY(m_window->findChild<QWidget*>(u"filter"_s)->isVisible());
}

void PaletteTest::leadsToAField()
{
    QLineEdit* line = open();
    QVERIFY(line != nullptr);
    QTest::keyClicks(line, u"/process/timeout"_s);
    QTest::keyClick(line, Qt::Key_Return);
    auto* control = m_window->findChild<QWidget*>(u"/process/timeout"_s);
    QVERIFY(control != nullptr);
    QTRY_VERIFY(control->isVisible());
    QTRY_VERIFY(m_window->focusWidget() != nullptr);
    const QWidget* focused = m_window->focusWidget();
    QVERIFY2(control == focused || control->isAncestorOf(focused),
             qPrintable(focused->accessibleName() + focused->objectName()));
}

void PaletteTest::listsOnlyWhatCanBeUsed()
{
    QLineEdit* line = open();
    QVERIFY(line != nullptr);
    auto* list = m_window->findChild<CommandPalette*>()->findChild<QListView*>();
    QTest::keyClicks(line, u"everything it started"_s);
    QTest::keyClick(line, Qt::Key_Return);  // Nothing is chosen: it stays open.
    QCOMPARE(list->model()->rowCount(), 0);
    QVERIFY(line->isVisible());
    line->clear();
    bool stops = false;
    bool exports = false;
    for (int row = 0; row < list->model()->rowCount(); ++row) {
        const QString title = list->model()->index(row, 0).data().toString();
        stops = stops || title == "Stop"_L1;
        exports = exports || title.startsWith("Export JSON"_L1);
    }
    QVERIFY(!stops);  // Nothing runs.
    QVERIFY(exports);
    QTest::keyClick(line, Qt::Key_Escape);
    QTRY_COMPARE(m_window->findChild<CommandPalette*>(), nullptr);
}

/// What people type, and the title or the pointer that they mean.
struct Asked {
    const char16_t* typed;
    const char16_t* meant;
};

constexpr Asked kAsked[] = {
    {u"clipboard", u"/ui/clipboard"},
    {u"copy paste", u"/ui/clipboard"},
    {u"read only", u"/filesystem/readonlyPaths"},
    {u"readonly", u"/filesystem/readonlyPaths"},
    {u"read write", u"/filesystem/readwritePaths"},
    {u"writable", u"/filesystem/readwritePaths"},
    {u"denied", u"/filesystem/deniedPaths"},
    {u"denied paths", u"/filesystem/deniedPaths"},
    {u"hide folder", u"/filesystem/deniedPaths"},
    {u"command", u"/process/commandLine"},
    {u"working", u"/process/cwd"},
    {u"cwd", u"/process/cwd"},
    {u"working directory", u"/process/cwd"},
    {u"env", u"/process/env"},
    {u"environment", u"/process/env"},
    {u"timeout", u"/process/timeout"},
    {u"time limit", u"/process/timeout"},
    {u"memory", u"/experimental/belljar/limits/memoryMb"},
    {u"ram", u"/experimental/belljar/limits/memoryMb"},
    {u"processes", u"/experimental/belljar/limits/processes"},
    {u"cpu", u"/experimental/belljar/limits/cpuSeconds"},
    {u"processor time", u"/experimental/belljar/limits/cpuSeconds"},
    {u"tmp", u"/experimental/belljar/limits/tmpMb"},
    {u"temporary", u"/experimental/belljar/limits/tmpMb"},
    {u"syscalls", u"/experimental/belljar/syscalls/deny"},
    {u"seccomp", u"/experimental/belljar/syscalls/deny"},
    {u"proxy", u"/runtimeConfig/networkProxy"},
    {u"network proxy", u"/runtimeConfig/networkProxy"},
    {u"internet", u"/network/egress/default"},
    {u"egress", u"/network/egress/default"},
    {u"incoming", u"/network/ingress/default"},
    {u"loopback", u"/network/ingress/hostLoopback"},
    {u"host loopback", u"/network/ingress/hostLoopback"},
    {u"local network", u"/network/allowLocalNetwork"},
    {u"allowed hosts", u"/network/allowedHosts"},
    {u"blocked", u"/network/blockedHosts"},
    {u"wayland", u"/experimental/belljar/display"},
    {u"x11", u"/experimental/belljar/display"},
    {u"base profile", u"/experimental/belljar/extends"},
    {u"inherit", u"/experimental/belljar/extends"},
    {u"own names", u"/experimental/belljar/dbus/session/own"},
    {u"version", u"/version"},
    {u"schema", u"/version"},
    {u"containment", u"/containment"},
    {u"injection", u"/ui/injection"},
    {u"keyboard", u"Keyboard"},
    {u"new", u"New profile…"},
    {u"template", u"New profile…"},
    {u"open recording", u"Open recording…"},
    {u"save as", u"Save as…"},
    {u"export", u"Export JSON…"},
    {u"find", u"Find or filter"},
    {u"migrate", u"Migrate to schema 0.8"},
    {u"upgrade", u"Migrate to schema 0.8"},
    {u"compare", u"Compare with another profile"},
    {u"history", u"Run history…"},
    {u"run", u"Run in the sandbox"},
    {u"dry run", u"Show what would run…"},
    {u"theme", u"Dark"},
    {u"help", u"Help…"},
    {u"about", u"About Belljar"},
    {u"sample", u"Try the sample"},
    {u"quit", u"Quit"},
};

void PaletteTest::nearlyAllQueriesFindTheirsInTheTopThree()
{
    QLineEdit* line = open();
    QVERIFY(line != nullptr);
    const QAbstractItemModel* model = m_window->findChild<CommandPalette*>()->findChild<QListView*>()->model();
    const auto* entries = qobject_cast<const PaletteModel*>(model);
    QVERIFY(entries != nullptr);
    QStringList missed;
    for (const Asked& asked : kAsked) {
        line->setText(QString::fromUtf16(asked.typed));
        const QString meant = QString::fromUtf16(asked.meant);
        QStringList top;
        bool found = false;
        for (int row = 0; row < std::min(3, entries->rowCount()); ++row) {
            const PaletteEntry& entry = entries->entry(row);
            found = found || entry.title == meant || entry.detail == meant;
            top.append(u"%1 (%2)"_s.arg(entry.title, entry.detail));
        }
        if (!found) missed.append(u"%1: %2"_s.arg(line->text(), top.join(u", ")));
    }
    QTest::keyClick(line, Qt::Key_Escape);
    QVERIFY(std::size(kAsked) >= 60);
    QVERIFY2(missed.size() * 20 <= qsizetype(std::size(kAsked)), qPrintable(missed.join(u'\n')));
}

BELLJAR_QTEST_MAIN(PaletteTest)
#include "palette_test.moc"
