// What is known of a session and its rules, as JSON and in words: the same in exports, in answers and on the screen.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/model/event.h"
#include "core/model/event_source.h"
#include "core/model/outcome.h"
#include "core/model/policy.h"

namespace belljar {

[[nodiscard]] std::string placeJson(const SourcePlace& place);
[[nodiscard]] std::string ruleJson(RuleId id, const Rule& rule);
[[nodiscard]] std::string errorJson(const Error& error);
[[nodiscard]] std::string outcomeJson(const Outcome& outcome);
[[nodiscard]] std::string lossesJson(const Losses& losses);
[[nodiscard]] std::string lossesText(const Losses& losses);  ///< For people: how many at which hop.
[[nodiscard]] std::string sourceJson(const SourceFacts& source);

}  // namespace belljar
