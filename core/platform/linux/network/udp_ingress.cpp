#include "core/platform/linux/network/udp_ingress.h"

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "core/platform/linux/network/ingress.h"
#include "core/platform/linux/network/packets.h"
#include "core/platform/linux/network/socket_address.h"

namespace belljar::linux_platform {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kLargest = 65536;
constexpr std::size_t kMostVisitors = 256;
/// So many in one turn: others wait, too.
constexpr int kMostInOneGo = 32;
/// As long as a conversation that the sandbox begins; see UdpRelay.
constexpr std::chrono::seconds kUnansweredPatience{30};
constexpr std::chrono::seconds kPatience{120};
/// By then the kernel would have said that nobody listens.
constexpr std::chrono::seconds kRefusalPatience{1};
/// Numbers that stand for visitors: those that programs see of others that have taken any port.
constexpr std::uint16_t kFirstNumber = 32768;
constexpr std::uint16_t kLastNumber = 60999;

/// In an order, for the table of a door.
using VisitorKey = std::tuple<std::array<std::uint8_t, 16>, std::uint16_t, std::array<std::uint8_t, 16>>;

VisitorKey keyOf(const NetworkEndpoint& visitor, const NetworkEndpoint& local)
{
    return {visitor.address, visitor.port, local.address};
}

/// Where a datagram came to: an address of ours, and of IPv6 the interface.
struct Place {
    NetworkEndpoint address;
    unsigned interface = 0;
};

Place placeOf(msghdr& header)
{
    Place place;
    for (cmsghdr* item = CMSG_FIRSTHDR(&header); item != nullptr; item = CMSG_NXTHDR(&header, item)) {
        if (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_PKTINFO) {
            in_pktinfo info{};
            std::memcpy(&info, CMSG_DATA(item), sizeof info);
            std::memcpy(place.address.address.data(), &info.ipi_spec_dst, sizeof info.ipi_spec_dst);
        } else if (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_PKTINFO) {
            in6_pktinfo info{};
            std::memcpy(&info, CMSG_DATA(item), sizeof info);
            place.address.isIpv6 = true;
            place.interface = info.ipi6_ifindex;
            std::memcpy(place.address.address.data(), &info.ipi6_addr, sizeof info.ipi6_addr);
        }
    }
    return place;
}

bool isLinkLocal(const NetworkEndpoint& peer)
{
    return peer.isIpv6 && peer.address[0] == 0xfe && (peer.address[1] & 0xc0U) == 0x80;
}

template <typename Info>
void addControl(msghdr& header, int level, int type, const Info& info)
{
    cmsghdr* const item = CMSG_FIRSTHDR(&header);
    item->cmsg_level = level;
    item->cmsg_type = type;
    item->cmsg_len = CMSG_LEN(sizeof info);
    std::memcpy(CMSG_DATA(item), &info, sizeof info);
    header.msg_controllen = CMSG_SPACE(sizeof info);
}

/// From that place; whether it went.
bool sendFrom(int socket, const Place& place, const NetworkEndpoint& to, const char* bytes, std::size_t length)
{
    SocketAddress address(to);
    iovec part{const_cast<char*>(bytes), length};  // NOLINT: sendmsg(2) does not write there
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(in6_pktinfo))> control{};
    msghdr header{};
    header.msg_name = address.room();
    header.msg_namelen = address.length();
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    if (to.isIpv6) {
        in6_pktinfo info{};
        if (isLinkLocal(to)) info.ipi6_ifindex = place.interface;
        std::memcpy(&info.ipi6_addr, place.address.address.data(), sizeof info.ipi6_addr);
        addControl(header, IPPROTO_IPV6, IPV6_PKTINFO, info);
    } else {
        in_pktinfo info{};
        std::memcpy(&info.ipi_spec_dst, place.address.address.data(), sizeof info.ipi_spec_dst);
        addControl(header, IPPROTO_IP, IP_PKTINFO, info);
    }
    return ::sendmsg(socket, &header, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
}

}  // namespace

/// Who has come, and where to.
struct UdpIngress::Arrival {
    NetworkEndpoint visitor;
    Place place;
};

/// One published port.
class UdpIngress::Door final : public Pollable {
public:
    Door(UdpIngress& ingress, UniqueFd listener, const PublishedPort& port)
        : m_ingress(ingress), m_listener(std::move(listener)), m_port(port)
    {
        m_ingress.m_poller.want(m_listener.get(), EPOLLIN, m_wanted, *this);
    }
    ~Door() override { close(); }
    void onReady(std::uint32_t /*events*/) override
    {
        if (m_listener) m_ingress.onVisitors(*this);
    }
    void close()
    {
        m_ingress.m_poller.want(m_listener.get(), 0, m_wanted, *this);
        m_listener.reset();
    }
    [[nodiscard]] int listener() const { return m_listener.get(); }
    [[nodiscard]] const PublishedPort& port() const { return m_port; }

