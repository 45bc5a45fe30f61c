// Part of the description of the configuration (see field_description.h): the network sections.
#pragma once

#include "core/config/field_facts.h"
#include "core/model/sandbox_config.h"

namespace belljar {

inline constexpr Word kDefaultPolicies[] = {{"allow"}, {"block"}};
inline constexpr Word kEnforcementModes[] = {{"capabilities"}, {"firewall"}, {"both"}};
inline constexpr Word kNetworkActions[] = {{"allow"}, {"deny"}};
inline constexpr Word kProtocols[] = {{"tcp"}, {"udp"}, {"icmp"}, {"any"}};

template <>
struct Description<NetworkPeerConfig> : StrictDescription {
    using C = NetworkPeerConfig;
    static constexpr std::string_view kName = "struct NetworkPeer";
    static constexpr auto kFields = std::tuple{
        field(&C::cidr, "cidr", "Addresses", "An address, or a network such as 10.0.0.0/8 or 2001:db8::/32.",
              {.since = "0.8"}),
        field(&C::except, "except", "Except", "Networks inside it that the rule leaves out.", {.since = "0.8"}),
    };
};

template <>
struct Description<NetworkPortConfig> : StrictDescription {
    using C = NetworkPortConfig;
    static constexpr std::string_view kName = "struct NetworkPort";
    static constexpr auto kFields = std::tuple{
        field(&C::protocol, "protocol", "Protocol", "Absent is any.", {.since = "0.8", .words = kProtocols}),
        field(&C::port, "port", "Port", "Destination port; absent is every port.", {.since = "0.8", .minimum = 1}),
        field(&C::endPort, "endPort", "Last port", "Makes `port` the start of a range that ends here.",
              {.since = "0.8", .minimum = 1}),
    };
};

template <>
struct Description<NetworkRuleConfig> : StrictDescription {
    using C = NetworkRuleConfig;
    static constexpr std::string_view kName = "struct NetworkRule";
    static constexpr auto kFields = std::tuple{
        field(&C::to, "to", "Destinations", "Absent is every address.", {.since = "0.8", .atLeastOne = true}),
        field(&C::ports, "ports", "Ports", "Absent is every protocol and port.", {.since = "0.8", .atLeastOne = true}),
    };
};

template <>
struct Description<NetworkEgressConfig> : StrictDescription {
    using C = NetworkEgressConfig;
    static constexpr std::string_view kName = "struct NetworkEgress";
    static constexpr auto kFields = std::tuple{
        field(&C::defaultAction, "default", "Otherwise",
              "What happens to connections that no rule names; absent is deny.",
              {.since = "0.8", .words = kNetworkActions}),
        field(&C::allow, "allow", "Allow", "Connections that are let through.", {.since = "0.8"}),
        field(&C::deny, "deny", "Deny", "Connections that are refused even when an allow rule names them.",
              {.since = "0.8"}),
    };
};

template <>
struct Description<NetworkIngressConfig> : StrictDescription {
    using C = NetworkIngressConfig;
    static constexpr std::string_view kName = "struct NetworkIngress";
    static constexpr auto kFields = std::tuple{
        field(&C::defaultAction, "default", "Incoming", "Connections from the local network; absent is deny.",
              {.since = "0.8", .words = kNetworkActions}),
        field(&C::hostLoopback, "hostLoopback", "This computer",
              "Connections between the sandbox and services of this computer; absent is deny.",
              {.since = "0.8", .words = kNetworkActions}),
    };
};

template <>
struct Description<NetworkProxyConfig> : StrictDescription {
    using C = NetworkProxyConfig;
    static constexpr std::string_view kName = "struct Proxy";
    static constexpr auto kFields = std::tuple{
        field(&C::localhost, "localhost", "Port on this computer", "Port of a proxy on this computer.", {.minimum = 1}),
        field(&C::builtinTestServer, "builtinTestServer", "Test proxy", "Use MXC's built-in proxy; for tests only."),
        field(&C::url, "url", "Proxy address", "http or https address with a port."),
    };
    static constexpr std::string_view kOneOfUntil = "0.8";
};

template <>
struct Description<NetworkConfig> : StrictDescription {
    using C = NetworkConfig;
    static constexpr std::string_view kName = "struct Network";
    static constexpr auto kFields = std::tuple{
        field(&C::defaultPolicy, "defaultPolicy", "Outgoing",
              "What happens to connections that no host list names; absent is block.", {.words = kDefaultPolicies}),
        field(&C::enforcementMode, "enforcementMode", "Enforced by", "How host lists are enforced.",
              {.words = kEnforcementModes}),
        field(&C::allowLocalNetwork, "allowLocalNetwork", "Local network",
              "Allow listening on and being reached through local addresses."),
        field(&C::allowedHosts, "allowedHosts", "Allowed hosts",
              "Addresses that may be reached although the rest is blocked."),
        field(&C::blockedHosts, "blockedHosts", "Blocked hosts",
              "Addresses that may not be reached although the rest is allowed."),
        field(&C::proxy, "proxy", "Proxy", "One of a port on this computer, an address, or the test proxy."),
        field(&C::egress, "egress", "Outgoing rules", "Rules by address and port; not together with the older fields.",
              {.since = "0.8", .gated = true}),
        field(&C::ingress, "ingress", "Incoming rules",
              "Who may connect to the sandbox; not together with the older fields.", {.since = "0.8", .gated = true}),
    };
};

template <>
struct Description<RuntimeConfig> : StrictDescription {
    using C = RuntimeConfig;
    static constexpr std::string_view kName = "struct RuntimeConfig";
    static constexpr auto kFields = std::tuple{
        field(&C::networkProxy, "networkProxy", "Proxy",
              "Address of a proxy on this computer that is the only way out.", {.since = "0.8"}),
    };
};

}  // namespace belljar
