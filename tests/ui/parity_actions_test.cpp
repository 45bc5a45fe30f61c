// Every action and button of the window is either in the table of resources/help/command-line.md, with a test that does
// the same in both ways, or a matter of the view alone, with the reason. A new one in neither fails here.
#include <QAbstractButton>
#include <QContextMenuEvent>
#include <QFile>
#include <QPushButton>
#include <QToolButton>

#include <map>
#include <set>

#include "tests/ui/made_events.h"
#include "tests/ui/parity_support.h"
#include "ui/models/event_table_model.h"
#include "ui/views/event_table_view.h"
#include "ui/views/live_page.h"

using namespace belljar;
using namespace belljar::test;
using namespace Qt::StringLiterals;

namespace {

/// What the window calls it, the line for a terminal (as the help page shows it), and the test that compares both.
struct Row {
    const char* action;
    const char* line;
    const char* test;
};

constexpr Row kRows[] = {
    {"File › New profile…", "belljar new TEMPLATE -o FILE", "profiles.newProfiles"},
    {"File › Try the sample", "belljar new --sample FOLDER", "profiles.theSample"},
    {"File › Save", "belljar edit PROFILE CHANGE...", "profiles.formEdits"},
    {"File › Save as…", "belljar edit PROFILE CHANGE... -o FILE", "profiles.formEdits"},
    {"File › Export JSON…", "belljar export PROFILE -o FILE", "profiles.exports"},
    {"File › Save recording…", "belljar run --record FILE PROFILE", "sessions.runsAndRecordings"},
    {"File › Export events…", "belljar events RECORDING --filter QUERY --format csv --output FILE",
     "sessions.exportsOfEvents"},
    {"Edit › Compare with the saved version", "belljar diff SAVED PROFILE --text", "profiles.comparisons"},
    {"Edit › Compare with another profile", "belljar diff OTHER PROFILE --text", "profiles.comparisons"},
    {"Edit › Migrate to schema 0.8", "belljar migrate PROFILE --in-place", "profiles.migration"},
    {"Run › Run in the sandbox", "belljar run --trace full PROFILE -- sh -c LINE", "sessions.runsAndRecordings"},
    {"Run › Show what would run…", "belljar plan --trace full PROFILE -- sh -c LINE", "profiles.plans"},
    {"Run › Stop", "belljar kill SESSION", "sessions.endings"},
    {"Run › Stop all sessions", "belljar kill --all", "sessions.allAtOnce"},
    {"Run › In a terminal", "belljar run PROFILE < /dev/null | cat", "sessions.streams"},
    {"Run › Ask about the network", "belljar run --ask PROFILE", "sessions.answers"},
    {"Question › Allow, Deny", "belljar answer SESSION NUMBER allow --for always --profile FILE", "sessions.answers"},
    {"Files › Add path", "belljar edit PROFILE --ro PATH", "profiles.formEdits"},
    {"Files › Remove", "belljar edit PROFILE --remove /filesystem/readonlyPaths/0", "profiles.formEdits"},
    {"Network › Add rule", "belljar edit PROFILE --allow-net DEST:PORT", "profiles.formEdits"},
    {"Any field", "belljar edit PROFILE --set POINTER=VALUE", "profiles.formEdits"},
    {"Problems › Apply the fix", "belljar check PROFILE --fix ID", "profiles.fixesOfLint"},
    {"Other systems", "belljar probe PROFILE", "profiles.otherSystems"},
    {"Events › Show only, Hide", "belljar events RECORDING --filter QUERY", "sessions.exportsOfEvents"},
    {"Events › Group by this column", "belljar events RECORDING --count-by FIELD", "sessions.groupsAndLines"},
    {"Events › Bookmark", "belljar events RECORDING --bookmark NUMBER", "sessions.bookmarksAndNotes"},
    {"Events › Remove the bookmark", "belljar events RECORDING --remove-bookmark NUMBER", "sessions.bookmarksAndNotes"},
    {"Events › Write a note…", "belljar events RECORDING --bookmark NUMBER --note TEXT", "sessions.bookmarksAndNotes"},
    {"Events › Copy the line", "belljar events RECORDING --filter seq=NUMBER", "sessions.groupsAndLines"},
    {"Denial › Allow …", "belljar edit PROFILE --ro PATH", "sessions.liveChanges"},
    {"Denial › Also in the running session", "belljar policy SESSION --ro PATH", "sessions.liveChanges"},
};

/// Menu entries that change no file and no session.
const std::map<QString, const char*> kViewActions{
    {u"File › Open…"_s, "every verb is given its file"},
    {u"File › Open recording…"_s, "belljar events is given its file"},
    {u"File › Open recent › *"_s, "a shell has its own history"},
    {u"File › Quit"_s, "ends the window; sessions end as by Stop all"},
    {u"Edit › Undo"_s, "only of what is not saved"},
    {u"Edit › Redo"_s, "only of what is not saved"},
    {u"Edit › Find a command or field…"_s, "finds what stands in this table"},
    {u"Edit › Find or filter"_s, "moves the focus"},
    {u"Run › Run history…"_s, "shows a list; running again is Run; a shell has its own history"},
    {u"Run › New session tab"_s, "an empty tab runs nothing"},
    {u"Run › Close session tab"_s, "of one that runs it asks first, and is Stop"},
    {u"Run › Next denial"_s, "moves the selection"},
    {u"Run › Previous denial"_s, "moves the selection"},
    {u"View › Home"_s, "a page"},
    {u"View › Profile"_s, "a page"},
    {u"View › Live"_s, "a page"},
    {u"View › Theme › *"_s, "looks"},
    {u"View › Language (at the next start) › *"_s, "looks"},
    {u"Help › Help…"_s, "shows text"},
    {u"Help › Keyboard"_s, "shows text"},
    {u"Help › About Belljar"_s, "shows text, as belljar version does"},
    {u"Events › Highlight *"_s, "colour in the list"},
    {u"Events › Columns › *"_s, "columns of the list"},
    {u"Filters › *"_s, "filters as Show only, and a list of them by name"},
};

/// Buttons by object name, or else by what stands on them; what is an entry of a menu, too, goes by that.
const std::map<QString, const char*> kButtons{
    {u"home-*"_s, "entries of the menu File"},
    {u"run"_s, "Run › Run in the sandbox"},
    {u"runAgain"_s, "Run › Run in the sandbox"},
    {u"stop"_s, "Run › Stop"},
    {u"Save recording…"_s, "File › Save recording…"},
    {u"addPath"_s, "Files › Add path"},
    {u"removePath"_s, "Files › Remove"},
    {u"addNetworkRule"_s, "Network › Add rule"},
    {u"Add"_s, "Any field: of a list"},
    {u"Remove"_s, "Any field: of a list"},
    {u"changed, revert"_s, "Any field: the value of before"},
    {u"fixProblem"_s, "Problems › Apply the fix"},
    {u"applyMigration"_s, "Edit › Migrate to schema 0.8"},
    {u"askAllow"_s, "Question › Allow, Deny"},
    {u"askDeny"_s, "Question › Allow, Deny"},
    {u"Deny this once"_s, "Question › Allow, Deny"},
    {u"Merge both"_s, "of what is not saved; git merge-file for files"},
    {u"Take the file"_s, "of what is not saved"},
    {u"Keep mine"_s, "of what is not saved"},
    {u"undoFix"_s, "of what is not saved"},
    {u"Compare"_s, "Edit › Compare with another profile"},
    {u"Choose file…"_s, "Edit › Compare with another profile"},
    {u"Browse…"_s, "chooses a path for Files › Add path"},
    {u"Show in text"_s, "moves the cursor"},
    {u"Show the rule"_s, "moves the cursor"},
    {u"goToRule"_s, "moves the cursor"},
    {u"deniedCount"_s, "moves the selection"},
    {u"newEvents"_s, "scrolls"},
    {u"Follow"_s, "scrolls"},
    {u"deniedOnly"_s, "a filter as Events › Show only"},
    {u"filters"_s, "opens the menu Filters"},
    {u"showSecrets"_s, "shows more of the same event; belljar events shows all, --mask-secrets less"},
    {u"revealRun"_s, "the window's own list"},
    {u"revealPlan"_s, "shows more of the same plan"},
    {u"showRaw"_s, "shows more of the same event"},
    {u"Close the message"_s, "of a message"},
    {u"messageAction"_s, "does what the message says: Files › Add path, or what was not saved before a crash"},
    {u"Find next"_s, "moves the cursor"},
    {u"Close"_s, "closes"},
    {u"pin"_s, "order of the window's own list"},
    {u"forget"_s, "the window's own list"},
    {u"copyLine"_s, "the clipboard"},
    {u"Create"_s, "File › New profile…"},
    {u"Cancel"_s, "closes"},
    {u"Run"_s, "Run › Run in the sandbox"},
};

QString plain(const QString& text)
{
    return QString(text).remove(u'&').section(u'\t', 0, 0);
}

bool fits(const QString& name, const QString& pattern)
{
    return pattern.endsWith(u'*') ? name.startsWith(pattern.chopped(1)) : name == pattern;
}

template <class Map>
bool isListed(const QString& name, const Map& list)
{
    return std::any_of(list.begin(), list.end(), [&](const auto& entry) { return fits(name, entry.first); });
}

bool isRow(const QString& name)
{
    return std::any_of(std::begin(kRows), std::end(kRows), [&](const Row& row) {
        const QString action = QString::fromUtf8(row.action);
        const QString menu = action.section(u" › "_s, 0, 0) + u" › "_s;
        for (const QString& one : action.mid(menu.size()).split(u", "_s))
            if (name == menu + one || name.startsWith(menu + one + u' ')) return true;
        return false;
    });
}

}  // namespace

