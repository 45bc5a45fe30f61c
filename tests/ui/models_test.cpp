// The item models: Qt's own consistency checks while they grow, are filtered and are reset.
#include <QAbstractItemModelTester>
#include <QSignalSpy>

#include "tests/ui/test_support.h"
#include "ui/models/event_explanation.h"
#include "ui/models/event_table_model.h"
#include "ui/models/finding_model.h"
#include "ui/models/path_rule_model.h"
#include "ui/models/process_tree_model.h"
#include "ui/models/profile_document.h"
#include "ui/models/shown_text.h"

using namespace belljar;
using namespace Qt::StringLiterals;

namespace {

constexpr auto kFatal = QAbstractItemModelTester::FailureReportingMode::QtTest;

std::vector<Rule> rules()
{
    std::vector<Rule> table(builtin_rule::kCount);
    table.push_back({RuleSource::profile, "deniedPaths: /secret", {"/filesystem/deniedPaths/0", 12, 5}});
    return table;
}

Event makeEvent(std::int32_t pid, std::uint64_t start, std::int32_t parent, EventVerdict verdict, std::string object)
{
    Event event;
    event.pid = pid;
    event.processStart = start;
    event.parentPid = parent;
    event.processName = "cat";
    event.object = std::move(object);
    event.verdict = verdict;
    event.rule = verdict == EventVerdict::denied ? builtin_rule::kCount : 0;
    event.result = verdict == EventVerdict::denied ? 13 : 0;
    event.trust = ResultTrust::seen;
    return event;
}

}  // namespace

class ModelsTest : public QObject {
    Q_OBJECT

public:
    static QString cannotRun() { return {}; }

private slots:
    void eventsGrowAndAreFiltered();
    void filtersCombine();
    void newEventsAreFilteredToo();
    void denialsAreFoundInBothDirections();
    void absentObjectsAreNoDenials();
    void processesFormATree();
    void childrenSeenBeforeTheirParentsMove();
    void reusedProcessIdsAreTwoProcesses();
    void findingsAreSortedBySeverity();
    void pathRulesFollowTheDocument();
    void pathRulesShowWhatPlaceholdersStandFor();
    void explanationNamesRuleAndPlace();
};

void ModelsTest::eventsGrowAndAreFiltered()
{
    EventTableModel model;
    const QAbstractItemModelTester tester(&model, kFatal);
    model.reset(rules());
    std::vector<Event> batch;
    for (int i = 0; i < 100; ++i) {
        batch.push_back(makeEvent(1, 1, 0, i % 10 == 0 ? EventVerdict::denied : EventVerdict::allowed,
                                  "/data/" + std::to_string(i)));
    }
    const QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    model.append(batch);
    model.append(batch);
    QCOMPARE(inserted.count(), 2);  // One insertion for each batch, not for each event.
    QCOMPARE(model.rowCount(), 200);
    QCOMPARE(model.denied(), 20U);
    QCOMPARE(model.index(0, EventTableModel::kVerdict).data().toString(), u"denied"_s);
    QCOMPARE(model.index(0, EventTableModel::kRule).data().toString(), u"deniedPaths: /secret"_s);
    QCOMPARE(model.index(0, EventTableModel::kResult).data().toString(), u"EACCES"_s);
    QVERIFY(model.index(0, 0).data(Qt::AccessibleTextRole).toString().contains(u"/data/0"_s));

    EventFilter filter;
    filter.deniedOnly = true;
    model.setFilter(filter);
    QCOMPARE(model.rowCount(), 20);
    model.setFilter({});
    QCOMPARE(model.rowCount(), 200);
    model.reset({});
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(model.denied(), 0U);
}

void ModelsTest::filtersCombine()
{
    EventTableModel model;
    model.reset(rules());
    const Event events[] = {makeEvent(1, 1, 0, EventVerdict::denied, "/secret/a"),
                            makeEvent(2, 1, 1, EventVerdict::denied, "/secret/b"),
                            makeEvent(2, 1, 1, EventVerdict::allowed, "/usr/a")};
    model.append(events);
    const auto rows = [&model](const QString& contains, bool denied, const QSet<ProcessKey>& processes) {
        model.setFilter({contains, denied, processes});
        return model.rowCount();
    };
    QCOMPARE(rows(u"/SECRET"_s, false, {}), 2);
    QCOMPARE(rows({}, true, {{2, 1}}), 1);
    QCOMPARE(rows(u"deniedpaths"_s, false, {}), 2);  // The rule's text counts too.
    QCOMPARE(rows(u"nothing has this"_s, false, {}), 0);
    QCOMPARE(rows({}, false, {{2, 2}}), 0);  // Another process with the same id.
}

