// The option --filter of verbs that show events.
#pragma once

#include <string>

#include "core/events/query.h"

namespace belljar::cli {

/// False: `text` was no query, and that has been said, with a caret or as JSON.
[[nodiscard]] bool parseFilter(const std::string& text, Query& query, bool json);

}  // namespace belljar::cli
