// How MXC's reader repeats values in its messages.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace belljar {

inline constexpr std::size_t kLongestQuotation = 300;  ///< Bytes of a hostile text that a message repeats.

/// A JSON number as "integer `5`" or "floating point `1.5`".
[[nodiscard]] std::string numberText(std::string_view digits);

/// A string as a quoted literal with escapes, shortened.
[[nodiscard]] std::string quotedText(std::string_view text);

/// MXC repeats nothing of a message about a key that looks like one for a secret.
[[nodiscard]] bool isSecretKey(std::string_view key);

}  // namespace belljar
