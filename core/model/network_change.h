// A rule about the network as people write it on one line, and a change of a running session's network by one.
#pragma once

#include <string>
#include <vector>

#include "core/model/finding.h"
#include "core/model/network_policy.h"

namespace belljar {

/// "10.0.0.0/8:443/tcp": a destination and, of it, ports and a protocol. See parseNetworkSpec().
struct NetworkSpec {
    std::vector<IpNetwork> networks;  ///< One; "*", which is everywhere, has two. Empty: a name.
    std::string name;                 ///< As parseHostPattern() gives it.
    NetworkRule::Service service;     ///< Of a name only the ports.
    std::string text;                 ///< In its one spelling.
};

/// A rule given outside the profile (--allow-net, --deny-net).
struct ExtraNetwork {
    bool allow = true;
    NetworkSpec spec;
};

struct NetworkChange {
    enum class Action : std::uint8_t { allow, deny, remove };
    Action action = Action::allow;
    NetworkSpec spec;  ///< To be removed: rules that are exactly so.
    std::string by;    ///< Who wants it, e.g. "uid 1000, belljar policy (pid 4711)".
};

/// A port of the sandbox that is to be offered while it runs, or no more.
struct PublishChange {
    bool publish = true;
    PublishedPort port;  ///< Its rule does not count. To be ended: one that is exactly so.
    std::string by;      ///< As in NetworkChange.
};

/// Also of a PublishChange: then `before` and `after` are "offered" or "not offered".
struct NetworkChangeResult {
    std::string spec;
    std::string before;  ///< What held for it: "allowed", "denied", "partly allowed".
    std::string after;
    std::vector<Finding> notes;
};

}  // namespace belljar
