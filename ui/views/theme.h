// The colours of the app: computed so that text has a contrast of at least 4.5:1 and marks of 3:1; in high contrast
// 7:1 and 4.5:1.
#pragma once

#include <QColor>
#include <QPalette>
#include <QString>

#include <optional>

#include "ui/web/profile_editor.h"

namespace belljar {

enum class ThemeChoice { system, light, dark, contrast };

/// "system", "light", "dark" or "contrast"; nothing for other words.
[[nodiscard]] std::optional<ThemeChoice> themeChoice(const QString& word);

/// Colours by role. Text roles are readable on `base` and on `surface`.
struct Theme {
    bool dark = false;
    QColor base;     ///< Behind text and tables.
    QColor surface;  ///< Windows, bars, headers.
    QColor text;
    QColor muted;      ///< Secondary text.
    QColor border;     ///< Lines between things.
    QColor outline;    ///< Around what can be used: boxes and fields, 3:1 against what is around and inside.
    QColor line;       ///< The current line or an alternate row.
    QColor selection;  ///< Behind selected text; `text` is readable on it.
    QColor accent;     ///< Focus, links, the chosen page.
    QColor denied;
    QColor allowed;
    QColor warning;
    QColor key;
    QColor string;
    QColor number;

    static constexpr int kHighlights = 4;
    /// Behind events that a highlight rule marks: all texts are readable on it. `index` below kHighlights.
    [[nodiscard]] QColor highlight(int index) const;
    [[nodiscard]] QPalette palette() const;
    [[nodiscard]] EditorTheme editorTheme() const;
};

enum class ThemeKind { light, dark, contrast };

[[nodiscard]] Theme makeTheme(ThemeKind kind);

/// The theme in use; light until applyTheme() was called.
[[nodiscard]] const Theme& currentTheme();

/// Gives the application the style and palette of `choice` ("system": dark when the system's own palette is).
void applyTheme(ThemeChoice choice);

/// The contrast of two opaque colours as WCAG 2 defines it: 1 to 21.
[[nodiscard]] double contrastRatio(const QColor& a, const QColor& b);

/// `colour` made darker or lighter, whatever is nearer to done, until it has `ratio` against every background.
[[nodiscard]] QColor withContrast(const QColor& colour, const QList<QColor>& backgrounds, double ratio);

}  // namespace belljar
