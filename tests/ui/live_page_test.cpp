// The live page by keyboard and mouse: a recording is opened, asked, grouped and brushed.
#include <QAbstractItemView>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>
#include <QTreeView>

#include "tests/ui/recorded_page.h"
#include "ui/models/group_model.h"
#include "ui/views/data_text.h"
#include "ui/views/outcome_bar.h"
#include "ui/views/query_bar.h"
#include "ui/views/timeline.h"

using namespace belljar;
using namespace belljar::test;
using namespace Qt::StringLiterals;

class LivePageTest : public QObject {
    Q_OBJECT

public:
    static QString cannotRun() { return {}; }

private slots:
    void init();
    void cleanup() { m_open.reset(); }
    void opensARecording();
    void refusesWhatIsNoRecording();
    void typedQueriesFilter();
    void mistakesAreShownWithACaret();
    void proposalsCompleteFieldsAndValues();
    void keysFilterByCell();
    void presetsAndTheDeniedBox();
    void treeSelectsAProcess();
    void groupsLeadBackToTheirEvents();
    void timelineIsBrushedByMouse();
    void timelineIsBrushedByKeyboard();

private:
    [[nodiscard]] int rows() { return m_open->rows(); }
    [[nodiscard]] std::vector<std::string> chips() { return m_open->chips(); }

    std::unique_ptr<RecordedPage> m_open;
    LivePage* m_page = nullptr;
};

void LivePageTest::init()
{
    m_open = std::make_unique<RecordedPage>();
    m_page = &m_open->page();
    QVERIFY(m_open->open());
}

void LivePageTest::opensARecording()
{
    QCOMPARE(rows(), kEvents);
    QCOMPARE(m_page->events().denied(), static_cast<std::uint64_t>(kEvents / 20));
    QCOMPARE(m_page->lost(), static_cast<std::uint64_t>(kLost));
    QVERIFY(m_page->outcome().text().contains(u"25 events were lost"_s));
    QVERIFY(m_page->outcome().text().contains(u"sh -c try"_s));
    QCOMPARE(m_page->timeline().laneCount(), 4);
    auto* tree = m_page->findChild<QTreeView*>(u"processes"_s);
    QCOMPARE(tree->model()->rowCount(), 1);
    QVERIFY(!m_page->grab().isNull());
}

void LivePageTest::refusesWhatIsNoRecording()
{
    const QSignalSpy failed(m_page, &LivePage::failed);
    const QString path = m_open->file(u"no.belljar"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("BELLJAR but not really");
    file.close();
    m_page->openRecording(path);
    QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, kPatienceMs);
    QCOMPARE(rows(), kEvents);  // What was open stays.
}

void LivePageTest::typedQueriesFilter()
{
    m_page->focusFilter();
    QTest::keyClicks(&m_page->queryBar().line(), u"path:/secret/* pid=100"_s);
    QTRY_COMPARE(rows(), 5);
    QTRY_VERIFY(m_page->findChild<QLabel*>(u"shownCount"_s)->text().startsWith(u"5 "_s));
    // Down leads into the list when no proposals are in its way.
    QTRY_VERIFY([this] {
        if (QWidget* proposals = QApplication::activePopupWidget()) QTest::keyClick(proposals, Qt::Key_Escape);
        else QTest::keyClick(&m_page->queryBar().line(), Qt::Key_Down);
        // Not hasFocus(): a popup that closes leaves a screen without a window manager with no active window.
        return m_page->window()->focusWidget() == &m_page->table();
    }());
    m_page->queryBar().line().clear();
    QTRY_COMPARE(rows(), kEvents);
}

void LivePageTest::mistakesAreShownWithACaret()
{
    QLineEdit& line = m_page->queryBar().line();
    DataText& message = m_page->queryBar().message();
    QTest::keyClicks(&line, u"verdict=deneid"_s);
    QTRY_VERIFY(message.isVisible());
    const QString text = message.toPlainText();
    QVERIFY2(text.contains(u"deneid"_s) && text.contains(u"denied"_s), qPrintable(text));
    QCOMPARE(text.section(u'\n', 1, 1).indexOf(u'^'), text.section(u'\n', 0, 0).indexOf(u"deneid"_s));
    QVERIFY(line.accessibleDescription().contains(u"denied"_s));
    QCOMPARE(rows(), kEvents);  // What was shown stays.
    line.clear();
    QTRY_VERIFY(!message.isVisible());
    QTest::keyClicks(&line, u"verdict="_s);
    QTest::keyClick(&line, Qt::Key_Return);
    QTRY_VERIFY(message.isVisible());
}

