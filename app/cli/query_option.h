// Options of verbs that take a query about events.
#pragma once

#include <string>

#include "core/events/query.h"

namespace belljar::cli {

/// False: `text` of that option was no query, and that has been said, with a caret or as JSON.
[[nodiscard]] bool parseQueryOption(const std::string& option, const std::string& text, Query& query, bool json);

}  // namespace belljar::cli
