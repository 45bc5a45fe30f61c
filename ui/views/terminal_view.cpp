#include "ui/views/terminal_view.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QElapsedTimer>
#include <QFontDatabase>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <array>

#include "ui/views/theme.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr int kColumnsAtFirst = 80;
constexpr int kRowsAtFirst = 24;
constexpr qsizetype kPiece = 16 * 1024;      ///< Bytes fed between two looks at the clock.
constexpr qsizetype kCompact = 1024 * 1024;  ///< Bytes fed after which their memory is given back.
constexpr int kMargin = 3;                   ///< Pixels between the edge and the text.
constexpr int kMostSelected = 10'000;        ///< Lines; what a clipboard takes at once.
constexpr double kReadable = 4.5;

/// The sixteen named colours as xterm has them.
constexpr std::array<QRgb, 16> kNamed{0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
                                      0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff};

/// xterm's 256 colours: sixteen named ones, a cube of 6 x 6 x 6, and 24 greys.
QColor indexedColour(std::uint32_t index)
{
    if (index < kNamed.size()) return QColor(kNamed[index]);
    if (index >= 232) {
        const int grey = 8 + 10 * (static_cast<int>(index) - 232);
        return QColor(grey, grey, grey);
    }
    const auto level = [](std::uint32_t step) { return step == 0 ? 0 : static_cast<int>(55 + 40 * step); };
    const std::uint32_t cube = index - 16;
    return QColor(level(cube / 36), level(cube / 6 % 6), level(cube % 6));
}

}  // namespace

TerminalView::TerminalView(QWidget* parent)
    : QAbstractScrollArea(parent), m_screen(kColumnsAtFirst, kRowsAtFirst, [this](const QByteArray& bytes) {
          if (m_running) emit typed(bytes);
      })
{
    setObjectName(u"terminal"_s);
    setAccessibleName(tr("Terminal"));
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setAttribute(Qt::WA_InputMethodEnabled);
    viewport()->setCursor(Qt::IBeamCursor);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_slice.setSingleShot(true);
    m_slice.setInterval(0);
    connect(&m_slice, &QTimer::timeout, this, &TerminalView::work);
    measure();
}

void TerminalView::start()
{
    m_waiting.clear();
    m_fed = 0;
    m_skipped = 0;
    m_screen.reset();
    m_anchor = m_end = {};
    m_running = true;
    setAccessibleDescription(tr("Keys go to the program. F6 leaves the terminal."));
    updateScrollBar();
    viewport()->update();
}

void TerminalView::finish()
{
    m_running = false;
    setAccessibleDescription(tr("The program has ended; the arrow keys scroll."));
    viewport()->update();
}

void TerminalView::append(const QByteArray& bytes)
{
    if (m_waiting.size() - m_fed + bytes.size() > kMostWaiting) {
        m_skipped += bytes.size();
    } else {
        m_waiting += bytes;
    }
    if (!m_slice.isActive()) m_slice.start();
}

void TerminalView::work()
{
    QElapsedTimer clock;
    clock.start();
    while (m_fed < m_waiting.size() && clock.elapsed() < kSliceMs) {
        const qsizetype piece = std::min(kPiece, m_waiting.size() - m_fed);
        m_screen.feed({m_waiting.constData() + m_fed, static_cast<std::size_t>(piece)});
        m_fed += piece;
    }
    if (m_fed >= kCompact || m_fed == m_waiting.size()) {
        m_waiting.remove(0, m_fed);
        m_fed = 0;
    }
    if (m_waiting.isEmpty()) {
        if (m_skipped != 0) {
            // CAN first: the sequence that was being read may have lost its end.
            m_screen.feed(tr("\x18\r\n[%1 bytes were too many to show]\r\n").arg(m_skipped).toStdString());
            m_skipped = 0;
        }
    }
    updateScrollBar();
    viewport()->update();
    if (!m_waiting.isEmpty()) m_slice.start();
}

void TerminalView::measure()
{
    const QFontMetrics metrics(font());
    m_cellWidth = std::max(1, metrics.horizontalAdvance(u'M'));
    m_cellHeight = std::max(1, metrics.height());
    QFont bold = font();
    bold.setBold(true);
    m_spacing = m_cellWidth - QFontMetricsF(font()).horizontalAdvance(u'M');
    m_boldSpacing = m_cellWidth - QFontMetricsF(bold).horizontalAdvance(u'M');
    m_ascent = metrics.ascent();
    const QSize area = viewport()->size();
    const int columns = std::max(2, (area.width() - 2 * kMargin) / m_cellWidth);
    const int rows = std::max(1, area.height() / m_cellHeight);
    if (columns != m_screen.columns() || rows != m_screen.rows()) {
        m_screen.resize(columns, rows);
        emit gridChanged(columns, rows);
    }
    updateScrollBar();
}

