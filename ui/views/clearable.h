// Lines of text with a button that empties them.
#pragma once

class QLineEdit;

namespace belljar {

/// Gives `line` the button, with a name: Qt's own has none, and a screen reader would only say "button".
void makeClearable(QLineEdit& line);

}  // namespace belljar
