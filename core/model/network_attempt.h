// What a sandbox with a filtered network tries to reach and looks up, the decision about it, and what came of it.
//
// The platform asks for the decision at the first packet and tells the end; the engine knows the rules.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/network_policy.h"
#include "core/model/rule.h"

namespace belljar {

/// Event::detail of an echo request; see kTcpDetail.
inline constexpr std::string_view kIcmpDetail = "icmp";

/// An address and a port. Addresses are never IPv4 mapped into IPv6: the sandbox's kernel has made IPv4 of those.
struct NetworkEndpoint {
    std::array<std::uint8_t, 16> address{};  ///< Network byte order; IPv4 uses the first four.
    std::uint16_t port = 0;
    bool isIpv6 = false;
    bool operator==(const NetworkEndpoint&) const = default;
};

struct NetworkAttempt {
    IpProtocol protocol = IpProtocol::tcp;  ///< tcp, udp or icmp: an echo request, whose port is 0.
    NetworkEndpoint peer;
    /// The peer is this host itself: its loopback, or any other address that it takes for its own.
    bool isHost = false;
    /// The name under which it was let out before, or that the program has said; empty: none yet.
    std::string name{};
    bool nameIsSaid = false;  ///< To the peer itself (TLS, HTTP): then no other name of the address counts.
    bool mayWait = false;     ///< It has only begun: it can be held until somebody has answered.
    RuleId grant = 0;         ///< The rule of an answer that let it out for this once; 0: none.
};

struct NetworkDecision {
    bool allowed = false;
    RuleId rule = builtin_rule::kNetworkOff;
    std::string name{};   ///< The name for which the sandbox's resolver gave out the address; empty: none.
    bool byName = false;  ///< Allowed for that name alone: what the program itself says must agree.
    bool isOnce = false;  ///< Allowed by an answer, for this attempt and no other.
    /// Not 0: it is denied so far, and held: ask again once rules have changed, or a moment has gone by.
    std::uint64_t question = 0;
    [[nodiscard]] bool isHeld() const { return !allowed && question != 0; }
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

/// A name that a program asked the sandbox's resolver for, and what came of it.
struct NameLookup {
    std::string name;        ///< As parseHostName() gives it; what that refuses is hostile text in visible letters.
    std::uint16_t type = 0;  ///< Of the record that was asked for, as DNS numbers them.
    NetworkDecision decision;
    std::vector<NetworkEndpoint> addresses;  ///< That were given out; their port is 0.
    std::chrono::seconds lifetime{0};        ///< For which the program may keep them.
    std::string failure;  ///< Why there is no answer, a clause; empty: there is one, maybe of nothing.
    FlowProcess process;
    std::chrono::steady_clock::time_point end;
};

/// Something that was let out or in; or that was cut for what it said.
struct NetworkFlow {
    NetworkAttempt attempt;
    /// Not 0: it came from outside; `attempt.peer` has connected to this port of the sandbox.
    std::uint16_t publishedPort = 0;
    NetworkDecision decision;
    std::string peerText;  ///< As Event::object.
    FlowProcess process;
    std::chrono::steady_clock::time_point begin;
    std::chrono::steady_clock::time_point end;
    std::uint64_t sent = 0;      ///< Bytes of the sandbox.
    std::uint64_t received = 0;  ///< Bytes for it.
    int error = 0;               ///< errno that ended it; 0: both sides had finished. ECONNABORTED: a rule was changed.
    std::string refusal;         ///< With a decision that denies: what was wrong with what the program said, a clause.
};

/// What the engine gives to a launch with a filtered network. All are called as NetworkDecider.
struct NetworkHooks {
    NetworkDecider decide;
    std::function<void(const NetworkFlow&)> onEnd;  ///< One after the other. Empty: nobody wants to know.
    /// Somebody has connected from outside: `error` tells whether anybody inside has taken it. As onEnd.
    std::function<void(const NetworkFlow&)> onAccept;
    /// Whether a name may be looked up. Empty: none may.
    std::function<NetworkDecision(const std::string& name)> decideName;
    /// Before the program gets the answer: its addresses are then known by the name. Also of names that are refused.
    std::function<void(const NameLookup&)> onLookup;
    /// Who waits for the answer to a question; may be said again. Empty: nothing is ever held.
    std::function<void(std::uint64_t question, const FlowProcess&)> onHeld;
    std::function<void()> onTick;                 ///< Now and then while something is held.
    std::function<std::string(RuleId)> ruleText;  ///< What a rule says, for who is refused by it. Empty: nobody knows.
};

}  // namespace belljar
