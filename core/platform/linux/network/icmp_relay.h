// ICMP of the sandbox. Echo requests wait in a queue of their own, are decided about and sent by the host from a socket
// for echo requests; the answer comes back with the number that the program had given. Everything else that the relay
// has to see is the kernel's word that nobody took what a visitor sent.
#pragma once

#include <chrono>
#include <memory>
#include <unordered_map>
#include <vector>

#include "core/platform/linux/network/inside_network.h"
#include "core/platform/linux/network/packet_queue.h"
#include "core/platform/linux/network/packets.h"
#include "core/platform/linux/network/poller.h"
#include "core/platform/linux/network/relay_judge.h"
#include "core/platform/linux/network/udp_ingress.h"

namespace belljar::linux_platform {

/// Lives on the relay's thread.
class IcmpRelay {
public:
    /// All must outlive it; `sockets` has been set up.
    IcmpRelay(const InsideSockets& sockets, Poller& poller, RelayJudge& judge, UdpIngress& visitors);
    ~IcmpRelay();
    IcmpRelay(const IcmpRelay&) = delete;
    IcmpRelay& operator=(const IcmpRelay&) = delete;

    Result<void> open();
    /// As in TcpRelay.
    void decideAgain();
    void tidy(std::chrono::steady_clock::time_point now);
    void end();
    [[nodiscard]] bool isIdle() const { return m_flows.empty(); }

private:
    struct Flow;
    class Queue;

    void readQueue();
    void onPacket(std::uint32_t id, const std::uint8_t* packet, std::size_t length);
    void onEcho(std::uint32_t id, const EchoView& echo);
    Flow* begin(const FlowKey& key, int& error);
    void onAnswer(Flow& flow);
    void sendInside(const std::string& packet, const NetworkEndpoint& to) const;
    [[nodiscard]] bool isTooMany();
    void close(const FlowKey& key, int error);
    void closeOldest();

    const InsideSockets& m_sockets;
    Poller& m_poller;
    RelayJudge& m_judge;
    UdpIngress& m_visitors;
    PacketQueue m_queue;
    std::unique_ptr<Queue> m_queueWatch;
    std::vector<char> m_room;
    double m_allowance;  ///< Echoes that may go at once; grows with time.
    std::chrono::steady_clock::time_point m_allowedSince = std::chrono::steady_clock::now();
    /// The client's port is the number that its program gives to the echoes.
    std::unordered_map<FlowKey, std::unique_ptr<Flow>, FlowKeyHash> m_flows;
};

}  // namespace belljar::linux_platform
