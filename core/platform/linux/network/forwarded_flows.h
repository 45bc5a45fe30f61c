// TCP connections of the sandbox that the kernel forwards by the wire (wire.h), once the relay has allowed them.
//
// The relay decides about the first packet as about any other, and then only keeps the account: which there are, when
// each has ended and with how many bytes, and which have to end because a rule has changed.
#pragma once

#include <chrono>
#include <unordered_map>
#include <vector>

#include "core/platform/linux/network/poller.h"
#include "core/platform/linux/network/relay_judge.h"
#include "core/platform/linux/network/socket_diag.h"
#include "core/platform/linux/network/wire.h"

namespace belljar::linux_platform {

/// Lives on the relay's thread.
class ForwardedFlows final : public Pollable {
public:
    using Clock = std::chrono::steady_clock;

    /// `filterSocket` is a netfilter socket of the sandbox's network; it and what is referred to must outlive this.
    ForwardedFlows(int filterSocket, SocketDiag diag, const WireEnd& end, Poller& poller, RelayJudge& judge);
    ~ForwardedFlows() override;

    Result<void> open();
    /// Whether the kernel can carry it unread: it goes to somebody else, is not known by its name alone ...
    [[nodiscard]] bool takes(const FlowKey& key, const Judgement& judgement) const;
    /// From now on its packets may pass; false: they may not, something is wrong.
    [[nodiscard]] bool begin(const FlowKey& key, const Judgement& judgement, Clock::time_point since);
    [[nodiscard]] bool has(const FlowKey& key) const { return m_flows.contains(key); }

    void onReady(std::uint32_t events) override;
    void decideAgain();
    void findOwners();
    [[nodiscard]] bool hasUnowned() const { return !m_unowned.empty(); }
    void tidy(Clock::time_point now);
    [[nodiscard]] bool isIdle() const { return m_places.empty(); }
    /// Something that was sent has not arrived yet, or an end has not been told.
    [[nodiscard]] bool isUnfinished();
    void end();

private:
    bool change(unsigned message, const std::vector<FlowKey>& keys);
    void over(const FlowKey& key, const StreamState& state, int error);
    [[nodiscard]] bool hearNews();
    void lookAtAll();

    const int m_filter;
    SocketDiag m_diag;
    const WireEnd m_end;
    Poller& m_poller;
    RelayJudge& m_judge;
    std::uint32_t m_wanted = 0;
    std::unordered_map<FlowKey, NetworkFlow, FlowKeyHash> m_flows;
    /// Those that may pass: the flows, and until then those that are over, whose last packets are on their way.
    std::unordered_map<FlowKey, Clock::time_point, FlowKeyHash> m_places;
    std::vector<FlowKey> m_unowned;
    std::vector<EndedStream> m_ended;
    Clock::time_point m_looked;
};

}  // namespace belljar::linux_platform
