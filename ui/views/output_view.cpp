#include "ui/views/output_view.h"

#include <QFontDatabase>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QTextCursor>

#include "ui/views/terminal_view.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

enum Tab { kOutTab, kErrTab, kTerminalTab };

}  // namespace

OutputView::OutputView(QWidget* parent)
    : QTabWidget(parent), m_terminal(new TerminalView(this)), m_errTitle(tr("Standard error"))
{
    setAccessibleName(tr("Program output"));
    setDocumentMode(true);
    m_out = makeStream(tr("Standard output"));
    m_err = makeStream(m_errTitle);
    addTab(m_terminal, tr("Terminal"));
    connect(m_terminal, &TerminalView::typed, this, &OutputView::typed);
    connect(m_terminal, &TerminalView::gridChanged, this, &OutputView::gridChanged);
    begin(false);
    setTabVisible(kErrTab, false);
    m_out.edit->setPlaceholderText(tr("What the program writes is shown here."));
}

OutputView::Stream OutputView::makeStream(const QString& title)
{
    Stream stream;
    stream.edit = new QPlainTextEdit(this);
    stream.edit->setAccessibleName(title);
    stream.edit->setReadOnly(true);
    stream.edit->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    stream.edit->setUndoRedoEnabled(false);
    stream.edit->setTabChangesFocus(true);
    stream.edit->setMaximumBlockCount(kMostLines);
    stream.edit->setLineWrapMode(QPlainTextEdit::NoWrap);
    stream.edit->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    stream.edit->setFrameShape(QFrame::NoFrame);
    QTextOption option = stream.edit->document()->defaultTextOption();
    option.setTextDirection(Qt::LeftToRight);
    stream.edit->document()->setDefaultTextOption(option);
    addTab(stream.edit, title);
    return stream;
}

void OutputView::begin(bool terminal)
{
    m_inTerminal = terminal;
    setTabVisible(kTerminalTab, terminal);
    setTabVisible(kOutTab, !terminal);
    setTabVisible(kErrTab, !terminal);
    if (terminal) m_terminal->start();
    for (Stream* stream : {&m_out, &m_err}) {
        stream->edit->clear();
        stream->edit->setPlaceholderText(tr("Nothing yet. Standard input of the program is empty."));
        stream->decoder = AnsiText();
        stream->lineLength = 0;
    }
    setTabText(kErrTab, m_errTitle);
    setCurrentIndex(terminal ? kTerminalTab : kOutTab);
}

void OutputView::showNoOutput()
{
    begin(false);
    setTabVisible(kErrTab, false);
    m_out.edit->setPlaceholderText(tr("A recording holds what a program tried, not what it wrote."));
}

void OutputView::insert(Stream& stream, const QString& text)
{
    if (text.isEmpty()) return;
    QString broken;
    broken.reserve(text.size());
    for (const QChar c : text) {
        if (c == u'\n') {
            stream.lineLength = 0;
        } else if (++stream.lineLength > kLongestLine && !c.isLowSurrogate()) {
            broken += u'\n';
            stream.lineLength = 1;
        }
        broken += c;
    }
    QScrollBar& bar = *stream.edit->verticalScrollBar();
    const bool atEnd = bar.value() == bar.maximum();
    QTextCursor cursor(stream.edit->document());
    cursor.movePosition(QTextCursor::End);
    cursor.insertText(broken);
    if (atEnd) bar.setValue(bar.maximum());
    if (&stream == &m_err) setTabText(kErrTab, tr("%1 (written)").arg(m_errTitle));
}

void OutputView::append(int stream, const QByteArray& bytes)
{
    if (m_inTerminal) {
        m_terminal->append(bytes);
        return;
    }
    Stream& target = stream == 2 ? m_err : m_out;
    insert(target, target.decoder.feed({bytes.constData(), static_cast<std::size_t>(bytes.size())}));
}

void OutputView::remark(const QString& text)
{
    if (m_inTerminal) m_terminal->append(u"\r\n[%1]\r\n"_s.arg(text).toUtf8());
    else insert(m_out, u"\n[%1]\n"_s.arg(text));
}

void OutputView::finish()
{
    if (m_inTerminal) m_terminal->finish();
    insert(m_out, m_out.decoder.finish());
    insert(m_err, m_err.decoder.finish());
}

QString OutputView::text(int stream) const
{
    if (m_inTerminal) return stream == 1 ? m_terminal->text() : QString();
    return (stream == 2 ? m_err : m_out).edit->toPlainText();
}

}  // namespace belljar
