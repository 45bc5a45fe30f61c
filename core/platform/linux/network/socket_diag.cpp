#include "core/platform/linux/network/socket_diag.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "core/platform/linux/network/netlink.h"
#include "core/platform/posix/errno_text.h"

namespace belljar::linux_platform {
namespace {

/// States of the kernel's include/net/tcp_states.h, which are part of what it tells.
enum TcpState : std::uint8_t {
    kSynSent = 2,
    kFinWait2 = 5,
    kTimeWait = 6,
    kClosed = 7,
    kCloseWait = 8,
    kLastAck = 9,
    kClosing = 11,
};

/// What the kernel tells of a socket.
struct Told {
    EndedStream stream;
    std::uint32_t unread = 0;  ///< Of what has come, the peer's last packet among it, which counts as a byte.
    bool hasArrived = false;   ///< All that was sent, our own last packet among it.
};

void fill(__be32 (&into)[4], const NetworkEndpoint& from)
{
    std::memcpy(into, from.address.data(), from.isIpv6 ? 16 : 4);
}

/// An IPv4 address that is written as IPv6 is one of IPv4, as everywhere.
NetworkEndpoint endpoint(unsigned char family, const __be32 (&address)[4], __be16 port)
{
    NetworkEndpoint made;
    made.port = ::ntohs(port);
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(&address[0]);  // NOLINT: plain bytes
    const bool isMapped = family == AF_INET6 && address[0] == 0 && address[1] == 0 && address[2] == ::htonl(0x0000ffff);
    made.isIpv6 = family == AF_INET6 && !isMapped;
    if (made.isIpv6) std::copy_n(bytes, 16, made.address.begin());
    else std::copy_n(isMapped ? bytes + 12 : bytes, 4, made.address.begin());
    return made;
}

/// What a message says, after its netlink header.
std::optional<Told> toldIn(std::string_view message)
{
    inet_diag_msg head{};
    if (message.size() < sizeof head) return std::nullopt;
    std::memcpy(&head, message.data(), sizeof head);
    Told told;
    told.unread = head.idiag_rqueue;
    EndedStream& made = told.stream;
    made.key.client = endpoint(head.idiag_family, head.id.idiag_src, head.id.idiag_sport);
    made.key.peer = endpoint(head.idiag_family, head.id.idiag_dst, head.id.idiag_dport);
    made.state.isMade = head.idiag_state != kSynSent;
    made.state.isOver = head.idiag_state == kTimeWait || head.idiag_state == kClosed;
    made.state.isQuiet = made.state.isOver || head.idiag_state == kFinWait2;
    for (std::size_t at = NLMSG_ALIGN(sizeof head); at + NLA_HDRLEN <= message.size();) {
        nlattr header{};
        std::memcpy(&header, message.data() + at, sizeof header);
        if (header.nla_len < NLA_HDRLEN || header.nla_len > message.size() - at) break;
        if (header.nla_type == INET_DIAG_INFO) {
            tcp_info info{};
            const std::size_t length = header.nla_len - static_cast<std::size_t>(NLA_HDRLEN);
            std::memcpy(&info, message.data() + at + NLA_HDRLEN, std::min(length, sizeof info));
            // The very first packet counts as a byte that has arrived.
            made.state.isMade = info.tcpi_bytes_acked > 0;
            made.state.sent = info.tcpi_bytes_sent - info.tcpi_bytes_retrans;
            // With the very first packet and the last.
            told.hasArrived = info.tcpi_bytes_acked >= made.state.sent + 2;
            const bool hasEnd =
                head.idiag_state == kCloseWait || head.idiag_state == kLastAck || head.idiag_state == kClosing;
            made.state.received = info.tcpi_bytes_received - (hasEnd ? 1U : 0U);
        }
        at += NLA_ALIGN(static_cast<std::size_t>(header.nla_len));
    }
    return told;
}

/// How many bytes of what a socket that is gone had received are none. Who closed first has left something behind that
/// waits for late packets (`wasFirst`), and may have gone before the peer's last packet came; the other one has had that,
/// unless it was reset. One too few where a program ends its own direction, reads to the end, and closes then: that looks
/// as if the packet had come too late.
std::uint64_t lastPacket(const Told& told, bool wasFirst)
{
    if (wasFirst) return told.unread;
    return told.hasArrived ? 1 : 0;
}

}  // namespace

Result<void> SocketDiag::open()
{
    sockaddr_nl groups{};
    groups.nl_family = AF_NETLINK;
    groups.nl_groups = 1U << (SKNLGRP_INET_TCP_DESTROY - 1U) | 1U << (SKNLGRP_INET6_TCP_DESTROY - 1U);
    if (::bind(m_news.get(), reinterpret_cast<const sockaddr*>(&groups), sizeof groups) != 0)  // NOLINT
        return Error{ErrorCode::backendUnavailable, "ends of connections cannot be heard", {}, errnoText(errno), {}};
    FlowKey nobody;
    nobody.client.port = nobody.peer.port = 1;
    if (const int error = abort(nobody); error != ENOENT)
        return Error{ErrorCode::backendUnavailable,
                     "this kernel cannot end connections that it forwards",
                     {},
                     errnoText(error),
                     "Use one with CONFIG_INET_DIAG_DESTROY, or leave kernelForwarding out"};
    return {};
}

bool SocketDiag::read(std::vector<EndedStream>& ended)
{
    alignas(nlmsghdr) std::array<char, 8192> room;  // NOLINT: needs no values
    for (bool all = true;;) {
        const ssize_t got = ::recv(m_news.get(), room.data(), room.size(), MSG_DONTWAIT);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && errno == ENOBUFS) {
            all = false;
            continue;
        }
        if (got <= 0) return all;
        std::string_view left(room.data(), static_cast<std::size_t>(got));
        while (left.size() >= sizeof(nlmsghdr)) {
            nlmsghdr header{};
            std::memcpy(&header, left.data(), sizeof header);
            if (header.nlmsg_len < sizeof header || header.nlmsg_len > left.size()) break;
            if (header.nlmsg_type == SOCK_DIAG_BY_FAMILY)
                if (const std::optional<Told> told =
                        toldIn(left.substr(NLMSG_HDRLEN, header.nlmsg_len - NLMSG_HDRLEN))) {
                    ended.push_back(told->stream);
                    std::uint64_t& received = ended.back().state.received;
                    received -= std::min(received, lastPacket(*told, find(told->stream.key).has_value()));
                }
            left.remove_prefix(std::min<std::size_t>(NLMSG_ALIGN(header.nlmsg_len), left.size()));
        }
    }
}

