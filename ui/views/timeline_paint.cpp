// How the timeline looks.
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

#include "ui/models/shown_text.h"
#include "ui/views/theme.h"
#include "ui/views/timeline.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr int kNarrowestGap = 9;
constexpr double kLowest = 0.4;     ///< Of a lane's height: what one event is drawn with.
constexpr double kNarrowest = 2.5;  ///< Pixels.
constexpr double kWedge = 3.5;      ///< Half of a denial's wedge, in pixels.

/// 1, 2 or 5 times a power of ten: the distance of marks on the axis.
std::int64_t niceStep(double atLeast)
{
    const double power = std::pow(10.0, std::floor(std::log10(std::max(1.0, atLeast))));
    for (const double factor : {1.0, 2.0, 5.0})
        if (power * factor >= atLeast) return static_cast<std::int64_t>(power * factor);
    return static_cast<std::int64_t>(power * 10);
}

}  // namespace

void Timeline::paintEvent(QPaintEvent*)
{
    QPainter painter(viewport());
    const Theme& theme = currentTheme();
    painter.fillRect(viewport()->rect(), theme.base);
    if (laneCount() == 0) {
        painter.setPen(theme.muted);
        painter.drawText(viewport()->rect(), Qt::AlignCenter, tr("The timeline shows what happens when."));
    } else {
        for (int lane = 0; lane < laneCount(); ++lane) paintLane(painter, lane);
        paintOverlay(painter);
    }
    paintAxis(painter);
    if (!hasFocus()) return;
    painter.setPen(QPen(theme.accent, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(viewport()->rect().adjusted(0, 0, -1, -1));
}

void Timeline::paintLane(QPainter& painter, int lane) const
{
    const int top = laneTop(lane);
    if (top + laneHeight() < axisHeight() || top > viewport()->height()) return;
    const Theme& theme = currentTheme();
    const QRect row(0, top, viewport()->width(), laneHeight());
    if (hasFocus() && lane == m_cursorLane) painter.fillRect(row, theme.selection);
    else if (lane % 2 == 1) painter.fillRect(row, theme.line);
    painter.setPen(theme.text);
    const QRect label(6, top, labelWidth() - 12, laneHeight());
    painter.drawText(label, Qt::AlignVCenter | Qt::AlignLeft,
                     fontMetrics().elidedText(laneName(lane), Qt::ElideMiddle, label.width()));
    painter.save();
    painter.setClipRect(QRect(labelWidth(), axisHeight(), viewport()->width() - labelWidth(), viewport()->height()));
    const std::size_t level = m_activity.levelFor(static_cast<std::int64_t>(nsPerPixel()));
    const bool isOthers = static_cast<std::size_t>(lane) >= m_lanes.size();
    paintBins(painter, isOthers ? m_others : m_lanes[static_cast<std::size_t>(lane)]->bins[level], level, top);
    painter.restore();
}

void Timeline::paintBins(QPainter& painter, const std::vector<Activity::Bin>& bins, std::size_t level, int top) const
{
    const Theme& theme = currentTheme();
    const auto [from, to] = view();
    const std::int64_t width = m_activity.binNs(level);
    const auto firstBin = static_cast<std::uint32_t>(std::max<std::int64_t>(0, from) / width);
    const double pixels = std::max(kNarrowest, static_cast<double>(width) / nsPerPixel());
    const int room = laneHeight() - 3;
    auto bin = std::lower_bound(bins.begin(), bins.end(), firstBin,
                                [](const Activity::Bin& b, std::uint32_t wanted) { return b.number < wanted; });
    QPainterPath denied;
    double lastWedge = -2 * kWedge;
    for (; bin != bins.end() && static_cast<std::int64_t>(bin->number) * width <= to; ++bin) {
        if (bin->count == 0) continue;
        const double x = xOf(static_cast<std::int64_t>(bin->number) * width);
        // Logarithmic: one event is to be seen beside a thousand.
        const double height = std::clamp(std::log2(1.0 + bin->count) / 12.0, kLowest, 1.0) * room;
        painter.fillRect(QRectF(x, top + 1 + room - height, pixels, height), theme.accent);
        if (bin->denied == 0 || x - lastWedge < kWedge) continue;
        lastWedge = x;
        const double middle = x + pixels / 2;
        denied.moveTo(middle - kWedge, top + 1);
        denied.lineTo(middle + kWedge, top + 1);
        denied.lineTo(middle, top + 1 + 2 * kWedge);
        denied.closeSubpath();
    }
    if (denied.isEmpty()) return;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.base, 1));
    painter.setBrush(theme.denied);
    painter.drawPath(denied);
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void Timeline::paintOverlay(QPainter& painter) const
{
    const Theme& theme = currentTheme();
    const int bottom = viewport()->height();
    painter.save();
    painter.setClipRect(QRect(labelWidth(), axisHeight(), viewport()->width() - labelWidth(), bottom));
    painter.setPen(QPen(theme.denied, 1));
    for (const Activity::Gap& gap : m_activity.gaps()) {
        const double middle = (xOf(gap.fromNs) + xOf(gap.toNs)) / 2;
        const double pixels = std::max<double>(kNarrowestGap, xOf(gap.toNs) - xOf(gap.fromNs));
        const QRectF band(middle - pixels / 2, axisHeight(), pixels, bottom - axisHeight());
        painter.fillRect(band, theme.base);
        painter.setBrush(QBrush(theme.denied, Qt::BDiagPattern));
        painter.drawRect(band);
    }
    if (m_brush) {
        QColor chosen = theme.accent;
        chosen.setAlpha(40);
        const double x = xOf(m_brush->first);
        const QRectF area(x, axisHeight(), std::max(1.0, xOf(m_brush->second) - x), bottom - axisHeight());
        painter.fillRect(area, chosen);
        painter.setPen(QPen(theme.accent, 1));
        painter.drawLine(area.topLeft(), area.bottomLeft());
        painter.drawLine(area.topRight(), area.bottomRight());
    }
    if (hasFocus()) {
        painter.setPen(QPen(theme.accent, 1, Qt::DashLine));
        const int x = static_cast<int>(xOf(m_cursorNs));
        painter.drawLine(x, axisHeight(), x, bottom);
    }
    painter.restore();
}

void Timeline::paintAxis(QPainter& painter) const
{
    const Theme& theme = currentTheme();
    if (laneCount() == 0) return;
    painter.fillRect(QRect(0, 0, viewport()->width(), axisHeight()), theme.surface);
    const auto [from, to] = view();
    const std::int64_t step = niceStep(nsPerPixel() * fontMetrics().averageCharWidth() * 14);
    const int digits = std::clamp(9 - static_cast<int>(std::floor(std::log10(static_cast<double>(step)))), 0, 6);
    painter.setPen(theme.muted);
    for (std::int64_t time = (from + step - 1) / step * step; time <= to; time += step) {
        const int x = static_cast<int>(xOf(time));
        painter.drawLine(x, axisHeight() - 4, x, axisHeight());
        const QString text = tr("%1 s").arg(QString::number(static_cast<double>(time) / 1e9, 'f', digits));
        const QRect place(x + 3, 0, fontMetrics().horizontalAdvance(text), axisHeight() - 2);
        if (place.right() < viewport()->width())  // Not half of it.
            painter.drawText(place, Qt::AlignVCenter | Qt::AlignLeft, text);
    }
    QString legend = tr("Processes");
    if (!m_activity.gaps().empty()) legend = tr("Events missing");
    painter.setPen(m_activity.gaps().empty() ? theme.muted : theme.denied);
    painter.drawText(QRect(6, 0, labelWidth() - 12, axisHeight() - 2), Qt::AlignVCenter | Qt::AlignLeft, legend);
}

}  // namespace belljar