void TerminalView::updateScrollBar()
{
    QScrollBar& bar = *verticalScrollBar();
    const bool atEnd = bar.value() == bar.maximum();
    bar.setPageStep(m_screen.rows());
    bar.setRange(0, static_cast<int>(m_screen.lineCount()) - m_screen.rows());
    if (atEnd) bar.setValue(bar.maximum());
}

void TerminalView::scrollBy(int lines)
{
    verticalScrollBar()->setValue(verticalScrollBar()->value() + lines);
    viewport()->update();
}

QString TerminalView::text() const
{
    QString text;
    for (std::int64_t i = 0; i < m_screen.lineCount(); ++i)
        text += terminalText(m_screen.line(m_screen.firstLine() + i)) + u'\n';
    while (text.endsWith("\n\n"_L1)) text.chop(1);
    return text;
}

std::pair<TerminalView::Position, TerminalView::Position> TerminalView::selection() const
{
    return {std::min(m_anchor, m_end), std::max(m_anchor, m_end)};
}

QString TerminalView::selectedText() const
{
    const auto [from, to] = selection();
    QString text;
    const std::int64_t last = std::min(to.line, from.line + kMostSelected);
    for (std::int64_t number = from.line; number <= last; ++number) {
        const int begin = number == from.line ? from.column : 0;
        const int end = number == to.line ? to.column : m_screen.columns();
        TerminalLine part;
        for (TerminalRun run : m_screen.line(number)) {
            const int first = std::max(begin, run.column);
            const int limit = std::min(end, run.column + run.columns);
            if (first >= limit) continue;
            const bool ascii = static_cast<int>(run.text.size()) == run.columns;
            if (ascii)
                run.text = run.text.substr(static_cast<std::size_t>(first - run.column),
                                           static_cast<std::size_t>(limit - first));
            run.column = first - begin;
            run.columns = limit - first;
            part.push_back(std::move(run));
        }
        text += terminalText(part);
        if (number != to.line) text += u'\n';
    }
    return text;
}

void TerminalView::copy()
{
    const QString text = selectedText();
    if (!text.isEmpty()) QApplication::clipboard()->setText(text);
}

void TerminalView::paste()
{
    if (m_running) m_screen.paste(QApplication::clipboard()->text());
}

QColor TerminalView::colour(const TerminalColour& wanted, bool foreground) const
{
    switch (wanted.kind) {
        case TerminalColour::Kind::indexed: return indexedColour(wanted.value);
        case TerminalColour::Kind::rgb: return QColor(static_cast<QRgb>(wanted.value));
        case TerminalColour::Kind::standard: break;
    }
    return foreground ? currentTheme().text : currentTheme().base;
}

void TerminalView::paintLine(QPainter& painter, std::int64_t number, int y) const
{
    for (const TerminalRun& run : m_screen.line(number)) {
        QColor ink = colour(run.style.foreground, true);
        QColor ground = colour(run.style.background, false);
        if (run.style.reverse) std::swap(ink, ground);
        const QRect box(kMargin + run.column * m_cellWidth, y, run.columns * m_cellWidth, m_cellHeight);
        if (ground != currentTheme().base) painter.fillRect(box, ground);
        // The named colours were chosen for black; here they must be readable on whatever is behind them.
        if (run.style.foreground.kind == TerminalColour::Kind::indexed) ink = withContrast(ink, {ground}, kReadable);
        QFont face = font();
        face.setBold(run.style.bold);
        face.setItalic(run.style.italic);
        face.setUnderline(run.style.underline);
        face.setStrikeOut(run.style.strike);
        // Letters are a fraction wider or narrower than a cell: a long run would leave its cells.
        face.setLetterSpacing(QFont::AbsoluteSpacing, run.style.bold ? m_boldSpacing : m_spacing);
        painter.setFont(face);
        painter.setPen(ink);
        painter.drawText(QPoint(box.left(), y + m_ascent), QString::fromUtf8(run.text));
    }
    const auto [from, to] = selection();
    if (from == to || number < from.line || number > to.line) return;
    const int begin = number == from.line ? from.column : 0;
    const int end = number == to.line ? to.column : m_screen.columns();
    QColor shade = currentTheme().accent;
    shade.setAlphaF(0.35F);
    painter.fillRect(QRect(kMargin + begin * m_cellWidth, y, (end - begin) * m_cellWidth, m_cellHeight), shade);
}

void TerminalView::paintCursor(QPainter& painter, std::int64_t top) const
{
    const TerminalScreen::Cursor cursor = m_screen.cursor();
    if (!m_running || !cursor.visible || cursor.line < top) return;
    const int y = static_cast<int>(cursor.line - top) * m_cellHeight;
    const QRect box(kMargin + cursor.column * m_cellWidth, y, m_cellWidth - 1, m_cellHeight - 1);
    painter.setPen(currentTheme().accent);
    painter.drawRect(box);
    if (!hasFocus()) return;
    QColor shade = currentTheme().accent;
    shade.setAlphaF(0.6F);
    painter.fillRect(box, shade);
}

