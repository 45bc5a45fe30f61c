#include "ui/views/output_view.h"

#include <QFontDatabase>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QTextCursor>

namespace belljar {

using namespace Qt::StringLiterals;

OutputView::OutputView(QWidget* parent) : QTabWidget(parent), m_errTitle(tr("Standard error"))
{
    setAccessibleName(tr("Program output"));
    setDocumentMode(true);
    m_out = makeStream(tr("Standard output"));
    m_err = makeStream(m_errTitle);
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
    stream.edit->setPlaceholderText(tr("Nothing yet. Standard input of the program is empty."));
    QTextOption option = stream.edit->document()->defaultTextOption();
    option.setTextDirection(Qt::LeftToRight);
    stream.edit->document()->setDefaultTextOption(option);
    addTab(stream.edit, title);
    return stream;
}

void OutputView::clear()
{
    for (Stream* stream : {&m_out, &m_err}) {
        stream->edit->clear();
        stream->decoder = AnsiText();
        stream->lineLength = 0;
    }
    setTabText(1, m_errTitle);
    setCurrentIndex(0);
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
    if (&stream == &m_err) setTabText(1, tr("%1 (written)").arg(m_errTitle));
}

void OutputView::append(int stream, const QByteArray& bytes)
{
    Stream& target = stream == 2 ? m_err : m_out;
    insert(target, target.decoder.feed({bytes.constData(), static_cast<std::size_t>(bytes.size())}));
}

void OutputView::remark(const QString& text)
{
    insert(m_out, u"\n[%1]\n"_s.arg(text));
}

void OutputView::finish()
{
    insert(m_out, m_out.decoder.finish());
    insert(m_err, m_err.decoder.finish());
}

QString OutputView::text(int stream) const
{
    return (stream == 2 ? m_err : m_out).edit->toPlainText();
}

}  // namespace belljar
