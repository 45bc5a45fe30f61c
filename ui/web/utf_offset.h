// Offsets in UTF-8 bytes (the document) and in UTF-16 code units (Qt and the page).
#pragma once

#include <QString>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace belljar {

/// UTF-16 units of the first `bytes` bytes of `text`, which is valid UTF-8. `bytes` past the end counts as the end.
[[nodiscard]] inline qsizetype utf16Offset(std::string_view text, std::size_t bytes)
{
    qsizetype units = 0;
    for (const char c : text.substr(0, bytes)) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xc0U) != 0x80U) units += byte >= 0xf0U ? 2 : 1;
    }
    return units;
}

/// The byte offset of UTF-16 unit `units` of the same text; a unit inside a pair counts as the pair's beginning.
[[nodiscard]] inline std::size_t utf8Offset(std::string_view text, qsizetype units)
{
    std::size_t i = 0;
    while (i < text.size() && units > 0) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const std::size_t length = byte >= 0xf0U ? 4 : byte >= 0xe0U ? 3 : byte >= 0xc0U ? 2 : 1;
        units -= length == 4 ? 2 : 1;
        if (units < 0) break;
        i += length;
    }
    return std::min(i, text.size());
}

}  // namespace belljar
