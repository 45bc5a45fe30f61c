// Hostile strings through the live page: list, chips, groups, timeline, notes, explanations and fixes.
#include "backends/registry.h"
#include "core/events/query_pattern.h"
#include "core/platform/platform.h"
#include "tests/ui/hostile_corpus.h"
#include "tests/ui/test_support.h"
#include "ui/bridge/run_controller.h"
#include "ui/models/event_explanation.h"
#include "ui/models/group_model.h"
#include "ui/models/profile_document.h"
#include "ui/views/data_text.h"
#include "ui/views/event_table_view.h"
#include "ui/views/explain_pane.h"
#include "ui/views/fix_list.h"
#include "ui/views/live_page.h"
#include "ui/views/output_view.h"
#include "ui/views/query_bar.h"
#include "ui/views/timeline.h"

using namespace belljar;
using namespace belljar::test;
using namespace Qt::StringLiterals;

namespace {

SessionBatch hostileBatch()
{
    SessionBatch batch;
    EventCollector collector({1000, std::size_t{64} << 20U, std::size_t{2} << 20U});
    std::int32_t pid = 1;
    for (const std::string& text : corpus()) {
        Event event;
        event.pid = ++pid;
        event.parentPid = 1;
        event.processName = text;
        event.object = text;
        event.detail = text;
        event.verdict = EventVerdict::denied;
        event.rule = builtin_rule::kCount;
        event.sequence = static_cast<std::uint64_t>(pid);
        collector.append({&event, 1});
        batch.output += QByteArray::fromStdString(text) + '\n';
        batch.errors += QByteArray::fromStdString(text) + '\n';
    }
    batch.events = collector.columns();
    batch.hasEvents = true;
    return batch;
}

}  // namespace

class HostileLiveTest : public QObject {
    Q_OBJECT

public:
    static QString cannotRun() { return {}; }

private slots:
    void initTestCase() { m_facts = inspectHost(false); }
    void livePageStaysPlain();
    void filtersStayPlain();
    void fixesStayPlain();
    void explanationsStayPlain();

private:
    std::unique_ptr<HostFacts> m_facts;
    BackendList m_backends;
};

void HostileLiveTest::livePageStaysPlain()
{
    RunController controller(*m_facts, m_backends);
    ProfileDocument document;
    LivePage page(controller, document);
    page.resize(1200, 700);
    page.show();
    std::vector<Rule> rules(builtin_rule::kCount);
    rules.push_back({RuleSource::profile, "<b>rule</b>\xe2\x80\xae\x1b[0m", {"/<i>x", 3, 1}});
    page.startSession(shown("<b>cmd</b>"));
    page.events().reset(rules);
    page.addBatch(hostileBatch());
    QCOMPARE(page.events().rowCount(), static_cast<int>(corpus().size()));
    QVERIFY(!page.grab().isNull());  // Painting meets every cell.
    QCOMPARE(unsafeWidget(page), QString());
    // Plain text, so that what looks like markup is seen as it was written.
    QVERIFY(page.output().text(1).contains(u"<b>bold</b><script>alert(1)</script>"_s));
    QVERIFY(page.output().text(2).contains(u"<img src="_s));
    QVERIFY(!page.output().text(1).contains(u"\x1b"_s));
    QVERIFY(!page.output().text(1).contains(u"title"_s + QChar(7)));
    QCOMPARE(page.events().index(1, EventTableModel::kObject).data().toString(),
             u"<b>bold</b><script>alert(1)</script>"_s);
    QVERIFY(page.events().index(12, EventTableModel::kObject).data().toString().size() < 1000);
}

