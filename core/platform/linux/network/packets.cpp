#include "core/platform/linux/network/packets.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include <string_view>

#include "core/platform/linux/network/socket_address.h"

namespace belljar::linux_platform {
namespace {

constexpr std::size_t kHeader4 = 20;
constexpr std::size_t kHeader6 = 40;
constexpr std::size_t kUdpHeader = 8;
constexpr std::size_t kIcmpHeader = 8;
constexpr std::uint8_t kIcmp4 = IPPROTO_ICMP;
constexpr std::uint8_t kIcmp6 = IPPROTO_ICMPV6;
constexpr std::uint8_t kUnreachable4 = 3;
constexpr std::uint8_t kUnreachable6 = 1;
constexpr std::uint8_t kEchoRequest4 = 8;
constexpr std::uint8_t kEchoRequest6 = 128;
constexpr std::uint8_t kEchoReply4 = 0;
constexpr std::uint8_t kEchoReply6 = 129;
constexpr char kHops = 64;

std::size_t addressLength(const NetworkEndpoint& endpoint)
{
    return endpoint.isIpv6 ? 16 : 4;
}

void put16(std::string& packet, std::size_t value)
{
    packet += static_cast<char>(value >> 8U & 0xffU);
    packet += static_cast<char>(value & 0xffU);
}

void putAddress(std::string& packet, const NetworkEndpoint& endpoint)
{
    for (std::size_t i = 0; i < addressLength(endpoint); ++i) packet += static_cast<char>(endpoint.address[i]);
}

/// The sum of RFC 1071 without its final complement.
std::uint64_t sumOf(std::string_view bytes)
{
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto byte = static_cast<std::uint8_t>(bytes[i]);
        sum += i % 2 == 0 ? std::uint64_t{byte} << 8U : byte;
    }
    return sum;
}

std::uint16_t folded(std::uint64_t sum)
{
    while (sum >> 16U != 0) sum = (sum & 0xffffU) + (sum >> 16U);
    return static_cast<std::uint16_t>(~sum);
}

/// The sum over what stands for the addresses in the checksum of UDP and ICMPv6.
std::uint64_t pseudoSum(const NetworkEndpoint& from, const NetworkEndpoint& to, std::size_t length,
                        std::uint8_t protocol)
{
    std::string addresses;
    putAddress(addresses, from);
    putAddress(addresses, to);
    return sumOf(addresses) + length + protocol;
}

void setSum(std::string& packet, std::size_t at, std::uint16_t sum)
{
    packet[at] = static_cast<char>(sum >> 8U);
    packet[at + 1] = static_cast<char>(sum & 0xffU);
}

/// The kernel fills in what is left 0: the number and the checksum of IPv4.
void putIpHeader(std::string& packet, const NetworkEndpoint& from, const NetworkEndpoint& to, std::size_t length,
                 std::uint8_t protocol)
{
    if (from.isIpv6) {
        packet += {0x60, 0, 0, 0};
        put16(packet, length);
        packet += static_cast<char>(protocol);
        packet += kHops;
    } else {
        packet += {0x45, 0};
        put16(packet, kHeader4 + length);
        packet += {0, 0, 0, 0, kHops};
        packet += static_cast<char>(protocol);
        put16(packet, 0);
    }
    putAddress(packet, from);
    putAddress(packet, to);
}

void putUdpHeader(std::string& packet, const NetworkEndpoint& from, const NetworkEndpoint& to, std::size_t length)
{
    put16(packet, from.port);
    put16(packet, to.port);
    put16(packet, kUdpHeader + length);
    put16(packet, 0);
}

std::uint8_t codeOf(Unreachable why, bool isIpv6)
{
    switch (why) {
        case Unreachable::port: return isIpv6 ? 4 : 3;
        case Unreachable::host: return isIpv6 ? 3 : 1;
        case Unreachable::network: break;
    }
    return 0;
}

std::uint16_t number16(const std::uint8_t* at)
{
    return static_cast<std::uint16_t>(at[0] << 8U | at[1]);
}

/// An IP packet: who sends what to whom.
struct IpView {
    NetworkEndpoint from;
    NetworkEndpoint to;
    std::uint8_t protocol = 0;
    const std::uint8_t* body = nullptr;
    std::size_t length = 0;  ///< Of the body, as far as it is there.
};

std::optional<IpView> ipView(const std::uint8_t* packet, std::size_t length)
{
    if (length < kHeader4) return std::nullopt;
    IpView view;
    std::size_t header = kHeader6;
    if (const unsigned version = packet[0] >> 4U; version == 4) {
        header = std::size_t{packet[0] & 0xfU} * 4;
        if (header < kHeader4) return std::nullopt;
        view.protocol = packet[9];
        std::copy_n(packet + 12, 4, view.from.address.begin());
        std::copy_n(packet + 16, 4, view.to.address.begin());
    } else {
        if (version != 6 || length < kHeader6) return std::nullopt;
        view.protocol = packet[6];
        view.from.isIpv6 = view.to.isIpv6 = true;
        std::copy_n(packet + 8, 16, view.from.address.begin());
        std::copy_n(packet + 24, 16, view.to.address.begin());
    }
    if (length < header) return std::nullopt;
    view.body = packet + header;
    view.length = length - header;
    return view;
}

}  // namespace

