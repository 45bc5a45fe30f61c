#include "ui/web/plain_editor.h"

#include <QFontDatabase>
#include <QHBoxLayout>
#include <QHelpEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QPlainTextEdit>
#include <QTextBlock>
#include <QToolButton>
#include <QToolTip>
#include <QVBoxLayout>

#include "ui/models/profile_document.h"
#include "ui/models/shown_text.h"
#include "ui/web/field_help.h"
#include "ui/web/json_highlighter.h"
#include "ui/web/utf_offset.h"

namespace belljar {

using namespace Qt::StringLiterals;

/// A plain text edit with line numbers at its left.
class NumberedTextEdit : public QPlainTextEdit {
public:
    explicit NumberedTextEdit(QWidget* parent) : QPlainTextEdit(parent), m_gutter(new Gutter(this))
    {
        connect(this, &QPlainTextEdit::blockCountChanged, this, [this] { layoutGutter(); });
        connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect&, int) { m_gutter->update(); });
    }

    void layoutGutter()
    {
        const auto digits = static_cast<int>(QString::number(std::max(99, blockCount())).size());
        const int width = fontMetrics().horizontalAdvance(u'9') * (digits + 2);
        setViewportMargins(width, 0, 0, 0);
        m_gutter->setGeometry(contentsRect().left(), contentsRect().top(), width, contentsRect().height());
    }

protected:
    void resizeEvent(QResizeEvent* event) override
    {
        QPlainTextEdit::resizeEvent(event);
        layoutGutter();
    }

private:
    class Gutter : public QWidget {
    public:
        explicit Gutter(NumberedTextEdit* edit) : QWidget(edit), m_edit(edit) {}
        void paintEvent(QPaintEvent*) override { m_edit->paintGutter(); }

    private:
        NumberedTextEdit* m_edit;
    };

    void paintGutter()
    {
        QPainter painter(m_gutter);
        painter.fillRect(m_gutter->rect(), palette().color(QPalette::Window));
        painter.setPen(palette().color(QPalette::PlaceholderText));
        painter.setFont(font());
        const int right = m_gutter->width() - fontMetrics().horizontalAdvance(u'9');
        for (QTextBlock block = firstVisibleBlock(); block.isValid(); block = block.next()) {
            const QRectF box = blockBoundingGeometry(block).translated(contentOffset());
            if (box.top() > m_gutter->height()) break;
            painter.drawText(QRectF(0, box.top(), right, fontMetrics().height()), Qt::AlignRight,
                             QString::number(block.blockNumber() + 1));
        }
    }

    Gutter* m_gutter;
};

namespace {

constexpr int kMostOffered = 10;
constexpr int kLongestLine = 100'000;  ///< Characters; laying out longer ones takes a text widget seconds each time.

/// False for characters that a text widget keeps as something else, so that what it shows would not be the text, and
/// for lines that it could not show in a reasonable time.
bool survivesTextWidget(const QString& text)
{
    int lineLength = 0;
    for (const QChar c : text) {
        const char16_t code = c.unicode();
        lineLength = code == u'\n' ? 0 : lineLength + 1;
        if (lineLength > kLongestLine) return false;
        if (code == 0 || code == 0x2028 || code == 0x2029 || code == 0xfdd0 || code == 0xfdd1) return false;
    }
    return true;
}

}  // namespace

