// When what happened: a lane for each of the busiest processes and one for all others, denials as red wedges, losses as
// hatched bands. A stretch of time is chosen by dragging, or with the arrow keys.
#pragma once

#include <QAbstractScrollArea>

#include <optional>
#include <utility>

#include "ui/models/activity.h"

namespace belljar {

class Timeline : public QAbstractScrollArea {
    Q_OBJECT

public:
    static constexpr std::size_t kMostLanes = 30;
    using Period = std::pair<std::int64_t, std::int64_t>;  ///< Nanoseconds since the start, both ends inside.

    /// `activity` must outlive it.
    explicit Timeline(const Activity& activity, QWidget* parent = nullptr);

    /// There is more, or something else, to show.
    void refresh();
    /// The stretch that is shown as chosen.
    void setBrush(std::optional<Period> brush);
    [[nodiscard]] std::optional<Period> brush() const { return m_brush; }
    [[nodiscard]] Period view() const;
    /// What the place under the keyboard's cursor holds, in words; also told to screen readers.
    [[nodiscard]] QString cursorText() const;
    [[nodiscard]] int laneCount() const { return static_cast<int>(m_lanes.size()) + (m_hasOthers ? 1 : 0); }
    /// For tests: the middle of a time on a lane, in the viewport.
    [[nodiscard]] QPoint placeOf(std::int64_t timeNs, int lane) const;

    [[nodiscard]] QSize sizeHint() const override;

signals:
    void brushed(std::int64_t fromNs, std::int64_t toNs);
    void brushCleared();
    void processChosen(std::int32_t pid);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    [[nodiscard]] int laneHeight() const { return fontMetrics().height() + 2; }
    [[nodiscard]] int labelWidth() const { return fontMetrics().averageCharWidth() * 20; }
    [[nodiscard]] int axisHeight() const { return fontMetrics().height() + 4; }
    [[nodiscard]] double nsPerPixel() const;
    [[nodiscard]] double xOf(std::int64_t timeNs) const;
    [[nodiscard]] std::int64_t timeAt(int x) const;
    [[nodiscard]] int laneTop(int lane) const;
    [[nodiscard]] int laneAt(int y) const;
    [[nodiscard]] QString laneName(int lane) const;
    [[nodiscard]] Activity::Bin binsIn(int lane, Period period) const;
    void paintLane(QPainter& painter, int lane) const;
    void paintBins(QPainter& painter, const std::vector<Activity::Bin>& bins, std::size_t level, int top) const;
    void paintOverlay(QPainter& painter) const;
    void paintAxis(QPainter& painter) const;
    void updateScrollBar();
    void zoom(double factor, std::int64_t around);
    void moveCursor(int pixels, bool brushing);
    void applyBrush();
    void tell();

    const Activity& m_activity;
    std::vector<const Activity::Lane*> m_lanes;
    std::vector<Activity::Bin> m_others;  ///< At the level that is shown: everything without the lanes.
    bool m_hasOthers = false;
    std::optional<Period> m_view;  ///< Absent: all of it, as it grows.
    std::optional<Period> m_brush;
    std::optional<std::int64_t> m_dragFrom;
    std::int64_t m_cursorNs = 0;
    int m_cursorLane = 0;
};

}  // namespace belljar
