// What a containment enforces, and whether it is here: the data that refuses runs, greys out fields and fills previews.
#pragma once

#include <string>
#include <vector>

namespace belljar {

/// Whether a backend can run on this machine; when not, why and how to change that.
struct Availability {
    bool available = false;
    std::string reason;  ///< "bubblewrap 0.8.0 at /usr/bin/bwrap", or why not.
    std::string fix;     ///< A command or a setting; empty when available.
};

enum class Enforcement { enforced, partly, notYet, impossible };

/// One feature of the policy on one backend.
struct Capability {
    std::string feature;  ///< JSON pointer prefix of the fields it is about, e.g. "/filesystem/deniedPaths".
    Enforcement enforcement = Enforcement::notYet;
    std::string how;  ///< The mechanism, or why not.
};

struct BackendInfo {
    std::string id;                    ///< The MXC containment value, e.g. "bubblewrap".
    std::string title;                 ///< "Bubblewrap"
    std::string summary;               ///< One sentence.
    std::vector<std::string> systems;  ///< "linux", "windows", "macos"
    std::vector<Capability> capabilities;
};

}  // namespace belljar
