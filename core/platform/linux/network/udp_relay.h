// Datagrams of the sandbox, sent by the host: a socket of the host for each pair of ends, which is closed when it has
// been silent for a while. Answers come back in the name of whom the sandbox asked.
#pragma once

#include <chrono>
#include <memory>
#include <unordered_map>
#include <vector>

#include "core/platform/linux/network/inside_network.h"
#include "core/platform/linux/network/name_resolver.h"
#include "core/platform/linux/network/packets.h"
#include "core/platform/linux/network/poller.h"
#include "core/platform/linux/network/relay_judge.h"
#include "core/platform/linux/network/udp_ingress.h"

namespace belljar::linux_platform {

/// Lives on the relay's thread.
class UdpRelay {
public:
    /// All must outlive it; `sockets` has been set up.
    UdpRelay(const InsideSockets& sockets, Poller& poller, RelayJudge& judge, NameResolver& names,
             UdpIngress& visitors);
    ~UdpRelay();
    UdpRelay(const UdpRelay&) = delete;
    UdpRelay& operator=(const UdpRelay&) = delete;

    /// As in TcpRelay.
    void decideAgain();
    void askAgain();
    [[nodiscard]] bool holds() const { return !m_held.empty(); }
    void tidy(std::chrono::steady_clock::time_point now);
    void end();
    [[nodiscard]] bool isIdle() const { return m_flows.empty(); }

private:
    struct Flow;
    class Port;

    void take(int socket, bool isIpv6);
    void onQuestion(const FlowKey& key, std::size_t length);
    void onDatagram(const FlowKey& key, std::size_t length);
    Flow* open(const FlowKey& key, std::size_t length);
    void onAnswer(Flow& flow);
    void answer(const FlowKey& key, const std::string& packet) const;
    void tellUnreachable(const FlowKey& key, int error) const;
    void close(const FlowKey& key, int error);
    void closeOldest();

    const InsideSockets& m_sockets;
    Poller& m_poller;
    RelayJudge& m_judge;
    NameResolver& m_names;
    UdpIngress& m_visitors;
    std::vector<std::unique_ptr<Port>> m_ports;
    std::vector<char> m_room;
    std::unordered_map<FlowKey, std::unique_ptr<Flow>, FlowKeyHash> m_flows;
    struct Held {
        NetworkDecision decision;
        std::vector<std::string> datagrams;
    };
    std::unordered_map<FlowKey, Held, FlowKeyHash> m_held;  ///< Waits for an answer.
};

}  // namespace belljar::linux_platform