PlainEditor::PlainEditor(ProfileDocument& document, QWidget* parent)
    : ProfileEditor(parent),
      m_document(document),
      m_edit(new NumberedTextEdit(this)),
      m_highlighter(new JsonHighlighter(m_edit->document())),
      m_findBar(new QWidget(this)),
      m_findText(new QLineEdit(m_findBar)),
      m_notice(new QLabel(this)),
      m_offered(new QListWidget(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_notice);
    layout->addWidget(m_findBar);
    layout->addWidget(m_edit, 1);
    m_notice->setTextFormat(Qt::PlainText);
    m_notice->setWordWrap(true);
    m_notice->setMargin(6);

    auto* findLayout = new QHBoxLayout(m_findBar);
    auto* next = new QToolButton(m_findBar);
    next->setText(tr("Find next"));
    findLayout->addWidget(m_findText, 1);
    findLayout->addWidget(next);
    m_findText->setAccessibleName(tr("Text to find"));
    m_findText->setPlaceholderText(tr("Find in the text, Esc closes"));
    m_findText->installEventFilter(this);
    m_findBar->hide();
    connect(m_findText, &QLineEdit::returnPressed, this, &PlainEditor::findNext);
    connect(next, &QToolButton::clicked, this, &PlainEditor::findNext);

    m_edit->setObjectName(u"profileText"_s);
    m_edit->setAccessibleName(tr("Profile text, JSON. Escape, then Tab leaves the editor."));
    m_edit->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_edit->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_edit->setTabStopDistance(2.0 * m_edit->fontMetrics().horizontalAdvance(u' '));
    // One line of undo for form and text: the document's. Paragraphs never change direction with what they hold.
    m_edit->setUndoRedoEnabled(false);
    QTextOption option = m_edit->document()->defaultTextOption();
    option.setTextDirection(Qt::LeftToRight);
    m_edit->document()->setDefaultTextOption(option);
    m_edit->installEventFilter(this);
    m_edit->viewport()->installEventFilter(this);
    setFocusProxy(m_edit);
    m_offered->setObjectName(u"completions"_s);
    m_offered->setAccessibleName(tr("What may stand here"));
    m_offered->setWindowFlag(Qt::Popup);
    m_offered->hide();
    m_offered->installEventFilter(this);
    connect(m_offered, &QListWidget::itemActivated, this, &PlainEditor::insertOffered);
    connect(m_offered, &QListWidget::itemClicked, this, &PlainEditor::insertOffered);

    takeText();
    connect(&document, &ProfileDocument::textReset, this, &PlainEditor::takeText);
    connect(&document, &ProfileDocument::textEdited, this, [this](const TextEdit& change, QObject* origin) {
        if (origin != this) takeEdit(change.offset, change.length, change.replacement);
    });
    connect(m_edit->document(), &QTextDocument::contentsChange, this, &PlainEditor::userChanged);
    connect(m_edit, &QPlainTextEdit::cursorPositionChanged, this, &ProfileEditor::cursorMoved);
    QMetaObject::invokeMethod(this, &ProfileEditor::ready, Qt::QueuedConnection);
}

void PlainEditor::takeText()
{
    m_following = true;
    m_mirror = QString::fromStdString(m_document.text());
    const bool survives = survivesTextWidget(m_mirror);
    m_edit->setReadOnly(!survives);
    m_notice->setText(
        tr("This editor cannot show the text as it is: a line has more than %1 characters, or there are "
           "characters in it that must be written as \\u0000, \\u2028 or \\u2029. The form works all the same.")
            .arg(kLongestLine));
    m_notice->setVisible(!survives);
    if (!survives) m_mirror.clear();
    m_edit->setPlainText(m_mirror);
    m_following = false;
}

void PlainEditor::takeEdit(std::size_t offset, std::size_t length, const std::string& replacement)
{
    const QString inserted = QString::fromStdString(replacement);
    if (m_edit->isReadOnly() || !survivesTextWidget(inserted)) {
        takeText();
        return;
    }
    // The document has the edit already, the mirror does not: offsets before the edit are the same in both.
    const qsizetype begin = utf16Offset(m_document.text(), offset);
    const std::string before = m_mirror.toStdString();
    const qsizetype removed = utf16Offset(std::string_view(before).substr(offset), length);
    m_following = true;
    QTextCursor cursor(m_edit->document());
    cursor.setPosition(static_cast<int>(begin));
    cursor.setPosition(static_cast<int>(begin + removed), QTextCursor::KeepAnchor);
    cursor.insertText(inserted);
    m_mirror.replace(begin, removed, inserted);
    m_following = false;
}

void PlainEditor::userChanged(int position, int removed, int added)
{
    if (m_following) return;
    // Qt may count the final paragraph separator, which is no character of the text, on both sides.
    const qsizetype size = m_edit->document()->characterCount() - 1;
    const qsizetype addedHere = std::min<qsizetype>(added, size - position);
    const qsizetype removedHere = m_mirror.size() + addedHere - size;
    if (removedHere < 0 || removedHere > removed) return takeText();
    QString inserted;
    for (qsizetype i = 0; i < addedHere; ++i) {
        const QChar c = m_edit->document()->characterAt(position + static_cast<int>(i));
        inserted += c == QChar::ParagraphSeparator || c == QChar::LineSeparator ? QChar(u'\n') : c;
    }
    const std::string before = m_mirror.toStdString();
    const std::size_t begin = utf8Offset(before, position);
    const std::size_t end = utf8Offset(before, position + removedHere);
    m_mirror.replace(position, removedHere, inserted);
    m_document.edit({begin, end - begin, inserted.toStdString()}, tr("typing"), this);
}

void PlainEditor::setTheme(const EditorTheme& theme)
{
    m_theme = theme;
    m_following = true;  // Formats are reported as changes of contents.
    m_highlighter->setTheme(theme);
    m_following = false;
    setMarks(m_marks);
}

void PlainEditor::setMarks(const std::vector<EditorMark>& marks)
{
    m_marks = marks;
    QList<QTextEdit::ExtraSelection> selections;
    for (const EditorMark& mark : marks) {
        QTextEdit::ExtraSelection selection;
        selection.cursor = QTextCursor(m_edit->document());
        const auto clamp = [this](qsizetype unit) { return static_cast<int>(std::min(unit, m_mirror.size())); };
        selection.cursor.setPosition(clamp(utf16Offset(m_document.text(), mark.begin)));
        selection.cursor.setPosition(clamp(utf16Offset(m_document.text(), mark.end)), QTextCursor::KeepAnchor);
        selection.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        selection.format.setUnderlineColor(
            m_theme.colours.value(mark.severity == Severity::error ? u"error"_s : u"accent"_s));
        selections.append(selection);
    }
    m_edit->setExtraSelections(selections);
}