void ModelsTest::newEventsAreFilteredToo()
{
    EventTableModel model;
    const QAbstractItemModelTester tester(&model, kFatal);
    model.reset(rules());
    model.setFilter({u"secret"_s, false, {}});
    const Event events[] = {makeEvent(1, 1, 0, EventVerdict::allowed, "/usr"),
                            makeEvent(1, 1, 0, EventVerdict::allowed, "/secret")};
    model.append(events);
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.total(), std::size_t{2});
    QCOMPARE(model.event(0).object, std::string("/secret"));
}

void ModelsTest::denialsAreFoundInBothDirections()
{
    EventTableModel model;
    model.reset(rules());
    const auto allowed = makeEvent(1, 1, 0, EventVerdict::allowed, "/a");
    const auto denied = makeEvent(1, 1, 0, EventVerdict::denied, "/b");
    const Event events[] = {allowed, denied, allowed, denied};
    model.append(events);
    QCOMPARE(model.nextDenial(-1, 1), 1);
    QCOMPARE(model.nextDenial(1, 1), 3);
    QCOMPARE(model.nextDenial(3, 1), -1);
    QCOMPARE(model.nextDenial(3, -1), 1);
    QCOMPARE(model.nextDenial(-1, -1), 3);
}

void ModelsTest::absentObjectsAreNoDenials()
{
    EventTableModel model;
    model.reset(rules());
    Event event = makeEvent(1, 1, 0, EventVerdict::denied, "/nowhere");
    event.absentOnHost = true;
    model.append({&event, 1});
    QCOMPARE(model.denied(), 0U);
    QCOMPARE(model.nextDenial(-1, 1), -1);
    QCOMPARE(model.index(0, EventTableModel::kVerdict).data().toString(), u"absent"_s);
    QVERIFY(model.index(0, 0).data(EventTableModel::kAbsentRole).toBool());
}

void ModelsTest::processesFormATree()
{
    ProcessTreeModel model;
    const QAbstractItemModelTester tester(&model, kFatal);
    Event exit = makeEvent(12, 3, 11, EventVerdict::none, "");
    exit.kind = EventKind::processExit;
    exit.detail = "code 1, user 0.01 s, system 0 s, peak 3 MB";
    const Event events[] = {makeEvent(10, 1, 1, EventVerdict::allowed, "/a"),
                            makeEvent(11, 2, 10, EventVerdict::denied, "/b"),
                            makeEvent(12, 3, 11, EventVerdict::allowed, "/c"), exit};
    model.append(events);
    QCOMPARE(model.rowCount(), 1);
    const QModelIndex root = model.index(0, 0);
    QCOMPARE(root.data().toString(), u"cat 10"_s);
    const QModelIndex child = model.index(0, 0, root);
    QCOMPARE(child.data().toString(), u"cat 11"_s);
    QCOMPARE(model.index(0, ProcessTreeModel::kDenied, root).data().toULongLong(), 1ULL);
    QCOMPARE(model.index(0, 0, child).data().toString(), u"cat 12"_s);
    QCOMPARE(model.index(0, ProcessTreeModel::kExit, child).data().toString(), u"1"_s);
    QVERIFY(model.index(0, 0, child).data(Qt::AccessibleTextRole).toString().contains(u"code 1"_s));
    QCOMPARE(model.keysBelow(child), (QSet<ProcessKey>{{11, 2}, {12, 3}}));
    model.reset();
    QCOMPARE(model.rowCount(), 0);
}

void ModelsTest::childrenSeenBeforeTheirParentsMove()
{
    ProcessTreeModel model;
    const QAbstractItemModelTester tester(&model, kFatal);
    const Event events[] = {
        makeEvent(10, 1, 1, EventVerdict::allowed, "/a"), makeEvent(13, 3, 12, EventVerdict::allowed, "/b"),
        makeEvent(14, 4, 12, EventVerdict::allowed, "/c"), makeEvent(15, 4, 99, EventVerdict::allowed, "/d"),
        makeEvent(12, 2, 10, EventVerdict::allowed, "/e")};
    model.append(events);
    QCOMPARE(model.rowCount(), 2);  // 10, and 15 whose parent was never seen.
    const QModelIndex parent = model.index(0, 0, model.index(0, 0));
    QCOMPARE(parent.data().toString(), u"cat 12"_s);
    QCOMPARE(model.rowCount(parent), 2);
    QCOMPARE(model.index(1, 0, parent).data().toString(), u"cat 14"_s);
    QCOMPARE(model.index(1, 0).data().toString(), u"cat 15"_s);
    const Event late =
        makeEvent(99, 50, 1, EventVerdict::allowed, "/f");  // Younger than its "child": the id was reused.
    model.append({&late, 1});
    QCOMPARE(model.rowCount(), 3);
}

void ModelsTest::reusedProcessIdsAreTwoProcesses()
{
    ProcessTreeModel model;
    const Event events[] = {makeEvent(10, 1, 1, EventVerdict::allowed, "/a"),
                            makeEvent(10, 99, 1, EventVerdict::allowed, "/b")};
    model.append(events);
    QCOMPARE(model.rowCount(), 2);
}