std::string udpPacket(const NetworkEndpoint& from, const NetworkEndpoint& to, const char* payload, std::size_t length)
{
    const std::size_t udpLength = kUdpHeader + length;
    std::string packet;
    packet.reserve(kHeader6 + udpLength);
    putIpHeader(packet, from, to, udpLength, IPPROTO_UDP);
    const std::size_t headerAt = packet.size();
    putUdpHeader(packet, from, to, length);
    packet.append(payload, length);
    // Over IPv4 a datagram needs none, and the way is our own memory.
    if (!from.isIpv6) return packet;
    const std::uint64_t sum =
        pseudoSum(from, to, udpLength, IPPROTO_UDP) + sumOf(std::string_view(packet).substr(headerAt));
    const std::uint16_t checksum = folded(sum);
    setSum(packet, headerAt + 6, checksum == 0 ? 0xffff : checksum);
    return packet;
}

std::string unreachablePacket(const NetworkEndpoint& sender, const NetworkEndpoint& peer, Unreachable why)
{
    const std::size_t original = (peer.isIpv6 ? kHeader6 : kHeader4) + kUdpHeader;
    const std::uint8_t protocol = peer.isIpv6 ? kIcmp6 : kIcmp4;
    std::string packet;
    putIpHeader(packet, peer, sender, kIcmpHeader + original, protocol);
    const std::size_t icmpAt = packet.size();
    packet += static_cast<char>(peer.isIpv6 ? kUnreachable6 : kUnreachable4);
    packet += static_cast<char>(codeOf(why, peer.isIpv6));
    packet.append(6, '\0');  // checksum, unused
    putIpHeader(packet, sender, peer, kUdpHeader, IPPROTO_UDP);
    putUdpHeader(packet, sender, peer, 0);
    std::uint64_t sum = sumOf(std::string_view(packet).substr(icmpAt));
    if (peer.isIpv6) sum += pseudoSum(peer, sender, kIcmpHeader + original, protocol);
    setSum(packet, icmpAt + 2, folded(sum));
    return packet;
}

std::optional<EchoView> echoRequest(const std::uint8_t* packet, std::size_t length)
{
    const std::optional<IpView> view = ipView(packet, length);
    if (!view) return std::nullopt;
    const bool isIpv6 = view->from.isIpv6;
    const std::size_t whole = isIpv6 ? kHeader6 + number16(packet + 4) : number16(packet + 2);
    const bool isRequest = view->protocol == (isIpv6 ? kIcmp6 : kIcmp4) && view->length >= kIcmpHeader &&
                           view->body[0] == (isIpv6 ? kEchoRequest6 : kEchoRequest4) && whole == length;
    if (!isRequest) return std::nullopt;
    EchoView echo{view->from, view->to, number16(view->body + 4), number16(view->body + 6), {}};
    const auto* text = reinterpret_cast<const char*>(view->body);  // NOLINT: plain bytes
    echo.payload = std::string_view(text, view->length).substr(kIcmpHeader);
    return echo;
}

