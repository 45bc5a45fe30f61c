// The rule of an answer that is to hold always, in the profile's own text.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/model/network_question.h"

namespace belljar {

/// `text` with the rule as one more element of its list; everything else stays byte for byte. An error when the profile
/// would not be right with it, as those of a schema before 0.8 with a rule by address.
Result<std::string> withAnswer(std::string text, const std::string& name, const NetworkAnswered& answered);

/// The same for the file of a profile, which is replaced as a whole.
Result<void> writeAnswer(const std::string& path, const NetworkAnswered& answered);

}  // namespace belljar
