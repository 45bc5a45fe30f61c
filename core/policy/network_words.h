// Rules about the network on one line, for options, live changes, remedies and messages:
//
//     10.0.0.0/8            192.0.2.7:443/tcp        *:53/udp           [2001:db8::]/32:80-90
//     192.0.2.0/24/icmp     www.example.org:443      *.example.org
//
// A port without a protocol is tcp and udp. "*" alone is every address.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/model/network_change.h"

namespace belljar {

/// The error says what is wrong and, in `hint`, how to write it.
Result<NetworkSpec> parseNetworkSpec(std::string_view text);

/// The spec of one network and what is offered there.
[[nodiscard]] NetworkSpec networkSpec(const IpNetwork& network, const NetworkRule::Service& service);
/// The spec of a name and its ports.
[[nodiscard]] NetworkSpec networkSpec(const std::string& name, const PortRange& ports);

/// The list of a profile that says such a rule, and the element that does, as JSON.
struct NetworkEntry {
    std::string list;     ///< JSON pointer.
    std::string element;  ///< JSON text.
};
/// Of schema 0.8. A name cannot be denied.
[[nodiscard]] NetworkEntry networkEntry(const NetworkSpec& spec, bool allow);

/// "any", "tcp", "udp", "icmp"
[[nodiscard]] std::string_view protocolName(IpProtocol protocol);

/// "443/tcp", "80-90", "icmp"; "" for everything.
[[nodiscard]] std::string serviceText(const NetworkRule::Service& service);

}  // namespace belljar