/// The answer after its netlink header; nullopt: `error`, or 0 for a mere yes.
std::optional<std::vector<char>> SocketDiag::ask(unsigned type, const FlowKey& key, int& error)
{
    inet_diag_req_v2 what{};
    what.sdiag_family = key.peer.isIpv6 ? AF_INET6 : AF_INET;
    what.sdiag_protocol = IPPROTO_TCP;
    what.idiag_ext = 1U << (INET_DIAG_INFO - 1);
    what.idiag_states = ~0U;
    what.id.idiag_sport = ::htons(key.client.port);
    what.id.idiag_dport = ::htons(key.peer.port);
    fill(what.id.idiag_src, key.client);
    fill(what.id.idiag_dst, key.peer);
    what.id.idiag_cookie[0] = what.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
    NetlinkMessages messages;
    messages.begin(type, type == SOCK_DESTROY ? NLM_F_ACK : 0U);
    messages.fixed(what);
    const std::string& bytes = messages.bytes();
    std::vector<char> room(4096);
    ssize_t got = ::send(m_questions.get(), bytes.data(), bytes.size(), 0);
    // Answers come from within the call.
    if (got >= 0) got = ::recv(m_questions.get(), room.data(), room.size(), MSG_DONTWAIT);
    nlmsghdr header{};
    error = got < 0 ? errno : EPROTO;
    if (got < static_cast<ssize_t>(sizeof header)) return std::nullopt;
    std::memcpy(&header, room.data(), sizeof header);
    if (header.nlmsg_len < sizeof header || header.nlmsg_len > static_cast<std::size_t>(got)) return std::nullopt;
    if (header.nlmsg_type == NLMSG_ERROR && header.nlmsg_len >= NLMSG_LENGTH(sizeof(int))) {
        std::memcpy(&error, &room[NLMSG_HDRLEN], sizeof error);
        error = -error;
        return std::nullopt;
    }
    error = 0;
    return std::vector<char>(room.begin() + NLMSG_HDRLEN, room.begin() + header.nlmsg_len);
}

std::optional<StreamState> SocketDiag::find(const FlowKey& key)
{
    int error = 0;
    const std::optional<std::vector<char>> answer = ask(SOCK_DIAG_BY_FAMILY, key, error);
    const std::optional<Told> told = answer ? toldIn({answer->data(), answer->size()}) : std::optional<Told>();
    return told ? std::optional(told->stream.state) : std::nullopt;
}

int SocketDiag::abort(const FlowKey& key)
{
    int error = 0;
    ask(SOCK_DESTROY, key, error);
    return error;
}

}  // namespace belljar::linux_platform
