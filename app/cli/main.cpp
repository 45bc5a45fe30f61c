// belljar: the command line. Looks up the verb and leaves everything else to it.
#include <algorithm>
#include <array>
#include <exception>

#include "app/cli/output.h"
#include "app/cli/verb.h"
#include "core/base/visible.h"
#include "core/platform/platform.h"

namespace {

using namespace belljar;
using namespace belljar::cli;

struct Verb {
    std::string_view name;
    std::string_view summary;
    int (*run)(const Arguments&);
};

constexpr std::array kVerbs{
    Verb{"run", "Run a command under a profile", runVerb},
    Verb{"new", "Print a profile to begin with", newVerb},
    Verb{"edit", "Change a profile and leave the rest of its text", editVerb},
    Verb{"check", "Look for mistakes in profiles", checkVerb},
    Verb{"diff", "Say what one profile allows more or less than another", diffVerb},
    Verb{"plan", "Show how a run would be set up, without running", planVerb},
    Verb{"explain", "Say whether a profile allows something, and which line decides", explainVerb},
    Verb{"events", "Show a recording", eventsVerb},
    Verb{"sessions", "List what runs in sandboxes now", sessionsVerb},
    Verb{"answer", "Show or answer what a running session asks", answerVerb},
    Verb{"policy", "Show or change what a running session may reach", policyVerb},
    Verb{"freeze", "Stop a running session's processes", freezeVerb},
    Verb{"thaw", "Let a frozen session go on", thawVerb},
    Verb{"kill", "End a running session", killVerb},
    Verb{"learn", "Run a command and propose the narrowest profile for it", learnVerb},
    Verb{"export", "Write a profile and options as one self-contained profile", exportVerb},
    Verb{"migrate", "Rewrite a profile of an older schema for 0.8", migrateVerb},
    Verb{"mxc", "Stand in for MXC's executor: its command line, its exit codes", mxcExecutor},
    Verb{"probe", "Say which containments this machine can run", probeVerb},
    Verb{"schema", "Print the JSON Schema of profiles", schemaVerb},
    Verb{"version", "Print the version", versionVerb},
};

std::string overview()
{
    std::string text =
        "belljar puts an untrusted program under a bell jar: a profile says what it may reach,\n"
        "and everything it tries is seen.\n\n"
        "Usage: belljar VERB [OPTIONS]\n\n";
    for (const Verb& verb : kVerbs) {
        text += "  ";
        text += verb.name;
        text.append(10 - verb.name.size(), ' ');
        text += verb.summary;
        text += '\n';
    }
    return text +
           "  help      Print this, or the options of a verb: belljar help run\n\n"
           "For example: belljar run --rw . -- make\n";
}

int usageCodeOf(std::string_view verb)
{
    return verb == "run" || verb == "mxc" ? kRunFailure : kUsage;
}

int dispatch(const std::string& name, const Arguments& arguments)
{
    if (name == "help" && !arguments.empty()) return dispatch(arguments.front(), {"--help"});
    if (name == "help" || name == "--help" || name == "-h") {
        printOut(overview());
        return kOk;
    }
    if (name == "--version") return versionVerb({});
    const auto verb = std::find_if(kVerbs.begin(), kVerbs.end(), [&](const Verb& v) { return v.name == name; });
    if (verb == kVerbs.end()) {
        printErr("belljar: there is no verb \"" + visible(name) + "\"\n  fix: belljar help lists them.\n");
        return kUsage;
    }
    const int code = verb->run(arguments);
    if (outputArrived()) return code;
    printErr("belljar: standard output could not be written\n");
    return usageCodeOf(name) == kRunFailure ? kRunFailure : kProblem;
}

/// The program's own name, without folders and without ".exe".
std::string programName(std::string path)
{
    if (const std::size_t slash = path.find_last_of("/\\"); slash != std::string::npos) path.erase(0, slash + 1);
    if (path.ends_with(".exe")) path.resize(path.size() - 4);
    return path;
}

/// The names under which MXC's tools look for their executor on Linux, Windows and macOS.
bool isMxcExecutor(std::string_view name)
{
    return name == "lxc-exec" || name == "wxc-exec" || name == "mxc-exec-mac";
}

}  // namespace

int main(int argc, char** argv)
{
    openClosedStreams();
    try {
        const Arguments arguments(argv + std::min(argc, 1), argv + argc);
        if (argc > 0 && isMxcExecutor(programName(argv[0]))) return mxcExecutor(arguments);
        if (arguments.empty()) {
            printErr(overview());
            return kUsage;
        }
        return dispatch(arguments.front(), {arguments.begin() + 1, arguments.end()});
    } catch (const std::exception& problem) {
        // Out of memory and the like; what can be expected to fail returns a Result.
        printErr("belljar: internal failure: " + visible(problem.what()) + "\n");
        return kRunFailure;
    }
}
