#include "ui/web/web_editor.h"

#include <QFontDatabase>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMenu>
#include <QVBoxLayout>
#include <QWebChannel>
#include <QWebEngineDownloadRequest>
#include <QWebEngineFullScreenRequest>
#include <QWebEngineNewWindowRequest>
#include <QWebEnginePage>
#include <QWebEngineProfile>
#include <QWebEngineSettings>
#include <QWebEngineView>

#include "ui/models/profile_document.h"
#include "ui/web/utf_offset.h"
#include "ui/web/web_bridge.h"
#include "ui/web/web_scheme.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

QString compactJson(const QJsonDocument& document)
{
    return QString::fromUtf8(document.toJson(QJsonDocument::Compact));
}

/// Stays on the one page it was made for; opens no window, no dialog and no file chooser.
class EditorPage : public QWebEnginePage {
public:
    using QWebEnginePage::QWebEnginePage;

protected:
    bool acceptNavigationRequest(const QUrl& url, NavigationType, bool isMainFrame) override
    {
        return isMainFrame && url == QUrl(editorPageUrl());
    }
    QWebEnginePage* createWindow(WebWindowType) override { return nullptr; }
    void javaScriptAlert(const QUrl&, const QString&) override {}
    bool javaScriptConfirm(const QUrl&, const QString&) override { return false; }
    bool javaScriptPrompt(const QUrl&, const QString&, const QString&, QString*) override { return false; }
    QStringList chooseFiles(FileSelectionMode, const QStringList&, const QStringList&) override { return {}; }
};

void closeDown(QWebEngineSettings& settings)
{
    for (const auto attribute :
         {QWebEngineSettings::AutoLoadIconsForPage, QWebEngineSettings::JavascriptCanOpenWindows,
          QWebEngineSettings::JavascriptCanAccessClipboard, QWebEngineSettings::JavascriptCanPaste,
          QWebEngineSettings::LocalStorageEnabled, QWebEngineSettings::LocalContentCanAccessRemoteUrls,
          QWebEngineSettings::LocalContentCanAccessFileUrls, QWebEngineSettings::PluginsEnabled,
          QWebEngineSettings::PdfViewerEnabled, QWebEngineSettings::FullScreenSupportEnabled,
          QWebEngineSettings::ScreenCaptureEnabled, QWebEngineSettings::WebGLEnabled,
          QWebEngineSettings::Accelerated2dCanvasEnabled, QWebEngineSettings::HyperlinkAuditingEnabled,
          QWebEngineSettings::AllowRunningInsecureContent, QWebEngineSettings::NavigateOnDropEnabled,
          QWebEngineSettings::DnsPrefetchEnabled}) {
        settings.setAttribute(attribute, false);
    }
    settings.setUnknownUrlSchemePolicy(QWebEngineSettings::DisallowUnknownUrlSchemes);
}

}  // namespace

WebEditor::WebEditor(ProfileDocument& document, QWidget* parent)
    : ProfileEditor(parent),
      m_document(document),
      m_profile(new QWebEngineProfile(this)),
      m_gate(new RequestGate(this)),
      m_bridge(new WebBridge(document, this)),
      m_view(new QWebEngineView(this))
{
    // A profile without a name keeps nothing on disk.
    m_profile->setHttpCacheType(QWebEngineProfile::NoCache);
    m_profile->setPersistentCookiesPolicy(QWebEngineProfile::NoPersistentCookies);
    m_profile->setSpellCheckEnabled(false);
    m_profile->setUrlRequestInterceptor(m_gate);
    m_profile->installUrlSchemeHandler("belljar", new BuiltInFiles(this));
    connect(m_profile, &QWebEngineProfile::downloadRequested, this,
            [](QWebEngineDownloadRequest* download) { download->cancel(); });

    auto* page = new EditorPage(m_profile, m_view);
    closeDown(*page->settings());
    auto* channel = new QWebChannel(page);
    channel->registerObject(u"bridge"_s, m_bridge);
    page->setWebChannel(channel);
    connect(page, &QWebEnginePage::featurePermissionRequested, page,
            [page](const QUrl& origin, QWebEnginePage::Feature feature) {
                page->setFeaturePermission(origin, feature, QWebEnginePage::PermissionDeniedByUser);
            });
    connect(page, &QWebEnginePage::fullScreenRequested, page,
            [](QWebEngineFullScreenRequest request) { request.reject(); });
    connect(page, &QWebEnginePage::loadFinished, this, [this](bool ok) {
        if (!ok) fail(tr("its page could not be loaded"));
    });
    connect(page, &QWebEnginePage::renderProcessTerminated, this,
            [this](QWebEnginePage::RenderProcessTerminationStatus, int code) {
                fail(tr("its process ended (code %1)").arg(code));
            });

    m_view->setPage(page);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);  // Chromium's own has "reload" and "view source".
    connect(m_view, &QWidget::customContextMenuRequested, this, &WebEditor::showContextMenu);
    m_view->setAcceptDrops(false);
    setFocusProxy(m_view);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_view);

    connect(m_bridge, &WebBridge::pageReady, this, &WebEditor::pageReady);
    connect(m_bridge, &WebBridge::cursorMoved, this, &ProfileEditor::cursorMoved);
    m_startLimit.setSingleShot(true);
    connect(&m_startLimit, &QTimer::timeout, this, [this] { fail(tr("it did not start in time")); });
    m_startLimit.start(kStartLimitMs);
    m_view->load(QUrl(editorPageUrl()));
}

