// A terminal in the window: paints a TerminalScreen, types into it, scrolls, selects and copies. Work is done in short
// slices, so that a program which floods its terminal does not hold the window up.
#pragma once

#include <QAbstractScrollArea>
#include <QTimer>

#include "ui/models/terminal_screen.h"

namespace belljar {

class TerminalView : public QAbstractScrollArea {
    Q_OBJECT

public:
    static constexpr int kSliceMs = 12;                          ///< Of work at a time.
    static constexpr qsizetype kMostWaiting = 16 * 1024 * 1024;  ///< Bytes; more is skipped, and said.

    static constexpr const char* kKind = "xterm-256color";  ///< Its name in terminfo, for TERM.

    explicit TerminalView(QWidget* parent = nullptr);

    void append(const QByteArray& bytes);
    /// An empty terminal that takes keys for a running program.
    void start();
    /// Keys scroll from now on.
    void finish();
    [[nodiscard]] QString text() const;
    [[nodiscard]] QString selectedText() const;
    void copy();
    void paste();
    [[nodiscard]] int columns() const { return m_screen.columns(); }
    [[nodiscard]] int rows() const { return m_screen.rows(); }
    /// Nothing waits to be shown.
    [[nodiscard]] bool isIdle() const { return m_waiting.isEmpty(); }

signals:
    void typed(const QByteArray& bytes);
    void gridChanged(int columns, int rows);

protected:
    bool event(QEvent* event) override;
    bool focusNextPrevChild(bool next) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void inputMethodEvent(QInputMethodEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Position {
        std::int64_t line = 0;
        int column = 0;
        auto operator<=>(const Position&) const = default;
    };
    void work();
    void measure();
    void updateScrollBar();
    void scrollBy(int lines);
    void paintLine(QPainter& painter, std::int64_t number, int y) const;
    void paintCursor(QPainter& painter, std::int64_t top) const;
    [[nodiscard]] Position positionAt(const QPoint& point) const;
    [[nodiscard]] std::pair<Position, Position> selection() const;
    [[nodiscard]] QColor colour(const TerminalColour& wanted, bool foreground) const;

    TerminalScreen m_screen;
    QByteArray m_waiting;  ///< Bytes that were not fed yet, from m_fed on.
    qsizetype m_fed = 0;
    qsizetype m_skipped = 0;
    QTimer m_slice;
    int m_cellWidth = 8;
    double m_spacing = 0;  ///< Pixels after a letter, so that it fills its cell.
    double m_boldSpacing = 0;
    int m_cellHeight = 16;
    int m_ascent = 12;
    bool m_running = false;
    Position m_anchor;
    Position m_end;
};

}  // namespace belljar
