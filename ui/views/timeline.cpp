#include "ui/views/timeline.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

#include "ui/models/shown_text.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr std::int64_t kShortestView = 100'000;  ///< Nanoseconds; bins are wider, a screen of one says no more.
constexpr int kKeyStep = 8;                      ///< Pixels.
constexpr int kSmallestDrag = 3;

QString seconds(std::int64_t ns)
{
    return Timeline::tr("%1 s").arg(QString::number(static_cast<double>(ns) / 1e9, 'f', 3));
}

}  // namespace

Timeline::Timeline(const Activity& activity, QWidget* parent) : QAbstractScrollArea(parent), m_activity(activity)
{
    setObjectName(u"timeline"_s);
    setAccessibleName(
        tr("Timeline: arrow keys move, with Shift choose a time, Enter shows only that, Escape all, plus and "
           "minus zoom"));
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::StyledPanel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setMouseTracking(false);
    refresh();
}

QSize Timeline::sizeHint() const
{
    return {fontMetrics().averageCharWidth() * 80, axisHeight() + 6 * laneHeight()};
}

Timeline::Period Timeline::view() const
{
    return m_view.value_or(Period{0, std::max<std::int64_t>(m_activity.endNs(), 1'000'000)});
}

void Timeline::refresh()
{
    m_lanes = m_activity.busiest(kMostLanes);
    m_hasOthers = false;
    m_others.clear();
    std::uint64_t shownEvents = 0;
    for (const Activity::Lane* lane : m_lanes) shownEvents += lane->events;
    if (m_activity.total().events > shownEvents) {
        m_hasOthers = true;
        const std::size_t level = m_activity.levelFor(static_cast<std::int64_t>(nsPerPixel()));
        m_others = m_activity.total().bins[level];
        for (const Activity::Lane* lane : m_lanes) {
            auto at = m_others.begin();
            for (const Activity::Bin& bin : lane->bins[level]) {
                at = std::lower_bound(at, m_others.end(), bin.number,
                                      [](const Activity::Bin& b, std::uint32_t wanted) { return b.number < wanted; });
                at->count -= bin.count;
                at->denied -= bin.denied;
            }
        }
    }
    m_cursorLane = std::clamp(m_cursorLane, 0, std::max(0, laneCount() - 1));
    updateScrollBar();
    viewport()->update();
}

void Timeline::setBrush(std::optional<Period> brush)
{
    m_brush = brush;
    viewport()->update();
}

double Timeline::nsPerPixel() const
{
    const auto [from, to] = view();
    const int pixels = std::max(10, viewport()->width() - labelWidth());
    return std::max(1.0, static_cast<double>(to - from) / pixels);
}

double Timeline::xOf(std::int64_t timeNs) const
{
    return labelWidth() + static_cast<double>(timeNs - view().first) / nsPerPixel();
}

std::int64_t Timeline::timeAt(int x) const
{
    const auto [from, to] = view();
    const auto time = from + static_cast<std::int64_t>((x - labelWidth()) * nsPerPixel());
    return std::clamp(time, from, to);
}

int Timeline::laneTop(int lane) const
{
    return axisHeight() + lane * laneHeight() - verticalScrollBar()->value();
}

int Timeline::laneAt(int y) const
{
    return std::clamp((y - axisHeight() + verticalScrollBar()->value()) / laneHeight(), 0,
                      std::max(0, laneCount() - 1));
}

QPoint Timeline::placeOf(std::int64_t timeNs, int lane) const
{
    return {static_cast<int>(xOf(timeNs)), laneTop(lane) + laneHeight() / 2};
}

QString Timeline::laneName(int lane) const
{
    if (static_cast<std::size_t>(lane) >= m_lanes.size()) return tr("all others");
    const Activity::Lane& process = *m_lanes[static_cast<std::size_t>(lane)];
    return u"%1 %2"_s.arg(shownElided(process.name, 24), QString::number(process.pid));
}

Activity::Bin Timeline::binsIn(int lane, Period period) const
{
    const bool isOthers = static_cast<std::size_t>(lane) >= m_lanes.size();
    if (laneCount() == 0) return {};
    const std::size_t level = isOthers ? m_activity.levelFor(static_cast<std::int64_t>(nsPerPixel())) : 0;
    const std::int64_t width = m_activity.binNs(level);
    const auto first = static_cast<std::uint64_t>(std::max<std::int64_t>(0, period.first) / width);
    const auto end = static_cast<std::uint64_t>(std::max<std::int64_t>(0, period.second) / width) + 1;
    return Activity::sum(isOthers ? m_others : m_lanes[static_cast<std::size_t>(lane)]->bins[0], first, end);
}

QString Timeline::cursorText() const
{
    if (laneCount() == 0) return tr("Nothing has happened yet");
    const Period period =
        m_brush.value_or(Period{m_cursorNs, m_cursorNs + static_cast<std::int64_t>(nsPerPixel() * kKeyStep)});
    const Activity::Bin bins = binsIn(m_cursorLane, period);
    return tr("%1, %2 to %3: about %4 events, %5 denied")
        .arg(laneName(m_cursorLane), seconds(period.first), seconds(period.second), QString::number(bins.count),
             QString::number(bins.denied));
}

void Timeline::tell()
{
    setAccessibleDescription(cursorText());
    viewport()->update();
}

