// What a sandbox with a filtered network tries to reach, the decision about it, and what came of it.
//
// The platform asks for the decision at the first packet and tells the end; the engine knows the rules.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "core/model/network_policy.h"
#include "core/model/rule.h"

namespace belljar {

/// An address and a port. Addresses are never IPv4 mapped into IPv6: the sandbox's kernel has made IPv4 of those.
struct NetworkEndpoint {
    std::array<std::uint8_t, 16> address{};  ///< Network byte order; IPv4 uses the first four.
    std::uint16_t port = 0;
    bool isIpv6 = false;
    bool operator==(const NetworkEndpoint&) const = default;
};

struct NetworkAttempt {
    IpProtocol protocol = IpProtocol::tcp;  ///< tcp or udp.
    NetworkEndpoint peer;
    /// The peer is this host itself: its loopback, or any other address that it takes for its own.
    bool isHost = false;
};

struct NetworkDecision {
    bool allowed = false;
    RuleId rule = builtin_rule::kNetworkOff;
};

/// Asked while the attempt waits, on the relay's thread or on one that does its work; must not wait itself.
using NetworkDecider = std::function<NetworkDecision(const NetworkAttempt&)>;

/// Who began something; `pid` 0: not known. See Event for the members.
struct FlowProcess {
    std::int32_t pid = 0;
    std::int32_t parentPid = 0;
    std::int32_t insidePid = 0;
    std::uint64_t startTicks = 0;
    std::string name;
};

/// Something that was let out or in.
struct NetworkFlow {
    NetworkAttempt attempt;
    /// Not 0: it came from outside; `attempt.peer` has connected to this port of the sandbox.
    std::uint16_t publishedPort = 0;
    RuleId rule = 0;
    std::string peerText;  ///< As Event::object.
    FlowProcess process;
    std::chrono::steady_clock::time_point begin;
    std::chrono::steady_clock::time_point end;
    std::uint64_t sent = 0;      ///< Bytes of the sandbox.
    std::uint64_t received = 0;  ///< Bytes for it.
    int error = 0;               ///< errno that ended it; 0: both sides had finished. ECONNABORTED: a rule was changed.
};

/// What the engine gives to a launch with a filtered network.
struct NetworkHooks {
    NetworkDecider decide;
    std::function<void(const NetworkFlow&)> onEnd;  ///< One after the other. Empty: nobody wants to know.
    /// Somebody has connected from outside: `error` tells whether anybody inside has taken it. As onEnd.
    std::function<void(const NetworkFlow&)> onAccept;
};

}  // namespace belljar
