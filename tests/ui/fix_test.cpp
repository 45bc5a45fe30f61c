// One-click fixes: which are offered, from the narrowest to the widest, what they change, and that they can be undone.
#include <QCheckBox>
#include <QPushButton>
#include <QSignalSpy>

#include "core/platform/platform.h"
#include "tests/ui/made_events.h"
#include "tests/ui/test_support.h"
#include "ui/bridge/run_controller.h"
#include "ui/models/fix_options.h"
#include "ui/views/fix_bar.h"
#include "ui/views/fix_list.h"

using namespace belljar;
using namespace belljar::test;
using namespace Qt::StringLiterals;

class FixTest : public QObject {
    Q_OBJECT

public:
    static QString cannotRun() { return {}; }

private slots:
    void initTestCase();
    void filesAreOfferedNarrowestFirst();
    void writingAsksForWriteAccess();
    void deniedEntriesAreRemoved();
    void networkIsOffered();
    void whatIsAllowedNeedsNothing();
    void secretsWaitForATick();
    void applyingIsOneUndoableStep();
    void changedProfilesAreNotGuessedAt();

private:
    [[nodiscard]] Event denied(EventKind kind, const std::string& object, RuleId rule) const;

    std::unique_ptr<HostFacts> m_facts;
    BackendList m_backends;
    QTemporaryDir m_folder;
    std::string m_file;
    Policy m_policy;  ///< Grants nothing; has one entry of the profile that denies.
};

