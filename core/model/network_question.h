// An attempt that no rule covers, held until somebody says what shall come of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "core/model/network_attempt.h"
#include "core/model/network_change.h"

namespace belljar {

/// What an answer speaks of.
enum class AskScope : std::uint8_t {
    address,  ///< The address, or this port of it.
    host,     ///< The host by its name, or this port of it.
    all,      ///< Everything that no rule covers.
};

/// For how long it holds.
enum class AskSpan : std::uint8_t {
    once,    ///< For what waits, and for the same again within a few seconds. No rule is written.
    run,     ///< A rule of this session.
    always,  ///< That, and whoever shows the question writes the rule into the profile: see NetworkAnswered.
};

struct NetworkQuestion {
    std::uint64_t number = 0;  ///< 1, 2, 3 ... in one session.
    bool isLookup = false;     ///< Of `name`; otherwise something is to be reached.
    IpProtocol protocol = IpProtocol::tcp;
    std::string address;  ///< As Access::host; empty for a look-up.
    std::uint16_t port = 0;
    std::string name;  ///< Hostile text; empty: not known.
    FlowProcess process;
    /// The rules that would allow it, narrowest first; never empty.
    struct Choice {
        AskScope scope = AskScope::address;
        NetworkSpec spec;
    };
    std::vector<Choice> choices;
    std::chrono::steady_clock::time_point until;  ///< Then it is denied once.
};

struct NetworkAnswer {
    std::uint64_t number = 0;
    bool allow = false;
    AskSpan span = AskSpan::once;
    std::size_t choice = 0;  ///< One of the question's.
    std::string by;          ///< As NetworkChange::by.
};

/// How a question ended.
enum class AskEnd : std::uint8_t { allowed, denied, late };

/// What came of an answer.
struct NetworkAnswered {
    std::string spec;  ///< What it spoke of.
    bool allow = false;
    /// With AskSpan::always: the list of the profile and the element for it, as JSON pointer and JSON text; empty: no
    /// profile can say that (a name cannot be denied).
    std::string profileList;
    std::string profileElement;
};

}  // namespace belljar
