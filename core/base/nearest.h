// What somebody meant who mistyped a word: the suggestion of "did you mean".
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace belljar {

/// ASCII letters in lower case, everything else as it is.
[[nodiscard]] std::string lowered(std::string_view text);

/// The one of `known` that a typing mistake turns into `word`, or "": case differs, or at most a third of the letters.
[[nodiscard]] std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known);

}  // namespace belljar
