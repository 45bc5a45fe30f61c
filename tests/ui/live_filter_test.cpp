// What the live page's filter is made of: places in half-written queries, proposals, chips, presets, and the timeline's
// counts.
#include <QSignalSpy>

#include "tests/ui/made_events.h"
#include "tests/ui/test_support.h"
#include "ui/models/activity.h"
#include "ui/models/filter_presets.h"
#include "ui/models/live_filter.h"
#include "ui/models/query_completion.h"

using namespace belljar;
using namespace belljar::test;
using namespace Qt::StringLiterals;

class LiveFilterTest : public QObject {
    Q_OBJECT

public:
    static QString cannotRun() { return {}; }

private slots:
    void placesInQueriesAreFound();
    void fieldsAndValuesAreProposed();
    void chipsStackAndPop();
    void mistakesChangeNothing();
    void presetsAreQueries();
    void savedFiltersComeBack();
    void activityCountsEachProcess();
    void activityStaysSmallInLongSessions();
    void activityNotesWhatIsMissing();
};

void LiveFilterTest::placesInQueriesAreFound()
{
    const auto place = [](const QString& text) { return queryPlace(text, text.size()); };
    QCOMPARE(place(u""_s).written, QString());
    QVERIFY(!place(u"ver"_s).field);
    QCOMPARE(place(u"ver"_s).written, u"ver"_s);
    QCOMPARE(place(u"pid=3 -(ver"_s).written, u"ver"_s);
    QCOMPARE(place(u"-ver"_s).written, u"ver"_s);
    QCOMPARE(place(u"verdict="_s).field, QueryFieldId::verdict);
    QCOMPARE(place(u"verdict=denied,ab"_s).written, u"ab"_s);
    QCOMPARE(place(u"verdict=denied,ab"_s).begin, 15);
    QCOMPARE(place(u"path:\"/a b, (c"_s).written, u"/a b, (c"_s);
    QCOMPARE(place(u"path:\"/a b\" x"_s).written, u"x"_s);
    QVERIFY(!place(u"nofield:x"_s).field);
    QCOMPARE(queryPlace(u"pid=3 verdict=denied"_s, 2).written, u"pi"_s);
    QCOMPARE(queryPlace(u"abc"_s, 99).written, u"abc"_s);  // Whatever the cursor.
}

void LiveFilterTest::fieldsAndValuesAreProposed()
{
    const auto fields = QueryCompletion::fields(u"ver"_s);
    QCOMPARE(fields.size(), std::size_t{1});
    QCOMPARE(fields[0].text, u"verdict:"_s);
    QVERIFY(fields[0].remark.contains(u"denied"_s));
    QCOMPARE(QueryCompletion::fields({}).size(), queryFields().size());

    EventGroup denied;
    denied.value = "denied";
    denied.count = 7;
    denied.denied = 7;
    const auto words = QueryCompletion::values(QueryFieldId::verdict, u"de"_s, {denied});
    QCOMPARE(words.size(), std::size_t{1});
    QCOMPARE(words[0].text, u"denied"_s);
    QVERIFY(words[0].remark.contains(u'7'));
    QCOMPARE(QueryCompletion::values(QueryFieldId::verdict, {}, {denied}).size(), std::size_t{4});

    EventGroup hostile;
    hostile.value = "/a b\x1b\xe2\x80\xae(\"c";
    const auto paths = QueryCompletion::values(QueryFieldId::path, {}, {hostile});
    QCOMPARE(paths.size(), std::size_t{1});
    Event event;
    event.object = hostile.value;
    QVERIFY(query("path=" + paths[0].text.toStdString()).matches(event, {}));
    QVERIFY(!paths[0].text.contains(QChar(0x202e)) && !paths[0].text.contains(QChar(0x1b)));
}

void LiveFilterTest::chipsStackAndPop()
{
    LiveFilter filter("/home/u");
    const QSignalSpy changed(&filter, &LiveFilter::changed);
    QVERIFY(!filter.setTyped("path:/etc or path:/usr"));
    QVERIFY(!filter.push({u"denied"_s, "verdict=denied"}));
    QVERIFY(!filter.push({u"1"_s, "tree:1", u"tree"_s}));
    QVERIFY(!filter.push({u"2"_s, "tree:2", u"tree"_s}));  // In place of the other.
    QCOMPARE(filter.chips().size(), std::size_t{2});
    QCOMPARE(filter.text(), std::string("(path:/etc or path:/usr) (verdict=denied) (tree:2)"));
    QCOMPARE(changed.count(), 4);
    Event event = makeEvent(2, 1, 0, EventVerdict::denied, "/usr/x");
    QVERIFY(filter.query().matches(event, {}));
    event.verdict = EventVerdict::allowed;
    QVERIFY(!filter.query().matches(event, {}));
    filter.pop();
    filter.pop();
    filter.pop();
    QVERIFY(filter.chips().empty());
    QVERIFY(filter.query().matches(event, {}));
    filter.clear();
    QVERIFY(filter.text().empty());
    QVERIFY(filter.query().steps().empty());
}