WebEditor::~WebEditor()
{
    // The page uses the profile to its end.
    delete m_view;
    delete m_profile;
}

int WebEditor::blockedRequests() const
{
    return m_gate->blocked();
}

void WebEditor::pageReady()
{
    m_startLimit.stop();
    sendTheme();
    sendMarks();
    if (m_isReady) return;
    m_isReady = true;
    emit ready();
}

void WebEditor::fail(const QString& reason)
{
    m_startLimit.stop();
    if (m_hasFailed) return;
    m_hasFailed = true;
    emit failed(reason);
}

void WebEditor::setTheme(const EditorTheme& theme)
{
    m_theme = theme;
    m_view->page()->setBackgroundColor(theme.colours.value(u"base"_s, palette().color(QPalette::Base)));
    sendTheme();
}

void WebEditor::sendTheme()
{
    const QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    QJsonObject colours;
    for (auto it = m_theme.colours.cbegin(); it != m_theme.colours.cend(); ++it) colours[it.key()] = it->name();
    emit m_bridge->setTheme(compactJson(QJsonDocument(QJsonObject{
        {u"dark"_s, m_theme.dark}, {u"fontSize"_s, QFontInfo(fixed).pixelSize()}, {u"colours"_s, colours}})));
}

void WebEditor::setMarks(const std::vector<EditorMark>& marks)
{
    m_marks = marks;
    sendMarks();
}

void WebEditor::sendMarks()
{
    QJsonArray list;
    for (const EditorMark& mark : m_marks) {
        const QString severity = mark.severity == Severity::error     ? u"error"_s
                                 : mark.severity == Severity::warning ? u"warning"_s
                                                                      : u"info"_s;
        list.append(QJsonObject{{u"from"_s, utf16Offset(m_document.text(), mark.begin)},
                                {u"to"_s, utf16Offset(m_document.text(), mark.end)},
                                {u"severity"_s, severity},
                                {u"message"_s, mark.message}});
    }
    emit m_bridge->setDiagnostics(compactJson(QJsonDocument(list)));
}

void WebEditor::goTo(std::size_t offset)
{
    m_view->setFocus();
    emit m_bridge->goTo(static_cast<int>(utf16Offset(m_document.text(), offset)));
}

void WebEditor::find()
{
    m_view->setFocus();
    emit m_bridge->find();
}

std::size_t WebEditor::cursorOffset() const
{
    return utf8Offset(m_document.text(), m_bridge->cursorUnit());
}

void WebEditor::showContextMenu(const QPoint& position)
{
    QMenu menu(this);
    for (const auto action :
         {QWebEnginePage::Cut, QWebEnginePage::Copy, QWebEnginePage::Paste, QWebEnginePage::SelectAll}) {
        menu.addAction(m_view->page()->action(action));
    }
    menu.exec(m_view->mapToGlobal(position));
}

}  // namespace belljar
