#include "ui/views/theme.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QPainter>
#include <QProxyStyle>
#include <QStyle>
#include <QStyleFactory>
#include <QStyleOption>

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/views/icons.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr double kTextContrast = 4.5;
constexpr double kMarkContrast = 3.0;
constexpr double kHighTextContrast = 7.0;
constexpr double kHighMarkContrast = 4.5;
constexpr int kSteps = 100;
// Pixels.
constexpr int kItemMargin = 5;
constexpr int kItemSpacing = 4;
constexpr int kButtonMargin = 12;
constexpr int kFieldMargin = 3;

Theme g_theme = makeTheme(ThemeKind::light);

double luminance(const QColor& colour)
{
    const auto linear = [](double c) { return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

QColor mixed(const QColor& from, const QColor& to, float share)
{
    const auto mix = [share](float a, float b) { return std::clamp(a + (b - a) * share, 0.0F, 1.0F); };
    return QColor::fromRgbF(mix(from.redF(), to.redF()), mix(from.greenF(), to.greenF()),
                            mix(from.blueF(), to.blueF()));
}

/// Fusion draws everything from the palette, on every system; only its outlines of fields and boxes come from the
/// window's colour and vanish where that is dark.
class BelljarStyle : public QProxyStyle {
public:
    BelljarStyle() : QProxyStyle(QStyleFactory::create(u"Fusion"_s)) {}

    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override
    {
        if (element == PE_PanelItemViewItem) return drawItem(*option, *painter, widget);
        if (element == PE_FrameFocusRect && qobject_cast<const QAbstractItemView*>(widget) != nullptr)
            return frame(*option, *painter, g_theme.accent);
        if (element == PE_IndicatorTabClose) return drawTabClose(*option, *painter);
        if (element == PE_Frame) return frame(*option, *painter, g_theme.border);
        QProxyStyle::drawPrimitive(element, option, painter, widget);
        if (element != PE_FrameLineEdit && element != PE_IndicatorCheckBox) return;
        const bool focused = option->state.testFlag(State_HasFocus);
        const bool enabled = option->state.testFlag(State_Enabled);
        const QColor colour = focused ? g_theme.accent : enabled ? g_theme.outline : g_theme.border;
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(colour, 1));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
        painter->restore();
    }

    /// Room around text: Fusion puts it at the very edge of cells, lists, buttons and fields.
    int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override
    {
        if (metric == PM_FocusFrameHMargin) return kItemMargin;
        if (metric == PM_HeaderMargin) return kItemMargin;
        return QProxyStyle::pixelMetric(metric, option, widget);
    }

    QSize sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                           const QWidget* widget) const override
    {
        QSize needed = QProxyStyle::sizeFromContents(type, option, size, widget);
        if (type == CT_PushButton) needed.setWidth(std::max(needed.width(), size.width() + 2 * kButtonMargin));
        if (type == CT_ItemViewItem) needed.rheight() += kItemSpacing;
        if (type == CT_LineEdit) needed.rheight() += 2;
        return needed;
    }

    QRect subElementRect(SubElement element, const QStyleOption* option, const QWidget* widget) const override
    {
        const QRect rect = QProxyStyle::subElementRect(element, option, widget);
        return element == SE_LineEditContents ? rect.adjusted(kFieldMargin, 0, -kFieldMargin, 0) : rect;
    }

    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                  QStyleHintReturn* answer) const override
    {
        // Fusion's icons of OK and Cancel are of another time, and none of ours.
        if (hint == SH_DialogButtonBox_ButtonsHaveIcons) return 0;
        return QProxyStyle::styleHint(hint, option, widget, answer);
    }

    QIcon standardIcon(StandardPixmap pixmap, const QStyleOption* option, const QWidget* widget) const override
    {
        return pixmap == SP_LineEditClearButton ? icon(u"close"_s) : QProxyStyle::standardIcon(pixmap, option, widget);
    }

