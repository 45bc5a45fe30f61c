// What a recording says about its session besides the events.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/model/event_source.h"
#include "core/model/policy.h"

namespace belljar {

struct RecordingHeader {
    std::string belljarVersion;
    std::string sessionId;           ///< Random, 16 hex digits.
    std::int64_t startedUnixNs = 0;  ///< Wall clock at monotonic zero of the events.
    std::string profileName;         ///< File name as given; may be empty.
    std::string profileText;         ///< The configuration, byte for byte.
    std::string backend;
    SourceFacts source;  ///< How events were seen, and what was not.
    std::string trace;   ///< How much was watched: "standard" or "full".
    std::string system;  ///< "linux"
    std::string kernel;
    std::string distribution;
    std::uint32_t uid = 0;
    std::vector<std::string> argv;
    std::string cwd;
    std::vector<Rule> rules;  ///< The rule table that event rule ids refer to.
};

}  // namespace belljar
