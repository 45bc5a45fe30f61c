#include "ui/views/data_text.h"

#include <QEvent>
#include <QScrollBar>
#include <QTextDocument>

#include <algorithm>

namespace belljar {

DataText::DataText(int mostLines, QWidget* parent) : QPlainTextEdit(parent), m_mostLines(mostLines)
{
    setReadOnly(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setTabChangesFocus(true);
    setFrameShape(QFrame::NoFrame);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    QTextOption option = document()->defaultTextOption();
    option.setTextDirection(Qt::LeftToRight);
    document()->setDefaultTextOption(option);
    document()->setDocumentMargin(0);
    viewport()->setAutoFillBackground(false);
    fitHeight();
}

void DataText::setText(const QString& text)
{
    if (toPlainText() != text) setPlainText(text);
    fitHeight();
}

void DataText::fitHeight()
{
    // The plain text layout counts its height in lines.
    const int lines = std::clamp(qRound(document()->size().height()), 1, m_mostLines);
    setFixedHeight(lines * fontMetrics().lineSpacing() + 2 * frameWidth() + 2);
}

QSize DataText::sizeHint() const
{
    return {fontMetrics().averageCharWidth() * 30, height()};
}

QSize DataText::minimumSizeHint() const
{
    return {fontMetrics().averageCharWidth() * 10, fontMetrics().lineSpacing()};
}

void DataText::resizeEvent(QResizeEvent* event)
{
    QPlainTextEdit::resizeEvent(event);
    fitHeight();
}

void DataText::changeEvent(QEvent* event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::FontChange) fitHeight();
}

}  // namespace belljar
