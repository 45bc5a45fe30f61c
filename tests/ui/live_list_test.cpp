// The list of events by keyboard and mouse: denials, notes, highlights, following, columns.
#include <QDialog>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QToolButton>

#include "tests/ui/recorded_page.h"
#include "ui/views/data_text.h"
#include "ui/views/explain_pane.h"
#include "ui/views/output_view.h"

using namespace belljar;
using namespace belljar::test;
using namespace Qt::StringLiterals;

class LiveListTest : public QObject {
    Q_OBJECT

public:
    static QString cannotRun() { return {}; }

private slots:
    void init();
    void cleanup() { m_open.reset(); }
    void denialsAreVisitedAndExplained();
    void notesStayBesideTheRecording();
    void highlightsAreToggled();
    void nothingOfARecordingIsNew();
    void followingPausesAndResumes();
    void rulesWaitForTheirEvents();
    void columnsAreChosen();
    void theEventStaysCurrentWhenRowsChange();

private:
    [[nodiscard]] int rows() { return m_open->rows(); }
    [[nodiscard]] std::vector<std::string> chips() { return m_open->chips(); }

    std::unique_ptr<RecordedPage> m_open;
    LivePage* m_page = nullptr;
};

void LiveListTest::init()
{
    m_open = std::make_unique<RecordedPage>();
    m_page = &m_open->page();
    QVERIFY(m_open->open());
}

void LiveListTest::denialsAreVisitedAndExplained()
{
    m_page->goToDenial(1);
    QCOMPARE(m_page->table().currentIndex().row(), 0);
    m_page->goToDenial(1);
    QCOMPARE(m_page->table().currentIndex().row(), 20);
    m_page->goToDenial(-1);
    QCOMPARE(m_page->table().currentIndex().row(), 0);
    QVERIFY(m_page->explainPane().text().startsWith(u"Denied"_s));
    QVERIFY(m_page->explainPane().text().contains(u"line 12"_s));
    QVERIFY(m_open->select(1));
    QTRY_VERIFY(m_page->explainPane().text().startsWith(u"Allowed"_s));  // Selecting is enough.
    auto* raw = m_page->explainPane().findChild<QToolButton*>(u"showRaw"_s);
    raw->click();
    QVERIFY(m_page->explainPane().findChild<DataText*>(u"raw"_s)->toPlainText().contains(u"\"sequence\":2"_s));
}

void LiveListTest::notesStayBesideTheRecording()
{
    const std::string file = m_open->recording().toStdString();
    QVERIFY(m_open->select(4));
    QTest::keyClick(&m_page->table(), Qt::Key_M);
    QCOMPARE(*readNotes(file, RecordedPage::kSession), (EventNotes{{5, ""}}));
    QVERIFY(m_open->select(6));
    QTest::keyClick(&m_page->table(), Qt::Key_N);
    auto* dialog = m_page->findChild<QDialog*>(u"note"_s);
    QVERIFY(dialog != nullptr);
    QTest::keyClicks(dialog->findChild<QLineEdit*>(), u"why this?"_s);
    QTest::keyClick(dialog->findChild<QLineEdit*>(), Qt::Key_Return);
    QTRY_COMPARE(readNotes(file, RecordedPage::kSession)->size(), std::size_t{2});
    QCOMPARE(readNotes(file, RecordedPage::kSession)->at(7), std::string("why this?"));
    // They come back, and are found.
    const QSignalSpy opened(m_page, &LivePage::recordingOpened);
    m_page->openRecording(m_open->recording());
    QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, kPatienceMs);
    QCOMPARE(m_page->events().notes().size(), std::size_t{2});
    auto* menu = m_page->findChild<QPushButton*>(u"filters"_s)->menu();
    emit menu->aboutToShow();
    for (QAction* action : menu->actions())
        if (action->text() == "Bookmarks (2)"_L1) action->trigger();
    QCOMPARE(chips(), (std::vector<std::string>{"seq=5,7"}));
    QCOMPARE(rows(), 2);
    QVERIFY(m_open->select(0));
    QTest::keyClick(&m_page->table(), Qt::Key_M);
    QCOMPARE(readNotes(file, RecordedPage::kSession)->size(), std::size_t{1});
}

void LiveListTest::highlightsAreToggled()
{
    QVERIFY(m_open->select(0, EventTableModel::kVerdict));
    QTest::keyClick(&m_page->table(), Qt::Key_H);
    const auto highlight = [this](int row) {
        return m_page->events().index(row, 0).data(EventTableModel::kHighlightRole);
    };
    QVERIFY(highlight(0).isValid());
    QVERIFY(!highlight(1).isValid());
    QCOMPARE(FilterPresets::highlights().size(), std::size_t{1});
    QTest::keyClick(&m_page->table(), Qt::Key_H);
    QVERIFY(!highlight(0).isValid());
}

