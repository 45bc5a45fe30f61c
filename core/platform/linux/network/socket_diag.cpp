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

/// The peer has said its last, which counts as a byte. Of a socket that is gone it is told by the other one's having
/// arrived: whoever is reset has most often not got that far.
bool hasHeardEnd(std::uint8_t state, const tcp_info& info, std::uint64_t sent)
{
    if (state == kClosed) return info.tcpi_bytes_acked >= sent + 2;  // with the very first packet and the last
    return state == kCloseWait || state == kLastAck || state == kClosing;
}

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
std::optional<EndedStream> streamOf(std::string_view message)
{
    inet_diag_msg head{};
    if (message.size() < sizeof head) return std::nullopt;
    std::memcpy(&head, message.data(), sizeof head);
    EndedStream made;
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
            const bool hasEnd = hasHeardEnd(head.idiag_state, info, made.state.sent) && info.tcpi_bytes_received > 0;
            made.state.received = info.tcpi_bytes_received - (hasEnd ? 1U : 0U);
        }
        at += NLA_ALIGN(static_cast<std::size_t>(header.nla_len));
    }
    return made;
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
                if (std::optional<EndedStream> one =
                        streamOf(left.substr(NLMSG_HDRLEN, header.nlmsg_len - NLMSG_HDRLEN)))
                    ended.push_back(*one);
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
    const std::optional<EndedStream> found =
        answer ? streamOf({answer->data(), answer->size()}) : std::optional<EndedStream>();
    return found ? std::optional(found->state) : std::nullopt;
}

int SocketDiag::abort(const FlowKey& key)
{
    int error = 0;
    ask(SOCK_DESTROY, key, error);
    return error;
}

}  // namespace belljar::linux_platform