class ParityActionsTest : public QObject {
    Q_OBJECT

public:
    static QString cannotRun() { return ParityBench::whyNot(false); }

private slots:
    void everyActionIsListed();
    void everyButtonIsListed();
    void theHelpPageIsTheTable();
    void everyRowHasItsTest();

private:
    static void addActions(const QWidget& menu, const QString& where, QStringList& names,
                           std::set<const QAction*>& seen);
    QStringList unlistedButtons(const QWidget& part) const;
};

void ParityActionsTest::addActions(const QWidget& menu, const QString& where, QStringList& names,
                                   std::set<const QAction*>& seen)
{
    for (const QAction* action : menu.actions()) {
        seen.insert(action);
        if (action->isSeparator()) continue;
        const QString name = where + u" › "_s + plain(action->text());
        if (action->menu() != nullptr) {
            emit action->menu()->aboutToShow();  // Some are filled only then.
            addActions(*action->menu(), name, names, seen);
        } else {
            names << name;
        }
    }
}

void ParityActionsTest::everyActionIsListed()
{
    ParityBench bench;
    LivePage& page = bench.window.livePage();
    QVERIFY(QTest::qWaitForWindowExposed(&bench.window));
    bench.trigger(u"View › Live"_s);
    QStringList names;
    std::set<const QAction*> seen;
    for (const QAction* top : bench.window.menuBar()->actions()) {
        seen.insert(top);
        addActions(*top->menu(), plain(top->text()), names, seen);
    }
    auto* filters = bench.part<QPushButton>(u"filters"_s)->menu();
    emit filters->aboutToShow();
    seen.insert(filters->menuAction());
    addActions(*filters, u"Filters"_s, names, seen);
    // The menu of an event, which there has to be one of.
    test::Session session;
    page.events().reset(rules());
    page.events().extend(session.add({makeEvent(1, 1, 0, EventVerdict::denied, "/secret/x")}));
    page.table().setCurrentIndex(page.events().index(0, 0));
    QContextMenuEvent asks(QContextMenuEvent::Keyboard, QPoint(), QPoint());
    QCoreApplication::sendEvent(&page.table(), &asks);
    auto* menu = page.table().findChild<QMenu*>();
    QVERIFY(menu != nullptr);
    seen.insert(menu->menuAction());
    addActions(*menu, u"Events"_s, names, seen);
    QVERIFY2(names.size() > 60, qPrintable(names.join(u'\n')));
    QVERIFY(names.contains(u"File › Save"_s) && names.contains(u"Events › Bookmark"_s));
    QStringList wrong;
    for (const QString& name : names)
        if (isRow(name) == isListed(name, kViewActions)) wrong << name;
    QVERIFY2(wrong.isEmpty(), qPrintable(u"in neither list, or in both: "_s + wrong.join(u", "_s)));
    for (const QAction* action : bench.window.findChildren<QAction*>()) {
        if (seen.contains(action) || action->menu() != nullptr || action->isSeparator()) continue;
        const bool isQts = action->objectName().startsWith(u"_q_"_s) || action->text().isEmpty();
        QVERIFY2(isQts, qPrintable(u"in no menu: "_s + action->text()));
    }
    menu->close();
}

