// The app's own icons, drawn in the colour of the text around them, at any size.
#pragma once

#include <QColor>
#include <QIcon>
#include <QString>

namespace belljar {

/// The built-in icon `name` (a file of resources/icons without ".svg") in the palette's button-text colour: it follows
/// the theme. A programming error when there is no such icon.
[[nodiscard]] QIcon icon(const QString& name);

/// The same drawn once in one colour, `size` in device-independent pixels.
[[nodiscard]] QPixmap iconPixmap(const QString& name, const QColor& colour, int size, double pixelRatio);

/// The window's icon, in its own colours.
[[nodiscard]] QIcon applicationIcon();

}  // namespace belljar
