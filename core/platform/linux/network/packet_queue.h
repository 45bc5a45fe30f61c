// Packets of the sandbox that wait in the kernel for a verdict (NFQUEUE).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "core/base/result.h"

namespace belljar::linux_platform {

class PacketQueue {
public:
    /// `socket` is a netfilter socket of the sandbox's network, which no other queue uses, and must outlive this one.
    /// Of each packet the first `most` bytes are read, 8 KiB at most.
    PacketQueue(int socket, std::uint16_t number, std::uint32_t most) : m_socket(socket), m_number(number), m_most(most)
    {
    }

    Result<void> open();
    /// open() as an errno; 0: done.
    [[nodiscard]] int tryToOpen() const;
    /// With its IP header. It is whole unless `length` is less than what the header says.
    using Taker = std::function<void(std::uint32_t id, const std::uint8_t* packet, std::size_t length)>;
    /// Hands out what waits, without waiting itself. `taker` must not read() again.
    void read(const Taker& taker);
    void letPass(std::uint32_t id);
    void drop(std::uint32_t id);
    /// It goes through the rules again, with this mark.
    void repeat(std::uint32_t id, std::uint32_t mark);
    [[nodiscard]] int socket() const { return m_socket; }

private:
    void answer(std::uint32_t id, std::uint32_t verdict, std::uint32_t mark);

    const int m_socket;
    const std::uint16_t m_number;
    const std::uint32_t m_most;
};

}  // namespace belljar::linux_platform
