#include "core/platform/linux/network/udp_relay.h"

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/platform/linux/network/socket_address.h"

namespace belljar::linux_platform {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kLargest = 65536;
constexpr std::size_t kMostFlows = 128;
/// Peers, and datagrams for each, that wait for an answer.
constexpr std::size_t kMostHeld = 16;
constexpr std::size_t kMostHeldOfOne = 4;
/// So many in one turn: others wait, too.
constexpr int kMostInOneGo = 32;
/// A question that nobody answers is given up sooner than a conversation that pauses (RFC 4787 asks for two minutes).
constexpr std::chrono::seconds kUnansweredPatience{30};
constexpr std::chrono::seconds kPatience{120};

/// The address that a datagram was sent to, which is not one of ours.
NetworkEndpoint originalPeer(msghdr& header)
{
    for (cmsghdr* item = CMSG_FIRSTHDR(&header); item != nullptr; item = CMSG_NXTHDR(&header, item)) {
        const bool is4 = item->cmsg_level == SOL_IP && item->cmsg_type == IP_ORIGDSTADDR;
        const bool is6 = item->cmsg_level == SOL_IPV6 && item->cmsg_type == IPV6_ORIGDSTADDR;
        if (!is4 && !is6) continue;
        SocketAddress address;
        std::memcpy(address.room(), CMSG_DATA(item), is4 ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
        return address.endpoint();
    }
    return {};
}

}  // namespace

struct UdpRelay::Flow final : public Pollable {
    Flow(UdpRelay& owner, const FlowKey& flowKey) : relay(owner), key(flowKey) {}
    ~Flow() override { relay.m_poller.want(socket.get(), 0, wanted, *this); }
    void onReady(std::uint32_t /*events*/) override { relay.onAnswer(*this); }

