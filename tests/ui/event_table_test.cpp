// The table of events: its own index of rows over a session that grows, filtered and sorted at once or by the worker.
#include <QAbstractItemModelTester>
#include <QSignalSpy>

#include "tests/ui/made_events.h"
#include "tests/ui/test_support.h"
#include "ui/models/event_table_model.h"
#include "ui/models/group_model.h"

using namespace belljar;
using namespace belljar::test;
using namespace Qt::StringLiterals;

namespace {

constexpr auto kFatal = QAbstractItemModelTester::FailureReportingMode::QtTest;
constexpr int kPatienceMs = 20'000;
constexpr int kMany = 150'000;  ///< More than are filtered at once.

std::vector<Event> manyEvents(int count)
{
    std::vector<Event> events;
    for (int i = 0; i < count; ++i)
        events.push_back(makeEvent(1 + i % 7, 1, 0, i % 10 == 0 ? EventVerdict::denied : EventVerdict::allowed,
                                   "/data/" + std::to_string(i % 1000)));
    return events;
}

/// What the rows show, by the numbers of the events.
std::vector<std::size_t> shownNumbers(const EventTableModel& model)
{
    std::vector<std::size_t> numbers;
    for (int row = 0; row < model.rowCount(); ++row) numbers.push_back(model.eventNumber(row));
    return numbers;
}

}  // namespace

class EventTableTest : public QObject {
    Q_OBJECT

public:
    static QString cannotRun() { return {}; }

private slots:
    void growsByOneInsertionForEachBatch();
    void queriesChooseRows();
    void newEventsAreFilteredToo();
    void largeSessionsAreFilteredByTheWorker();
    void onlyTheLatestQueryIsShown();
    void sortingPutsValuesInOrder();
    void sortedListsHoldNewRowsBack();
    void denialsAreFoundInBothDirections();
    void absentObjectsAreNoDenials();
    void cellsGiveQueriesForTheirValue();
    void highlightsAndNotesMarkRows();
    void rulesThatCameLaterAreShown();
    void groupsAddUp();
    void largeSessionsAreGroupedByTheWorker();
};

void EventTableTest::growsByOneInsertionForEachBatch()
{
    EventTableModel model;
    const QAbstractItemModelTester tester(&model, kFatal);
    model.reset(rules());
    const QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    Session session;
    model.extend(session.add(manyEvents(100)));
    model.extend(session.add(manyEvents(100)));
    QCOMPARE(inserted.count(), 2);
    QCOMPARE(model.rowCount(), 200);
    QCOMPARE(model.denied(), 20U);
    QCOMPARE(model.index(0, EventTableModel::kVerdict).data().toString(), u"denied"_s);
    QCOMPARE(model.index(0, EventTableModel::kRule).data().toString(), u"deniedPaths: /secret"_s);
    QCOMPARE(model.index(0, EventTableModel::kResult).data().toString(), u"EACCES"_s);
    QCOMPARE(model.index(5, EventTableModel::kSequence).data().toString(), u"6"_s);
    QVERIFY(model.index(0, 0).data(Qt::AccessibleTextRole).toString().contains(u"/data/0"_s));
    model.reset({});
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(model.denied(), 0U);
}

void EventTableTest::queriesChooseRows()
{
    EventTableModel model;
    const QAbstractItemModelTester tester(&model, kFatal);
    model.reset(rules());
    Session session;
    model.extend(session.add({makeEvent(1, 1, 0, EventVerdict::denied, "/secret/a"),
                              makeEvent(2, 1, 1, EventVerdict::denied, "/secret/b"),
                              makeEvent(2, 1, 1, EventVerdict::allowed, "/usr/a")}));
    const auto rowsOf = [&model](const std::string& text) {
        model.setView({query(text), {}});
        return shownNumbers(model);
    };
    QCOMPARE(rowsOf("/secret"), (std::vector<std::size_t>{0, 1}));
    QCOMPARE(rowsOf("verdict=denied pid=2"), (std::vector<std::size_t>{1}));
    QCOMPARE(rowsOf("rule:deniedPaths"), (std::vector<std::size_t>{0, 1}));
    QCOMPARE(rowsOf("tree:1"), (std::vector<std::size_t>{0, 1, 2}));
    QVERIFY(rowsOf("path:nothing-has-this").empty());
    QCOMPARE(model.rowOf(1), -1);
    QCOMPARE(rowsOf(""), (std::vector<std::size_t>{0, 1, 2}));
    QCOMPARE(model.rowOf(1), 1);
}