void LiveFilterTest::mistakesChangeNothing()
{
    LiveFilter filter("/home/u");
    QVERIFY(!filter.setTyped("verdict=denied"));
    const auto error = filter.setTyped("verdict=deneid");
    QVERIFY(error.has_value());
    QCOMPARE(error->offset, std::size_t{8});
    QCOMPARE(filter.typed(), std::string("verdict=denied"));
    QVERIFY(filter.setTyped("path:(").has_value());
    QVERIFY(filter.push({u"x"_s, "no=such"}).has_value());
    QVERIFY(filter.chips().empty());
    QVERIFY(filter.setTyped(") or (").has_value());  // What would only fit between our parentheses.
}

void LiveFilterTest::presetsAreQueries()
{
    const LiveFilter filter("/home/u");
    for (const NamedFilter& preset : FilterPresets::builtIn())
        QVERIFY2(std::holds_alternative<Query>(filter.parse(preset.query)), preset.query.c_str());
    Event event;
    event.object = "/home/u/.ssh/id_rsa";
    const Query sensitive = query(FilterPresets::sensitiveQuery());
    QVERIFY(sensitive.matches(event, {}));
    event.object = "/home/u/.ssh";
    QVERIFY(sensitive.matches(event, {}));
    event.object = "/home/u/.sshd";
    QVERIFY(!sensitive.matches(event, {}));
}

void LiveFilterTest::savedFiltersComeBack()
{
    FilterPresets::save({u"mine"_s, "pid=1"});
    FilterPresets::save({u"other"_s, "pid=2"});
    FilterPresets::save({u"mine"_s, "pid=3"});
    QCOMPARE(FilterPresets::saved().size(), std::size_t{2});
    QCOMPARE(FilterPresets::saved().back().query, std::string("pid=3"));
    FilterPresets::remove(u"mine"_s);
    QCOMPARE(FilterPresets::saved().size(), std::size_t{1});
    FilterPresets::remove(u"other"_s);
    QVERIFY(FilterPresets::saved().empty());
}

void LiveFilterTest::activityCountsEachProcess()
{
    Activity activity;
    Session session;
    std::vector<Event> events;
    for (int i = 0; i < 1000; ++i)
        events.push_back(
            makeEvent(i % 4 == 0 ? 2 : 1, 1, 0, i % 10 == 0 ? EventVerdict::denied : EventVerdict::allowed, "/a"));
    activity.extend(session.add(events));
    activity.extend(session.add({makeEvent(3, 1, 0, EventVerdict::allowed, "/a")}));
    QCOMPARE(activity.total().events, 1001U);
    QCOMPARE(activity.total().denied, 100U);
    const auto lanes = activity.busiest(2);
    QCOMPARE(lanes.size(), std::size_t{2});
    QCOMPARE(lanes[0]->pid, 1);
    QCOMPARE(lanes[1]->pid, 2);
    QCOMPARE(lanes[1]->events, 250U);
    for (std::size_t level = 0; level < Activity::kLevels; ++level) {
        const Activity::Bin all = Activity::sum(activity.total().bins[level], 0, Activity::kFinestBins);
        QCOMPARE(all.count, 1001U);
        QCOMPARE(all.denied, 100U);
    }
    QCOMPARE(activity.endNs(), 1'001'000'000);
    QCOMPARE(activity.missing(), 0U);
    QVERIFY(activity.gaps().empty());
}

void LiveFilterTest::activityStaysSmallInLongSessions()
{
    Activity activity;
    Session session;
    std::vector<Event> events;
    for (int i = 0; i < 200'000; ++i) {
        Event event = makeEvent(1, 1, 0, EventVerdict::allowed, "/a");
        event.timeNs = 1 + i * std::int64_t{50'000'000};  // Almost three hours.
        events.push_back(event);
    }
    events.push_back(events.front());
    events.back().timeNs = 5;  // Late.
    activity.extend(session.add(events));
    QVERIFY(activity.total().bins[0].size() <= Activity::kFinestBins);
    QCOMPARE(Activity::sum(activity.total().bins[0], 0, Activity::kFinestBins).count, 200'001U);
    QCOMPARE(Activity::sum(activity.total().bins[2], 0, Activity::kFinestBins).count, 200'001U);
    std::vector<Event> far{events.front()};
    far.front().timeNs = std::numeric_limits<std::int64_t>::max();  // A recording may say anything.
    activity.extend(session.add(far));
    QCOMPARE(activity.total().events, 200'002U);
}

void LiveFilterTest::activityNotesWhatIsMissing()
{
    Activity activity;
    Session session;
    activity.extend(session.add({makeEvent(1, 1, 0, EventVerdict::allowed, "/a")}));
    session.skip(40);
    activity.extend(session.add({makeEvent(1, 1, 0, EventVerdict::allowed, "/b")}));
    activity.extend(session.add({makeEvent(1, 1, 0, EventVerdict::allowed, "/c")}));
    QCOMPARE(activity.missing(), 40U);
    QCOMPARE(activity.gaps().size(), std::size_t{1});
    QVERIFY(activity.gaps()[0].fromNs < activity.gaps()[0].toNs);
    Event remark = makeEvent(0, 0, 0, EventVerdict::none, "");
    remark.kind = EventKind::sessionGap;
    activity.extend(session.add({remark}));
    QCOMPARE(activity.gaps().size(), std::size_t{2});
}

BELLJAR_QTEST_MAIN(LiveFilterTest)
#include "live_filter_test.moc"
