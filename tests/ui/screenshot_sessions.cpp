// The tour through sessions, and the dialogs that are about no profile.
#include <QComboBox>
#include <QDialog>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QTest>
#include <QTreeView>

#include "tests/ui/screenshot_pages.h"
#include "ui/bridge/run_controller.h"
#include "ui/views/ask_bar.h"
#include "ui/views/data_text.h"
#include "ui/views/event_table_view.h"
#include "ui/views/explain_pane.h"
#include "ui/views/fix_bar.h"
#include "ui/views/fix_list.h"
#include "ui/views/launcher_bar.h"
#include "ui/views/live_page.h"
#include "ui/views/outcome_bar.h"
#include "ui/views/output_view.h"
#include "ui/views/profile_page.h"
#include "ui/views/query_bar.h"
#include "ui/views/terminal_view.h"
#include "ui/views/timeline.h"

namespace belljar::test {

using namespace Qt::StringLiterals;

namespace {

/// Something with a few processes beside and after each other, so that a timeline has a shape.
const QString kWork =
    u"for i in 1 2 3; do (sleep 0.$i; cat note.txt try-me.sh | sort | uniq -c > out/$i.txt; sleep 0.2) & done; "
    u"sleep 0.25; cat private/diary.txt; wait; wc -l out/*.txt"_s;

bool preflight(Stage& stage)
{
    if (!stage.window().openSample()) return false;
    return stage.choose(u"preflight"_s) && Stage::dialogOpens();
}

bool palette(Stage& stage)
{
    stage.press(Qt::Key_K, Qt::ControlModifier);
    if (!Stage::dialogOpens()) return false;
    auto& line = *Stage::dialog()->findChild<QLineEdit*>();
    QTest::keyClicks(&line, u"time"_s);
    return Stage::dialog()->findChild<QListView*>()->model()->rowCount() > 1;
}

bool opens(Stage& stage, const QString& action)
{
    return stage.choose(action) && Stage::dialogOpens();
}

bool terminal(Stage& stage)
{
    if (!stage.start(u"PS1='jar$ ' bash --norc -i"_s)) return false;
    TerminalView& view = stage.live().output().terminal();
    const auto shows = [&view](const QString& text) {
        return Stage::until([&] { return view.text().contains(text); });
    };
    if (!shows(u"jar$"_s)) return false;
    for (const QString& line : {u"ls --color=always -l"_s, u"cat note.txt"_s, u"cat private/diary.txt"_s, u"id"_s}) {
        QTest::keyClicks(&view, line);
        const qsizetype prompts = view.text().count(u"jar$"_s);
        QTest::keyClick(&view, Qt::Key_Return);
        if (!Stage::until([&] { return view.text().count(u"jar$"_s) > prompts; })) return false;
    }
    return shows(u"denied"_s) && shows(u"uid="_s);
}

/// What the terminal runs goes on; this is a second session, in a tab of its own.
bool question(Stage& stage)
{
    if (!stage.choose(u"asks"_s)) return false;
    const bool started = stage.start(u"bash -c 'exec 3<>/dev/tcp/192.0.2.7/443'"_s);
    if (!stage.choose(u"asks"_s) || !started) return false;
    auto& bar = *stage.window().sessions().current().findChild<AskBar*>();
    auto& allow = *bar.findChild<QPushButton*>(u"askAllow"_s);
    return Stage::until([&] { return bar.isVisible() && allow.isEnabled(); });
}

bool sample(Stage& stage)
{
    stage.window().stopAll();
    if (!Stage::until([&] { return stage.window().sessions().running() == 0; })) return false;
    while (stage.window().sessions().count() > 1) stage.window().sessions().closeSession(0);
    if (!stage.runToTheEnd({})) return false;
    const auto explained = [&] { return stage.live().explainPane().text().contains(u"diary"_s); };
    const auto denied = static_cast<int>(stage.live().events().denied());
    for (int i = 0; i < denied && !explained(); ++i) stage.press(Qt::Key_F8);
    return explained();
}

bool fix(Stage& stage)
{
    QTest::mouseClick(&stage.find<QPushButton>("fix1"), Qt::LeftButton);
    return Stage::until([&] { return stage.live().fixBar().isVisible(); });
}

bool note(Stage& stage)
{
    QTest::mouseClick(&stage.find<QPushButton>("undoFix"), Qt::LeftButton);
    stage.live().table().setFocus();
    QTest::keyClick(&stage.live().table(), Qt::Key_N);
    if (!Stage::dialogOpens()) return false;
    Stage::dialog()->findChild<QLineEdit*>()->setText(u"Why does it want this?"_s);
    return true;
}

bool proposals(Stage& stage)
{
    stage.press(Qt::Key_F, Qt::ControlModifier);
    QTest::keyClicks(&stage.live().queryBar().line(), u"process="_s);
    QWidget& line = stage.live().queryBar().line();
    QTest::keyClick(&line, Qt::Key_Space, Qt::ControlModifier);
    return Stage::until([] { return QApplication::activePopupWidget() != nullptr; });
}

bool wrongQuery(Stage& stage)
{
    QApplication::activePopupWidget()->close();
    stage.live().queryBar().setQuery({});
    stage.live().queryBar().setQuery(u"verdict=denied path:/etc/* proces=cat"_s);
    return Stage::until([&] { return stage.live().queryBar().message().isVisible(); });
}

bool timeline(Stage& stage)
{
    stage.live().queryBar().setQuery({});
    if (!stage.runToTheEnd(kWork)) return false;
    Timeline& line = stage.live().timeline();
    const auto [from, to] = line.view();
    const QPoint begin = line.placeOf(from + (to - from) * 3 / 10, 1);
    const QPoint end = line.placeOf(from + (to - from) * 7 / 10, 1);
    QTest::mousePress(line.viewport(), Qt::LeftButton, {}, begin);
    QTest::mouseMove(line.viewport(), end);
    QTest::mouseRelease(line.viewport(), Qt::LeftButton, {}, end);
    return Stage::until([&] { return !stage.live().filter().chips().empty(); });
}

bool groups(Stage& stage)
{
    stage.live().filter().clear();
    auto& box = stage.find<QComboBox>("groupBy");
    box.setCurrentIndex(1);
    return Stage::until([&] { return stage.find<QTableView>("groups").model()->rowCount() > 3; });
}

bool process(Stage& stage)
{
    stage.find<QComboBox>("groupBy").setCurrentIndex(0);
    auto& tree = stage.find<QTreeView>("processes");
    const QModelIndex first = tree.model()->index(0, 0);
    const QModelIndex child = tree.model()->index(tree.model()->rowCount(first) - 1, 0, first);
    if (!child.isValid()) return false;
    tree.setCurrentIndex(child);
    QTest::keyClick(&tree, Qt::Key_Return);
    return Stage::until([&] { return !stage.live().filter().chips().empty() && !stage.live().events().isBusy(); });
}

bool recording(Stage& stage)
{
    const QString path = stage.window().controller().recordingPath();
    stage.live().filter().clear();
    stage.window().openRecording(path);
    return Stage::until([&] { return stage.live().outcome().text().contains(kWork.left(20)); });
}

bool home(Stage& stage)
{
    stage.press(Qt::Key_1, Qt::ControlModifier);
    return true;
}

}  // namespace

std::vector<ScreenshotPage> sessionTour()
{
    return {
        {u"preflight"_s, preflight},
        {u"palette"_s, palette},
        {u"help"_s, [](Stage& stage) { return opens(stage, u"help"_s); }},
        {u"keyboard"_s, [](Stage& stage) { return opens(stage, u"keyboard"_s); }},
        {u"about"_s, [](Stage& stage) { return opens(stage, u"about"_s); }},
        {u"live-terminal"_s, terminal},
        {u"live-question"_s, question},
        {u"live"_s, sample},
        {u"other-live-fix"_s, fix},
        {u"live-note"_s, note},
        {u"live-proposals"_s, proposals},
        {u"other-live-wrong-query"_s, wrongQuery},
        {u"live-timeline"_s, timeline},
        {u"live-groups"_s, groups},
        {u"live-process"_s, process},
        {u"other-recording"_s, recording},
        {u"history"_s, [](Stage& stage) { return opens(stage, u"history"_s); }},
        {u"home"_s, home},
    };
}

}  // namespace belljar::test