void PlainEditor::goTo(std::size_t offset)
{
    QTextCursor cursor(m_edit->document());
    cursor.setPosition(static_cast<int>(std::min(utf16Offset(m_document.text(), offset), m_mirror.size())));
    cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
    m_edit->setTextCursor(cursor);
    m_edit->centerCursor();
    m_edit->setFocus();
}

std::size_t PlainEditor::cursorOffset() const
{
    return utf8Offset(m_document.text(), m_edit->textCursor().selectionStart());
}

void PlainEditor::find()
{
    m_findBar->show();
    m_findText->setFocus();
    m_findText->selectAll();
}

void PlainEditor::findNext()
{
    if (m_edit->find(m_findText->text())) return;
    m_edit->moveCursor(QTextCursor::Start);
    m_edit->find(m_findText->text());
}

void PlainEditor::offer()
{
    m_completions = completionsAt(m_document.text(), cursorOffset());
    if (m_completions.items.empty() || m_edit->isReadOnly()) return;
    m_offered->clear();
    for (const Completion& item : m_completions.items)
        m_offered->addItem(tr("%1    %2").arg(shown(completionLabel(item)), shown(item.detail)));
    m_offered->setCurrentRow(0);
    const QRect cursor = m_edit->cursorRect();
    const int lines = std::min(m_offered->count(), kMostOffered);
    m_offered->resize(m_offered->sizeHintForColumn(0) + 2 * m_edit->fontMetrics().height(),
                      lines * m_offered->sizeHintForRow(0) + 2 * m_offered->frameWidth() + 2);
    m_offered->move(m_edit->viewport()->mapToGlobal(cursor.bottomLeft()));
    m_offered->show();
    m_offered->setFocus();
}

void PlainEditor::insertOffered()
{
    if (!m_offered->isVisible()) return;  // A click can also be an activation.
    m_offered->hide();
    const Completion& item = m_completions.items[static_cast<std::size_t>(m_offered->currentRow())];
    const std::size_t end = std::max(m_completions.end, cursorOffset());
    m_document.edit({m_completions.begin, end - m_completions.begin, item.insert}, tr("complete"));
    QTextCursor cursor(m_edit->document());
    cursor.setPosition(static_cast<int>(utf16Offset(m_document.text(), m_completions.begin + completionCursor(item))));
    m_edit->setTextCursor(cursor);
    m_edit->setFocus();
}

/// Help for what the mouse points at.
void PlainEditor::showHelp(const QPoint& local, const QPoint& global)
{
    const qsizetype unit = m_edit->cursorForPosition(local).position();
    const std::optional<Hover> hover = hoverAt(m_document.text(), utf8Offset(m_document.text(), unit));
    if (!hover) return QToolTip::hideText();
    QToolTip::showText(
        global, u"<p style='white-space:pre-wrap'>"_s + fieldHelp(hover->field).toHtmlEscaped() + u"</p>"_s, m_edit);
}

bool PlainEditor::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::FontChange && watched == m_edit) m_edit->layoutGutter();
    if (event->type() == QEvent::ShortcutOverride && watched == m_edit) {
        // The widget would take undo and redo for its own history, which is off: they are the window's actions.
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo)) {
            event->ignore();
            return true;
        }
    }
    if (event->type() == QEvent::ToolTip && watched == m_edit->viewport()) {
        const auto* at = static_cast<QHelpEvent*>(event);
        showHelp(at->pos(), at->globalPos());
        return true;
    }
    if (event->type() != QEvent::KeyPress) return ProfileEditor::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    if (watched == m_offered && key->key() == Qt::Key_Escape) {
        m_offered->hide();
        m_edit->setFocus();
        return true;
    }
    if (watched == m_edit && key->key() == Qt::Key_Space && key->modifiers() == Qt::ControlModifier) {
        offer();
        return true;
    }
    if (key->key() == Qt::Key_Escape && watched == m_findText) {
        m_findBar->hide();
        m_edit->setFocus();
        return true;
    }
    if (watched == m_edit) {
        // Escape makes the next Tab leave, so that the keyboard is never trapped; any other key makes it text again.
        if (key->key() == Qt::Key_Escape) m_edit->setTabChangesFocus(true);
        else if (key->key() != Qt::Key_Tab && key->key() != Qt::Key_Backtab) m_edit->setTabChangesFocus(false);
    }
    return ProfileEditor::eventFilter(watched, event);
}

}  // namespace belljar
