// Findings and the changes that mend them: what a prepared profile's findings can be mended with, and doing so.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/engine/preparation.h"

namespace belljar {

/// Adds changes to findings of prepare() whose fix is to take an entry out or to write it otherwise.
void addChanges(Preparation& preparation);

struct FixedProfile {
    std::string text;              ///< Other fixes may be left: what is not selected, and what a person has to do.
    std::vector<Finding> applied;  ///< Those whose changes were made, in that order.
};

/// Makes the changes of all findings with an id in `ids` ("all": every finding), one after the other, until there are
/// none left. `request` is prepared with lint. Errors: no such finding, the text is no profile.
Result<FixedProfile> withFixes(RunRequest request, const std::vector<std::string>& ids, const HostFacts& facts,
                               const BackendList& backends);

}  // namespace belljar
