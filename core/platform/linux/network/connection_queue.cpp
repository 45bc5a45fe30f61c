#include "core/platform/linux/network/connection_queue.h"

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "core/platform/linux/network/netlink.h"
#include "core/platform/posix/errno_text.h"

namespace belljar::linux_platform {
namespace {

constexpr std::uint32_t kHeaders = 128;  ///< Bytes of a packet that we look at.
constexpr std::uint32_t kMostWaiting = 1024;

unsigned typeOf(unsigned message)
{
    return (NFNL_SUBSYS_QUEUE << 8U) | message;
}

nfgenmsg queueZero()
{
    return {AF_UNSPEC, NFNETLINK_V0, 0};
}

std::uint16_t number16(const std::uint8_t* at)
{
    return static_cast<std::uint16_t>(at[0] << 8U | at[1]);
}

std::uint32_t number32(const std::uint8_t* at)
{
    return std::uint32_t{number16(at)} << 16U | number16(at + 2);
}

/// One message of the queue.
std::optional<WaitingPacket> packetOf(const std::uint8_t* message, std::size_t length)
{
    WaitingPacket packet;
    bool hasId = false;
    std::size_t at = NLMSG_ALIGN(sizeof(nlmsghdr) + sizeof(nfgenmsg));
    while (at + NLA_HDRLEN <= length) {
        nlattr header{};
        std::memcpy(&header, message + at, sizeof header);
        if (header.nla_len < NLA_HDRLEN || header.nla_len > length - at) break;
        const std::uint8_t* const value = message + at + NLA_HDRLEN;
        const std::size_t size = header.nla_len - static_cast<std::size_t>(NLA_HDRLEN);
        const unsigned type = header.nla_type & static_cast<unsigned>(NLA_TYPE_MASK);
        if (type == NFQA_PACKET_HDR && size >= 4) {
            packet.id = number32(value);
            hasId = true;
        } else if (type == NFQA_PAYLOAD) {
            if (const std::optional<PacketEnds> ends = tcpEnds(value, size)) {
                packet.from = ends->from;
                packet.to = ends->to;
            }
        }
        at += NLA_ALIGN(static_cast<std::size_t>(header.nla_len));
    }
    if (!hasId) return std::nullopt;
    return packet;
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

int ConnectionQueue::tryToOpen() const
{
    NetlinkMessages messages;
    messages.begin(typeOf(NFQNL_MSG_CONFIG), NLM_F_ACK);
    messages.fixed(queueZero());
    const nfqnl_msg_config_cmd bind{NFQNL_CFG_CMD_BIND, 0, ::htons(AF_INET)};
    messages.attribute(NFQA_CFG_CMD, &bind, sizeof bind);
    messages.begin(typeOf(NFQNL_MSG_CONFIG), NLM_F_ACK);
    messages.fixed(queueZero());
    nfqnl_msg_config_params how{};
    how.copy_range = ::htonl(kHeaders);
    how.copy_mode = NFQNL_COPY_PACKET;
    messages.attribute(NFQA_CFG_PARAMS, &how, sizeof how);
    messages.number32(NFQA_CFG_QUEUE_MAXLEN, kMostWaiting);
    return exchange(m_socket, messages);
}

Result<void> ConnectionQueue::open()
{
    const int error = tryToOpen();
    if (error == 0) return {};
    return Error{ErrorCode::backendUnavailable,
                 "the sandbox's connections could not be queued",
                 {},
                 errnoText(error),
                 "run without a network, or use a kernel with CONFIG_NETFILTER_NETLINK_QUEUE"};
}

void ConnectionQueue::read(std::vector<WaitingPacket>& packets)
{
    alignas(nlmsghdr) std::array<std::uint8_t, 8192> room;  // NOLINT: needs no values
    for (;;) {
        const ssize_t got = ::recv(m_socket, room.data(), room.size(), MSG_DONTWAIT);
        if (got < 0 && (errno == EINTR || errno == ENOBUFS)) continue;  // programs try again what was lost
        if (got <= 0) return;
        auto left = static_cast<std::size_t>(got);
        for (const std::uint8_t* at = room.data(); left >= sizeof(nlmsghdr);) {
            nlmsghdr header{};
            std::memcpy(&header, at, sizeof header);
            if (header.nlmsg_len < sizeof header || header.nlmsg_len > left) break;
            if (header.nlmsg_type == typeOf(NFQNL_MSG_PACKET))
                if (std::optional<WaitingPacket> packet = packetOf(at, header.nlmsg_len)) packets.push_back(*packet);
            const std::size_t step = std::min<std::size_t>(NLMSG_ALIGN(header.nlmsg_len), left);
            at += step;
            left -= step;
        }
    }
}

void ConnectionQueue::answer(std::uint32_t id, std::uint32_t verdict, std::uint32_t mark)
{
    NetlinkMessages messages;
    messages.begin(typeOf(NFQNL_MSG_VERDICT), 0);
    messages.fixed(queueZero());
    const nfqnl_msg_verdict_hdr what{::htonl(verdict), ::htonl(id)};
    messages.attribute(NFQA_VERDICT_HDR, &what, sizeof what);
    if (mark != 0) messages.number32(NFQA_MARK, mark);
    // An error is that of a packet which waits no more.
    [[maybe_unused]] const int error = exchange(m_socket, messages);
}

void ConnectionQueue::letPass(std::uint32_t id)
{
    answer(id, NF_ACCEPT, 0);
}

void ConnectionQueue::drop(std::uint32_t id)
{
    answer(id, NF_DROP, 0);
}

void ConnectionQueue::refuse(std::uint32_t id, RefusalMark mark)
{
    answer(id, NF_REPEAT, static_cast<std::uint32_t>(mark));
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
