// What a session does for the relay of its filtered network: decides by the rules as they are now, keeps in mind what
// became known of addresses, asks where no rule covers something, and tells what happened.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "core/engine/ask_desk.h"
#include "core/engine/host_peers.h"
#include "core/engine/live_policy.h"
#include "core/engine/peer_names.h"
#include "core/model/event.h"
#include "core/model/network_attempt.h"

namespace belljar {

/// The rules that would allow `access`, which is denied because no rule covers it; narrowest first. Empty where none
/// helps.
[[nodiscard]] std::vector<NetworkQuestion::Choice> askChoices(const Policy& policy, const Access& access,
                                                              const HostFacts& facts);

class SessionNetwork {
public:
    /// All must outlive it; `live` may be made later. `note` takes events; empty: nobody wants them.
    SessionNetwork(const LivePolicy& live, const HostFacts& facts, std::function<void(Event)> note)
        : m_live(live), m_facts(facts), m_note(std::move(note))
    {
    }

    /// Before hooks(): what no rule covers is asked.
    void askFirst(AskDesk::Callbacks callbacks, std::chrono::milliseconds patience);
    /// Event times count from `origin`.
    [[nodiscard]] NetworkHooks hooks(std::chrono::steady_clock::time_point origin);

    [[nodiscard]] const HostPeers& hostPeers() const { return m_hostPeers; }
    [[nodiscard]] const PeerNames& names() const { return m_names; }
    /// nullptr: nothing is asked.
    [[nodiscard]] AskDesk* desk() const { return m_desk.get(); }

private:
    [[nodiscard]] NetworkDecision decide(const NetworkAttempt& attempt);
    [[nodiscard]] NetworkDecision decideName(const std::string& name);
    [[nodiscard]] NetworkDecision orAsk(const Policy& policy, const Access& access, NetworkDecision decision);
    [[nodiscard]] std::int64_t now() const;

    const LivePolicy& m_live;
    const HostFacts& m_facts;
    const std::function<void(Event)> m_note;
    std::chrono::steady_clock::time_point m_origin;
    HostPeers m_hostPeers;
    PeerNames m_names;
    std::unique_ptr<AskDesk> m_desk;
};

}  // namespace belljar
