// What of the network a sandbox may reach, and what may reach it: the resolved rules, in the terms in which they are
// decided and enforced. The evaluator (core/policy), the rule set for the kernel and the relay all read this one value.
//
// Deny beats allow; what no rule covers falls to the default of its direction. Addresses of the host itself (its
// loopback and every address of its interfaces) are denied before anything else unless `hostLoopback` allows them.
// IPv4-mapped IPv6 addresses are IPv4 addresses, in rules as in questions.
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

/// Inside a filtered network: the host's loopback, and the sandbox itself.
inline constexpr const char* kHostLoopback4 = "100.64.0.1";
inline constexpr const char* kHostLoopback6 = "fd64::1";
inline constexpr const char* kSandboxAddress4 = "100.64.0.2";
inline constexpr const char* kSandboxAddress6 = "fd64::2";
/// As whom visitors of published UDP ports come; answers to them go there.
inline constexpr const char* kVisitors4 = "100.64.0.5";
inline constexpr const char* kVisitors6 = "fd64::5";
/// And who answers for names there, at port 53.
inline constexpr const char* kResolver4 = "100.64.0.53";
inline constexpr const char* kResolver6 = "fd64::53";
inline constexpr std::uint16_t kResolverPort = 53;
/// And Belljar's own proxy, at the sandbox's loopback, where that is the only way out; see NetworkPolicy::proxyOnly.
inline constexpr std::uint16_t kOwnProxyPort = 65530;

enum class IpProtocol : std::uint8_t { any, tcp, udp, icmp };

/// Both ends belong to it.
struct PortRange {
    std::uint16_t first = 0;
    std::uint16_t last = 65535;
    [[nodiscard]] bool contains(std::uint16_t port) const { return first <= port && port <= last; }
    [[nodiscard]] bool isAll() const { return first == 0 && last == 65535; }
    bool operator==(const PortRange&) const = default;
};

/// One network of one entry of a profile's list, with all ports of that entry.
struct NetworkRule {
    bool allow = false;
    IpNetwork network;
    std::vector<IpNetwork> except;  ///< Parts of `network` that the rule does not speak of.
    struct Service {
        /// `any` with all ports is everything that IP carries; with fewer ports it is tcp and udp.
        IpProtocol protocol = IpProtocol::any;
        PortRange ports;  ///< Not of ICMP.
        bool operator==(const Service&) const = default;
    };
    std::vector<Service> services;  ///< Empty: everything.
    RuleId rule = 0;
    bool derived = false;  ///< Nobody wrote it: it follows from other rules, or is denied to every sandbox.
};

/// What the rules say, block by block, without exceptions: ready to be searched.
/// An address lies in at most one block of each size; of all spans that cover it, one that denies beats all that allow.
struct NetworkTable {
    struct Span {
        bool allow = false;
        IpProtocol protocol = IpProtocol::any;  ///< `any`: what is neither tcp, udp nor icmp.
        PortRange ports;                        ///< All, for what has no ports.
        RuleId rule = 0;
    };
    struct Block {
        IpNetwork network;
        std::uint32_t firstSpan = 0;
        std::uint32_t spanCount = 0;
    };
    std::vector<Block> blocks;  ///< Sorted by family, prefix, address; unique.
    /// Those of a block: sorted by what they say (denials first), protocol, port; those of one protocol and one verdict
    /// do not overlap.
    std::vector<Span> spans;
};

/// A name that may be resolved, and the addresses it has then reached. Each "*" at the beginning is one label.
struct HostNameRule {
    std::string pattern;           ///< See parseHostPattern().
    std::vector<PortRange> ports;  ///< Empty: all.
    RuleId rule = 0;
};

/// The only way out, when there is one.
struct ProxyRule {
    std::string host;  ///< An address, "localhost" (the host's own loopback), or a name as parseHostName() gives it.
    std::uint16_t port = 0;
    RuleId rule = 0;
    std::string url;  ///< As programs are told; a local one stands for the sandbox's own loopback.
};

/// A port of the sandbox that is offered on this computer: whoever comes to the one reaches the other.
struct PublishedPort {
    std::string hostAddress;  ///< Numeric; "0.0.0.0" and "::" are all of that family.
    std::uint16_t hostPort = 0;
    std::uint16_t port = 0;  ///< The sandbox's own.
    RuleId rule = 0;
    IpProtocol protocol = IpProtocol::tcp;  ///< tcp or udp.
    bool operator==(const PublishedPort&) const = default;
};

struct NetworkPolicy {
    NetworkMode mode = NetworkMode::off;
    RuleId rule = builtin_rule::kNetworkOff;  ///< Decides about what no other rule covers.

    // Only when filtered:
    bool egressAllowed = false;  ///< What no rule covers may go out.
    std::vector<NetworkRule> egress;
    NetworkTable table;               ///< Of `egress`.
    std::vector<HostNameRule> names;  ///< Sorted by pattern; a pattern may stand there more than once.
    std::optional<ProxyRule> proxy;
    /// The file in the sandbox that tells programs whom to ask for names, when it names the sandbox's own resolver;
    /// empty: it is the host's.
    std::string resolverFile;
    bool hostLoopbackAllowed = false;  ///< The host's own addresses may be reached, as far as the rules allow.
    RuleId hostLoopbackRule = builtin_rule::kNetworkOff;
    std::vector<PublishedPort> published;  ///< No place of the host twice, for each protocol.
    bool echoes = false;                   ///< ICMP echo requests leave the sandbox as rules allow; else no ICMP does.
    bool kernelForwards = false;           ///< The kernel carries allowed TCP connections, not the relay.
    /// The kernel cannot hand packets to the relay: only TCP leads out, through Belljar's own HTTP proxy.
    struct ProxyOnly {
        RuleId rule = 0;                ///< Says so, and why.
        std::optional<RuleId> lookups;  ///< That allows to ask name servers, and so the proxy to look any name up.
    };
    std::optional<ProxyOnly> proxyOnly;
};

}  // namespace belljar
