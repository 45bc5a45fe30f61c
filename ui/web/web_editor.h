// The profile's text in CodeMirror, on a page of Qt WebEngine that reaches nothing but built-in files and one object.
#pragma once

#include <QTimer>

#include "ui/web/profile_editor.h"

class QWebEngineProfile;
class QWebEngineView;

namespace belljar {

class RequestGate;
class WebBridge;

class WebEditor : public ProfileEditor {
    Q_OBJECT

public:
    static constexpr int kStartLimitMs = 20'000;

    explicit WebEditor(ProfileDocument& document, QWidget* parent = nullptr);
    ~WebEditor() override;

    void setTheme(const EditorTheme& theme) override;
    void setMarks(const std::vector<EditorMark>& marks) override;
    void goTo(std::size_t offset) override;
    void find() override;
    [[nodiscard]] std::size_t cursorOffset() const override;

    /// For tests: the view, and how many requests were refused.
    [[nodiscard]] QWebEngineView& view() { return *m_view; }
    [[nodiscard]] int blockedRequests() const;

private:
    void showContextMenu(const QPoint& position);
    void pageReady();
    void fail(const QString& reason);
    void sendTheme();
    void sendMarks();

    ProfileDocument& m_document;
    QWebEngineProfile* m_profile;
    RequestGate* m_gate;
    WebBridge* m_bridge;
    QWebEngineView* m_view;
    QTimer m_startLimit;
    EditorTheme m_theme;
    std::vector<EditorMark> m_marks;
    bool m_isReady = false;
    bool m_hasFailed = false;
};

}  // namespace belljar
