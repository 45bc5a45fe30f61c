// Letters that only look different: ⓛ and ｌ are an l to whoever opens a URL (UTS #46), so they are one to us.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace belljar {

/// `text` with every character of Unicode that is a form of one ASCII character as that character, letters in lower
/// case. What stands for several characters, such as ㏑, stays.
[[nodiscard]] std::string withPlainLetters(std::string_view text);

}  // namespace belljar
