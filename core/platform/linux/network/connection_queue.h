// First packets of TCP connections, waiting in the kernel for a verdict.
//
// While one waits, the program's connect(2) does: so it gets the true answer of whom it wants to reach, and a refusal
// at once.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/result.h"
#include "core/model/network_attempt.h"
#include "core/platform/linux/network/inside_network.h"
#include "core/platform/linux/network/packet_queue.h"
#include "core/platform/linux/network/packet_rules.h"

namespace belljar::linux_platform {

struct WaitingPacket {
    std::uint32_t id = 0;
    /// nullopt: no packet that we understand.
    std::optional<NetworkEndpoint> from;
    NetworkEndpoint to;
};

/// The endpoints of an IPv4 or IPv6 packet with TCP; nullopt when it is anything else.
struct PacketEnds {
    NetworkEndpoint from;
    NetworkEndpoint to;
};
[[nodiscard]] std::optional<PacketEnds> tcpEnds(const std::uint8_t* packet, std::size_t length);

class ConnectionQueue {
public:
    /// `socket` is a netfilter socket of the sandbox's network and must outlive the queue.
    explicit ConnectionQueue(int socket) : m_queue(socket, kConnectionQueue, kHeaders) {}

    Result<void> open() { return m_queue.open(); }
    /// open() as an errno; 0: done.
    [[nodiscard]] int tryToOpen() const { return m_queue.tryToOpen(); }
    /// Appends what waits, without waiting itself.
    void read(std::vector<WaitingPacket>& packets);
    void letPass(std::uint32_t id);
    void drop(std::uint32_t id);
    void refuse(std::uint32_t id, RefusalMark mark);
    /// As that errno of a connection of the host would have it.
    void refuseFor(std::uint32_t id, int error);
    [[nodiscard]] int socket() const { return m_queue.socket(); }

private:
    static constexpr std::uint32_t kHeaders = 128;  ///< Bytes of a packet that we look at.
    PacketQueue m_queue;
};

}  // namespace belljar::linux_platform
