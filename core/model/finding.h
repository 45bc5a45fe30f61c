// Something a reader should know about a profile or a run: an error that refuses it, a warning, or a note.
#pragma once

#include <string>

#include "core/model/policy.h"

namespace belljar {

enum class Severity { note, warning, error };

struct Finding {
    Severity severity = Severity::note;
    std::string id;       ///< Stable word for machines, e.g. "path-missing".
    std::string message;  ///< One sentence; may quote hostile text, show through visible().
    SourcePlace place;
    std::string fix;  ///< What to change; may be empty.
};

}  // namespace belljar