QStringList ParityActionsTest::unlistedButtons(const QWidget& part) const
{
    QStringList wrong;
    for (const auto* button : part.findChildren<QAbstractButton*>()) {
        if (button->objectName().startsWith(u"qt_"_s) || !button->metaObject()->className()) continue;
        const QString type = QString::fromUtf8(button->metaObject()->className());
        if (type.contains(u"CloseButton"_s) || type.contains(u"CornerButton"_s) || type.contains(u"LineEditIcon"_s))
            continue;
        const QStringList known{button->objectName(), plain(button->text()), button->accessibleName()};
        const bool listed = std::any_of(known.begin(), known.end(), [](const QString& name) {
            return !name.isEmpty() && isListed(name, kButtons);
        });
        const auto* tool = qobject_cast<const QToolButton*>(button);
        const bool scrolls = tool != nullptr && tool->objectName().startsWith(u"Scroll"_s);
        if (!listed && !scrolls) wrong << type + u": "_s + known.join(u" / "_s);
    }
    wrong.removeDuplicates();
    return wrong;
}

void ParityActionsTest::everyButtonIsListed()
{
    ParityBench bench;
    QVERIFY(QTest::qWaitForWindowExposed(&bench.window));
    QStringList wrong = unlistedButtons(bench.window);
    QVERIFY(bench.window.findChildren<QAbstractButton*>().size() > 40);
    const std::pair<QString, const char*> dialogs[] = {{u"File › New profile…"_s, "belljar::NewProfileDialog"},
                                                       {u"Run › Show what would run…"_s, "belljar::PreflightDialog"},
                                                       {u"Run › Run history…"_s, "belljar::HistoryDialog"},
                                                       {u"Help › Help…"_s, "belljar::HelpDialog"}};
    for (const auto& [action, type] : dialogs) {
        bench.trigger(action);
        QDialog* shown = nullptr;
        for (auto* dialog : bench.window.findChildren<QDialog*>())
            if (dialog->inherits(type)) shown = dialog;
        QVERIFY2(shown != nullptr, type);
        wrong += unlistedButtons(*shown);
        shown->close();
        QTRY_VERIFY(!bench.window.findChildren<QDialog*>().contains(shown));
    }
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
}

