// What editors say about a field, and how they insert a completion: the same in every editor.
#pragma once

#include <QString>

#include "core/config/completion.h"

namespace belljar {

/// Title, type, help, since which schema and on which systems: several lines of plain text.
[[nodiscard]] QString fieldHelp(const FieldInfo& field);

/// What a list of completions shows: as it is written in the text, with quotes.
[[nodiscard]] std::string completionLabel(const Completion& item);

/// Where in the inserted text the cursor goes on, in bytes: into the quotes or brackets of an empty value.
[[nodiscard]] std::size_t completionCursor(const Completion& item);

}  // namespace belljar