    std::map<VisitorKey, std::uint16_t> visits;  ///< Numbers of those who came here.
    std::size_t place = 0;                       ///< Of listenersPlaces(), where somebody has answered.

private:
    UdpIngress& m_ingress;
    UniqueFd m_listener;
    const PublishedPort m_port;
    std::uint32_t m_wanted = 0;
};

struct UdpIngress::Visit {
    Door* door = nullptr;
    std::uint16_t number = 0;
    Place came;
    NetworkFlow told;
    std::string first;      ///< What came first, until it is known where somebody listens.
    std::size_t place = 0;  ///< Of listenersPlaces().
    std::size_t tried = 0;  ///< Places where nobody was.
    bool isTold = false;    ///< That it came.
    bool isAnswered = false;
    Clock::time_point used;
};

UdpIngress::UdpIngress(const InsideSockets& sockets, Poller& poller, RelayJudge& judge)
    : m_sockets(sockets), m_poller(poller), m_judge(judge), m_last(kLastNumber)
{
}

UdpIngress::~UdpIngress() = default;

void UdpIngress::offer(const PublishedPort& port, UniqueFd listener)
{
    // Only with privileges; without them a visitor is not told that nobody listens, and waits.
    if (!m_raw4) m_raw4.reset(::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW));
    if (!m_raw6) m_raw6.reset(::socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW));
    m_room.resize(kLargest);
    m_doors.push_back(std::make_unique<Door>(*this, std::move(listener), port));
}

void UdpIngress::withdraw(const PublishedPort& port)
{
    const auto gone =
        std::find_if(m_doors.begin(), m_doors.end(), [&](const auto& door) { return door->port() == port; });
    if (gone == m_doors.end()) return;
    while (!(*gone)->visits.empty()) close((*gone)->visits.begin()->second, ECONNABORTED);
    (*gone)->close();
    m_poller.bury(std::move(*gone));
    m_doors.erase(gone);
}

bool UdpIngress::isFor(const NetworkEndpoint& peer) const
{
    return !m_doors.empty() && peer.address == visitorsAddress(peer.isIpv6).address;
}

void UdpIngress::onVisitors(Door& door)
{
    for (int i = 0; i < kMostInOneGo; ++i) {
        SocketAddress visitor;
        iovec part{m_room.data(), m_room.size()};
        alignas(cmsghdr) std::array<char, 128> control{};
        msghdr header{};
        header.msg_name = visitor.room();
        header.msg_namelen = *visitor.lengthRoom();
        header.msg_iov = &part;
        header.msg_iovlen = 1;
        header.msg_control = control.data();
        header.msg_controllen = control.size();
        const ssize_t got = ::recvmsg(door.listener(), &header, MSG_DONTWAIT);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return;
        const Arrival arrival{visitor.endpoint(), placeOf(header)};
        if (arrival.visitor.port != 0) onVisitor(door, arrival, static_cast<std::size_t>(got));
    }
}

void UdpIngress::onVisitor(Door& door, const Arrival& arrival, std::size_t length)
{
    const auto known = door.visits.find(keyOf(arrival.visitor, arrival.place.address));
    Visit* const visit = known == door.visits.end() ? admit(door, arrival, length) : m_visits.at(known->second).get();
    if (visit == nullptr) return;
    visit->used = Clock::now();
    visit->told.received += length;
    deliver(*visit, m_room.data(), length);
}

/// nullptr: there are no more numbers.
UdpIngress::Visit* UdpIngress::admit(Door& door, const Arrival& arrival, std::size_t length)
{
    if (m_visits.size() >= kMostVisitors) closeOldest();
    auto visit = std::make_unique<Visit>();
    visit->door = &door;
    visit->number = freeNumber();
    visit->came = arrival.place;
    visit->first.assign(m_room.data(), length);
    visit->place = door.place;
    visit->told.attempt.protocol = IpProtocol::udp;
    visit->told.attempt.peer = arrival.visitor;
    visit->told.publishedPort = door.port().port;
    visit->told.decision = {true, door.port().rule};
    visit->told.begin = Clock::now();
    door.visits[keyOf(arrival.visitor, arrival.place.address)] = visit->number;
    return (m_visits[visit->number] = std::move(visit)).get();
}

