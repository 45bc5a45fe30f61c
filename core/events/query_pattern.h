// Text with wildcards, as it stands in a query: `*` is any run of characters, also of '/', and `?` is one character.
//
// Hand-written because it must be bounded: a match takes at most (pattern x text) steps, whatever both are.
#pragma once

#include <string>
#include <string_view>

namespace belljar {

/// Elements below 256 are bytes of text.
using QueryPattern = std::u16string;
inline constexpr char16_t kAnyRun = 256;
inline constexpr char16_t kAnyOne = 257;

[[nodiscard]] bool hasWildcards(const QueryPattern& pattern);

/// The text in which wildcards are the characters `*` and `?` themselves.
[[nodiscard]] std::string plainText(const QueryPattern& pattern);

/// Whether all of `text`, which may hold any bytes, fits.
[[nodiscard]] bool patternMatches(const QueryPattern& pattern, std::string_view text);

/// As it is written in a query: escaped as visible() does, and quoted where it must be.
[[nodiscard]] std::string writtenPattern(const QueryPattern& pattern);
/// The same for a text in which `*` and `?` mean themselves (after `=`).
[[nodiscard]] std::string writtenText(std::string_view text);

}  // namespace belljar
