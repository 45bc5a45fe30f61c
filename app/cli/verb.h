// The verbs of the command line. Each is one function in a file of its own; main.cpp has the table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace belljar::cli {

/// Exit codes of all verbs but `run` and `plan -- CMD`, whose other codes may be the program's.
inline constexpr int kOk = 0;
inline constexpr int kProblem = 1;          ///< It worked and the answer is no; or it could not be done.
inline constexpr int kUsage = 2;            ///< The command line is wrong.
inline constexpr int kNotAsExpected = 123;   ///< `run`: an expectation is not met.
inline constexpr int kRunFailure = 125;     ///< `run`: Belljar itself failed, also at the command line.
inline constexpr int kNoSuchCommand = 127;  ///< `run`: as a shell says it.

using Arguments = std::vector<std::string>;  ///< What follows the verb.

int runVerb(const Arguments& arguments);
int checkVerb(const Arguments& arguments);
int planVerb(const Arguments& arguments);
int newVerb(const Arguments& arguments);
int editVerb(const Arguments& arguments);
int diffVerb(const Arguments& arguments);
int explainVerb(const Arguments& arguments);
int eventsVerb(const Arguments& arguments);
int probeVerb(const Arguments& arguments);
int schemaVerb(const Arguments& arguments);
int exportVerb(const Arguments& arguments);
int learnVerb(const Arguments& arguments);
int migrateVerb(const Arguments& arguments);
int versionVerb(const Arguments& arguments);
int sessionsVerb(const Arguments& arguments);
int policyVerb(const Arguments& arguments);
int answerVerb(const Arguments& arguments);
int freezeVerb(const Arguments& arguments);
int thawVerb(const Arguments& arguments);
int killVerb(const Arguments& arguments);

/// `belljar mxc`, and the whole program under the name of MXC's executor.
int mxcExecutor(const Arguments& arguments);

}  // namespace belljar::cli
