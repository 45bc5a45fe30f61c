// Running a command under one profile after the other, and learning from what it does.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/engine/learn.h"
#include "core/engine/preparation.h"
#include "core/model/event_source.h"
#include "core/model/outcome.h"

namespace belljar::cli {

/// How one run ended, and what was seen.
struct WatchedRun {
    Outcome outcome;
    Losses losses;
    SourceFacts source;
    std::string outputHash;          ///< SHA-256 of standard output, as text.
    std::vector<Undecided> denials;  ///< Once for each object; ordinary misses are left out.
    int signal = 0;                  ///< That asked Belljar to stop; 0: none.
};

/// What stays the same in all runs.
struct RunSetting {
    RunRequest request;  ///< Its profile is replaced.
    const HostFacts* facts = nullptr;
    const BackendList* backends = nullptr;
    bool showOutput = true;  ///< On standard error.
};

/// One enforced run under a profile. `learner` may be nullptr. Standard input is empty. An error when it could not
/// start.
Result<WatchedRun> watchedRun(const RunSetting& setting, const std::string& profile, Learner* learner, unsigned run);

}  // namespace belljar::cli
