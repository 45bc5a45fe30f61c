// The item models: Qt's own consistency checks while they grow, are filtered and are reset.
#include <QAbstractItemModelTester>
#include <QSignalSpy>

#include "tests/core/policy/fake_host_facts.h"
#include "tests/ui/made_events.h"
#include "tests/ui/test_support.h"
#include "ui/models/event_explanation.h"
#include "ui/models/finding_model.h"
#include "ui/models/path_rule_model.h"
#include "ui/models/process_tree_model.h"
#include "ui/models/profile_analysis.h"
#include "ui/models/profile_document.h"
#include "ui/models/shown_text.h"

using namespace belljar;
using namespace belljar::test;
using namespace Qt::StringLiterals;

namespace {

constexpr auto kFatal = QAbstractItemModelTester::FailureReportingMode::QtTest;

}  // namespace

class ModelsTest : public QObject {
    Q_OBJECT

public:
    static QString cannotRun() { return {}; }

private slots:
    void processesFormATree();
    void childrenSeenBeforeTheirParentsMove();
    void manyProcessesAtOnceAreOneReset();
    void reusedProcessIdsAreTwoProcesses();
    void findingsAreSortedBySeverity();
    void pathRulesFollowTheDocument();
    void pathRulesShowWhatPlaceholdersStandFor();
    void explanationNamesRuleAndPlace();
};

void ModelsTest::processesFormATree()
{
    ProcessTreeModel model;
    const QAbstractItemModelTester tester(&model, kFatal);
    Event exit = makeEvent(12, 3, 11, EventVerdict::none, "");
    exit.kind = EventKind::processExit;
    exit.detail = "code 1, user 0.01 s, system 0 s, peak 3 MB";
    Session session;
    model.extend(
        session.add({makeEvent(10, 1, 1, EventVerdict::allowed, "/a"), makeEvent(11, 2, 10, EventVerdict::denied, "/b"),
                     makeEvent(12, 3, 11, EventVerdict::allowed, "/c"), exit}));
    QCOMPARE(model.rowCount(), 1);
    const QModelIndex root = model.index(0, 0);
    QCOMPARE(root.data().toString(), u"cat 10"_s);
    const QModelIndex child = model.index(0, 0, root);
    QCOMPARE(child.data().toString(), u"cat 11"_s);
    QCOMPARE(model.index(0, ProcessTreeModel::kDenied, root).data().toULongLong(), 1ULL);
    QCOMPARE(model.index(0, 0, child).data().toString(), u"cat 12"_s);
    QCOMPARE(model.index(0, ProcessTreeModel::kExit, child).data().toString(), u"1"_s);
    QVERIFY(model.index(0, 0, child).data(Qt::AccessibleTextRole).toString().contains(u"code 1"_s));
    QCOMPARE(model.key(child), (ProcessKey{11, 2}));
    QCOMPARE(model.chain({12, 3}), (QStringList{u"cat 12"_s, u"cat 11"_s, u"cat 10"_s}));
    QVERIFY(model.chain({999, 1}).isEmpty());
    model.extend(session.add({makeEvent(11, 2, 10, EventVerdict::denied, "/b")}));
    QCOMPARE(model.index(0, ProcessTreeModel::kDenied, root).data().toULongLong(), 2ULL);
    QCOMPARE(model.index(0, ProcessTreeModel::kEvents, root).data().toULongLong(), 2ULL);
    model.reset();
    QCOMPARE(model.rowCount(), 0);
}

void ModelsTest::childrenSeenBeforeTheirParentsMove()
{
    ProcessTreeModel model;
    const QAbstractItemModelTester tester(&model, kFatal);
    Session session;
    model.extend(session.add(
        {makeEvent(10, 1, 1, EventVerdict::allowed, "/a"), makeEvent(13, 3, 12, EventVerdict::allowed, "/b"),
         makeEvent(14, 4, 12, EventVerdict::allowed, "/c"), makeEvent(15, 4, 99, EventVerdict::allowed, "/d"),
         makeEvent(12, 2, 10, EventVerdict::allowed, "/e")}));
    QCOMPARE(model.rowCount(), 2);  // 10, and 15 whose parent was never seen.
    const QModelIndex parent = model.index(0, 0, model.index(0, 0));
    QCOMPARE(parent.data().toString(), u"cat 12"_s);
    QCOMPARE(model.rowCount(parent), 2);
    QCOMPARE(model.index(1, 0, parent).data().toString(), u"cat 14"_s);
    QCOMPARE(model.index(1, 0).data().toString(), u"cat 15"_s);
    // Younger than its "child": the id was reused.
    model.extend(session.add({makeEvent(99, 50, 1, EventVerdict::allowed, "/f")}));
    QCOMPARE(model.rowCount(), 3);
}

void ModelsTest::manyProcessesAtOnceAreOneReset()
{
    ProcessTreeModel model;
    const QAbstractItemModelTester tester(&model, kFatal);
    const QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    const QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    std::vector<Event> events;
    for (std::int32_t pid = 10; pid < 3010; ++pid)
        events.push_back(makeEvent(pid, static_cast<std::uint64_t>(pid), pid - 1, EventVerdict::allowed, "/a"));
    Session session;
    model.extend(session.add(events));
    QCOMPARE(reset.count(), 1);
    QCOMPARE(inserted.count(), 0);
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.chain({3009, 3009}).size(), 32);  // As deep as is shown.
}

void ModelsTest::reusedProcessIdsAreTwoProcesses()
{
    ProcessTreeModel model;
    Session session;
    model.extend(session.add(
        {makeEvent(10, 1, 1, EventVerdict::allowed, "/a"), makeEvent(10, 99, 1, EventVerdict::allowed, "/b")}));
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
    const FakeHostFacts host = FakeHostFacts::linuxHost();
    const BackendList backends;
    ProfileAnalysis analysis(document, host, backends);
    PathRuleModel model(document, analysis);
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
    FakeHostFacts host = FakeHostFacts::linuxHost();
    host.facts.environment = {"HOME=/home/u\u202e"};
    const BackendList backends;
    ProfileAnalysis analysis(document, host, backends);
    PathRuleModel model(document, analysis);
    const QAbstractItemModelTester tester(&model, kFatal);
    const auto meant = [](const char* path) { return shownElided(std::string("/home/u\u202e/") + path, 100); };
    QCOMPARE(model.index(0, PathRuleModel::kPath).data().toString(), u"~/a → "_s + meant("a"));
    QVERIFY(!model.index(0, PathRuleModel::kPath).data().toString().contains(QChar(0x202e)));
    QCOMPARE(model.index(1, PathRuleModel::kPath).data().toString(), u"/usr"_s);
    // What is edited is what is written.
    QCOMPARE(model.index(0, PathRuleModel::kPath).data(Qt::EditRole).toString(), u"~/a"_s);
    QVERIFY(model.setData(model.index(0, PathRuleModel::kPath), u"~/b"_s, Qt::EditRole));
    QCOMPARE(model.index(0, PathRuleModel::kPath).data().toString(), u"~/b → "_s + meant("b"));
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
