// UDP ports of the sandbox that are offered on the host: datagrams of each visitor reach whoever listens inside, and
// the answers go back from where the visitor had come to.
//
// Inside a visitor has a port of its own at 100.64.0.5 or fd64::5. The kernel's own message that nobody listens comes
// back through IcmpRelay; it is passed on where we may (root), and told in any case.
#pragma once

#include <chrono>
#include <memory>
#include <unordered_map>
#include <vector>

#include "core/model/network_policy.h"
#include "core/platform/linux/network/inside_network.h"
#include "core/platform/linux/network/poller.h"
#include "core/platform/linux/network/relay_judge.h"

namespace belljar::linux_platform {

/// Lives on the relay's thread.
class UdpIngress {
public:
    /// All must outlive it; `sockets` has been set up.
    UdpIngress(const InsideSockets& sockets, Poller& poller, RelayJudge& judge);
    ~UdpIngress();
    UdpIngress(const UdpIngress&) = delete;
    UdpIngress& operator=(const UdpIngress&) = delete;

    /// `listener` is that of listenFor(). Makes what needs the rights of the calling thread.
    void offer(const PublishedPort& port, UniqueFd listener);
    /// Nobody listens there any more, and whoever came there is forgotten.
    void withdraw(const PublishedPort& port);
    /// A datagram of the sandbox is meant for visitors.
    [[nodiscard]] bool isFor(const NetworkEndpoint& peer) const;
    /// Such a one. False: no visitor of that program is there.
    bool onAnswer(const FlowKey& key, const char* bytes, std::size_t length);
    /// Nobody inside has taken what came from that stand-in of a visitor to that place; `error` is an errno.
    void onRefused(const NetworkEndpoint& visitor, const NetworkEndpoint& place, int error);
    /// Forgets who has been silent for a while.
    void tidy(std::chrono::steady_clock::time_point now);
    void end();
    [[nodiscard]] bool isIdle() const { return m_visits.empty(); }

private:
    class Door;
    struct Visit;
    struct Arrival;

    void onVisitors(Door& door);
    void onVisitor(Door& door, const Arrival& arrival, std::size_t length);
    Visit* admit(Door& door, const Arrival& arrival, std::size_t length);
    [[nodiscard]] std::uint16_t freeNumber();
    void deliver(Visit& visit, const char* bytes, std::size_t length) const;
    void tellAccepted(Visit& visit, int error);
    void passOnRefusal(const Visit& visit) const;
    std::unique_ptr<Visit> take(std::uint16_t number);
    void close(std::uint16_t number, int error);
    void closeOldest();

    const InsideSockets& m_sockets;
    Poller& m_poller;
    RelayJudge& m_judge;
    UniqueFd m_raw4;  ///< Of the host, for refusals; none where we may not.
    UniqueFd m_raw6;
    std::vector<std::unique_ptr<Door>> m_doors;
    std::vector<char> m_room;
    std::uint16_t m_last;                                                ///< Number that was given last.
    std::unordered_map<std::uint16_t, std::unique_ptr<Visit>> m_visits;  ///< By the port that stands for a visitor.
};

}  // namespace belljar::linux_platform
