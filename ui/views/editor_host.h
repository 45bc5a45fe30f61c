// Holds the editor of the profile's text: the plain one at once, the web one as soon as it is ready, and the plain one
// again should the web one fail. What is asked of the host reaches whichever is there.
#pragma once

#include <QWidget>

#include <functional>
#include <memory>
#include <vector>

#include "ui/web/profile_editor.h"

class QLabel;
class QVBoxLayout;

namespace belljar {

class MessageBar;
class PlainEditor;

/// Makes the web editor; empty when there is none (built without it, or running as root).
using WebEditorFactory = std::function<std::unique_ptr<ProfileEditor>(ProfileDocument&)>;

class EditorHost : public QWidget {
    Q_OBJECT

public:
    EditorHost(ProfileDocument& document, WebEditorFactory makeWebEditor, QWidget* parent = nullptr);
    ~EditorHost() override;

    [[nodiscard]] ProfileEditor& editor() { return *m_current; }
    [[nodiscard]] bool usesWeb() const { return m_web != nullptr && m_current == m_web; }
    void setTheme(const EditorTheme& theme);
    void setMarks(const std::vector<EditorMark>& marks);

signals:
    void cursorMoved();
    /// The web editor has taken over, or will never.
    void settled();

protected:
    void showEvent(QShowEvent* event) override;

private:
    void startWeb();
    void use(ProfileEditor* editor);
    void showHelp();
    void webFailed(const QString& reason);

    ProfileDocument& m_document;
    WebEditorFactory m_makeWebEditor;
    QVBoxLayout* m_layout;
    MessageBar* m_notice;
    PlainEditor* m_plain;
    QLabel* m_help;
    ProfileEditor* m_web = nullptr;
    ProfileEditor* m_current = nullptr;
    EditorTheme m_theme;
    std::vector<EditorMark> m_marks;
    bool m_started = false;
};

}  // namespace belljar
