// Questions and answers of a session as the text that goes over its control socket. Private to core/engine.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/network_question.h"

namespace belljar {

/// {"questions": [...]}
[[nodiscard]] std::string questionsText(const std::vector<NetworkQuestion>& questions);
/// What is not understood is left out.
[[nodiscard]] std::vector<NetworkQuestion> questionsFromText(const std::string& text);

/// {"number", "choice", "allow", "span"}
[[nodiscard]] std::string answerText(const NetworkAnswer& answer);
/// Of a request, which also says what to do.
Result<NetworkAnswer> answerFromText(const std::string& text, const std::string& by);

[[nodiscard]] std::string answeredText(const NetworkAnswered& answered);
[[nodiscard]] NetworkAnswered answeredFromText(const std::string& text);

}  // namespace belljar
