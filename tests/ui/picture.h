// A picture for the documentation: few colours, so that it is small, and a check that something is on it.
#pragma once

#include <QImage>
#include <QString>

namespace belljar::test {

/// With at most 72 colours, which halves the size: the theme's, with the edges of letters between them and what is
/// behind, then the most frequent others. What is left becomes the nearest of those.
[[nodiscard]] QImage withFewColours(const QImage& image);

/// Why `image` shows nothing worth looking at (hardly a colour, or hardly anything on the background); empty when it
/// does.
[[nodiscard]] QString whyBlank(const QImage& image);

}  // namespace belljar::test
