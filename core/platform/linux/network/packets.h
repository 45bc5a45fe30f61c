// Packets that the relay puts together itself: datagrams and refusals in the name of a foreign peer, for a socket in
// the sandbox.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

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

/// An echo request, or the answer to one; the ports of its ends are 0.
struct EchoView {
    NetworkEndpoint from;
    NetworkEndpoint to;
    std::uint16_t identifier = 0;
    std::uint16_t sequence = 0;
    std::string_view payload;  ///< Points into the packet.
};
/// nullopt when the packet, with its IP header, is no whole echo request.
[[nodiscard]] std::optional<EchoView> echoRequest(const std::uint8_t* packet, std::size_t length);
/// The ICMP part of a request, without a checksum: as sockets for echo requests take it, which number it themselves.
[[nodiscard]] std::string echoMessage(const EchoView& echo);
/// What such a socket has got, if it is an answer: its sequence number and payload.
[[nodiscard]] std::optional<EchoView> echoAnswer(std::string_view message, bool isIpv6);
/// The answer to `asked` with that sequence and payload, as a packet with its IP header.
[[nodiscard]] std::string echoReplyPacket(const EchoView& answer);
/// The ICMP message about an echo request, in the name of its peer.
[[nodiscard]] std::string unreachableEchoPacket(const EchoView& asked, Unreachable why);

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
