// Names of computers as rules write them and as programs ask for them.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace belljar {

/// Lower case, without the final dot. Letters, digits, '-' and '_', labels of at most 63, at most 253 in all; no
/// address. International names are refused unless they are written in ASCII ("xn--..."). The error is a clause with a
/// hint.
Result<std::string> parseHostName(std::string_view text);

/// The same for a rule, in which the first labels may be "*": "*.example.org", "*.*.example.org". At least one label is
/// none.
Result<std::string> parseHostPattern(std::string_view text);

/// Each "*" of the pattern stands for exactly one label. Both come from the functions above.
[[nodiscard]] bool matchesHost(std::string_view pattern, std::string_view name);

}  // namespace belljar