void ParityActionsTest::theHelpPageIsTheTable()
{
    QFile file(u":/belljar/help/command-line.md"_s);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QStringList written;
    for (const QString& line : QString::fromUtf8(file.readAll()).split(u'\n'))
        if (line.startsWith(u"| "_s) && line.contains(u"`belljar"_s)) written << line;
    QStringList wanted;
    for (const Row& row : kRows)
        wanted << u"| %1 | `%2` |"_s.arg(QString::fromUtf8(row.action),
                                         QString::fromUtf8(row.line).replace(u'|', u"\\|"_s));
    QCOMPARE(written.join(u'\n'), wanted.join(u'\n'));
}

/// The tests that the rows name are functions of the other two programs, and each verb and option is one of belljar's.
void ParityActionsTest::everyRowHasItsTest()
{
    const QString source = qEnvironmentVariable("BELLJAR_SOURCE") + u"/tests/ui/parity_%1_test.cpp"_s;
    ParityBench bench;
    std::map<QString, QString> sources;
    for (const QString& name : {u"profiles"_s, u"sessions"_s}) {
        QFile file(source.arg(name));
        QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
        sources[name] = QString::fromUtf8(file.readAll());
    }
    for (const Row& row : kRows) {
        const QString test = QString::fromUtf8(row.test);
        const QString function = u"::%1()\n{"_s.arg(test.section(u'.', 1));
        QVERIFY2(sources[test.section(u'.', 0, 0)].contains(function), row.test);
        const QStringList words = QString::fromUtf8(row.line).split(u' ');
        const QString verb = words[1];
        const QString help = QString::fromUtf8(bench.cli({u"help"_s, verb}).out);
        QVERIFY2(help.startsWith(u"Usage: belljar "_s + verb), row.line);
        for (const QString& word : words.mid(2)) {
            if (word == "--"_L1) break;
            if (word.startsWith(u'-')) QVERIFY2(help.contains(word), row.line);
        }
    }
}

BELLJAR_QTEST_MAIN(ParityActionsTest)
#include "parity_actions_test.moc"
