// Attaches to each event what the policy says of it: verdict, rule and - when the result was not seen - what follows.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "core/engine/host_peers.h"
#include "core/engine/peer_names.h"
#include "core/model/access.h"
#include "core/model/event.h"
#include "core/model/host_facts.h"
#include "core/model/policy.h"

namespace belljar {

class EventJudge {
public:
    /// All must outlive the judge. `hostPeers` and `names` are those of a filtered network; nullptr: there is none.
    EventJudge(const Policy& policy, const HostFacts& facts, const HostPeers* hostPeers = nullptr,
               const PeerNames* names = nullptr)
        : m_policy(&policy), m_first(policy), m_facts(facts), m_hostPeers(hostPeers), m_names(names)
    {
    }

    /// What happens from `sinceNs` on (Event::timeNs) is judged by `policy`, in which all rules keep their numbers.
    void changePolicy(std::shared_ptr<const Policy> policy, std::int64_t sinceNs);

    /// Numbers the events and fills verdict, rule, derived results and `absentOnHost`.
    void judge(std::span<Event> events);

private:
    void judgeInterface(Event& event) const;
    void judgeFile(Event& event) const;
    void judgeNetwork(Event& event) const;
    void judgePeer(Event& event) const;
    /// The path with the links that the sandboxee's kernel would follow.
    [[nodiscard]] std::string resolved(const Access& access) const;
    void noteMiss(Event& event, const Access& access, const Verdict& verdict) const;

    struct Change {
        std::int64_t sinceNs = 0;
        std::shared_ptr<const Policy> policy;
    };
    [[nodiscard]] const Policy& policyAt(std::int64_t timeNs) const;

    const Policy* m_policy;  ///< For the event that is being judged.
    const Policy& m_first;
    std::vector<Change> m_changes;  ///< In order; the latest ones.
    const HostFacts& m_facts;
    const HostPeers* const m_hostPeers;
    const PeerNames* const m_names;
    std::uint64_t m_sequence = 0;
};

}  // namespace belljar