private:
    static void frame(const QStyleOption& option, QPainter& painter, const QColor& colour)
    {
        painter.save();
        painter.setPen(QPen(colour, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5));
        painter.restore();
    }

    /// Flat, in the colours of the theme.
    static void drawItem(const QStyleOption& option, QPainter& painter, const QWidget* widget)
    {
        const auto* item = qstyleoption_cast<const QStyleOptionViewItem*>(&option);
        if (item == nullptr) return;
        if (item->backgroundBrush.style() != Qt::NoBrush) painter.fillRect(item->rect, item->backgroundBrush);
        const bool isActive = widget == nullptr || widget->isEnabled();
        if (item->state.testFlag(State_Selected) && isActive) painter.fillRect(item->rect, g_theme.selection);
    }

    static void drawTabClose(const QStyleOption& option, QPainter& painter)
    {
        const bool pointed = option.state.testFlag(State_MouseOver);
        const int size = std::min(option.rect.width(), option.rect.height()) - 2;
        const double ratio = painter.device()->devicePixelRatioF();
        const QPixmap drawn = iconPixmap(u"close"_s, pointed ? g_theme.denied : g_theme.muted, size, ratio);
        painter.drawPixmap(option.rect.center() - QPoint(size / 2, size / 2), drawn);
    }
};

bool systemIsDark()
{
    // What the platform gave before this app changed anything.
    static const bool kDark = QApplication::palette().color(QPalette::Window).lightnessF() < 0.5F;
    return kDark;
}

}  // namespace

std::optional<ThemeChoice> themeChoice(const QString& word)
{
    if (word == "system"_L1) return ThemeChoice::system;
    if (word == "light"_L1) return ThemeChoice::light;
    if (word == "dark"_L1) return ThemeChoice::dark;
    if (word == "contrast"_L1) return ThemeChoice::contrast;
    return std::nullopt;
}

