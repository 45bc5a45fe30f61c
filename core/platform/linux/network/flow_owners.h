// Which process began a connection, or took a port to listen on: told by who performs its call (socket_guard.h), asked
// by the relay, which sees nothing of an attempt but its port.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "core/model/network_attempt.h"

namespace belljar::linux_platform {

/// All methods are safe from any thread.
class FlowOwners {
public:
    /// `tid` is a thread of the host; `port` the sandbox's own.
    void put(IpProtocol protocol, std::uint16_t port, std::int32_t tid)
    {
        const std::lock_guard lock(m_mutex);
        m_threads[keyOf(protocol, port)] = tid;
    }

    /// The thread; 0: not known.
    [[nodiscard]] std::int32_t of(IpProtocol protocol, std::uint16_t port) const
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_threads.find(keyOf(protocol, port));
        return found == m_threads.end() ? 0 : found->second;
    }

    /// Does the relay's work on the thread that calls.
    struct Attendant {
        std::function<void()> expect;  ///< A connection is about to begin: the relay's own thread may sleep on.
        std::function<void()> attend;  ///< Decides about what waits. Comes after each `expect`.
        /// Whether an echo request may go to that peer. Of others only the first packet tells.
        std::function<bool(const NetworkEndpoint&)> mayEcho;
    };
    /// An empty one ends that: none runs any more.
    void setAttendant(Attendant attendant)
    {
        const std::lock_guard lock(m_attending);
        m_attendant = std::move(attendant);
    }
    void expect() const
    {
        const std::lock_guard lock(m_attending);
        if (m_attendant.expect) m_attendant.expect();
    }
    void attend() const
    {
        const std::lock_guard lock(m_attending);
        if (m_attendant.attend) m_attendant.attend();
    }

    [[nodiscard]] bool mayEcho(const NetworkEndpoint& peer) const
    {
        const std::lock_guard lock(m_attending);
        return m_attendant.mayEcho && m_attendant.mayEcho(peer);
    }

private:
    static std::uint32_t keyOf(IpProtocol protocol, std::uint16_t port)
    {
        return static_cast<std::uint32_t>(protocol) << 16U | port;
    }

    mutable std::mutex m_attending;
    Attendant m_attendant;
    mutable std::mutex m_mutex;                                 ///< Guards the rest.
    std::unordered_map<std::uint32_t, std::int32_t> m_threads;  ///< Bounded by the number of ports.
};

}  // namespace belljar::linux_platform
