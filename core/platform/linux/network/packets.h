// Packets that the relay puts together itself: datagrams and refusals in the name of a foreign peer, for a socket in
// the sandbox.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/model/network_attempt.h"

namespace belljar::linux_platform {

/// A UDP packet with its IP header, as raw sockets with own headers take it.
[[nodiscard]] std::string udpPacket(const NetworkEndpoint& from, const NetworkEndpoint& to, const char* payload,
                                    std::size_t length);

/// Why a datagram goes nowhere.
enum class Unreachable : std::uint8_t { port, host, network };

/// The ICMP message about a datagram from `sender` to `peer`, in the name of the peer.
[[nodiscard]] std::string unreachablePacket(const NetworkEndpoint& sender, const NetworkEndpoint& peer,
                                            Unreachable why);

}  // namespace belljar::linux_platform
