#include "ui/views/editor_host.h"

#include <QLabel>
#include <QTimer>
#include <QVBoxLayout>

#include "core/config/completion.h"
#include "ui/models/profile_document.h"
#include "ui/models/shown_text.h"
#include "ui/views/message_bar.h"
#include "ui/web/plain_editor.h"

namespace belljar {

using namespace Qt::StringLiterals;

EditorHost::EditorHost(ProfileDocument& document, WebEditorFactory makeWebEditor, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_makeWebEditor(std::move(makeWebEditor)),
      m_layout(new QVBoxLayout(this)),
      m_notice(new MessageBar(true, this)),
      m_plain(new PlainEditor(document, this)),
      m_help(new QLabel(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
    m_layout->addWidget(m_notice);
    m_layout->addWidget(m_plain, 1);
    m_layout->addWidget(m_help);
    m_help->setObjectName(u"fieldHelp"_s);
    m_help->setTextFormat(Qt::PlainText);
    m_help->setWordWrap(true);
    m_help->setMargin(4);
    m_help->setMinimumHeight(2 * fontMetrics().lineSpacing() + 8);
    m_help->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    connect(m_plain, &ProfileEditor::cursorMoved, this, &EditorHost::cursorMoved);
    connect(this, &EditorHost::cursorMoved, this, &EditorHost::showHelp);
    use(m_plain);
}

EditorHost::~EditorHost() = default;

void EditorHost::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_started) return;
    m_started = true;
    // After the window is there: Chromium needs a second or more to start.
    QTimer::singleShot(0, this, &EditorHost::startWeb);
}

void EditorHost::startWeb()
{
    if (!m_makeWebEditor) {
        emit settled();
        return;
    }
    m_web = m_makeWebEditor(m_document).release();
    m_web->setParent(this);
    // Under the plain editor, not hidden: a hidden page is not laid out.
    m_web->setGeometry(m_plain->geometry());
    m_web->show();
    m_web->lower();
    m_web->setTheme(m_theme);
    m_web->setMarks(m_marks);
    connect(m_web, &ProfileEditor::ready, this, [this] {
        const bool hadFocus = m_plain->isAncestorOf(focusWidget());
        const std::size_t cursor = m_plain->cursorOffset();
        m_layout->replaceWidget(m_plain, m_web);
        m_plain->hide();
        use(m_web);
        if (hadFocus) m_web->goTo(cursor);
        emit settled();
    });
    connect(m_web, &ProfileEditor::failed, this, &EditorHost::webFailed);
    connect(m_web, &ProfileEditor::cursorMoved, this, &EditorHost::cursorMoved);
}

/// What the field at the cursor is for: what hovering tells those who use a mouse.
void EditorHost::showHelp()
{
    const std::optional<Hover> hover = hoverAt(m_document.text(), m_current->cursorOffset());
    m_help->setText(hover ? tr("%1: %2").arg(shown(hover->field.title), shown(hover->field.help))
                          : tr("Ctrl+Space offers what may stand at the cursor."));
}

void EditorHost::webFailed(const QString& reason)
{
    if (m_current == m_web) m_layout->replaceWidget(m_web, m_plain);
    m_plain->show();
    use(m_plain);
    m_web->hide();
    m_web->deleteLater();
    m_web = nullptr;
    m_notice->showText(Severity::note, tr("The web editor is not available: %1. This is the plain one.").arg(reason));
    emit settled();
}

void EditorHost::use(ProfileEditor* editor)
{
    m_current = editor;
    setFocusProxy(editor);
    editor->setTheme(m_theme);
    editor->setMarks(m_marks);
    showHelp();
}

void EditorHost::setTheme(const EditorTheme& theme)
{
    m_theme = theme;
    m_plain->setTheme(theme);
    if (m_web != nullptr) m_web->setTheme(theme);
}

void EditorHost::setMarks(const std::vector<EditorMark>& marks)
{
    m_marks = marks;
    m_current->setMarks(marks);
}

}  // namespace belljar
