// Packets that the relay puts together itself: datagrams and refusals in the name of a foreign peer, for a socket in
// the sandbox.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
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

/// Through a raw socket with own headers. What does not fit is lost, as datagrams are.
void sendPacket(int socket, NetworkEndpoint to, const std::string& packet);

/// The kernel's word, in an ICMP packet with its IP header, that a datagram was not taken.
struct DatagramRefusal {
    NetworkEndpoint sender;  ///< Of the datagram,
    NetworkEndpoint peer;    ///< and for whom it was.
    int error = 0;           ///< An errno.
};
/// nullopt when the packet is anything else.
[[nodiscard]] std::optional<DatagramRefusal> datagramRefusal(const std::uint8_t* packet, std::size_t length);

}  // namespace belljar::linux_platform