void ModelsTest::findingsAreSortedBySeverity()
{
    FindingModel model;
    const QAbstractItemModelTester tester(&model, kFatal);
    QCOMPARE(model.summary(), u"No problems"_s);
    Finding note;
    note.message = "a note";
    Finding error;
    error.severity = Severity::error;
    error.message = "an error";
    error.place.line = 3;
    error.fix = "this way";
    model.setFindings({note, error});
    QCOMPARE(model.summary(), u"1 error, 1 note"_s);
    QCOMPARE(model.index(0).data().toString(), u"Error: an error (line 3) Fix: this way"_s);
}

void ModelsTest::pathRulesFollowTheDocument()
{
    ProfileDocument document;
    document.reset(
        R"({"version": "0.8.0-alpha", "filesystem": {"readonlyPaths": ["/usr"], "deniedPaths": ["/usr/x"]}})");
    QVERIFY2(document.isValid(), document.error() ? document.error()->message.c_str() : "");
    PathRuleModel model(document);
    const QAbstractItemModelTester tester(&model, kFatal);
    QCOMPARE(model.rowCount(), 2);
    QVERIFY(model.addPath("/opt", PathAccess::readWrite).ok());
    QCOMPARE(model.rowCount(), 3);
    QVERIFY(model.contains("/opt", PathAccess::readWrite));
    QVERIFY(!model.addPath("", PathAccess::readOnly).ok());

    const int row = 0;
    QCOMPARE(model.pointer(row), std::string("/filesystem/readonlyPaths/0"));
    QVERIFY(
        model.setData(model.index(row, PathRuleModel::kAccess), static_cast<int>(PathAccess::readWrite), Qt::EditRole));
    QVERIFY(model.contains("/usr", PathAccess::readWrite));
    QVERIFY(!model.contains("/usr", PathAccess::readOnly));
    document.undoStack().undo();  // Both halves of the change in one step.
    QVERIFY(model.contains("/usr", PathAccess::readOnly));
    QVERIFY(!model.contains("/usr", PathAccess::readWrite));
    QVERIFY(model.removeRow(0).ok());
    QVERIFY(!model.contains("/usr", PathAccess::readOnly));
}

void ModelsTest::pathRulesShowWhatPlaceholdersStandFor()
{
    ProfileDocument document;
    document.reset(R"({"filesystem": {"readonlyPaths": ["~/a", "/usr"]}})");
    PathRuleModel model(document);
    const QAbstractItemModelTester tester(&model, kFatal);
    QCOMPARE(model.index(0, PathRuleModel::kPath).data().toString(), u"~/a"_s);
    model.setReplacements({{"/filesystem/readonlyPaths/0", "~/a", "/home/u/a\u202e"}});
    QCOMPARE(model.index(0, PathRuleModel::kPath).data().toString(), u"~/a → "_s + shownElided("/home/u/a\u202e", 100));
    QVERIFY(!model.index(0, PathRuleModel::kPath).data().toString().contains(QChar(0x202e)));
    QCOMPARE(model.index(1, PathRuleModel::kPath).data().toString(), u"/usr"_s);
    // What is edited is what is written, and another text does not get the old meaning.
    QCOMPARE(model.index(0, PathRuleModel::kPath).data(Qt::EditRole).toString(), u"~/a"_s);
    QVERIFY(model.setData(model.index(0, PathRuleModel::kPath), u"~/b"_s, Qt::EditRole));
    QCOMPARE(model.index(0, PathRuleModel::kPath).data().toString(), u"~/b"_s);
}

void ModelsTest::explanationNamesRuleAndPlace()
{
    const Event denied = makeEvent(7, 1, 3, EventVerdict::denied, "/secret/key");
    const EventExplanation explanation = EventExplainer::explain(denied, rules(), nullptr);
    QCOMPARE(explanation.verdict, u"Denied"_s);
    QCOMPARE(explanation.rule, u"deniedPaths: /secret"_s);
    QCOMPARE(explanation.place.line, 12U);
    QVERIFY(explanation.origin.contains(u"line 12"_s));
    QVERIFY(explanation.who.contains(u"process 7"_s));
    QVERIFY(explanation.mechanism.isEmpty());  // Without a policy there is nothing to say, and nothing is made up.

    Policy policy;
    policy.rules = rules();
    policy.paths.push_back({"/secret", PathAccess::denied, PathKind::mask, true, builtin_rule::kCount});
    QVERIFY(!EventExplainer::explain(denied, rules(), &policy).mechanism.isEmpty());

    Event damaged = denied;  // Recordings may hold any number.
    damaged.rule = 4'000'000'000U;
    QVERIFY(EventExplainer::explain(damaged, rules(), &policy).rule.isEmpty());
}

BELLJAR_QTEST_MAIN(ModelsTest)
#include "models_test.moc"
