// What `belljar learn` tells: the proposal with its evidence, for people and for programs.
#pragma once

#include <string>

#include "app/cli/learn_session.h"

namespace belljar::cli {

/// "" when the profile can be called complete; otherwise one sentence.
[[nodiscard]] std::string whyNotComplete(const LearnResult& result, bool permissive);

[[nodiscard]] std::string learnText(const LearnResult& result, bool permissive);
[[nodiscard]] std::string learnJson(const LearnResult& result, bool permissive);

/// One line for each, "open /etc/x, 3 times: the rule".
[[nodiscard]] std::string denialsText(const std::vector<Undecided>& denials);

}  // namespace belljar::cli
