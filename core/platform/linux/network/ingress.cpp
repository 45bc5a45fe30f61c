#include "core/platform/linux/network/ingress.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "core/platform/linux/network/socket_address.h"

namespace belljar::linux_platform {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kRoom = 256U << 10U;
constexpr std::size_t kMostVisitors = 256;
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

/// As whom we come to each of them.
NetworkEndpoint visitorAt(const NetworkEndpoint& place)
{
    NetworkEndpoint visitor = place;
    if (place == insideAddress(place.isIpv6)) visitor = hostLoopbackAddress(place.isIpv6);
    return visitor;
}

}  // namespace

const std::array<NetworkEndpoint, 4>& listenersPlaces()
{
    static const std::array<NetworkEndpoint, 4> kPlaces = [] {
        NetworkEndpoint loopback4;
        loopback4.address = {127, 0, 0, 1};
        NetworkEndpoint loopback6;
        loopback6.isIpv6 = true;
        loopback6.address[15] = 1;
        return std::array{insideAddress(false), insideAddress(true), loopback4, loopback6};
    }();
    return kPlaces;
}

/// One published port.
class Ingress::Door final : public Pollable {
public:
    Door(Ingress& ingress, UniqueFd listener, const PublishedPort& port)
        : m_ingress(ingress), m_listener(std::move(listener)), m_port(port)
    {
        m_ingress.m_poller.want(m_listener.get(), EPOLLIN, m_wanted, *this);
    }
    ~Door() override { close(); }
    void onReady(std::uint32_t /*events*/) override
    {
        if (m_listener) m_ingress.onVisitor(*this);
    }
    void close()
    {
        m_ingress.m_poller.want(m_listener.get(), 0, m_wanted, *this);
        m_listener.reset();
    }
    [[nodiscard]] int listener() const { return m_listener.get(); }
    [[nodiscard]] const PublishedPort& port() const { return m_port; }

private:
    Ingress& m_ingress;
    UniqueFd m_listener;
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

Ingress::Ingress(const InsideSockets& sockets, Poller& poller, RelayJudge& judge)
    : m_poller(poller), m_judge(judge), m_maker(sockets.makerListener.get(), sockets.makerDialer.get())
{
}

Ingress::~Ingress() = default;

Result<void> Ingress::open()
{
    if (m_isOpen) return {};
    if (Result<void> opened = m_maker.open(); !opened) return opened;
    m_room.resize(kRoom);
    m_isOpen = true;
    return {};
}

void Ingress::offer(const PublishedPort& port, UniqueFd listener)
{
    m_doors.push_back(std::make_unique<Door>(*this, std::move(listener), port));
}

void Ingress::withdraw(const PublishedPort& port)
{
    const auto gone =
        std::find_if(m_doors.begin(), m_doors.end(), [&](const auto& door) { return door->port() == port; });
    if (gone == m_doors.end()) return;
    (*gone)->close();
    m_poller.bury(std::move(*gone));
    m_doors.erase(gone);
    std::vector<std::uint64_t> waiting;
    for (const auto& [number, visit] : m_visits)
        if (visit->told.decision.rule == port.rule) waiting.push_back(number);
    for (const std::uint64_t number : waiting) turnAway(number, ECONNABORTED);
    std::vector<std::uint64_t> carried;
    for (const auto& [number, flow] : m_flows)
        if (flow.told.decision.rule == port.rule) carried.push_back(number);
    for (const std::uint64_t number : carried) m_flows.at(number).flow->cut(ECONNABORTED);
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
    const std::array<NetworkEndpoint, 4>& places = listenersPlaces();
    Visit& visit = *m_visits.at(number);
    for (; visit.place < places.size(); ++visit.place) {
        m_poller.want(visit.inside.get(), 0, visit.wanted, visit);
        visit.inside = m_maker.make();
        if (!visit.inside) {
            turnAway(number, ENOBUFS);
            return;
        }
        const NetworkEndpoint& place = places[visit.place];
        // No interface has the address as which we come.
        setOption(visit.inside.get(), IPPROTO_IPV6, IPV6_FREEBIND);
        const SocketAddress as(asIpv6(visitorAt(place)));
        if (::bind(visit.inside.get(), as.get(), as.length()) != 0) continue;
        NetworkEndpoint to = place;
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
    CarriedFlow& carried = m_flows[number];
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
    CarriedFlow carried = std::move(found->second);
    m_flows.erase(found);
    const std::uint16_t port = carried.told.publishedPort;
    tellOver(std::move(carried), error, port, m_poller, m_judge);
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
