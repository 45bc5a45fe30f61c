// Addresses and networks as text: "10.0.0.0/8", "2001:db8::1".
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace belljar {

/// A block of IPv4 or IPv6 addresses. Host bits are zero.
struct IpNetwork {
    std::array<std::uint8_t, 16> address{};  ///< Network byte order; IPv4 uses the first four.
    unsigned prefix = 0;                     ///< Bits.
    bool isIpv6 = false;

    [[nodiscard]] bool contains(const IpNetwork& other) const;
    [[nodiscard]] unsigned bits() const { return isIpv6 ? 128 : 32; }
    [[nodiscard]] bool isOneAddress() const { return prefix == bits(); }
    /// Of the block around it with that many bits, which are at most its own.
    [[nodiscard]] IpNetwork widened(unsigned toPrefix) const;
    bool operator==(const IpNetwork&) const = default;
};

/// Strict: four decimal numbers without leading zeros, or RFC 4291 IPv6 text without a zone; a missing prefix is the
/// whole address; host bits must be zero. The error is a clause in MXC's words, "host part of address was not zero".
Result<IpNetwork> parseIpNetwork(std::string_view text);

/// As parseIpNetwork(), with host bits cut off.
Result<IpNetwork> parseIpNetworkLoosely(std::string_view text);

/// "10.0.0.0/8", "2001:db8::1" (RFC 5952); one address has no prefix.
[[nodiscard]] std::string ipNetworkText(const IpNetwork& network);

/// A block of IPv4-mapped IPv6 addresses (in ::ffff:0:0/96) as the IPv4 block that its packets go to; others as they
/// are.
[[nodiscard]] IpNetwork withoutMapping(const IpNetwork& network);

/// The block is larger than ::ffff:0:0/96 and holds it.
[[nodiscard]] bool holdsMappedIpv4(const IpNetwork& network);

/// What remains of `network` without `excepts`, as the fewest blocks in the order of addresses. Of more than `most`
/// only the first `most` + 1 or a few more are made.
[[nodiscard]] std::vector<IpNetwork> withoutNetworks(const IpNetwork& network, std::span<const IpNetwork> excepts,
                                                     std::size_t most);

}  // namespace belljar
