// The command line of MXC's executor (`lxc-exec`), with its usage errors word for word.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/cli/verb.h"

namespace belljar::cli {

struct MxcArguments {
    std::optional<std::string> path;  ///< Positional.
    std::optional<std::string> config;
    std::optional<std::string> configBase64;
    std::optional<std::string> containerName;
    std::optional<std::string> logFile;
    bool debug = false;
    bool remove = false;  ///< --delete
    bool experimental = false;
    bool testingFeatures = false;
    bool dryRun = false;
    bool setupHyperlight = false;
    bool force = false;
    bool help = false;
};

/// Either the arguments or, in `usageError`, what to print on standard error before exiting with 2.
struct MxcCommandLine {
    MxcArguments arguments;
    std::string usageError;  ///< Escaped, with its final newline.
};

MxcCommandLine parseMxcArguments(const Arguments& arguments);

/// The text of --help.
std::string mxcHelp();

}  // namespace belljar::cli
