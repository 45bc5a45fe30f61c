// What of the network a sandbox may reach, and what may reach it: the resolved rules, in the terms in which they are
// decided and enforced. The evaluator (core/policy), the rule set for the kernel and the relay all read this one value.
//
// Deny beats allow; what no rule covers falls to the default of its direction. Addresses of the host itself (its
// loopback and every address of its interfaces) are denied before anything else unless `hostLoopback` allows them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ip_network.h"
#include "core/model/rule.h"

namespace belljar {

enum class NetworkMode : std::uint8_t {
    off,       ///< Own network namespace with nothing but its own loopback.
    host,      ///< The host's network, unfiltered. Only when the profile names both outbound and local network.
    filtered,  ///< Own network namespace, of which only what the rules allow leads out.
};

enum class IpProtocol : std::uint8_t { any, tcp, udp, icmp };

/// Both ends belong to it.
struct PortRange {
    std::uint16_t first = 0;
    std::uint16_t last = 65535;
    [[nodiscard]] bool contains(std::uint16_t port) const { return first <= port && port <= last; }
};

/// One network of one entry of a profile's list, with all ports of that entry.
struct NetworkRule {
    bool allow = false;
    IpNetwork network;
    std::vector<IpNetwork> except;  ///< Parts of `network` that the rule does not speak of.
    struct Service {
        IpProtocol protocol = IpProtocol::any;
        PortRange ports;  ///< Not of ICMP.
    };
    std::vector<Service> services;  ///< Empty: everything.
    RuleId rule = 0;
};

/// A name that may be resolved, and the addresses it has then reached. A "*" stands for one label: "*.example.org".
struct HostNameRule {
    std::string pattern;           ///< Lower case, ASCII (IDNA), without a final dot.
    std::vector<PortRange> ports;  ///< Empty: all.
    RuleId rule = 0;
};

/// The only way out, when there is one.
struct ProxyRule {
    std::string host;  ///< An address, or "localhost": the host's own.
    std::uint16_t port = 0;
    RuleId rule = 0;
};

struct NetworkPolicy {
    NetworkMode mode = NetworkMode::off;
    RuleId rule = builtin_rule::kNetworkOff;  ///< Decides about what no other rule covers.

    // Only when filtered:
    bool egressAllowed = false;  ///< What no rule covers may go out.
    std::vector<NetworkRule> egress;
    std::vector<HostNameRule> names;
    std::optional<ProxyRule> proxy;
    bool hostLoopbackAllowed = false;  ///< The host's own addresses may be reached, as far as the rules allow.
    RuleId hostLoopbackRule = builtin_rule::kNetworkOff;
    bool ingressAllowed = false;  ///< The sandbox's listening sockets are offered on the host.
    RuleId ingressRule = builtin_rule::kNetworkOff;
};

}  // namespace belljar