void EventTableTest::newEventsAreFilteredToo()
{
    EventTableModel model;
    const QAbstractItemModelTester tester(&model, kFatal);
    model.reset(rules());
    model.setView({query("path:secret"), {}});
    Session session;
    model.extend(session.add(
        {makeEvent(1, 1, 0, EventVerdict::allowed, "/usr"), makeEvent(1, 1, 0, EventVerdict::allowed, "/secret")}));
    model.extend(session.add(
        {makeEvent(1, 1, 0, EventVerdict::allowed, "/usr"), makeEvent(1, 1, 0, EventVerdict::allowed, "/secret/x")}));
    QCOMPARE(shownNumbers(model), (std::vector<std::size_t>{1, 3}));
    QCOMPARE(model.total(), std::size_t{4});
    QCOMPARE(model.event(1).object, std::string("/secret/x"));
}

void EventTableTest::largeSessionsAreFilteredByTheWorker()
{
    EventTableModel model;
    model.reset(rules());
    Session session;
    model.extend(session.add(manyEvents(kMany)));
    QCOMPARE(model.rowCount(), kMany);
    const QSignalSpy shown(&model, &EventTableModel::viewChanged);
    const QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    model.setView({query("verdict=denied"), {}});
    QVERIFY(model.isBusy());
    QCOMPARE(model.rowCount(), kMany);  // Until then what was shown stays, and grows.
    model.extend(session.add(manyEvents(20)));
    QCOMPARE(model.rowCount(), kMany + 20);
    QTRY_COMPARE_WITH_TIMEOUT(shown.count(), 1, kPatienceMs);
    QCOMPARE(reset.count(), 1);
    QVERIFY(!model.isBusy());
    QCOMPARE(model.rowCount(), kMany / 10 + 2);  // With what came while the worker was at it.
    for (const std::size_t number : shownNumbers(model)) QCOMPARE(number % 10, std::size_t{0});
}

void EventTableTest::onlyTheLatestQueryIsShown()
{
    EventTableModel model;
    model.reset(rules());
    Session session;
    model.extend(session.add(manyEvents(kMany)));
    const QSignalSpy shown(&model, &EventTableModel::viewChanged);
    for (const char* text : {"path:1", "path:2", "path~[a-z]+9", "pid=3"}) model.setView({query(text), {}});
    QTRY_VERIFY_WITH_TIMEOUT(!model.isBusy(), kPatienceMs);
    QCOMPARE(shown.count(), 1);
    for (int row = 0; row < 50; ++row) QCOMPARE(model.event(row).pid, 3);
    model.setView({query("path:1"), {}});
    model.reset(rules());  // Another session: what the worker finds is of no use.
    QTest::qWait(200);
    QCOMPARE(model.rowCount(), 0);
}

void EventTableTest::sortingPutsValuesInOrder()
{
    EventTableModel model;
    const QAbstractItemModelTester tester(&model, kFatal);
    model.reset(rules());
    Session session;
    model.extend(
        session.add({makeEvent(5, 1, 0, EventVerdict::allowed, "/c"), makeEvent(7, 1, 0, EventVerdict::allowed, "/a"),
                     makeEvent(5, 1, 0, EventVerdict::denied, "/b"), makeEvent(6, 1, 0, EventVerdict::allowed, "/a")}));
    model.sort(EventTableModel::kObject, Qt::AscendingOrder);
    QCOMPARE(shownNumbers(model), (std::vector<std::size_t>{1, 3, 2, 0}));
    model.sort(EventTableModel::kPid, Qt::DescendingOrder);
    QCOMPARE(shownNumbers(model), (std::vector<std::size_t>{1, 3, 0, 2}));
    QCOMPARE(model.rowOf(3), 1);
    model.setView({query("pid=5"), model.view().sort});
    QCOMPARE(shownNumbers(model), (std::vector<std::size_t>{0, 2}));
    model.setView({{}, model.view().sort});
    model.unsort();
    QCOMPARE(shownNumbers(model), (std::vector<std::size_t>{0, 1, 2, 3}));
}

