#include "core/platform/linux/network/ingress.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "core/base/ip_network.h"
#include "core/platform/linux/network/socket_address.h"
#include "core/platform/posix/errno_text.h"

namespace belljar::linux_platform {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kRoom = 256U << 10U;
constexpr std::size_t kMostVisitors = 256;
constexpr int kBacklog = 128;
/// A program inside that listens, but takes nobody.
constexpr std::chrono::seconds kPatience{30};

void setOption(int socket, int level, int name)
{
    const int yes = 1;
    ::setsockopt(socket, level, name, &yes, sizeof yes);
}

/// IPv4 as an IPv6 socket wants it.
NetworkEndpoint asIpv6(const NetworkEndpoint& plain)
{
    if (plain.isIpv6) return plain;
    NetworkEndpoint mapped;
    mapped.isIpv6 = true;
    mapped.port = plain.port;
    mapped.address[10] = mapped.address[11] = 0xff;
    std::copy_n(plain.address.begin(), 4, mapped.address.begin() + 12);
    return mapped;
}

/// Where programs of the sandbox may listen, most open first, and as whom we come there.
struct Place {
    NetworkEndpoint address;
    NetworkEndpoint as;
};

std::array<Place, 4> places()
{
    NetworkEndpoint loopback4;
    loopback4.address = {127, 0, 0, 1};
    NetworkEndpoint loopback6;
    loopback6.isIpv6 = true;
    loopback6.address[15] = 1;
    return {Place{insideAddress(false), hostLoopbackAddress(false)},
            Place{insideAddress(true), hostLoopbackAddress(true)}, Place{loopback4, loopback4},
            Place{loopback6, loopback6}};
}

Error notOffered(const PublishedPort& port, int error)
{
    NetworkEndpoint place;
    if (const Result<IpNetwork> address = parseIpNetwork(port.hostAddress))
        place = {address->address, port.hostPort, address->isIpv6};
    const char* hint = "Choose another hostPort";
    if (error == EADDRINUSE) hint = "Choose another hostPort, or end the program that listens there";
    else if (error == EACCES) hint = "Choose a hostPort from 1024 on";
    else if (error == EADDRNOTAVAIL) hint = "Write an address that this computer has";
    return {ErrorCode::backendError,
            "the sandbox's port " + std::to_string(port.port) + " cannot be offered at " + textOf(place),
            "/experimental/belljar/network/publish", errnoText(error), hint};
}

UniqueFd listenAt(const PublishedPort& port, int& error)
{
    const Result<IpNetwork> address = parseIpNetwork(port.hostAddress);
    error = EINVAL;
    if (!address) return UniqueFd();
    const SocketAddress place({address->address, port.hostPort, address->isIpv6});
    UniqueFd made(::socket(address->isIpv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (made) {
        // Connections that have ended keep nobody from listening; a listener does.
        setOption(made.get(), SOL_SOCKET, SO_REUSEADDR);
        if (address->isIpv6) setOption(made.get(), IPPROTO_IPV6, IPV6_V6ONLY);
        if (::bind(made.get(), place.get(), place.length()) == 0 && ::listen(made.get(), kBacklog) == 0) return made;
    }
    error = errno;
    return UniqueFd();
}

}  // namespace

/// One published port.
class Ingress::Door final : public Pollable {
public:
    Door(Ingress& ingress, UniqueFd listener, const PublishedPort& port)
        : m_ingress(ingress), m_listener(std::move(listener)), m_port(port)
    {
        m_ingress.m_poller.want(m_listener.get(), EPOLLIN, m_wanted, *this);
    }
    ~Door() override { m_ingress.m_poller.want(m_listener.get(), 0, m_wanted, *this); }
    void onReady(std::uint32_t /*events*/) override { m_ingress.onVisitor(*this); }
    [[nodiscard]] int listener() const { return m_listener.get(); }
    [[nodiscard]] const PublishedPort& port() const { return m_port; }

private:
    Ingress& m_ingress;
    const UniqueFd m_listener;
    const PublishedPort m_port;
    std::uint32_t m_wanted = 0;
};

struct Ingress::Visit final : public Pollable {
    Visit(Ingress& owner, std::uint64_t visitor) : ingress(owner), number(visitor) {}
    ~Visit() override { ingress.m_poller.want(inside.get(), 0, wanted, *this); }
    void onReady(std::uint32_t /*events*/) override { ingress.onAnswer(number); }

    Ingress& ingress;
    const std::uint64_t number;
    NetworkFlow told;
    UniqueFd outside;
    UniqueFd inside;
    std::uint32_t wanted = 0;
    std::size_t place = 0;  ///< Of places(), where we knock.
    Clock::time_point until;
};

struct Ingress::Carried {
    std::unique_ptr<TcpFlow> flow;
    NetworkFlow told;
};

Ingress::Ingress(const InsideSockets& sockets, Poller& poller, RelayJudge& judge)
    : m_poller(poller), m_judge(judge), m_maker(sockets.makerListener.get(), sockets.makerDialer.get())
{
}

Ingress::~Ingress() = default;

Result<void> Ingress::open(const std::vector<PublishedPort>& ports)
{
    if (ports.empty()) return {};
    if (Result<void> opened = m_maker.open(); !opened) return opened;
    for (const PublishedPort& port : ports) {
        int error = 0;
        UniqueFd listener = listenAt(port, error);
        if (!listener) {
            m_doors.clear();
            return notOffered(port, error);
        }
        m_doors.push_back(std::make_unique<Door>(*this, std::move(listener), port));
    }
    m_room.resize(kRoom);
    return {};
}

void Ingress::onVisitor(const Door& door)
{
    SocketAddress client;
    UniqueFd outside = m_reserve.accept(door.listener(), client);
    if (!outside) return;
    if (m_visits.size() + m_flows.size() >= kMostVisitors) {
        resetAtClose(outside.get());
        return;
    }
    auto visit = std::make_unique<Visit>(*this, ++m_last);
    visit->outside = std::move(outside);
    visit->until = Clock::now() + kPatience;
    visit->told.attempt.peer = client.endpoint();
    visit->told.publishedPort = door.port().port;
    visit->told.decision = {true, door.port().rule};
    visit->told.begin = Clock::now();
    m_visits[m_last] = std::move(visit);
    knock(m_last);
}

/// At one place after the other, until somebody answers.
void Ingress::knock(std::uint64_t number)
{
    static const std::array<Place, 4> kPlaces = places();
    Visit& visit = *m_visits.at(number);
    for (; visit.place < kPlaces.size(); ++visit.place) {
        m_poller.want(visit.inside.get(), 0, visit.wanted, visit);
        visit.inside = m_maker.make();
        if (!visit.inside) {
            turnAway(number, ENOBUFS);
            return;
        }
        const Place& place = kPlaces[visit.place];
        // No interface has the address as which we come.
        setOption(visit.inside.get(), IPPROTO_IPV6, IPV6_FREEBIND);
        const SocketAddress as(asIpv6(place.as));
        if (::bind(visit.inside.get(), as.get(), as.length()) != 0) continue;
        NetworkEndpoint to = place.address;
        to.port = visit.told.publishedPort;
        const SocketAddress address(asIpv6(to));
        if (::connect(visit.inside.get(), address.get(), address.length()) != 0 && errno != EINPROGRESS) continue;
        const int result = dialResult(visit.inside.get());
        if (result == EINPROGRESS) {
            m_poller.want(visit.inside.get(), EPOLLOUT, visit.wanted, visit);
            return;
        }
        if (result != 0) continue;
        carry(number);
        return;
    }
    turnAway(number, ECONNREFUSED);
}

void Ingress::onAnswer(std::uint64_t number)
{
    const auto found = m_visits.find(number);
    if (found == m_visits.end()) return;
    const int result = dialResult(found->second->inside.get());
    if (result == EINPROGRESS) return;
    if (result == 0) {
        carry(number);
        return;
    }
    ++found->second->place;
    knock(number);
}

void Ingress::carry(std::uint64_t number)
{
    const auto found = m_visits.find(number);
    std::unique_ptr<Visit> visit = std::move(found->second);
    m_visits.erase(found);
    m_poller.want(visit->inside.get(), 0, visit->wanted, *visit);
    setOption(visit->inside.get(), IPPROTO_TCP, TCP_NODELAY);
    m_judge.tellAccepted(visit->told);
    Carried& carried = m_flows[number];
    carried.told = std::move(visit->told);
    carried.flow = std::make_unique<TcpFlow>(m_poller, m_room, std::move(visit->inside), std::move(visit->outside),
                                             [this, number](int error) { onOver(number, error); });
    carried.flow->begin();
    m_poller.bury(std::move(visit));
}

void Ingress::turnAway(std::uint64_t number, int error)
{
    const auto found = m_visits.find(number);
    std::unique_ptr<Visit> visit = std::move(found->second);
    m_visits.erase(found);
    m_poller.want(visit->inside.get(), 0, visit->wanted, *visit);
    resetAtClose(visit->outside.get());
    visit->told.error = error;
    m_judge.tellAccepted(visit->told);
    m_poller.bury(std::move(visit));
}

void Ingress::onOver(std::uint64_t number, int error)
{
    const auto found = m_flows.find(number);
    if (found == m_flows.end()) return;
    Carried carried = std::move(found->second);
    m_flows.erase(found);
    carried.told.sent = carried.flow->sent();
    carried.told.received = carried.flow->received();
    carried.told.error = error;
    m_poller.bury(std::move(carried.flow));
    const std::uint16_t port = carried.told.publishedPort;
    m_judge.tell(std::move(carried.told), port);
}

void Ingress::tidy(Clock::time_point now)
{
    std::vector<std::uint64_t> late;
    for (const auto& [number, visit] : m_visits)
        if (now >= visit->until) late.push_back(number);
    for (const std::uint64_t number : late) turnAway(number, ETIMEDOUT);
}

void Ingress::leave()
{
    std::vector<std::uint64_t> numbers;
    for (const auto& [number, carried] : m_flows) numbers.push_back(number);
    for (const std::uint64_t number : numbers) m_flows.at(number).flow->leave();
}

void Ingress::end()
{
    m_doors.clear();
    while (!m_visits.empty()) turnAway(m_visits.begin()->first, ECONNABORTED);
    while (!m_flows.empty()) m_flows.begin()->second.flow->cut(ECONNABORTED);
}

}  // namespace belljar::linux_platform