    UdpRelay& relay;
    const FlowKey key;
    NetworkFlow told;
    UniqueFd socket;
    std::uint32_t wanted = 0;
    Clock::time_point used;
};

class UdpRelay::Port final : public Pollable {
public:
    Port(UdpRelay& relay, int socket, bool isIpv6) : m_relay(relay), m_socket(socket), m_isIpv6(isIpv6)
    {
        m_relay.m_poller.want(m_socket, EPOLLIN, m_wanted, *this);
    }
    ~Port() override { m_relay.m_poller.want(m_socket, 0, m_wanted, *this); }
    void onReady(std::uint32_t /*events*/) override { m_relay.take(m_socket, m_isIpv6); }

private:
    UdpRelay& m_relay;
    const int m_socket;
    const bool m_isIpv6;
    std::uint32_t m_wanted = 0;
};

UdpRelay::UdpRelay(const InsideSockets& sockets, Poller& poller, RelayJudge& judge, NameResolver& names,
                   UdpIngress& visitors)
    : m_sockets(sockets), m_poller(poller), m_judge(judge), m_names(names), m_visitors(visitors), m_room(kLargest)
{
    m_ports.push_back(std::make_unique<Port>(*this, sockets.datagram4.get(), false));
    m_ports.push_back(std::make_unique<Port>(*this, sockets.datagram6.get(), true));
}

UdpRelay::~UdpRelay() = default;

void UdpRelay::take(int socket, bool isIpv6)
{
    for (int i = 0; i < kMostInOneGo; ++i) {
        SocketAddress client;
        iovec part{m_room.data(), m_room.size()};
        alignas(cmsghdr) std::array<char, 128> control{};
        msghdr header{};
        header.msg_name = client.room();
        header.msg_namelen = *client.lengthRoom();
        header.msg_iov = &part;
        header.msg_iovlen = 1;
        header.msg_control = control.data();
        header.msg_controllen = control.size();
        const ssize_t got = ::recvmsg(socket, &header, MSG_DONTWAIT);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return;
        const FlowKey key{client.endpoint(), originalPeer(header)};
        if (key.peer.port != 0 && key.peer.isIpv6 == isIpv6) onDatagram(key, static_cast<std::size_t>(got));
    }
}

void UdpRelay::onQuestion(const FlowKey& key, std::size_t length)
{
    if (!m_judge.again({IpProtocol::udp, key.peer}).allowed) {
        tellUnreachable(key, ECONNREFUSED);
        return;
    }
    m_names.ask({m_room.data(), length}, IpProtocol::udp, key.client.port, [this, key](const std::string& message) {
        answer(key, udpPacket(key.peer, key.client, message.data(), message.size()));
    });
}

void UdpRelay::onDatagram(const FlowKey& key, std::size_t length)
{
    if (isResolver(key.peer)) {
        onQuestion(key, length);
        return;
    }
    if (m_visitors.isFor(key.peer)) {
        if (!m_visitors.onAnswer(key, m_room.data(), length)) tellUnreachable(key, ECONNREFUSED);
        return;
    }
    if (const auto held = m_held.find(key); held != m_held.end()) {
        if (held->second.datagrams.size() < kMostHeldOfOne) held->second.datagrams.emplace_back(m_room.data(), length);
        return;
    }
    const auto known = m_flows.find(key);
    const bool isNew = known == m_flows.end();
    Flow* const flow = isNew ? open(key, length) : known->second.get();
    if (flow == nullptr) return;
    flow->used = Clock::now();
    ssize_t sent = 0;
    // The first try may only bring the error of an earlier datagram.
    for (int tries = 0; tries < 2; ++tries) {
        sent = ::send(flow->socket.get(), m_room.data(), length, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent >= 0 || errno == EAGAIN || errno == EMSGSIZE || errno == ENOBUFS) break;
        tellUnreachable(key, errno);
    }
    if (sent > 0) flow->told.sent += static_cast<std::uint64_t>(sent);
    // Who only asks a question may be gone when the answer has come.
    if (isNew) m_judge.findOwner(flow->told, key.client.port);
}

/// A flow for a datagram of that length; nullptr when it goes nowhere, or waits.
UdpRelay::Flow* UdpRelay::open(const FlowKey& key, std::size_t length)
{
    const Judgement judgement = m_judge.judge(IpProtocol::udp, key.peer);
    if (judgement.decision.isHeld() && m_held.size() < kMostHeld) {
        m_held[key] = {judgement.decision, {std::string(m_room.data(), length)}};
        return nullptr;
    }
    if (!judgement.decision.allowed) {
        tellUnreachable(key, ECONNREFUSED);
        return nullptr;
    }
    if (judgement.error != 0) {
        tellUnreachable(key, judgement.error);
        return nullptr;
    }
    if (m_flows.size() >= kMostFlows) closeOldest();
    auto flow = std::make_unique<Flow>(*this, key);
    const SocketAddress address(judgement.dial);
    flow->socket.reset(::socket(key.peer.isIpv6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!flow->socket || ::connect(flow->socket.get(), address.get(), address.length()) != 0) {
        tellUnreachable(key, errno);
        return nullptr;
    }
    flow->told.attempt = judgement.attempt;
    flow->told.decision = judgement.decision;
    flow->told.begin = Clock::now();
    Flow& made = *(m_flows[key] = std::move(flow));
    m_poller.want(made.socket.get(), EPOLLIN, made.wanted, made);
    return &made;
}

void UdpRelay::onAnswer(Flow& flow)
{
    for (int i = 0; i < kMostInOneGo; ++i) {
        const ssize_t got = ::recv(flow.socket.get(), m_room.data(), m_room.size(), MSG_DONTWAIT);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (got < 0) {
            tellUnreachable(flow.key, errno);
            return;
        }
        flow.used = Clock::now();
        flow.told.received += static_cast<std::uint64_t>(got);
        answer(flow.key, udpPacket(flow.key.peer, flow.key.client, m_room.data(), static_cast<std::size_t>(got)));
    }
}

void UdpRelay::answer(const FlowKey& key, const std::string& packet) const
{
    sendPacket(key.client.isIpv6 ? m_sockets.raw6.get() : m_sockets.raw4.get(), key.client, packet);
}

void UdpRelay::tellUnreachable(const FlowKey& key, int error) const
{
    const Unreachable why = error == ECONNREFUSED                            ? Unreachable::port
                            : error == ENETUNREACH || error == EADDRNOTAVAIL ? Unreachable::network
                                                                             : Unreachable::host;
    answer(key, unreachablePacket(key.client, key.peer, why));
}

void UdpRelay::close(const FlowKey& key, int error)
{
    const auto found = m_flows.find(key);
    if (found == m_flows.end()) return;
    std::unique_ptr<Flow> flow = std::move(found->second);
    m_flows.erase(found);
    NetworkFlow told = flow->told;
    told.error = error;
    m_poller.bury(std::move(flow));
    m_judge.tell(std::move(told), key.client.port);
}

void UdpRelay::closeOldest()
{
    const auto oldest = std::min_element(m_flows.begin(), m_flows.end(), [](const auto& one, const auto& other) {
        return one.second->used < other.second->used;
    });
    const FlowKey key = oldest->first;
    close(key, 0);
}

void UdpRelay::decideAgain()
{
    std::vector<FlowKey> refused;
    for (auto& [key, flow] : m_flows) {
        const NetworkDecision decision = m_judge.again(flow->told.attempt);
        if (decision.allowed) flow->told.decision = decision;
        else refused.push_back(key);
    }
    for (const FlowKey& key : refused) {
        tellUnreachable(key, ECONNREFUSED);
        close(key, ECONNABORTED);
    }
}

void UdpRelay::askAgain()
{
    for (const auto& [key, held] : std::exchange(m_held, {})) {
        for (const std::string& datagram : held.datagrams) {
            std::copy(datagram.begin(), datagram.end(), m_room.begin());
            onDatagram(key, datagram.size());
        }
    }
    for (const auto& [key, held] : m_held) m_judge.tellHeld(held.decision, IpProtocol::udp, key.client.port);
}

void UdpRelay::tidy(Clock::time_point now)
{
    std::vector<FlowKey> silent;
    for (const auto& [key, flow] : m_flows)
        if (now - flow->used > (flow->told.received == 0 ? kUnansweredPatience : kPatience)) silent.push_back(key);
    for (const FlowKey& key : silent) close(key, 0);
}

void UdpRelay::end()
{
    while (!m_flows.empty()) {
        const FlowKey key = m_flows.begin()->first;
        close(key, 0);
    }
}

}  // namespace belljar::linux_platform
