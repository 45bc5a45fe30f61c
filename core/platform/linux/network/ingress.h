// TCP ports of the sandbox that are offered on the host: who connects to one is connected to whoever listens inside.
//
// Inside they come from the host's address there (100.64.0.1, fd64::1); to a program that listens on its own loopback
// only, from there.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "core/model/network_policy.h"
#include "core/platform/linux/network/carried_flow.h"
#include "core/platform/linux/network/inside_network.h"
#include "core/platform/linux/network/poller.h"
#include "core/platform/linux/network/relay_judge.h"
#include "core/platform/linux/network/socket_maker.h"
#include "core/platform/linux/network/stream_sockets.h"
#include "core/platform/linux/network/tcp_flow.h"

namespace belljar::linux_platform {

/// Where programs of the sandbox may listen, most open first.
[[nodiscard]] const std::array<NetworkEndpoint, 4>& listenersPlaces();

/// Lives on the relay's thread, but for open().
class Ingress {
public:
    /// All must outlive it; `sockets` has been set up.
    Ingress(const InsideSockets& sockets, Poller& poller, RelayJudge& judge);
    ~Ingress();
    Ingress(const Ingress&) = delete;
    Ingress& operator=(const Ingress&) = delete;

    /// Before the first offer(); again is nothing.
    Result<void> open();
    /// `listener` is that of listenFor().
    void offer(const PublishedPort& port, UniqueFd listener);
    /// Nobody listens there any more, and whoever came there is cut.
    void withdraw(const PublishedPort& port);
    /// Forgets who waits for a program that does not answer.
    void tidy(std::chrono::steady_clock::time_point now);
    /// Who is inside is gone: connections end when what was sent there has been handed on.
    void leave();
    [[nodiscard]] bool hasFlows() const { return !m_flows.empty(); }
    /// Ends everything and tells it.
    void end();
    [[nodiscard]] bool isIdle() const { return m_visits.empty(); }

private:
    class Door;
    struct Visit;

    void onVisitor(const Door& door);
    void knock(std::uint64_t number);
    void onAnswer(std::uint64_t number);
    void carry(std::uint64_t number);
    void turnAway(std::uint64_t number, int error);
    void onOver(std::uint64_t number, int error);

    Poller& m_poller;
    RelayJudge& m_judge;
    SocketMaker m_maker;
    DescriptorReserve m_reserve;
    bool m_isOpen = false;
    std::vector<std::unique_ptr<Door>> m_doors;
    std::vector<char> m_room;
    std::uint64_t m_last = 0;                                            ///< Visitors so far.
    std::unordered_map<std::uint64_t, std::unique_ptr<Visit>> m_visits;  ///< Nobody inside has answered yet.
    std::unordered_map<std::uint64_t, CarriedFlow> m_flows;
};

}  // namespace belljar::linux_platform