namespace {

/// Without a checksum.
std::string icmpEcho(std::uint8_t type, const EchoView& echo)
{
    std::string message(1, static_cast<char>(type));
    message.append(3, '\0');
    put16(message, echo.identifier);
    put16(message, echo.sequence);
    message += echo.payload;
    return message;
}

/// In the name of `from`.
std::string icmpPacket(const NetworkEndpoint& from, const NetworkEndpoint& to, const std::string& message)
{
    const std::uint8_t protocol = from.isIpv6 ? kIcmp6 : kIcmp4;
    std::string packet;
    putIpHeader(packet, from, to, message.size(), protocol);
    const std::size_t icmpAt = packet.size();
    packet += message;
    std::uint64_t sum = sumOf(message);
    if (from.isIpv6) sum += pseudoSum(from, to, message.size(), protocol);
    setSum(packet, icmpAt + 2, folded(sum));
    return packet;
}

}  // namespace

std::string echoMessage(const EchoView& echo)
{
    return icmpEcho(echo.to.isIpv6 ? kEchoRequest6 : kEchoRequest4, echo);
}

std::optional<EchoView> echoAnswer(std::string_view message, bool isIpv6)
{
    if (message.size() < kIcmpHeader || static_cast<std::uint8_t>(message[0]) != (isIpv6 ? kEchoReply6 : kEchoReply4))
        return std::nullopt;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(message.data());  // NOLINT: plain bytes
    EchoView answer;
    answer.sequence = number16(bytes + 6);
    answer.payload = message.substr(kIcmpHeader);
    return answer;
}

std::string echoReplyPacket(const EchoView& answer)
{
    return icmpPacket(answer.from, answer.to, icmpEcho(answer.to.isIpv6 ? kEchoReply6 : kEchoReply4, answer));
}

std::string unreachableEchoPacket(const EchoView& asked, Unreachable why)
{
    std::string message(1, static_cast<char>(asked.to.isIpv6 ? kUnreachable6 : kUnreachable4));
    message += static_cast<char>(codeOf(why, asked.to.isIpv6));
    message.append(6, '\0');  // checksum, unused
    EchoView head = asked;
    head.payload = {};
    const std::string echo = echoMessage(head);
    putIpHeader(message, asked.from, asked.to, echo.size(), asked.to.isIpv6 ? kIcmp6 : kIcmp4);
    return icmpPacket(asked.to, asked.from, message + echo);
}

void sendPacket(int socket, NetworkEndpoint to, const std::string& packet)
{
    to.port = 0;  // raw sockets have none
    const SocketAddress address(to);
    [[maybe_unused]] const ssize_t sent =
        ::sendto(socket, packet.data(), packet.size(), MSG_DONTWAIT | MSG_NOSIGNAL, address.get(), address.length());
}

std::optional<DatagramRefusal> datagramRefusal(const std::uint8_t* packet, std::size_t length)
{
    const std::optional<IpView> outer = ipView(packet, length);
    if (!outer) return std::nullopt;
    const bool isIpv6 = outer->from.isIpv6;
    const bool isUnreachable = outer->protocol == (isIpv6 ? kIcmp6 : kIcmp4) && outer->length > kIcmpHeader &&
                               outer->body[0] == (isIpv6 ? kUnreachable6 : kUnreachable4);
    if (!isUnreachable) return std::nullopt;
    const std::optional<IpView> inner = ipView(outer->body + kIcmpHeader, outer->length - kIcmpHeader);
    if (!inner || inner->from.isIpv6 != isIpv6 || inner->protocol != IPPROTO_UDP || inner->length < kUdpHeader)
        return std::nullopt;
    DatagramRefusal refusal{inner->from, inner->to, EHOSTUNREACH};
    refusal.sender.port = number16(inner->body);
    refusal.peer.port = number16(inner->body + 2);
    if (outer->body[1] == codeOf(Unreachable::port, isIpv6)) refusal.error = ECONNREFUSED;
    return refusal;
}

}  // namespace belljar::linux_platform