void EventTableTest::sortedListsHoldNewRowsBack()
{
    EventTableModel model;
    const QAbstractItemModelTester tester(&model, kFatal);
    model.reset(rules());
    Session session;
    model.extend(session.add({makeEvent(1, 1, 0, EventVerdict::allowed, "/b")}));
    model.sort(EventTableModel::kObject, Qt::AscendingOrder);
    model.extend(session.add({makeEvent(1, 1, 0, EventVerdict::allowed, "/a")}));
    QCOMPARE(shownNumbers(model), (std::vector<std::size_t>{0}));
    QCOMPARE(model.heldBack(), 1U);
    model.refresh();
    QCOMPARE(shownNumbers(model), (std::vector<std::size_t>{1, 0}));
    QCOMPARE(model.heldBack(), 0U);
}

void EventTableTest::denialsAreFoundInBothDirections()
{
    EventTableModel model;
    model.reset(rules());
    const auto allowed = makeEvent(1, 1, 0, EventVerdict::allowed, "/a");
    const auto denied = makeEvent(1, 1, 0, EventVerdict::denied, "/b");
    Session session;
    model.extend(session.add({allowed, denied, allowed, denied}));
    QCOMPARE(model.nextDenial(-1, 1), 1);
    QCOMPARE(model.nextDenial(1, 1), 3);
    QCOMPARE(model.nextDenial(3, 1), -1);
    QCOMPARE(model.nextDenial(3, -1), 1);
    QCOMPARE(model.nextDenial(-1, -1), 3);
}

void EventTableTest::absentObjectsAreNoDenials()
{
    EventTableModel model;
    model.reset(rules());
    Event event = makeEvent(1, 1, 0, EventVerdict::denied, "/nowhere");
    event.absentOnHost = true;
    Session session;
    model.extend(session.add({event}));
    QCOMPARE(model.denied(), 0U);
    QCOMPARE(model.nextDenial(-1, 1), -1);
    QCOMPARE(model.index(0, EventTableModel::kVerdict).data().toString(), u"absent"_s);
    QVERIFY(model.index(0, 0).data(EventTableModel::kAbsentRole).toBool());
}

void EventTableTest::cellsGiveQueriesForTheirValue()
{
    EventTableModel model;
    model.reset(rules());
    Event odd = makeEvent(3, 1, 0, EventVerdict::denied, "/a \"b\",(c)*\x1b\xff");
    odd.detail = "not ( or";
    odd.timeNs = 1'234'567'891;
    Session session;
    model.extend(session.add({makeEvent(4, 1, 0, EventVerdict::allowed, "/other"), odd}));
    for (int column = 0; column < EventTableModel::kColumnCount; ++column) {
        const std::string text = model.cellQuery(model.index(1, column));
        if (text.empty()) continue;
        const auto parsed = parseQuery(text);
        QVERIFY2(std::holds_alternative<Query>(parsed), text.c_str());
        QVERIFY2(std::get<Query>(parsed).matches(model.event(1), model.context()), text.c_str());
    }
    QVERIFY(!query(model.cellQuery(model.index(1, EventTableModel::kObject))).matches(model.event(0), model.context()));
    QCOMPARE(model.cellQuery(model.index(1, EventTableModel::kVerdict)), std::string("verdict=denied"));
}

