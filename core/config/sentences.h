// Pieces of the sentences that readers of profiles say: shortened quotations, lists, "did you mean".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/nearest.h"

namespace belljar {

/// `text` as it is, cut to about `limit` bytes with "…" in the middle, on UTF-8 borders. Not escaped: show it through
/// visible().
[[nodiscard]] std::string shortened(std::string_view text, std::size_t limit);

/// What to do about a key that was given before.
[[nodiscard]] std::string duplicateHint(std::uint32_t firstLine);

[[nodiscard]] bool equalsIgnoringCase(std::string_view a, std::string_view b);

/// "`a`", "`a` or `b`", "one of `a`, `b`, `c`"
[[nodiscard]] std::string oneOf(const std::vector<std::string_view>& words);

/// "a string", "an array", "null".
[[nodiscard]] std::string withArticle(std::string_view noun);

}  // namespace belljar
