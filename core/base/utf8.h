// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, at most U+10FFFF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace belljar {

struct Utf8Character {
    std::uint32_t codePoint = 0;
    std::size_t length = 0;  ///< Bytes; 0: there is no valid character at this place.
};

/// The character at `at`, which must be inside the text.
[[nodiscard]] Utf8Character utf8At(std::string_view text, std::size_t at);

/// A byte inside a character: texts are not cut before it.
[[nodiscard]] constexpr bool isUtf8Continuation(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U;
}

/// `codePoint` must be at most U+10FFFF; surrogates are the caller's matter.
void appendUtf8(std::string& out, std::uint32_t codePoint);

/// Offset of the first byte that is not valid.
[[nodiscard]] std::optional<std::size_t> firstInvalidUtf8(std::string_view text);

}  // namespace belljar