/// There are many more than visitors, so the one after the last is mostly free, and none comes round again soon.
std::uint16_t UdpIngress::freeNumber()
{
    do m_last = m_last == kLastNumber ? kFirstNumber : static_cast<std::uint16_t>(m_last + 1);
    while (m_visits.contains(m_last));
    return m_last;
}

void UdpIngress::deliver(Visit& visit, const char* bytes, std::size_t length) const
{
    NetworkEndpoint to = listenersPlaces().at(visit.place);
    to.port = visit.door->port().port;
    NetworkEndpoint from = visitorsAddress(to.isIpv6);
    from.port = visit.number;
    sendPacket(to.isIpv6 ? m_sockets.raw6.get() : m_sockets.raw4.get(), to, udpPacket(from, to, bytes, length));
}

void UdpIngress::tellAccepted(Visit& visit, int error)
{
    if (visit.isTold) return;
    visit.isTold = true;
    visit.told.error = error;
    m_judge.tellAccepted(visit.told);
    visit.told.error = 0;
    visit.first = {};
}

bool UdpIngress::onAnswer(const FlowKey& key, const char* bytes, std::size_t length)
{
    const auto found = m_visits.find(key.peer.port);
    if (found == m_visits.end() || key.client.port != found->second->told.publishedPort) return false;
    Visit& visit = *found->second;
    visit.isAnswered = true;
    visit.used = Clock::now();
    visit.door->place = visit.place;
    tellAccepted(visit, 0);
    if (sendFrom(visit.door->listener(), visit.came, visit.told.attempt.peer, bytes, length)) visit.told.sent += length;
    return true;
}

void UdpIngress::onRefused(const NetworkEndpoint& visitor, const NetworkEndpoint& place, int error)
{
    const auto found = m_visits.find(visitor.port);
    if (found == m_visits.end()) return;
    Visit& visit = *found->second;
    const auto& places = listenersPlaces();
    const bool isMeant = place.port == visit.told.publishedPort && place.address == places.at(visit.place).address;
    if (!isMeant) return;
    if (!visit.isTold && ++visit.tried < places.size()) {
        visit.place = (visit.place + 1) % places.size();
        deliver(visit, visit.first.data(), visit.first.size());
        return;
    }
    passOnRefusal(visit);
    if (visit.isTold) {
        close(visit.number, error);
        return;
    }
    tellAccepted(visit, error);
    take(visit.number);
}

/// As the host's own kernel would say it about a port of its own.
void UdpIngress::passOnRefusal(const Visit& visit) const
{
    NetworkEndpoint place = visit.came.address;
    place.port = visit.door->port().hostPort;
    const NetworkEndpoint& visitor = visit.told.attempt.peer;
    const int socket = visitor.isIpv6 ? m_raw6.get() : m_raw4.get();
    if (socket >= 0) sendPacket(socket, visitor, unreachablePacket(visitor, place, Unreachable::port));
}

std::unique_ptr<UdpIngress::Visit> UdpIngress::take(std::uint16_t number)
{
    const auto found = m_visits.find(number);
    std::unique_ptr<Visit> visit = std::move(found->second);
    m_visits.erase(found);
    visit->door->visits.erase(keyOf(visit->told.attempt.peer, visit->came.address));
    return visit;
}

void UdpIngress::close(std::uint16_t number, int error)
{
    const std::unique_ptr<Visit> visit = take(number);
    tellAccepted(*visit, 0);
    visit->told.error = error;
    m_judge.tell(visit->told, visit->told.publishedPort);
}

/// Whom nobody has answered goes before everyone else: so strangers cannot end conversations.
void UdpIngress::closeOldest()
{
    const auto oldest = std::min_element(m_visits.begin(), m_visits.end(), [](const auto& one, const auto& other) {
        return std::tuple(one.second->isAnswered, one.second->used) <
               std::tuple(other.second->isAnswered, other.second->used);
    });
    close(oldest->first, 0);
}

void UdpIngress::tidy(Clock::time_point now)
{
    std::vector<std::uint16_t> silent;
    for (auto& [number, visit] : m_visits) {
        if (now - visit->told.begin > kRefusalPatience) tellAccepted(*visit, 0);
        if (now - visit->used > (visit->isAnswered ? kPatience : kUnansweredPatience)) silent.push_back(number);
    }
    for (const std::uint16_t number : silent) close(number, 0);
}

void UdpIngress::end()
{
    for (const std::unique_ptr<Door>& door : m_doors) door->close();
    while (!m_visits.empty()) close(m_visits.begin()->first, 0);
    m_doors.clear();
}

}  // namespace belljar::linux_platform
