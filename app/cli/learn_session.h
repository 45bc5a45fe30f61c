// The runs of `belljar learn`: watch, propose, run again under the proposal, until nothing new is asked for.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/cli/learn_rounds.h"
#include "core/engine/learn_profile.h"

namespace belljar::cli {

struct LearnPlan {
    RunSetting setting;
    ProfileFrame frame;  ///< `base` has the command and everything that the user gave.
    LearnOptions options;
    std::vector<std::string> command;
    unsigned rounds = 10;  ///< Runs at most, without those of `minimise`.
    bool permissive = false;
    bool minimise = false;
};

struct LearnResult {
    LearnProposal proposal;
    std::string profile;             ///< Its text.
    std::optional<WatchedRun> last;  ///< Absent: learnt from a recording.
    unsigned runs = 0;
    bool enforced = false;            ///< The last run was one under `profile`, and asked for nothing new.
    std::vector<std::string> unused;  ///< Rules without which it ended the same; not in `profile`.
};

/// Errors: a run could not start.
Result<LearnResult> learnByRunning(LearnPlan plan);

/// The profile for a proposal without running anything; what cannot be granted goes to its undecided.
Result<std::string> profileFor(const LearnPlan& plan, LearnProposal& proposal);

}  // namespace belljar::cli