void HostileLiveTest::filtersStayPlain()
{
    RunController controller(*m_facts, m_backends);
    ProfileDocument document;
    LivePage page(controller, document);
    page.resize(1200, 700);
    page.show();
    page.startSession(shown("x"));
    page.events().reset(std::vector<Rule>(builtin_rule::kCount + 1));
    page.addBatch(hostileBatch());
    // Every value as a chip, a highlight, a note and a proposal.
    for (int row = 0; row < page.events().rowCount(); ++row) {
        const QModelIndex cell = page.events().index(row, EventTableModel::kObject);
        const std::string query = page.events().cellQuery(cell);
        if (query.size() < kLongestQuery) page.pushFilter(shown(query), "not (" + query + ")");
        page.filter().clear();
        const std::string note = corpus()[static_cast<std::size_t>(row)].substr(0, 2000);
        page.events().setNote(page.events().event(row).sequence, &note);
    }
    page.pushFilter(shown(corpus()[3]), "-path=" + writtenText(corpus()[3]));
    QVERIFY(!page.grab().isNull());
    QCOMPARE(unsafeWidget(page), QString());
    page.filter().clear();
    auto* groupBy = page.findChild<QComboBox*>(u"groupBy"_s);
    for (const QueryFieldId field : {QueryFieldId::object, QueryFieldId::process, QueryFieldId::detail}) {
        groupBy->setCurrentIndex(groupBy->findData(static_cast<int>(field)));
        QCOMPARE(page.groups().rowCount(), static_cast<int>(corpus().size()));
        QCOMPARE(unsafeWidget(page), QString());
    }
    for (const QueryProposal& proposal : QueryCompletion::values(QueryFieldId::object, {}, page.groups().groups()))
        QVERIFY(isHarmless(proposal.text));
    // A query that is nothing but hostile text: the message quotes it.
    for (const std::string& text : corpus()) {
        page.queryBar().setQuery(QString::fromStdString(text.substr(0, 500)) + u" verdict=(("_s);
        QTest::keyClick(&page.queryBar().line(), Qt::Key_Return);
        QVERIFY(isHarmless(page.queryBar().message().toPlainText()));
    }
    page.timeline().setFocus();
    for (int lane = 0; lane < page.timeline().laneCount(); ++lane) {
        QVERIFY(isHarmless(page.timeline().cursorText()));
        QTest::keyClick(&page.timeline(), Qt::Key_Down);
    }
    QVERIFY(!page.timeline().grab().isNull());
}

void HostileLiveTest::fixesStayPlain()
{
    for (const std::string& text : corpus()) {
        FixList list;
        list.resize(400, 400);
        FixOption option;
        option.title = shownElided(text, 300);
        option.opens = shownElided(text, 300);
        option.secret = shownElided(text, 300);
        list.show({{option}, {}}, true);
        QVERIFY(!list.grab().isNull());
        QCOMPARE(unsafeWidget(list), QString());
        Policy policy;
        policy.rules.resize(builtin_rule::kCount);
        Event event;
        event.object = "/" + text;
        event.verdict = EventVerdict::denied;
        list.show(FixFinder::find(event, policy, *m_facts), false);
        QCOMPARE(unsafeWidget(list), QString());
    }
}

void HostileLiveTest::explanationsStayPlain()
{
    ExplainPane pane;
    pane.resize(500, 300);
    pane.show();
    std::vector<Rule> rules(builtin_rule::kCount);
    for (const std::string& text : corpus()) rules.push_back({RuleSource::profile, text, {text, 3, 1}});
    RuleId rule = builtin_rule::kCount;
    const EventColumns events = hostileBatch().events;
    for (std::size_t i = 0; i < events.size(); ++i) {
        Event event = events.event(i);
        event.rule = rule++;
        pane.explain(EventExplainer::explain(event, rules, nullptr), true, false);
        QVERIFY(!pane.grab().isNull());
        QCOMPARE(unsafeWidget(pane), QString());
        QVERIFY(pane.text().size() < 8 * static_cast<qsizetype>(EventExplanation::kLongestText));
    }
}

BELLJAR_QTEST_MAIN(HostileLiveTest)
#include "hostile_live_test.moc"
