// Text on its way between the engine (bytes, mostly UTF-8, often hostile) and Qt.
#pragma once

#include <QString>

#include <string>
#include <string_view>

namespace belljar {

/// Data as it may be shown: through visible(), so on one line and without anything that hides, reorders or styles.
[[nodiscard]] QString shown(std::string_view text);

/// The same, shortened in the middle to about `limit` bytes (at least 16).
[[nodiscard]] QString shownElided(std::string_view text, std::size_t limit);

/// The same with a mask for what looks like a secret (core/base/secret_text.h), of which no part is shown.
[[nodiscard]] QString shownWithoutSecrets(std::string_view text, std::size_t limit);
/// Whether that hides something.
[[nodiscard]] bool hidesSecrets(std::string_view text, std::size_t limit);

/// Shortens `text` in the middle for a menu entry, without secrets, and keeps '&' from making a mnemonic.
[[nodiscard]] QString menuText(std::string_view text);

/// What a person typed, as bytes for the engine.
[[nodiscard]] std::string engineText(const QString& text);

/// True when a one-line input can show `text` as it is: nothing in it hides, reorders or breaks the line.
[[nodiscard]] bool fitsLineEdit(std::string_view text);

}  // namespace belljar