void EventTableTest::highlightsAndNotesMarkRows()
{
    EventTableModel model;
    const QAbstractItemModelTester tester(&model, kFatal);
    model.reset(rules());
    Session session;
    model.extend(
        session.add({makeEvent(1, 1, 0, EventVerdict::allowed, "/a"), makeEvent(2, 1, 0, EventVerdict::denied, "/b")}));
    model.setHighlights({{query("pid=2"), u"mine"_s, 3}});
    QVERIFY(!model.index(0, 0).data(EventTableModel::kHighlightRole).isValid());
    QCOMPARE(model.index(1, 0).data(EventTableModel::kHighlightRole).toInt(), 3);
    QVERIFY(model.index(1, 0).data(Qt::AccessibleTextRole).toString().contains(u"mine"_s));
    const std::string note = "look\xe2\x80\xae here";
    model.setNote(2, &note);
    QVERIFY(model.index(1, 0).data(EventTableModel::kNotedRole).toBool());
    QVERIFY(!model.index(0, 0).data(EventTableModel::kNotedRole).toBool());
    const QString shownNote = model.index(1, EventTableModel::kNote).data().toString();
    QVERIFY(shownNote.startsWith(u"look"_s) && !shownNote.contains(QChar(0x202e)));
    model.setNote(2, nullptr);
    QVERIFY(!model.index(1, 0).data(EventTableModel::kNotedRole).toBool());
}

void EventTableTest::rulesThatCameLaterAreShown()
{
    EventTableModel model;
    model.reset(rules());
    Event event = makeEvent(1, 1, 0, EventVerdict::denied, "/x");
    event.rule = static_cast<RuleId>(rules().size());
    Session session;
    const Rule late{RuleSource::live, "denied now", {}};
    model.extend(session.add({event}), {&late, 1});
    QCOMPARE(model.index(0, EventTableModel::kRule).data().toString(), u"denied now"_s);
    model.setView({query("rule:\"denied now\""), {}});
    QCOMPARE(model.rowCount(), 1);
}

void EventTableTest::groupsAddUp()
{
    GroupModel groups;
    const QAbstractItemModelTester tester(&groups, kFatal);
    Session session;
    const EventColumns& events =
        session.add({makeEvent(1, 1, 0, EventVerdict::allowed, "/a"), makeEvent(1, 1, 0, EventVerdict::denied, "/b"),
                     makeEvent(2, 1, 0, EventVerdict::denied, "/b"), makeEvent(2, 1, 0, EventVerdict::allowed, "/c")});
    groups.count(events, {}, query("-path=/c"), QueryFieldId::path);
    QCOMPARE(groups.rowCount(), 2);
    QCOMPARE(groups.index(0, GroupModel::kValue).data().toString(), u"/b"_s);
    QCOMPARE(groups.index(0, GroupModel::kCount).data().toString(), u"2"_s);
    QCOMPARE(groups.index(0, GroupModel::kDenied).data().toString(), u"2"_s);
    QCOMPARE(groups.index(0, GroupModel::kFirst).data().toString(), u"0.0020"_s);
    QCOMPARE(groups.index(0, GroupModel::kLast).data().toString(), u"0.0030"_s);
    QCOMPARE(groups.queryOf(0), std::string("path=/b"));
    groups.sort(GroupModel::kValue, Qt::AscendingOrder);
    QCOMPARE(groups.index(0, GroupModel::kValue).data().toString(), u"/a"_s);
    groups.count(events, {}, {}, QueryFieldId::time);
    QVERIFY(query(groups.queryOf(0)).matches(events.event(0), {}));
    groups.clear();
    QCOMPARE(groups.rowCount(), 0);
}

void EventTableTest::largeSessionsAreGroupedByTheWorker()
{
    GroupModel groups;
    Session session;
    const EventColumns& events = session.add(manyEvents(kMany));
    groups.count(events, {}, {}, QueryFieldId::path);
    QVERIFY(groups.isBusy());
    QTRY_COMPARE_WITH_TIMEOUT(groups.rowCount(), 1000, kPatienceMs);
    std::uint64_t sum = 0;
    for (const EventGroup& group : groups.groups()) sum += group.count;
    QCOMPARE(sum, static_cast<std::uint64_t>(kMany));
}

BELLJAR_QTEST_MAIN(EventTableTest)
#include "event_table_test.moc"
