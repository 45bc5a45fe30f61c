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

BELLJAR_QTEST_MAIN(PaletteTest)
#include "palette_test.moc"
