// Makes the pictures of resources/docs: drives the main window through the sample and grabs it. Not a test; see
// screenshots.sh.
//
// The sample is laid out in ~/belljar. usage: belljar-screenshots FOLDER light|dark
#include <QApplication>
#include <QDir>
#include <QHash>
#include <QLineEdit>
#include <QScreen>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cstdio>

#include "backends/registry.h"
#include "core/platform/platform.h"
#include "tests/ui/test_support.h"
#include "ui/forms/profile_form.h"
#include "ui/views/event_table_view.h"
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

/// The picture with 256 colours: the theme's, on the theme's backgrounds with the edges of letters between them, then
/// the most frequent others. What is left becomes the nearest of those.
QImage withFewColours(const QImage& image)
{
    const Theme& theme = currentTheme();
    QList<QRgb> colours;
    const auto add = [&colours](QRgb colour) {
        if (colours.size() < 256 && !colours.contains(colour)) colours.append(colour);
    };
    for (const QColor& back : {theme.base, theme.surface, theme.line, theme.selection}) {
        for (const QColor& front : {back, theme.text, theme.muted, theme.accent, theme.denied, theme.allowed, theme.key,
                                    theme.string, theme.number, theme.warning, theme.outline}) {
            for (const int percent : {100, 60, 30}) {
                const auto mix = [percent](int a, int b) { return a + (b - a) * percent / 100; };
                add(qRgb(mix(back.red(), front.red()), mix(back.green(), front.green()),
                         mix(back.blue(), front.blue())));
            }
        }
    }
    QHash<QRgb, int> counts;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) ++counts[image.pixel(x, y)];
    }
    QList<QRgb> others = counts.keys();
    std::sort(others.begin(), others.end(), [&](QRgb a, QRgb b) { return counts[a] > counts[b]; });
    for (const QRgb colour : others) add(colour);
    return image.convertToFormat(QImage::Format_Indexed8, colours, Qt::ThresholdDither | Qt::AvoidDither);
}

/// The window as the screen has it: QWidget::grab() would miss what Chromium paints.
bool save(const MainWindow& window, const QString& path)
{
    QTest::qWait(kSettleMs);
    const QImage image = window.screen()->grabWindow(window.winId()).toImage().convertToFormat(QImage::Format_RGB32);
    return withFewColours(image).save(path, "PNG", 0);  // 0: the smallest file.
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc != 3) return fail("usage: belljar-screenshots FOLDER light|dark");
    prepareWebEngine();
    QApplication application(argc, argv);
    QFont font = QApplication::font();  // Grey edges: coloured ones double the size of a picture.
    font.setStyleStrategy(QFont::NoSubpixelAntialias);
    QApplication::setFont(font);
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
    // For looking at, not for the documentation: the other pages of the form.
    ProfileForm& form = window.profilePage().form();
    for (int section = 1; section < form.sectionCount(); ++section) {
        form.showSection(section);
        if (!save(window, u"%1/form-%2-%3.png"_s.arg(folder, QString::number(section), theme)))
            return fail("cannot write");
    }

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