double contrastRatio(const QColor& a, const QColor& b)
{
    const double first = luminance(a);
    const double second = luminance(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

QColor withContrast(const QColor& colour, const QList<QColor>& backgrounds, double ratio)
{
    const auto enough = [&](const QColor& candidate) {
        return std::all_of(backgrounds.begin(), backgrounds.end(),
                           [&](const QColor& background) { return contrastRatio(candidate, background) >= ratio; });
    };
    for (int step = 0; step <= kSteps; ++step) {
        const float share = static_cast<float>(step) / kSteps;
        for (const QColor& end : {QColor(Qt::black), QColor(Qt::white)}) {
            // Rounded to what a screen shows, so that the check is about the real colour.
            const QColor candidate(mixed(colour, end, share).rgb());
            if (enough(candidate)) return candidate;
        }
    }
    return luminance(backgrounds.value(0)) > 0.18 ? Qt::black : Qt::white;
}

Theme makeTheme(ThemeKind kind)
{
    const bool dark = kind != ThemeKind::light;
    const bool high = kind == ThemeKind::contrast;
    Theme theme;
    theme.dark = dark;
    theme.base = high ? QColor(Qt::black) : dark ? QColor(0x1c, 0x1f, 0x24) : QColor(0xff, 0xff, 0xff);
    theme.surface = high ? QColor(Qt::black) : dark ? QColor(0x26, 0x2a, 0x31) : QColor(0xf3, 0xf4, 0xf6);
    theme.line = mixed(theme.base, dark ? Qt::white : Qt::black, 0.04F);
    const QColor accent = dark ? QColor(0x6f, 0xa8, 0xff) : QColor(0x1f, 0x5f, 0xd0);
    theme.selection = mixed(theme.base, accent, dark ? 0.32F : 0.20F);
    const QList<QColor> backgrounds{theme.base, theme.surface, theme.line, theme.selection};
    const auto readable = [&](QColor colour) {
        return withContrast(colour, backgrounds, high ? kHighTextContrast : kTextContrast);
    };
    theme.text = readable(high ? QColor(Qt::white) : dark ? QColor(0xe6, 0xe8, 0xec) : QColor(0x1b, 0x1f, 0x26));
    theme.muted = readable(dark ? QColor(0xa2, 0xa9, 0xb4) : QColor(0x5a, 0x62, 0x6e));
    theme.border = mixed(theme.surface, theme.text, high ? 0.6F : 0.22F);
    theme.outline = withContrast(theme.border, {theme.base, theme.surface}, high ? kHighMarkContrast : kMarkContrast);
    theme.accent = readable(accent);
    theme.denied = readable(dark ? QColor(0xff, 0x8a, 0x80) : QColor(0xb3, 0x26, 0x1e));
    theme.allowed = readable(dark ? QColor(0x7f, 0xd1, 0x8b) : QColor(0x1a, 0x6e, 0x2e));
    theme.warning = readable(dark ? QColor(0xf0, 0xc0, 0x60) : QColor(0x8a, 0x5a, 0x00));
    theme.key = readable(dark ? QColor(0x8a, 0xb8, 0xff) : QColor(0x1b, 0x4f, 0xb0));
    theme.string = readable(dark ? QColor(0x9f, 0xd8, 0xa8) : QColor(0x1c, 0x66, 0x30));
    theme.number = readable(dark ? QColor(0xe8, 0xb8, 0x6a) : QColor(0x83, 0x4a, 0x00));
    return theme;
}

QColor Theme::highlight(int index) const
{
    const std::array<QColor, kHighlights> hues{accent, warning, allowed, number};
    const QColor& hue = hues[static_cast<std::size_t>(index)];
    const auto isReadable = [&](const QColor& behind) {
        const QList<QColor> fronts{text, muted, denied, allowed};
        return std::all_of(fronts.begin(), fronts.end(),
                           [&](const QColor& front) { return contrastRatio(front, behind) >= kTextContrast; });
    };
    float share = 0.22F;
    while (share > 0.02F && !isReadable(mixed(base, hue, share))) share -= 0.02F;
    return mixed(base, hue, share);
}

QPalette Theme::palette() const
{
    QPalette palette(text, surface, mixed(surface, Qt::white, 0.2F), mixed(surface, Qt::black, 0.4F), border, text,
                     base);
    palette.setColor(QPalette::AlternateBase, line);
    palette.setColor(QPalette::BrightText, denied);
    palette.setColor(QPalette::Button, surface);
    palette.setColor(QPalette::ButtonText, text);
    palette.setColor(QPalette::Highlight, selection);
    palette.setColor(QPalette::HighlightedText, text);
    palette.setColor(QPalette::Link, accent);
    palette.setColor(QPalette::LinkVisited, accent);
    palette.setColor(QPalette::PlaceholderText, muted);
    palette.setColor(QPalette::ToolTipBase, base);
    palette.setColor(QPalette::ToolTipText, text);
    palette.setColor(QPalette::Light, mixed(surface, Qt::white, dark ? 0.12F : 0.8F));
    palette.setColor(QPalette::Mid, border);
    for (const QPalette::ColorRole role : {QPalette::Text, QPalette::WindowText, QPalette::ButtonText}) {
        palette.setColor(QPalette::Disabled, role, mixed(surface, text, 0.55F));
    }
    palette.setColor(QPalette::Disabled, QPalette::Highlight, border);
    return palette;
}

EditorTheme Theme::editorTheme() const
{
    return {dark,
            {{u"base"_s, base},
             {u"surface"_s, surface},
             {u"text"_s, text},
             {u"muted"_s, muted},
             {u"border"_s, border},
             {u"line"_s, line},
             {u"selection"_s, selection},
             {u"accent"_s, accent},
             {u"key"_s, key},
             {u"string"_s, string},
             {u"number"_s, number},
             {u"error"_s, denied}}};
}

const Theme& currentTheme()
{
    return g_theme;
}

void applyTheme(ThemeChoice choice)
{
    const bool systemDark = systemIsDark();
    const bool dark = choice == ThemeChoice::system ? systemDark : choice == ThemeChoice::dark;
    g_theme = makeTheme(choice == ThemeChoice::contrast ? ThemeKind::contrast
                        : dark                          ? ThemeKind::dark
                                                        : ThemeKind::light);
    static bool styled = false;
    if (!styled) QApplication::setStyle(new BelljarStyle);
    styled = true;
    QApplication::setPalette(g_theme.palette());
}

}  // namespace belljar
