// A problem in the very words in which MXC's executor reports it, for those who read its output.
#pragma once

#include <string>

#include "core/config/config_io.h"

namespace belljar {

/// "Invalid configuration at `process.env`: invalid type: map, expected a sequence at line 1 column 69". Hostile text
/// in it is already escaped as MXC does; the result is one line of printable text.
[[nodiscard]] std::string mxcSentence(const JsonText& text, const ConfigProblem& problem);

}  // namespace belljar
