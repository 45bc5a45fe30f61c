#include "core/platform/linux/network/packet_queue.h"

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "core/platform/linux/network/netlink.h"
#include "core/platform/posix/errno_text.h"

namespace belljar::linux_platform {
namespace {

constexpr std::uint32_t kMostWaiting = 1024;
constexpr std::size_t kRoom = 8192 + 512;  ///< The bytes of a packet, and what is said of it.

unsigned typeOf(unsigned message)
{
    return (NFNL_SUBSYS_QUEUE << 8U) | message;
}

nfgenmsg queueNumber(std::uint16_t number)
{
    return {AF_UNSPEC, NFNETLINK_V0, ::htons(number)};
}

std::uint32_t number32(const std::uint8_t* at)
{
    std::uint32_t number = 0;
    std::memcpy(&number, at, sizeof number);
    return ::ntohl(number);
}

/// One message of the queue.
void take(const std::uint8_t* message, std::size_t length, const PacketQueue::Taker& taker)
{
    std::uint32_t id = 0;
    bool hasId = false;
    const std::uint8_t* packet = nullptr;
    std::size_t packetLength = 0;
    std::size_t at = NLMSG_ALIGN(sizeof(nlmsghdr) + sizeof(nfgenmsg));
    while (at + NLA_HDRLEN <= length) {
        nlattr header{};
        std::memcpy(&header, message + at, sizeof header);
        if (header.nla_len < NLA_HDRLEN || header.nla_len > length - at) break;
        const std::uint8_t* const value = message + at + NLA_HDRLEN;
        const std::size_t size = header.nla_len - static_cast<std::size_t>(NLA_HDRLEN);
        const unsigned type = header.nla_type & static_cast<unsigned>(NLA_TYPE_MASK);
        if (type == NFQA_PACKET_HDR && size >= 4) {
            id = number32(value);
            hasId = true;
        } else if (type == NFQA_PAYLOAD) {
            packet = value;
            packetLength = size;
        }
        at += NLA_ALIGN(static_cast<std::size_t>(header.nla_len));
    }
    if (hasId) taker(id, packet, packetLength);
}

}  // namespace

int PacketQueue::tryToOpen() const
{
    NetlinkMessages messages;
    messages.begin(typeOf(NFQNL_MSG_CONFIG), NLM_F_ACK);
    messages.fixed(queueNumber(m_number));
    const nfqnl_msg_config_cmd bind{NFQNL_CFG_CMD_BIND, 0, ::htons(AF_INET)};
    messages.attribute(NFQA_CFG_CMD, &bind, sizeof bind);
    messages.begin(typeOf(NFQNL_MSG_CONFIG), NLM_F_ACK);
    messages.fixed(queueNumber(m_number));
    nfqnl_msg_config_params how{};
    how.copy_range = ::htonl(m_most);
    how.copy_mode = NFQNL_COPY_PACKET;
    messages.attribute(NFQA_CFG_PARAMS, &how, sizeof how);
    messages.number32(NFQA_CFG_QUEUE_MAXLEN, kMostWaiting);
    return exchange(m_socket, messages);
}

Result<void> PacketQueue::open()
{
    const int error = tryToOpen();
    if (error == 0) return {};
    return Error{ErrorCode::backendUnavailable,
                 "the sandbox's connections could not be queued",
                 {},
                 errnoText(error),
                 "run without a network, or use a kernel with CONFIG_NETFILTER_NETLINK_QUEUE"};
}

void PacketQueue::read(const Taker& taker)
{
    alignas(nlmsghdr) std::array<std::uint8_t, kRoom> room;  // NOLINT: needs no values
    for (;;) {
        const ssize_t got = ::recv(m_socket, room.data(), room.size(), MSG_DONTWAIT);
        if (got < 0 && (errno == EINTR || errno == ENOBUFS)) continue;  // programs try again what was lost
        if (got <= 0) return;
        auto left = static_cast<std::size_t>(got);
        for (const std::uint8_t* at = room.data(); left >= sizeof(nlmsghdr);) {
            nlmsghdr header{};
            std::memcpy(&header, at, sizeof header);
            if (header.nlmsg_len < sizeof header || header.nlmsg_len > left) break;
            if (header.nlmsg_type == typeOf(NFQNL_MSG_PACKET)) take(at, header.nlmsg_len, taker);
            const std::size_t step = std::min<std::size_t>(NLMSG_ALIGN(header.nlmsg_len), left);
            at += step;
            left -= step;
        }
    }
}

void PacketQueue::answer(std::uint32_t id, std::uint32_t verdict, std::uint32_t mark)
{
    NetlinkMessages messages;
    messages.begin(typeOf(NFQNL_MSG_VERDICT), 0);
    messages.fixed(queueNumber(m_number));
    const nfqnl_msg_verdict_hdr what{::htonl(verdict), ::htonl(id)};
    messages.attribute(NFQA_VERDICT_HDR, &what, sizeof what);
    if (mark != 0) messages.number32(NFQA_MARK, mark);
    // An error is that of a packet which waits no more.
    [[maybe_unused]] const int error = exchange(m_socket, messages);
}

void PacketQueue::letPass(std::uint32_t id)
{
    answer(id, NF_ACCEPT, 0);
}

void PacketQueue::drop(std::uint32_t id)
{
    answer(id, NF_DROP, 0);
}

void PacketQueue::repeat(std::uint32_t id, std::uint32_t mark)
{
    answer(id, NF_REPEAT, mark);
}

}  // namespace belljar::linux_platform