void TerminalView::paintEvent(QPaintEvent*)
{
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), currentTheme().base);
    const std::int64_t top = m_screen.firstLine() + verticalScrollBar()->value();
    for (int row = 0; row <= m_screen.rows(); ++row) paintLine(painter, top + row, row * m_cellHeight);
    paintCursor(painter, top);
}

void TerminalView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    measure();
}

void TerminalView::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange) measure();
}

bool TerminalView::event(QEvent* event)
{
    // While a program runs the keys are its own, but for those that leave it: F6, Ctrl+. and Ctrl+Shift with anything.
    if (event->type() == QEvent::ShortcutOverride && m_running) {
        const auto& key = static_cast<const QKeyEvent&>(*event);
        const Qt::KeyboardModifiers both = Qt::ControlModifier | Qt::ShiftModifier;
        const bool leaves = key.key() == Qt::Key_F6 || (key.modifiers() & both) == both ||
                            (key.key() == Qt::Key_Period && (key.modifiers() & Qt::ControlModifier));
        if (!leaves) {
            event->accept();
            return true;
        }
    }
    return QAbstractScrollArea::event(event);
}

bool TerminalView::focusNextPrevChild(bool next)
{
    return !m_running && QAbstractScrollArea::focusNextPrevChild(next);
}

void TerminalView::keyPressEvent(QKeyEvent* event)
{
    const Qt::KeyboardModifiers both = Qt::ControlModifier | Qt::ShiftModifier;
    if ((event->modifiers() & both) == both && event->key() == Qt::Key_C) {
        copy();
    } else if ((event->modifiers() & both) == both && event->key() == Qt::Key_V) {
        paste();
    } else if ((event->modifiers() & Qt::ShiftModifier) && event->key() == Qt::Key_PageUp) {
        scrollBy(-m_screen.rows());
    } else if ((event->modifiers() & Qt::ShiftModifier) && event->key() == Qt::Key_PageDown) {
        scrollBy(m_screen.rows());
    } else if (event->key() == Qt::Key_F6) {
        QAbstractScrollArea::focusNextPrevChild(!(event->modifiers() & Qt::ShiftModifier));
    } else if (!m_running) {
        if (event->matches(QKeySequence::Copy)) copy();
        else QAbstractScrollArea::keyPressEvent(event);
    } else if (m_screen.pressKey(event->key(), event->modifiers(), event->text())) {
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
    } else {
        QAbstractScrollArea::keyPressEvent(event);
    }
}

void TerminalView::inputMethodEvent(QInputMethodEvent* event)
{
    if (m_running && !event->commitString().isEmpty()) m_screen.pressKey(0, {}, event->commitString());
}

TerminalView::Position TerminalView::positionAt(const QPoint& point) const
{
    const int row = std::clamp(point.y() / m_cellHeight, 0, m_screen.rows());
    const int column = std::clamp((point.x() - kMargin + m_cellWidth / 2) / m_cellWidth, 0, m_screen.columns());
    return {m_screen.firstLine() + verticalScrollBar()->value() + row, column};
}

void TerminalView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton) return;
    m_anchor = m_end = positionAt(event->pos());
    viewport()->update();
}

void TerminalView::mouseMoveEvent(QMouseEvent* event)
{
    if (!(event->buttons() & Qt::LeftButton)) return;
    if (event->pos().y() < 0) scrollBy(-1);
    if (event->pos().y() > viewport()->height()) scrollBy(1);
    m_end = positionAt(event->pos());
    viewport()->update();
}

/// Selects the word; a word is what stands between blanks.
void TerminalView::mouseDoubleClickEvent(QMouseEvent* event)
{
    const Position at = positionAt(event->pos());
    const QString line = terminalText(m_screen.line(at.line));
    int begin = std::min<int>(at.column, static_cast<int>(line.size()));
    int end = begin;
    while (begin > 0 && !line[begin - 1].isSpace()) --begin;
    while (end < line.size() && !line[end].isSpace()) ++end;
    m_anchor = {at.line, begin};
    m_end = {at.line, end};
    viewport()->update();
}

void TerminalView::contextMenuEvent(QContextMenuEvent* event)
{
    QMenu menu(this);
    const auto [from, to] = selection();
    menu.addAction(tr("&Copy\tCtrl+Shift+C"), this, &TerminalView::copy)->setEnabled(from != to);
    menu.addAction(tr("&Paste\tCtrl+Shift+V"), this, &TerminalView::paste)->setEnabled(m_running);
    menu.exec(event->globalPos());
}

}  // namespace belljar
