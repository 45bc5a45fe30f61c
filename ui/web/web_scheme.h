// The scheme "belljar:" of the editor page: served from built-in files, and nothing else is reachable.
#pragma once

#include <QWebEngineUrlRequestInterceptor>
#include <QWebEngineUrlSchemeHandler>

#include <atomic>

namespace belljar {

/// Makes the scheme known to Qt WebEngine and takes away what could weaken it (environment variables that switch off
/// Chromium's sandbox, pass it options or open a debugging port). Call once, before QApplication.
void prepareWebEngine();

/// The address of the editor page.
[[nodiscard]] QString editorPageUrl();

/// Serves belljar://editor/<name> for the few names that exist; everything else fails.
class BuiltInFiles : public QWebEngineUrlSchemeHandler {
    Q_OBJECT

public:
    using QWebEngineUrlSchemeHandler::QWebEngineUrlSchemeHandler;
    void requestStarted(QWebEngineUrlRequestJob* job) override;
};

/// Blocks every request of any other scheme, and counts them.
class RequestGate : public QWebEngineUrlRequestInterceptor {
    Q_OBJECT

public:
    using QWebEngineUrlRequestInterceptor::QWebEngineUrlRequestInterceptor;
    void interceptRequest(QWebEngineUrlRequestInfo& info) override;
    [[nodiscard]] int blocked() const { return m_blocked.load(); }

private:
    std::atomic<int> m_blocked{0};
};

}  // namespace belljar