void LivePageTest::proposalsCompleteFieldsAndValues()
{
    QLineEdit& line = m_page->queryBar().line();
    line.setFocus();
    QTest::keyClicks(&line, u"verd"_s);
    auto* popup = m_page->queryBar().findChild<QAbstractItemView*>(u"proposals"_s);
    if (popup == nullptr)
        for (QWidget* widget : QApplication::topLevelWidgets())
            if (widget->objectName() == "proposals"_L1) popup = qobject_cast<QAbstractItemView*>(widget);
    QVERIFY(popup != nullptr);
    QTRY_VERIFY(popup->isVisible());
    QTest::keyClick(popup, Qt::Key_Down);
    QTest::keyClick(popup, Qt::Key_Return);
    QCOMPARE(line.text(), u"verdict:"_s);
    // Then values with how often they occur, counted by the worker.
    const auto proposal = [&](int row) { return popup->model()->index(row, 0).data().toString(); };
    QTRY_VERIFY_WITH_TIMEOUT(popup->isVisible() && proposal(0).contains(u"380"_s), kPatienceMs);
    QVERIFY(proposal(0).startsWith(u"allowed"_s));
    QTest::keyClick(popup, Qt::Key_Down);
    QTest::keyClick(popup, Qt::Key_Down);
    QTest::keyClick(popup, Qt::Key_Return);
    QCOMPARE(line.text(), u"verdict:denied"_s);
    QTRY_COMPARE(rows(), kEvents / 20);
}

void LivePageTest::keysFilterByCell()
{
    EventTableView& table = m_page->table();
    QVERIFY(m_open->select(3));
    QTest::keyClick(&table, Qt::Key_Equal);
    QCOMPARE(chips(), (std::vector<std::string>{"object=/data/3"}));
    QCOMPARE(rows(), 8);
    QTest::keyClick(&table, Qt::Key_Backspace);
    QCOMPARE(rows(), kEvents);
    QVERIFY(m_open->select(0, EventTableModel::kVerdict));
    QTest::keyClick(&table, Qt::Key_Minus);
    QCOMPARE(chips(), (std::vector<std::string>{"not (verdict=denied)"}));
    QCOMPARE(rows(), kEvents - kEvents / 20);
    QVERIFY(m_open->select(rows() - 1));
    QTest::keyClick(&table, Qt::Key_T);
    QCOMPARE(chips().back(), std::string("tree:103"));
    QCOMPARE(rows(), 95);
    // A chip is removed by pressing it.
    auto* chip = m_page->findChild<QWidget*>(u"chips"_s)->findChildren<QToolButton*>().constFirst();
    QTest::mouseClick(chip, Qt::LeftButton);
    QTRY_COMPARE(chips(), (std::vector<std::string>{"tree:103"}));
    QTest::keyClick(&table, Qt::Key_Backspace);
    QTest::keyClick(&table, Qt::Key_Backspace);  // Nothing is left to take back.
    QCOMPARE(rows(), kEvents);
}

void LivePageTest::presetsAndTheDeniedBox()
{
    auto* denied = m_page->findChild<QCheckBox*>(u"deniedOnly"_s);
    denied->click();
    QCOMPARE(rows(), kEvents / 20);
    QCOMPARE(chips(), (std::vector<std::string>{"verdict=denied"}));
    QTest::keyClick(&m_page->table(), Qt::Key_Backspace);
    QVERIFY(!denied->isChecked());
    denied->click();
    denied->click();
    QCOMPARE(rows(), kEvents);
    auto* menu = m_page->findChild<QPushButton*>(u"filters"_s)->menu();
    emit menu->aboutToShow();
    QVERIFY(menu->actions().size() > 10);
    menu->actions().constFirst()->trigger();
    QCOMPARE(rows(), kEvents / 20);
}

