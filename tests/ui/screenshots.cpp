// Makes the pictures of resources/docs: drives the main window through the sample and grabs it. Not a test; see
// screenshots.sh.
//
// usage: belljar-screenshots FOLDER light|dark
#include <QApplication>
#include <QDir>
#include <QLineEdit>
#include <QScreen>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>

#include "backends/registry.h"
#include "core/platform/platform.h"
#include "tests/ui/test_support.h"
#include "ui/views/explain_pane.h"
#include "ui/views/live_page.h"
#include "ui/views/main_window.h"
#include "ui/views/profile_page.h"
#include "ui/web/web_editor.h"
#include "ui/web/web_scheme.h"

using namespace belljar;
using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 90'000;
constexpr int kSettleMs = 1500;  ///< For the page's own process to paint.

int fail(const char* what)
{
    std::fprintf(stderr, "belljar-screenshots: %s\n", what);
    return 1;
}

/// The window as the screen has it: QWidget::grab() would miss what Chromium paints.
bool save(const MainWindow& window, const QString& path)
{
    QTest::qWait(kSettleMs);
    return window.screen()->grabWindow(window.winId()).save(path);
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc != 3) return fail("usage: belljar-screenshots FOLDER light|dark");
    prepareWebEngine();
    QApplication application(argc, argv);
    const QTemporaryDir settings;
    belljar::test::isolate(settings);
    const QString folder = QString::fromLocal8Bit(argv[1]);
    const QString theme = QString::fromLocal8Bit(argv[2]);
    const std::unique_ptr<HostFacts> facts = inspectHost(true);
    const BackendList backends = allBackends();
    MainWindow window({*facts, backends,
                       [](ProfileDocument& document) { return std::make_unique<WebEditor>(document); }, false,
                       QDir::homePath() + u"/belljar"_s, themeChoice(theme).value_or(ThemeChoice::light)});
    window.setWindowFlag(Qt::FramelessWindowHint);
    window.setGeometry(0, 0, 1280, 800);
    window.show();
    if (!window.openSample()) return fail("the sample cannot be opened");
    if (!QTest::qWaitFor([&] { return window.profilePage().editorHost().usesWeb(); }, kPatienceMs)) {
        return fail("the web editor did not start");
    }
    if (!save(window, folder + u"/profile-"_s + theme + u".png"_s)) return fail("cannot write the picture");

    window.run();
    if (!window.controller().isRunning()) return fail("the sample does not run");
    if (!QTest::qWaitFor([&] { return !window.controller().isRunning(); }, kPatienceMs))
        return fail("the run did not end");
    LivePage& page = window.livePage();
    const auto explainedDenial = [&] { return page.explainPane().text().contains(u"diary"_s); };
    for (int tries = 0; tries < 1000 && !explainedDenial(); ++tries) page.goToDenial(1);
    if (!explainedDenial()) return fail("no denial of the diary was seen");
    if (!save(window, folder + u"/live-"_s + theme + u".png"_s)) return fail("cannot write the picture");
    return 0;
}
