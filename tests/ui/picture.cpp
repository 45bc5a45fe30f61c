#include "tests/ui/picture.h"

#include <QHash>

#include <algorithm>

#include "ui/views/theme.h"

namespace belljar::test {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMostColours = 72;
constexpr qsizetype kFewestColours = 12;  ///< Text alone has that many, by its edges.
constexpr double kEmptyShare = 0.995;     ///< Of the pixels: one colour everywhere.

QHash<QRgb, qint64> countColours(const QImage& image)
{
    QHash<QRgb, qint64> counts;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) ++counts[image.pixel(x, y)];
    return counts;
}

}  // namespace

QImage withFewColours(const QImage& image)
{
    const Theme& theme = currentTheme();
    QList<QRgb> colours;
    const auto add = [&colours](QRgb colour) {
        if (colours.size() < kMostColours && !colours.contains(colour)) colours.append(colour);
    };
    const QList<QColor> backs{theme.base, theme.surface, theme.line, theme.selection};
    const QList<QColor> fronts{theme.text,    theme.muted, theme.accent, theme.denied,
                               theme.allowed, theme.key,   theme.string};
    for (const QColor& colour :
         backs + fronts + QList<QColor>{theme.number, theme.warning, theme.outline, theme.border})
        add(colour.rgb());
    for (const QColor& front : fronts) {
        for (const int percent : {30, 60}) {
            const auto mix = [percent](int x, int y) { return x + (y - x) * percent / 100; };
            add(qRgb(mix(theme.base.red(), front.red()), mix(theme.base.green(), front.green()),
                     mix(theme.base.blue(), front.blue())));
        }
    }
    const QHash<QRgb, qint64> counts = countColours(image);
    QList<QRgb> others = counts.keys();
    std::sort(others.begin(), others.end(), [&](QRgb a, QRgb b) { return counts[a] > counts[b]; });
    for (const QRgb colour : others) add(colour);
    return image.convertToFormat(QImage::Format_Indexed8, colours, Qt::ThresholdDither | Qt::AvoidDither);
}

QString whyBlank(const QImage& image)
{
    if (image.isNull()) return u"there is no picture"_s;
    const QHash<QRgb, qint64> counts = countColours(image);
    if (counts.size() < kFewestColours) return u"it has %1 colours only"_s.arg(counts.size());
    const qint64 most = *std::max_element(counts.cbegin(), counts.cend());
    const double share = static_cast<double>(most) / (static_cast<double>(image.width()) * image.height());
    return share > kEmptyShare ? u"%1 % of it is of one colour"_s.arg(100 * share, 0, 'f', 1) : QString();
}

}  // namespace belljar::test
