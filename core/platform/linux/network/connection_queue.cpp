#include "core/platform/linux/network/connection_queue.h"

#include <netinet/in.h>

#include <algorithm>
#include <cerrno>

namespace belljar::linux_platform {
namespace {

std::uint16_t number16(const std::uint8_t* at)
{
    return static_cast<std::uint16_t>(at[0] << 8U | at[1]);
}

}  // namespace

std::optional<PacketEnds> tcpEnds(const std::uint8_t* packet, std::size_t length)
{
    constexpr std::size_t kLeast4 = 20;
    constexpr std::size_t kHeader6 = 40;
    if (length < kLeast4) return std::nullopt;
    PacketEnds ends;
    const unsigned version = packet[0] >> 4U;
    std::size_t ports = 0;
    if (version == 4) {
        ports = std::size_t{packet[0] & 0xfU} * 4;
        if (ports < kLeast4 || packet[9] != IPPROTO_TCP) return std::nullopt;
        std::copy_n(packet + 12, 4, ends.from.address.begin());
        std::copy_n(packet + 16, 4, ends.to.address.begin());
    } else if (version == 6 && length >= kHeader6) {
        ports = kHeader6;
        if (packet[6] != IPPROTO_TCP) return std::nullopt;
        ends.from.isIpv6 = ends.to.isIpv6 = true;
        std::copy_n(packet + 8, 16, ends.from.address.begin());
        std::copy_n(packet + 24, 16, ends.to.address.begin());
    } else {
        return std::nullopt;
    }
    if (length < ports + 4) return std::nullopt;
    ends.from.port = number16(packet + ports);
    ends.to.port = number16(packet + ports + 2);
    return ends;
}

void ConnectionQueue::read(std::vector<WaitingPacket>& packets)
{
    m_queue.read([&](std::uint32_t id, const std::uint8_t* packet, std::size_t length) {
        WaitingPacket waiting;
        waiting.id = id;
        if (const std::optional<PacketEnds> ends = tcpEnds(packet, length)) {
            waiting.from = ends->from;
            waiting.to = ends->to;
        }
        packets.push_back(waiting);
    });
}

void ConnectionQueue::letPass(std::uint32_t id)
{
    m_queue.letPass(id);
}

void ConnectionQueue::drop(std::uint32_t id)
{
    m_queue.drop(id);
}

void ConnectionQueue::refuse(std::uint32_t id, RefusalMark mark)
{
    m_queue.repeat(id, static_cast<std::uint32_t>(mark));
}

void ConnectionQueue::refuseFor(std::uint32_t id, int error)
{
    switch (error) {
        case ECONNREFUSED:
        case ECONNRESET: refuse(id, RefusalMark::refused); break;
        case ENETUNREACH:
        case ENETDOWN:
        case EADDRNOTAVAIL:
        case EINVAL: refuse(id, RefusalMark::networkUnreachable); break;
        default: refuse(id, RefusalMark::hostUnreachable); break;
    }
}

}  // namespace belljar::linux_platform
