#include "core/engine/session_network.h"

#include "core/engine/network_hooks.h"
#include "core/policy/amend_network.h"
#include "core/policy/decide.h"
#include "core/policy/network_words.h"
#include "core/policy/remedy.h"

namespace belljar {

std::vector<NetworkQuestion::Choice> askChoices(const Policy& policy, const Access& access, const HostFacts& facts)
{
    std::vector<NetworkQuestion::Choice> choices;
    const auto helps = [&](const NetworkSpec& spec) {
        const NetworkAmendment made = amendNetwork(policy, {NetworkChange::Action::allow, spec, {}});
        return made.policy && decide(*made.policy, access).allowed;
    };
    for (NetworkSpec& spec : remedyFor(policy, access, decide(policy, access), facts).rules) {
        if (choices.empty() && !helps(spec)) return {};
        const AskScope scope = spec.networks.empty() ? AskScope::host : AskScope::address;
        choices.push_back({scope, std::move(spec)});
    }
    if (access.kind == AccessKind::connect && !choices.empty())
        choices.push_back({AskScope::all, parseNetworkSpec("*").value()});
    return choices;
}

void SessionNetwork::askFirst(AskDesk::Callbacks callbacks, std::chrono::milliseconds patience)
{
    m_desk = std::make_unique<AskDesk>(std::move(callbacks), patience);
}

std::int64_t SessionNetwork::now() const
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - m_origin).count();
}

NetworkDecision SessionNetwork::orAsk(const Policy& policy, const Access& access, NetworkDecision decision)
{
    const bool isCovered = decision.allowed || decision.rule != policy.network.rule || policy.network.proxy;
    if (isCovered || !m_desk) return decision;
    const AskDesk::Ruling ruling = m_desk->consider(
        access, [&] { return askChoices(policy, access, m_facts); }, AskDesk::Clock::now());
    decision.question = ruling.question;
    if (ruling.kind != AskDesk::Ruling::Kind::allowed) return decision;
    decision.allowed = decision.isOnce = true;
    decision.rule = ruling.rule;
    return decision;
}

NetworkDecision SessionNetwork::decide(const NetworkAttempt& attempt)
{
    if (attempt.isHost) m_hostPeers.add(addressText(attempt.peer));
    const std::shared_ptr<const Policy> policy = m_live.current();
    std::vector<std::string> names;
    if (!m_names.isEmpty()) names = m_names.of(addressText(attempt.peer), now());
    NetworkDecision decision = decideAttempt(*policy, attempt, names);
    if (!attempt.mayWait || decision.allowed || !m_desk) return decision;
    Access access = accessOf(attempt);
    access.name = decision.name;
    return orAsk(*policy, access, std::move(decision));
}

NetworkDecision SessionNetwork::decideName(const std::string& name)
{
    const std::shared_ptr<const Policy> policy = m_live.current();
    Access access;
    access.kind = AccessKind::resolve;
    access.host = name;
    NetworkDecision decision = orAsk(*policy, access, decideLookup(*policy, name));
    decision.byName = decision.byName || decision.isOnce;
    return decision;
}

NetworkHooks SessionNetwork::hooks(std::chrono::steady_clock::time_point origin)
{
    m_origin = origin;
    NetworkHooks hooks;
    hooks.decide = [this](const NetworkAttempt& attempt) { return decide(attempt); };
    hooks.ruleText = [this](RuleId rule) {
        const std::shared_ptr<const Policy> policy = m_live.current();
        return rule < policy->rules.size() ? policy->rules[rule].text : std::string();
    };
    hooks.decideName = [this](const std::string& name) { return decideName(name); };
    hooks.onLookup = [this](const NameLookup& lookup) {
        m_names.add(lookup, now());
        if (m_note) m_note(lookupEvent(lookup, m_origin));
    };
    if (m_note) {
        hooks.onEnd = [this](const NetworkFlow& flow) { m_note(flowEvent(flow, m_origin)); };
        hooks.onAccept = [this](const NetworkFlow& flow) { m_note(acceptEvent(flow, m_origin)); };
    }
    if (m_desk) {
        hooks.onHeld = [this](std::uint64_t question, const FlowProcess& process) { m_desk->tell(question, process); };
        hooks.onTick = [this] { m_desk->tidy(AskDesk::Clock::now()); };
    }
    return hooks;
}

}  // namespace belljar
