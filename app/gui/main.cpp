// The desktop app: looks at the machine, collects the backends, and hands both to the main window.
#include <QApplication>
#include <QCommandLineParser>
#include <QLoggingCategory>
#include <QSettings>
#include <QStandardPaths>

#include <algorithm>
#include <cstdio>
#include <string_view>

#include "backends/registry.h"
#include "core/events/recording_reader.h"
#include "core/platform/platform.h"
#include "ui/models/shown_text.h"
#include "ui/views/language.h"
#include "ui/views/main_window.h"
#include "ui/views/message_bar.h"
#include "ui/views/terminal_view.h"
#ifdef BELLJAR_WEBENGINE
#include "ui/web/web_editor.h"
#include "ui/web/web_scheme.h"
#endif

using namespace Qt::StringLiterals;

namespace {

constexpr int kFailure = 1;
constexpr int kUsage = 2;

class App {
    Q_DECLARE_TR_FUNCTIONS(belljar::App)

public:
    static int run(QApplication& application, const belljar::HostFacts& facts);
    static bool runsAsRoot(const belljar::HostFacts& facts);
    /// Before there is a display to talk to: true when root has not asked for this.
    static bool refusesRoot(const belljar::HostFacts& facts, int argc, char** argv);

private:
    static void describeOptions(QCommandLineParser& parser);
    static belljar::WebEditorFactory webEditorFactory(bool isRoot);
    static int usageError(const QString& message);
};

bool App::runsAsRoot(const belljar::HostFacts& facts)
{
    return facts.system().system != "windows" && facts.system().uid == 0;
}

bool App::refusesRoot(const belljar::HostFacts& facts, int argc, char** argv)
{
    if (!runsAsRoot(facts)) return false;
    for (const std::string_view harmless : {"--allow-root", "--help", "-h", "--version", "-v"}) {
        if (std::find(argv + 1, argv + argc, harmless) != argv + argc) return false;
    }
    std::fputs(
        "belljar-gui: refusing to start as root: a desktop app that opens untrusted files should not have this\n"
        "power. Start it as a normal user, or add --allow-root.\n",
        stderr);
    return true;
}

int App::usageError(const QString& message)
{
    std::fprintf(stderr, "belljar-gui: %s\n", qUtf8Printable(message));
    return kUsage;
}

void App::describeOptions(QCommandLineParser& parser)
{
    parser.setApplicationDescription(tr("Runs a program under a policy and shows everything it tries."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(u"FILE"_s, tr("The profile to open, MXC configuration JSON, or a recording."),
                                 u"[FILE]"_s);
    parser.addOptions({
        {u"sample"_s, tr("Lay out the bundled sample and open it.")},
        {u"theme"_s, tr("Colours: system, light, dark or contrast."), u"light|dark|contrast|system"_s},
        {u"language"_s, tr("Language: system, %1.").arg(belljar::languages().join(u", "_s)), u"en|…|system"_s},
        {u"plain-editor"_s, tr("Use the plain text editor instead of Qt WebEngine.")},
        {u"allow-root"_s, tr("Start although this is the root user.")},
    });
}

belljar::WebEditorFactory App::webEditorFactory(bool isRoot)
{
#ifdef BELLJAR_WEBENGINE
    // Chromium refuses to run as root with its sandbox on, and it is never switched off.
    if (!isRoot)
        return [](belljar::ProfileDocument& document) { return std::make_unique<belljar::WebEditor>(document); };
#else
    (void)isRoot;
#endif
    return {};
}

int App::run(QApplication& application, const belljar::HostFacts& facts)
{
    QCommandLineParser parser;
    describeOptions(parser);
    parser.process(application);
    const bool isRoot = runsAsRoot(facts);
    const QString word =
        parser.isSet(u"theme"_s) ? parser.value(u"theme"_s) : QSettings().value(u"theme"_s, u"system"_s).toString();
    const std::optional<belljar::ThemeChoice> theme = belljar::themeChoice(word);
    if (!theme && parser.isSet(u"theme"_s)) return usageError(tr("--theme knows system, light, dark and contrast."));
    if (parser.positionalArguments().size() > 1) return usageError(tr("More than one file was given."));

    const QString language = parser.isSet(u"language"_s) ? parser.value(u"language"_s)
                                                         : QSettings().value(u"language"_s, u"system"_s).toString();
    if (parser.isSet(u"language"_s) && language != "system"_L1 && !belljar::languages().contains(language))
        return usageError(tr("--language knows system, %1.").arg(belljar::languages().join(u", "_s)));
    belljar::installLanguage(application, language);

    const belljar::BackendList backends = belljar::allBackends();
    const bool plain = parser.isSet(u"plain-editor"_s);
    belljar::MainWindow window({facts, backends, plain ? belljar::WebEditorFactory() : webEditorFactory(isRoot), isRoot,
                                QStandardPaths::writableLocation(QStandardPaths::AppDataLocation),
                                theme.value_or(belljar::ThemeChoice::system)});
    if (parser.isSet(u"sample"_s)) window.openSample();
    if (!parser.positionalArguments().isEmpty()) {
        const QString file = parser.positionalArguments().constFirst();
        if (belljar::isRecording(belljar::engineText(file))) window.openRecording(file);
        else window.openProfile(file);
    }
    window.show();
    return application.exec();
}

}  // namespace

int main(int argc, char** argv)
{
    belljar::openClosedStreams();
    // Programs inside are told of the terminal that they get, not of the one that this was started from.
    qputenv("TERM", belljar::TerminalView::kKind);
    const std::unique_ptr<belljar::HostFacts> facts = belljar::inspectHost(true);
    if (App::refusesRoot(*facts, argc, argv)) return kFailure;
    QApplication::setHighDpiScaleFactorRoundingPolicy(Qt::HighDpiScaleFactorRoundingPolicy::PassThrough);
    // Qt lists Chromium's start parameters at every start; QT_LOGGING_RULES brings that back.
    QLoggingCategory::setFilterRules(u"qt.webenginecontext.debug=false\nqt.webenginecontext.info=false"_s);
    QCoreApplication::setOrganizationName(u"Belljar"_s);
    QCoreApplication::setApplicationName(u"belljar"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(BELLJAR_VERSION));
#ifdef BELLJAR_WEBENGINE
    belljar::prepareWebEngine();
#endif
    QApplication application(argc, argv);
    QGuiApplication::setDesktopFileName(u"belljar"_s);
    return App::run(application, *facts);
}