void LivePageTest::treeSelectsAProcess()
{
    auto* tree = m_page->findChild<QTreeView*>(u"processes"_s);
    const QModelIndex second = tree->model()->index(0, 0, tree->model()->index(0, 0));
    tree->setFocus();
    tree->setCurrentIndex(second);
    QTest::keyClick(tree, Qt::Key_Return);
    QCOMPARE(chips(), (std::vector<std::string>{"tree:101"}));
    QCOMPARE(rows(), 300);  // It and those below.
}

void LivePageTest::groupsLeadBackToTheirEvents()
{
    auto* box = m_page->findChild<QComboBox*>(u"groupBy"_s);
    box->setCurrentIndex(box->findData(static_cast<int>(QueryFieldId::pid)));
    auto* table = m_page->findChild<QTableView*>(u"groups"_s);
    QVERIFY(table->isVisible());
    QCOMPARE(m_page->groups().rowCount(), 4);
    QCOMPARE(m_page->groups().index(0, GroupModel::kCount).data().toString(), u"100"_s);
    m_page->pushFilter(u"denied"_s, "verdict=denied");
    QCOMPARE(m_page->groups().index(0, GroupModel::kCount).data().toString(), u"5"_s);
    table->setFocus();
    table->setCurrentIndex(m_page->groups().index(0, 0));
    QTest::keyClick(table, Qt::Key_Return);
    QVERIFY(m_page->table().isVisible());
    QCOMPARE(rows(), 5);
    QVERIFY(m_open->select(0, EventTableModel::kObject));
    QTest::keyClick(&m_page->table(), Qt::Key_G);
    QVERIFY(table->isVisible());
    QCOMPARE(m_page->groups().field(), QueryFieldId::object);
}

void LivePageTest::timelineIsBrushedByMouse()
{
    Timeline& timeline = m_page->timeline();
    const QPoint from = timeline.placeOf(1'000'000'000, 1);
    const QPoint to = timeline.placeOf(2'000'000'000, 1);
    QTest::mousePress(timeline.viewport(), Qt::LeftButton, {}, from);
    QTest::mouseMove(timeline.viewport(), (from + to) / 2);
    QTest::mouseMove(timeline.viewport(), to);
    QTest::mouseRelease(timeline.viewport(), Qt::LeftButton, {}, to);
    QCOMPARE(m_page->filter().chips().size(), std::size_t{1});
    QVERIFY(chips().front().starts_with("time:"));
    QVERIFY2(std::abs(rows() - 100) <= 3, qPrintable(QString::number(rows())));
    QVERIFY(timeline.brush().has_value());
    QTest::mouseDClick(timeline.viewport(), Qt::LeftButton, {}, to);
    QVERIFY(!timeline.brush().has_value());
    QCOMPARE(rows(), kEvents);
}

void LivePageTest::timelineIsBrushedByKeyboard()
{
    Timeline& timeline = m_page->timeline();
    timeline.setFocus();
    QTest::keyClick(&timeline, Qt::Key_Plus);
    QVERIFY(timeline.view().second - timeline.view().first < 4'000'000'000);
    QTest::keyClick(&timeline, Qt::Key_0);
    for (int i = 0; i < 10; ++i) QTest::keyClick(&timeline, Qt::Key_Right);
    for (int i = 0; i < 10; ++i) QTest::keyClick(&timeline, Qt::Key_Right, Qt::ShiftModifier);
    QVERIFY(timeline.brush().has_value());
    QVERIFY(timeline.accessibleDescription().contains(u"events"_s));
    QCOMPARE(rows(), kEvents);  // Not before it is confirmed.
    QTest::keyClick(&timeline, Qt::Key_Return);
    QVERIFY(rows() > 0 && rows() < kEvents);
    QTest::keyClick(&timeline, Qt::Key_Escape);
    QCOMPARE(rows(), kEvents);
    QTest::keyClick(&timeline, Qt::Key_Down);
    QTest::keyClick(&timeline, Qt::Key_T);
    QVERIFY(chips().front().starts_with("tree:"));
}

BELLJAR_QTEST_MAIN(LivePageTest)
#include "live_page_test.moc"
