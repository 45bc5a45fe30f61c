// The profile's text in a plain text widget: what is used without Qt WebEngine, as root, and until the page has loaded.
#pragma once

#include "core/config/completion.h"
#include "ui/web/profile_editor.h"

class QLabel;
class QLineEdit;
class QListWidget;
class QPlainTextEdit;
class QToolButton;

namespace belljar {

class JsonHighlighter;
class NumberedTextEdit;

class PlainEditor : public ProfileEditor {
    Q_OBJECT

public:
    explicit PlainEditor(ProfileDocument& document, QWidget* parent = nullptr);

    void setTheme(const EditorTheme& theme) override;
    void setMarks(const std::vector<EditorMark>& marks) override;
    void goTo(std::size_t offset) override;
    void find() override;
    [[nodiscard]] std::size_t cursorOffset() const override;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void takeText();
    void takeEdit(std::size_t offset, std::size_t length, const std::string& replacement);
    void userChanged(int position, int removed, int added);
    void findNext();
    void offer();
    void insertOffered();
    void showHelp(const QPoint& local, const QPoint& global);

    ProfileDocument& m_document;
    NumberedTextEdit* m_edit;
    JsonHighlighter* m_highlighter;
    QWidget* m_findBar;
    QLineEdit* m_findText;
    QLabel* m_notice;
    QListWidget* m_offered;  ///< Completions, while it shows.
    Completions m_completions;
    std::vector<EditorMark> m_marks;
    EditorTheme m_theme;
    QString m_mirror;  ///< The document's text as this widget last saw it, for translating offsets.
    bool m_following = false;
};

}  // namespace belljar
