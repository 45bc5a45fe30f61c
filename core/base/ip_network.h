// Addresses and networks as text: "10.0.0.0/8", "2001:db8::1".
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/base/result.h"

namespace belljar {

/// A block of IPv4 or IPv6 addresses. Host bits are zero.
struct IpNetwork {
    std::array<std::uint8_t, 16> address{};  ///< Network byte order; IPv4 uses the first four.
    unsigned prefix = 0;                     ///< Bits.
    bool isIpv6 = false;

    [[nodiscard]] bool contains(const IpNetwork& other) const;
};

/// Strict: four decimal numbers without leading zeros, or RFC 4291 IPv6 text without a zone; a missing prefix is the
/// whole address; host bits must be zero. The error is a clause in MXC's words, "host part of address was not zero".
Result<IpNetwork> parseIpNetwork(std::string_view text);

}  // namespace belljar
