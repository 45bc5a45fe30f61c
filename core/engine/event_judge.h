// Attaches to each event what the policy says of it: verdict, rule and - when the result was not seen - what follows.
#pragma once

#include <span>

#include "core/model/access.h"
#include "core/model/event.h"
#include "core/model/host_facts.h"
#include "core/model/policy.h"

namespace belljar {

class EventJudge {
public:
    /// Both must outlive the judge.
    EventJudge(const Policy& policy, const HostFacts& facts) : m_policy(policy), m_facts(facts) {}

    /// Numbers the events and fills verdict, rule, derived results and `absentOnHost`.
    void judge(std::span<Event> events);

private:
    void judgeFile(Event& event) const;
    void judgeNetwork(Event& event) const;
    /// The path with the links that the sandboxee's kernel would follow.
    [[nodiscard]] std::string resolved(const Access& access) const;
    void noteMiss(Event& event, const Access& access, const Verdict& verdict) const;

    const Policy& m_policy;
    const HostFacts& m_facts;
    std::uint64_t m_sequence = 0;
};

}  // namespace belljar
