// Numeric network addresses as text, in every spelling that a system call or an event has.
#pragma once

#include <optional>
#include <string_view>

#include "core/base/ip_network.h"

namespace belljar {

/// The address: brackets around IPv6 and a zone ("fe80::1%eth0") are accepted, IPv4-mapped IPv6 is IPv4.
[[nodiscard]] std::optional<IpNetwork> numericAddress(std::string_view host);

/// True for 127.0.0.0/8, ::1, ::ffff:127.0.0.0/104 and the name "localhost".
[[nodiscard]] bool isLoopbackHost(std::string_view host);

[[nodiscard]] bool isLoopbackAddress(const IpNetwork& address);

/// False for addresses in any spelling and for isLoopbackHost(): what a resolver has to be asked for.
[[nodiscard]] bool isNamedHost(std::string_view host);

/// True for 0.0.0.0, ::, ::ffff:0.0.0.0 and the empty host: "any address of mine", which connect(2) takes as loopback.
[[nodiscard]] bool isAnyAddress(std::string_view host);
[[nodiscard]] bool isAnyAddress(const IpNetwork& address);

/// False for what belongs to a machine or a network of its own: loopback, private, shared and link-local addresses,
/// also inside an IPv6 address that leads to IPv4.
[[nodiscard]] bool isPublicAddress(const IpNetwork& address);

}  // namespace belljar
