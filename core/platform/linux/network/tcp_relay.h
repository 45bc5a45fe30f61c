// Connections of the sandbox, dialled by the host.
//
// A first packet waits in the queue while we decide and dial; when the peer has answered, it passes, and the sandbox's
// kernel makes the connection to our listener. What was refused or could not be reached is refused inside the same way.
#pragma once

#include <chrono>
#include <memory>
#include <unordered_map>
#include <vector>

#include "core/platform/linux/network/carried_flow.h"
#include "core/platform/linux/network/connection_queue.h"
#include "core/platform/linux/network/forwarded_flows.h"
#include "core/platform/linux/network/name_resolver.h"
#include "core/platform/linux/network/poller.h"
#include "core/platform/linux/network/relay_judge.h"
#include "core/platform/linux/network/stream_sockets.h"
#include "core/platform/linux/network/tcp_flow.h"

namespace belljar::linux_platform {

/// Lives on the relay's thread.
class TcpRelay {
public:
    /// All must outlive it; `sockets` has been set up.
    TcpRelay(const InsideSockets& sockets, Poller& poller, RelayJudge& judge, NameResolver& names);
    ~TcpRelay();
    TcpRelay(const TcpRelay&) = delete;
    TcpRelay& operator=(const TcpRelay&) = delete;

    Result<void> open();
    /// What the kernel can carry, it does from now on.
    Result<void> forward(std::unique_ptr<ForwardedFlows> flows);
    /// Decides about the first packets that wait.
    void readQueue();
    /// Asks again about everything that is let out, and cuts what is no longer allowed.
    void decideAgain();
    /// The same about what is held.
    void askAgain();
    [[nodiscard]] bool holds() const { return !m_held.empty(); }
    /// For the next connection, when nobody waits.
    void makeReady() { m_outward.refill(); }
    /// Forgets what came to nothing.
    void tidy(std::chrono::steady_clock::time_point now);
    /// Who has begun what is new: to be asked when there is nothing else to do.
    void findOwners();
    [[nodiscard]] bool hasUnowned() const { return !m_unowned.empty() || (m_forwarded && m_forwarded->hasUnowned()); }
    /// Who is inside is gone: connections end when what was sent there has been handed on.
    void leave();
    [[nodiscard]] bool isUnfinished() const { return !m_flows.empty() || (m_forwarded && m_forwarded->isUnfinished()); }
    /// Ends everything and tells it.
    void end();
    [[nodiscard]] bool isIdle() const
    {
        return m_dials.empty() && m_listening.empty() && (!m_forwarded || m_forwarded->isIdle());
    }

private:
    struct Dial;
    class Listener;
    class Queue;

    void onFirstPacket(const WaitingPacket& packet);
    void go(std::unique_ptr<Dial> dial);
    void onDialled(const FlowKey& key);
    void onMade(Dial& dial);
    void acceptOne(int listener);
    void carry(const FlowKey& key, UniqueFd inside);
    TcpFlow::Heard hear(const FlowKey& key, std::string_view bytes, bool isAll);
    void onOver(const FlowKey& key, int error);
    /// Dials that come to nothing.
    template <typename Condition>
    void giveUp(const Condition& condition, RefusalMark why);

    Poller& m_poller;
    RelayJudge& m_judge;
    NameResolver& m_names;
    ConnectionQueue m_queue;
    std::unique_ptr<Queue> m_queueWatch;
    std::vector<std::unique_ptr<Listener>> m_listeners;
    const std::size_t m_most;
    DescriptorReserve m_reserve;
    StreamStock m_outward;
    std::vector<WaitingPacket> m_packets;
    std::vector<char> m_room;
    std::vector<FlowKey> m_unowned;    ///< Begun, and nobody has looked yet by whom.
    std::vector<FlowKey> m_held;       ///< Dials that wait for an answer before they begin.
    std::vector<FlowKey> m_listening;  ///< May wait for what the program says.
    std::unordered_map<FlowKey, std::unique_ptr<Dial>, FlowKeyHash> m_dials;
    std::unordered_map<FlowKey, CarriedFlow, FlowKeyHash> m_flows;
    std::unique_ptr<ForwardedFlows> m_forwarded;  ///< nullptr: the kernel carries nothing.
};

}  // namespace belljar::linux_platform