void FixTest::initTestCase()
{
    m_facts = inspectHost(false);
    QVERIFY(QDir(m_folder.path()).mkpath(u"a/b"_s));
    for (const auto& name : {u"a/b/wanted"_s, u"a/b/other"_s, u"a/third"_s}) {
        QFile file(m_folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
    }
    m_file = m_folder.filePath(u"a/b/wanted"_s).toStdString();
    m_policy.rules = rules();
}

Event FixTest::denied(EventKind kind, const std::string& object, RuleId rule) const
{
    Event event = makeEvent(1, 1, 0, EventVerdict::denied, object);
    event.kind = kind;
    event.rule = rule;
    return event;
}

void FixTest::filesAreOfferedNarrowestFirst()
{
    const Fixes fixes =
        FixFinder::find(denied(EventKind::fileOpen, m_file, builtin_rule::kNotGranted), m_policy, *m_facts);
    QCOMPARE(fixes.options.size(), std::size_t{3});
    const auto granted = [&](std::size_t option) { return fixes.options[option].path->path; };
    QCOMPARE(granted(0), m_file);
    QCOMPARE(granted(1), m_folder.filePath(u"a/b"_s).toStdString());
    QCOMPARE(granted(2), m_folder.filePath(u"a"_s).toStdString());
    QCOMPARE(fixes.options[0].steps.size(), std::size_t{1});
    QCOMPARE(fixes.options[0].steps[0].pointer, std::string("/filesystem/readonlyPaths/-"));
    QCOMPARE(fixes.options[0].opens, u"Opens nothing else."_s);
    QVERIFY2(fixes.options[1].opens.contains(u" 2 "_s), qPrintable(fixes.options[1].opens));
    QVERIFY2(fixes.options[2].opens.contains(u" 4 "_s), qPrintable(fixes.options[2].opens));
    for (const FixOption& option : fixes.options) QVERIFY(option.secret.isEmpty());
    const Fixes missing =
        FixFinder::find(denied(EventKind::fileOpen, m_file + "-no", builtin_rule::kNotGranted), m_policy, *m_facts);
    QVERIFY(missing.options.empty());
    QVERIFY(missing.why.contains(u"does not exist"_s));
}

void FixTest::writingAsksForWriteAccess()
{
    const Fixes fixes =
        FixFinder::find(denied(EventKind::fileOpenWrite, m_file, builtin_rule::kNotGranted), m_policy, *m_facts);
    QVERIFY(!fixes.options.empty());
    QCOMPARE(fixes.options[0].steps[0].pointer, std::string("/filesystem/readwritePaths/-"));
    QVERIFY(fixes.options[0].path->access == PathAccess::readWrite);
}

void FixTest::deniedEntriesAreRemoved()
{
    Policy policy = m_policy;
    policy.paths.push_back({m_file, PathAccess::denied, PathKind::mask, false, builtin_rule::kCount});
    const Fixes fixes = FixFinder::find(denied(EventKind::fileOpen, m_file, builtin_rule::kCount), policy, *m_facts);
    QCOMPARE(fixes.options.size(), std::size_t{1});  // Wider grants would not lift it.
    QVERIFY(fixes.options[0].needsSameProfile);
    QCOMPARE(fixes.options[0].steps[0].pointer, std::string("/filesystem/deniedPaths/0"));
    QVERIFY(!fixes.options[0].steps[0].json.has_value());
}

void FixTest::networkIsOffered()
{
    const Fixes fixes =
        FixFinder::find(denied(EventKind::netConnect, "192.0.2.7:443", builtin_rule::kNetworkOff), m_policy, *m_facts);
    QVERIFY2(!fixes.options.empty(), qPrintable(fixes.why));
    for (const FixOption& option : fixes.options) QVERIFY(!option.steps.empty());
}

void FixTest::whatIsAllowedNeedsNothing()
{
    Event event = denied(EventKind::fileOpen, m_file, builtin_rule::kNotGranted);
    event.verdict = EventVerdict::allowed;
    QVERIFY(FixFinder::find(event, m_policy, *m_facts).options.empty());
    event.verdict = EventVerdict::denied;
    event.rule = 4'000'000'000U;  // A recording may say anything.
    QVERIFY(FixFinder::find(event, m_policy, *m_facts).options.empty());
}

void FixTest::secretsWaitForATick()
{
    FixList list;
    list.resize(400, 300);
    const QSignalSpy wanted(&list, &FixList::fixRequested);
    FixOption harmless;
    harmless.title = u"Allow reading /a"_s;
    FixOption secret;
    secret.title = u"Allow reading /b"_s;
    secret.secret = u"keys of SSH"_s;
    list.show({{harmless, secret}, {}}, true);
    auto* first = list.findChild<QPushButton*>(u"fix1"_s);
    auto* second = list.findChild<QPushButton*>(u"fix2"_s);
    auto* known = list.findChild<QCheckBox*>(u"secret2"_s);
    QVERIFY(list.findChild<QCheckBox*>(u"secret1"_s) == nullptr);
    QVERIFY(first->isEnabled());
    QVERIFY(!known->isChecked());
    QVERIFY(!second->isEnabled());
    QVERIFY(list.text().contains(u"keys of SSH"_s));
    QTest::mouseClick(second, Qt::LeftButton);
    QCOMPARE(wanted.count(), 0);
    QTest::keyClick(known, Qt::Key_Space);
    QVERIFY(second->isEnabled());
    QTest::mouseClick(second, Qt::LeftButton);
    QCOMPARE(wanted.count(), 1);
    QVERIFY(!wanted.first().at(1).toBool());  // The running session is changed only on demand.
    list.clear();
    QVERIFY(list.isHidden());
}

void FixTest::applyingIsOneUndoableStep()
{
    ProfileDocument document;
    const std::string before =
        "{\n  \"version\": \"0.8.0-alpha\",\n  \"filesystem\": { \"readonlyPaths\": [\"/usr\"] }\n}\n";
    document.reset(before);
    RunController controller(*m_facts, m_backends);
    FixBar bar(document, controller);
    const QSignalSpy run(&bar, &FixBar::runRequested);
    const Fixes fixes =
        FixFinder::find(denied(EventKind::fileOpen, m_file, builtin_rule::kNotGranted), m_policy, *m_facts);
    bar.apply(fixes.options[0], true);
    QVERIFY(bar.text().contains(u"Profile changed"_s));
    QVERIFY(bar.text().contains(u"No session is running"_s));  // It was asked for, and says that it was not done.
    QCOMPARE(document.config()->config.filesystem->readonlyPaths->back(), m_file);
    bar.findChild<QPushButton*>(u"runAgain"_s)->click();
    QCOMPARE(run.count(), 1);
    bar.apply(fixes.options[1], false);
    auto* undo = bar.findChild<QPushButton*>(u"undoFix"_s);
    QVERIFY(undo->isEnabled());
    undo->click();
    document.undoStack().undo();
    QCOMPARE(document.text(), before);
    bar.apply(fixes.options[0], false);
    document.undoStack().undo();
    QVERIFY(!undo->isEnabled());  // It is undone already.
}

void FixTest::changedProfilesAreNotGuessedAt()
{
    ProfileDocument document;
    document.reset("{\"version\": \"0.8.0-alpha\", \"filesystem\": {\"deniedPaths\": [\"/x\"]}}");
    const std::string before = document.text();
    RunController controller(*m_facts, m_backends);
    FixBar bar(document, controller);
    FixOption option;
    option.title = u"Remove"_s;
    option.steps.push_back({"/filesystem/deniedPaths/0", std::nullopt});
    option.needsSameProfile = true;  // And no run had this profile.
    bar.apply(option, false);
    QCOMPARE(document.text(), before);
    QVERIFY(bar.text().contains(u"changed since"_s));
}

BELLJAR_QTEST_MAIN(FixTest)
#include "fix_test.moc"