void LiveListTest::nothingOfARecordingIsNew()
{
    QVERIFY(rows() > 0);
    QVERIFY(!m_page->table().isFollowing());
    QVERIFY(m_page->table().newButton().isHidden());
    QVERIFY2(m_page->output().text(1).isEmpty(), "a recording holds no output");
}

void LiveListTest::followingPausesAndResumes()
{
    m_page->startSession(u"x"_s);
    m_page->events().reset(rules());
    EventCollector collector;
    const auto arrive = [&](int count) {
        std::vector<Event> events = sessionEvents();
        events.resize(static_cast<std::size_t>(count));
        for (Event& event : events) event.sequence = collector.columns().size() + 1 + (&event - events.data());
        collector.append(events);
        SessionBatch batch;
        batch.events = collector.columns();
        batch.hasEvents = true;
        m_page->addBatch(batch);
    };
    QScrollBar& bar = *m_page->table().verticalScrollBar();
    arrive(200);
    m_page->resize(m_page->width(), m_page->height() - 100);  // The newest stays in sight of a smaller list.
    QTRY_COMPARE(bar.value(), bar.maximum());
    QVERIFY(m_page->table().isFollowing());
    QVERIFY(m_page->table().isFollowing());
    QCOMPARE(bar.value(), bar.maximum());
    bar.setValue(20);
    QVERIFY(!m_page->table().isFollowing());
    QVERIFY(m_page->table().newButton().isHidden());
    arrive(30);
    QCOMPARE(bar.value(), 20);
    QVERIFY(m_page->table().newButton().isVisible());
    QCOMPARE(m_page->table().newButton().text(), u"30 new"_s);
    QTest::mouseClick(&m_page->table().newButton(), Qt::LeftButton);
    QVERIFY(m_page->table().isFollowing());
    QCOMPARE(bar.value(), bar.maximum());
    QVERIFY(m_page->table().newButton().isHidden());
    bar.setValue(0);
    QTest::keyClick(&m_page->table(), Qt::Key_End);
    QVERIFY(m_page->table().isFollowing());
}

void LiveListTest::rulesWaitForTheirEvents()
{
    EngineBridge bridge;
    std::vector<SessionBatch> batches;
    connect(&bridge, &EngineBridge::batchReady, this, [&](const SessionBatch& batch) { batches.push_back(batch); });
    const Rule rule{RuleSource::live, "late", {}};
    bridge.onRules({&rule, 1});
    bridge.onOutput(1, "x");
    QTRY_VERIFY(!batches.empty());
    for (const SessionBatch& batch : batches) QVERIFY(!batch.hasEvents && batch.rules.empty());
    const Event event = makeEvent(1, 1, 0, EventVerdict::denied, "/x");
    bridge.onEvents({&event, 1});
    QTRY_VERIFY(batches.back().hasEvents);
    QCOMPARE(batches.back().rules.size(), std::size_t{1});
    QCOMPARE(batches.back().events.size(), std::size_t{1});
}

void LiveListTest::columnsAreChosen()
{
    QVERIFY(m_page->table().isColumnHidden(EventTableModel::kWall));
    std::unique_ptr<QMenu> menu(m_page->table().makeColumnMenu(nullptr));
    menu->actions().at(EventTableModel::kWall)->trigger();
    QVERIFY(!m_page->table().isColumnHidden(EventTableModel::kWall));
    QVERIFY(!menu->actions().at(EventTableModel::kObject)->isEnabled());
    const LivePage other(m_open->controller(), m_open->document());
    QVERIFY(!const_cast<LivePage&>(other).table().isColumnHidden(EventTableModel::kWall));  // It is remembered.
    menu->actions().constLast()->trigger();
    QVERIFY(m_page->table().isColumnHidden(EventTableModel::kWall));
}

void LiveListTest::theEventStaysCurrentWhenRowsChange()
{
    QVERIFY(m_open->select(40));
    m_page->pushFilter(u"denied"_s, "verdict=denied");
    QCOMPARE(m_page->table().currentIndex().row(), 2);
    m_page->filter().pop();
    QCOMPARE(m_page->table().currentIndex().row(), 40);
}

BELLJAR_QTEST_MAIN(LiveListTest)
#include "live_list_test.moc"
