// Something a reader should know about a profile or a run: an error that refuses it, a warning, or a note.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/model/policy.h"

namespace belljar {

/// One change of a profile: `pointer` gets the value `json`, or is taken out. A pointer that ends in "/-" appends to a
/// list, which is made when it is missing or null.
struct ProfileChange {
    std::string pointer;
    std::optional<std::string> json;
    bool operator==(const ProfileChange&) const = default;
};

enum class Severity { note, warning, error };

struct Finding {
    Severity severity = Severity::note;
    std::string id;       ///< Stable word for machines, e.g. "path-missing".
    std::string message;  ///< One sentence; may quote hostile text, show through visible().
    SourcePlace place;
    std::string fix;                       ///< What to change; may be empty.
    std::vector<ProfileChange> changes{};  ///< The fix as it can be applied, in this order; empty: a person has to.
};

}  // namespace belljar
