#include "ui/web/web_scheme.h"

#include <QCoreApplication>
#include <QFile>
#include <QMap>
#include <QWebEngineUrlRequestInfo>
#include <QWebEngineUrlRequestJob>
#include <QWebEngineUrlScheme>

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

const char* const kScheme = "belljar";

struct BuiltInFile {
    QString resource;
    QByteArray type;
};

const QMap<QString, BuiltInFile>& builtInFiles()
{
    static const QMap<QString, BuiltInFile> kFiles{
        {u"/editor.html"_s, {u":/belljar/web/editor.html"_s, "text/html"}},
        {u"/editor.css"_s, {u":/belljar/web/editor.css"_s, "text/css"}},
        {u"/editor.js"_s, {u":/belljar/web/editor.js"_s, "text/javascript"}},
        {u"/qwebchannel.js"_s, {u":/qtwebchannel/qwebchannel.js"_s, "text/javascript"}},
    };
    return kFiles;
}

}  // namespace

void prepareWebEngine()
{
    for (const char* name :
         {"QTWEBENGINE_DISABLE_SANDBOX", "QTWEBENGINE_CHROMIUM_FLAGS", "QTWEBENGINE_REMOTE_DEBUGGING"}) {
        qunsetenv(name);
    }
    QCoreApplication::setAttribute(Qt::AA_ShareOpenGLContexts);
    QWebEngineUrlScheme scheme(kScheme);
    scheme.setSyntax(QWebEngineUrlScheme::Syntax::Host);
    scheme.setFlags(QWebEngineUrlScheme::SecureScheme | QWebEngineUrlScheme::LocalScheme |
                    QWebEngineUrlScheme::LocalAccessAllowed);
    QWebEngineUrlScheme::registerScheme(scheme);
}

QString editorPageUrl()
{
    return u"belljar://editor/editor.html"_s;
}

void BuiltInFiles::requestStarted(QWebEngineUrlRequestJob* job)
{
    const QUrl url = job->requestUrl();
    const auto found = builtInFiles().constFind(url.path());
    if (job->requestMethod() != "GET" || url.host() != "editor"_L1 || url.hasQuery() ||
        found == builtInFiles().cend()) {
        job->fail(QWebEngineUrlRequestJob::UrlNotFound);
        return;
    }
    auto* file = new QFile(found->resource, job);
    if (!file->open(QIODevice::ReadOnly)) {
        job->fail(QWebEngineUrlRequestJob::UrlNotFound);
        return;
    }
    job->reply(found->type, file);
}

void RequestGate::interceptRequest(QWebEngineUrlRequestInfo& info)
{
    if (info.requestUrl().scheme() == QLatin1StringView(kScheme)) return;
    m_blocked.fetch_add(1);
    info.block(true);
}

}  // namespace belljar
