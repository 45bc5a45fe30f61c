// ICMP of the sandbox that the relay has to see: the kernel's word that nobody took what a visitor sent.
#pragma once

#include "core/platform/linux/network/inside_network.h"
#include "core/platform/linux/network/packet_queue.h"
#include "core/platform/linux/network/poller.h"
#include "core/platform/linux/network/udp_ingress.h"

namespace belljar::linux_platform {

/// Lives on the relay's thread.
class IcmpRelay final : public Pollable {
public:
    /// All must outlive it; `sockets` has been set up.
    IcmpRelay(const InsideSockets& sockets, Poller& poller, UdpIngress& visitors);
    ~IcmpRelay() override;

    Result<void> open();
    void onReady(std::uint32_t events) override;

private:
    void onPacket(const std::uint8_t* packet, std::size_t length);

    Poller& m_poller;
    UdpIngress& m_visitors;
    PacketQueue m_queue;
    std::uint32_t m_wanted = 0;
};

}  // namespace belljar::linux_platform
