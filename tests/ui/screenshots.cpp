// Makes the pictures of resources/docs: drives the main window through the sample, run in real sandboxes, and takes a
// picture of each page and dialog. Not a test, but it fails when a page cannot be reached, shows nothing, or is missing
// in the tour. See screenshots.sh.
//
// The sample is laid out in ~/demo. usage: belljar-screenshots FOLDER ENDING THEME [LANGUAGE [WIDTHxHEIGHT]]
#include <QApplication>
#include <QDir>
#include <QLoggingCategory>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>

#include "backends/registry.h"
#include "core/platform/platform.h"
#include "tests/ui/screenshot_pages.h"
#include "tests/ui/test_support.h"
#include "ui/views/language.h"
#include "ui/views/terminal_view.h"
#include "ui/web/web_editor.h"
#include "ui/web/web_scheme.h"

using namespace belljar;
using namespace belljar::test;
using namespace Qt::StringLiterals;

namespace {

constexpr QSize kSize(1280, 800);

int fail(const QString& what)
{
    std::fprintf(stderr, "belljar-screenshots: %s\n", qUtf8Printable(what));
    return 1;
}

int tour(Stage& stage, bool mustBeWhole)
{
    QStringList wrong;
    for (const std::vector<ScreenshotPage>& part : {profileTour(), sessionTour()}) {
        for (const ScreenshotPage& page : part) {
            if (!page.reach(stage)) return fail(u"the page %1 cannot be reached"_s.arg(page.name));
            const QString problem = stage.take(page.name, page.frame);
            if (!problem.isEmpty()) wrong += u"the picture of %1: %2"_s.arg(page.name, problem);
        }
    }
    if (mustBeWhole)
        for (const QString& missing : stage.missing()) wrong += u"no picture shows "_s + missing;
    return wrong.isEmpty() ? 0 : fail(wrong.join(u"\n"_s));
}

}  // namespace

int main(int argc, char** argv)
{
    // What a graphics card would do better is no news here.
    QLoggingCategory::setFilterRules(u"qt.webenginecontext.debug=false\nqt.webenginecontext.info=false"_s);
    qputenv("TERM", TerminalView::kKind);
    prepareWebEngine();
    QApplication application(argc, argv);
    QCoreApplication::setApplicationVersion(QStringLiteral(BELLJAR_VERSION));
    const QStringList words = QCoreApplication::arguments();
    const std::optional<ThemeChoice> theme = words.size() > 3 ? themeChoice(words[3]) : std::nullopt;
    if (!theme || words.size() > 6)
        return fail(u"usage: belljar-screenshots FOLDER ENDING THEME [LANGUAGE [WIDTHxHEIGHT]]"_s);
    const QStringList size = words.value(5).split(u'x');
    QFont font = QApplication::font();  // Grey edges: coloured ones double the size of a picture.
    font.setStyleStrategy(QFont::NoSubpixelAntialias);
    QApplication::setFont(font);
    const QTemporaryDir settings;
    belljar::test::isolate(settings);
    installLanguage(application, words.value(4, u"en"_s));
    const std::unique_ptr<HostFacts> facts = inspectHost(true);
    const BackendList backends = allBackends();
    MainWindow window({*facts, backends,
                       [](ProfileDocument& document) { return std::make_unique<WebEditor>(document); }, false,
                       QDir::homePath() + u"/demo"_s, *theme});
    window.setWindowFlag(Qt::FramelessWindowHint);
    window.move(0, 0);
    window.resize(size.size() == 2 ? QSize(size[0].toInt(), size[1].toInt()) : kSize);
    window.show();
    if (!QTest::qWaitForWindowExposed(&window)) return fail(u"the window does not appear"_s);
    Stage stage(window, words[1], words[2]);
    return tour(stage, true);
}
