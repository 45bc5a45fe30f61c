// What the relay decides by: the engine's rules, where the host would send it, and what it tells at the end.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "core/model/network_attempt.h"
#include "core/platform/linux/network/flow_owners.h"
#include "core/platform/linux/network/host_routes.h"
#include "core/platform/linux/process_table.h"

namespace belljar::linux_platform {

/// The two ends of something relayed, as the sandbox names them.
struct FlowKey {
    NetworkEndpoint client;
    NetworkEndpoint peer;
    bool operator==(const FlowKey&) const = default;
};

struct FlowKeyHash {
    [[nodiscard]] std::size_t operator()(const FlowKey& key) const;
};

/// The answer about one attempt.
struct Judgement {
    NetworkAttempt attempt;
    NetworkDecision decision;
    NetworkEndpoint dial;  ///< Where the host has to go for it.
    int error = 0;         ///< Allowed, but there is no way: errno.
};

/// Lives on the relay's thread.
class RelayJudge {
public:
    /// `proxyPort`: see LaunchPlan::localProxyPort.
    RelayJudge(NetworkHooks hooks, std::shared_ptr<const FlowOwners> owners, std::uint16_t proxyPort)
        : m_hooks(std::move(hooks)), m_owners(std::move(owners)), m_proxyPort(proxyPort)
    {
    }

    /// `name`: for whom the program has said that it is; empty: it has not.
    [[nodiscard]] Judgement judge(IpProtocol protocol, const NetworkEndpoint& peer, const std::string& name = {});
    [[nodiscard]] NetworkDecision judgeName(const std::string& name) const;
    /// Whether what was allowed still is; the flow then goes on under the rule that is named.
    [[nodiscard]] NetworkDecision again(const NetworkAttempt& attempt) const { return m_hooks.decide(attempt); }
    /// Anybody wants to know who has begun something.
    [[nodiscard]] bool isHeard() const { return m_hooks.onEnd || m_hooks.onHeld; }
    /// Who has begun something, from the port of the client; best soon, while that process is there. Costs tens of
    /// microseconds; nobody, when nobody wants to know.
    [[nodiscard]] FlowProcess ownerOf(IpProtocol protocol, std::uint16_t clientPort);
    void findOwner(NetworkFlow& flow, std::uint16_t clientPort);
    /// Tells that somebody has come from outside.
    void tellAccepted(NetworkFlow& flow);
    /// Tells the end of it.
    void tell(NetworkFlow flow, std::uint16_t clientPort);
    void tell(NameLookup& lookup) const;
    /// That somebody waits for an answer.
    void tellHeld(const NetworkDecision& decision, IpProtocol protocol, std::uint16_t clientPort);
    void tick() const;
    /// What a rule says; empty: nobody knows.
    [[nodiscard]] std::string ruleText(RuleId rule) const { return m_hooks.ruleText ? m_hooks.ruleText(rule) : ""; }

private:
    const NetworkHooks m_hooks;
    const std::shared_ptr<const FlowOwners> m_owners;
    const std::uint16_t m_proxyPort;
    HostRoutes m_routes;
    ProcessTable m_known;                                ///< Processes that were looked up,
    std::chrono::steady_clock::time_point m_knownSince;  ///< all of them since then.
};

}  // namespace belljar::linux_platform
