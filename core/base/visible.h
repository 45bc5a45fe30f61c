// The one escaper for text that may come from a sandbox, a profile or a recording.
//
// Everything that reaches a terminal or a widget goes through visible(), so that control characters, bidi overrides,
// zero-width characters and broken UTF-8 are seen as what they are and can neither style nor script what we show.
#pragma once

#include <string>
#include <string_view>

namespace belljar {

enum class EscapeStyle {
    belljar,  ///< Unambiguous.
    mxc,      ///< `\u{1b}` for all that has no letter, and a backslash stays one: for output that MXC's users compare.
};

/// `text` with every C0/C1 control, bidi control, zero-width or other invisible formatting character and every byte
/// that is not valid UTF-8 replaced by a printable escape (`\n`, `\t`, `\x1b`, `\u{202e}`, `\xff`); a backslash
/// becomes `\\` so that the result is unambiguous. The result is valid UTF-8 on a single line.
[[nodiscard]] std::string visible(std::string_view text, EscapeStyle style = EscapeStyle::belljar);

/// True when `visible(text) == text`, i.e. the text holds nothing that needs escaping.
[[nodiscard]] bool isPlainlyVisible(std::string_view text);

/// `visible(text)`, shortened in the middle with "…" to at most `limit` bytes (limit ≥ 16) on character borders.
[[nodiscard]] std::string visibleElided(std::string_view text, std::size_t limit);

/// `text` as one JSON string literal including the quotes, safe for any input: invalid UTF-8 becomes U+FFFD.
[[nodiscard]] std::string jsonQuote(std::string_view text);

/// One argument as a POSIX shell word: unchanged when harmless, otherwise single-quoted.
[[nodiscard]] std::string shellQuote(std::string_view argument);

}  // namespace belljar