void Timeline::updateScrollBar()
{
    const int visible = viewport()->height() - axisHeight();
    verticalScrollBar()->setRange(0, std::max(0, laneCount() * laneHeight() - visible));
    verticalScrollBar()->setPageStep(std::max(1, visible));
    verticalScrollBar()->setSingleStep(laneHeight());
}

void Timeline::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    refresh();
}

void Timeline::zoom(double factor, std::int64_t around)
{
    const auto [from, to] = view();
    const std::int64_t end = std::max<std::int64_t>(m_activity.endNs(), 1'000'000);
    const auto span = static_cast<std::int64_t>(static_cast<double>(to - from) * factor);
    if (span >= end) {
        m_view.reset();
    } else {
        const std::int64_t kept = std::max(span, kShortestView);
        const double share =
            static_cast<double>(around - from) / static_cast<double>(std::max<std::int64_t>(1, to - from));
        const std::int64_t begin = std::clamp<std::int64_t>(
            around - static_cast<std::int64_t>(static_cast<double>(kept) * share), 0, end - kept);
        m_view = Period{begin, begin + kept};
    }
    refresh();
}

void Timeline::applyBrush()
{
    if (m_brush) emit brushed(m_brush->first, m_brush->second);
}

void Timeline::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton) return;
    m_cursorLane = laneAt(event->pos().y());
    m_cursorNs = timeAt(event->pos().x());
    if (event->pos().x() >= labelWidth()) m_dragFrom = m_cursorNs;
    tell();
}

void Timeline::mouseMoveEvent(QMouseEvent* event)
{
    if (!m_dragFrom) return;
    const std::int64_t time = timeAt(event->pos().x());
    if (std::abs(xOf(time) - xOf(*m_dragFrom)) >= kSmallestDrag)
        m_brush = Period{std::min(time, *m_dragFrom), std::max(time, *m_dragFrom)};
    tell();
}

void Timeline::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !m_dragFrom) return;
    const bool dragged = std::abs(xOf(timeAt(event->pos().x())) - xOf(*m_dragFrom)) >= kSmallestDrag;
    m_dragFrom.reset();
    if (dragged) applyBrush();
}

void Timeline::mouseDoubleClickEvent(QMouseEvent* event)
{
    const auto lane = static_cast<std::size_t>(laneAt(event->pos().y()));
    if (event->pos().x() < labelWidth() && lane < m_lanes.size()) {
        emit processChosen(m_lanes[lane]->pid);
        return;
    }
    m_brush.reset();
    emit brushCleared();
    viewport()->update();
}

void Timeline::wheelEvent(QWheelEvent* event)
{
    const int steps = event->angleDelta().y();
    if (event->modifiers().testFlag(Qt::ControlModifier) || event->position().x() >= labelWidth()) {
        if (steps != 0) zoom(steps > 0 ? 0.8 : 1.25, timeAt(static_cast<int>(event->position().x())));
        event->accept();
        return;
    }
    QAbstractScrollArea::wheelEvent(event);
}

void Timeline::moveCursor(int pixels, bool brushing)
{
    const std::int64_t before = m_cursorNs;
    const auto [from, to] = view();
    const auto step = static_cast<std::int64_t>(nsPerPixel() * pixels);
    m_cursorNs = std::clamp<std::int64_t>(m_cursorNs + step, 0, std::max<std::int64_t>(m_activity.endNs(), 1'000'000));
    if (m_view && (m_cursorNs < from || m_cursorNs > to))
        m_view = Period{std::max<std::int64_t>(0, from + step), to + step};
    if (brushing) {
        const bool atEnd = m_brush && m_brush->second == before;
        const std::int64_t other = !m_brush ? before : atEnd ? m_brush->first : m_brush->second;
        m_brush = Period{std::min(other, m_cursorNs), std::max(other, m_cursorNs)};
    }
    refresh();
    tell();
}

void Timeline::keyPressEvent(QKeyEvent* event)
{
    const bool shift = event->modifiers().testFlag(Qt::ShiftModifier);
    switch (event->key()) {
        case Qt::Key_Left: return moveCursor(-kKeyStep, shift);
        case Qt::Key_Right: return moveCursor(kKeyStep, shift);
        case Qt::Key_Home: m_cursorNs = 0; return moveCursor(0, false);
        case Qt::Key_Up:
        case Qt::Key_Down: {
            m_cursorLane =
                std::clamp(m_cursorLane + (event->key() == Qt::Key_Up ? -1 : 1), 0, std::max(0, laneCount() - 1));
            const int top = m_cursorLane * laneHeight();
            verticalScrollBar()->setValue(
                std::clamp(verticalScrollBar()->value(), top + laneHeight() - verticalScrollBar()->pageStep(), top));
            return tell();
        }
        case Qt::Key_Plus:
        case Qt::Key_Equal: return zoom(0.8, m_cursorNs);
        case Qt::Key_Minus: return zoom(1.25, m_cursorNs);
        case Qt::Key_0: m_view.reset(); return refresh();
        case Qt::Key_T:
            if (static_cast<std::size_t>(m_cursorLane) < m_lanes.size())
                emit processChosen(m_lanes[static_cast<std::size_t>(m_cursorLane)]->pid);
            return;
        case Qt::Key_Return:
        case Qt::Key_Enter: return applyBrush();
        case Qt::Key_Escape:
            m_brush.reset();
            emit brushCleared();
            return tell();
        default: QAbstractScrollArea::keyPressEvent(event);
    }
}

void Timeline::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    tell();
}

void Timeline::focusOutEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

}  // namespace belljar
