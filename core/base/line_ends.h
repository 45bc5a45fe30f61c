// Line ends of texts that people edit on more than one system.
#pragma once

#include <string>

namespace belljar {

/// Every line end of `text` as "\n"; true when all of them were "\r\n", so that writing can restore them.
bool normalizeLineEnds(std::string& text);

/// The opposite: every "\n" as "\r\n".
[[nodiscard]] std::string withWindowsLineEnds(const std::string& text);

}  // namespace belljar
