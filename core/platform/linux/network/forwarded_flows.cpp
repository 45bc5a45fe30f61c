#include "core/platform/linux/network/forwarded_flows.h"

#include <linux/netfilter/nf_tables.h>
#include <sys/epoll.h>

#include <cerrno>
#include <utility>

#include "core/platform/linux/network/inside_network.h"
#include "core/platform/linux/network/nft_messages.h"
#include "core/platform/linux/network/packet_rules.h"
#include "core/platform/linux/network/socket_address.h"

namespace belljar::linux_platform {
namespace {

constexpr std::size_t kMostFlows = 16384;
/// As long as the kernel itself answers for a connection that is over (TIME_WAIT).
constexpr std::chrono::seconds kAfterwards{60};
/// So often we look for connections whose end was not told: a program can take its socket apart without one.
constexpr std::chrono::seconds kLooks{5};

}  // namespace

ForwardedFlows::ForwardedFlows(int filterSocket, SocketDiag diag, const WireEnd& end, Poller& poller, RelayJudge& judge)
    : m_filter(filterSocket), m_diag(std::move(diag)), m_end(end), m_poller(poller), m_judge(judge)
{
}

ForwardedFlows::~ForwardedFlows()
{
    m_poller.want(m_diag.news(), 0, m_wanted, *this);
    // An error is that of a socket which is of no use any more; the kernel does it then.
    [[maybe_unused]] const int error = exchange(m_filter, nftTableRemoval(kForwardingTable));
}

Result<void> ForwardedFlows::open()
{
    Result<void> opened = m_diag.open();
    if (opened) m_poller.want(m_diag.news(), EPOLLIN, m_wanted, *this);
    return opened;
}

bool ForwardedFlows::takes(const FlowKey& key, const Judgement& judgement) const
{
    // At the sandbox's own loopback stands a proxy of the host's.
    const SocketAddress peer(key.peer);
    return m_end.carries(key.peer.isIpv6) && !judgement.attempt.isHost && !isInsideAddress(peer.get(), peer.length()) &&
           !judgement.decision.byName && m_places.size() < kMostFlows;
}

bool ForwardedFlows::begin(const FlowKey& key, const Judgement& judgement, Clock::time_point since)
{
    if (!m_places.contains(key) && !change(NFT_MSG_NEWSETELEM, {key})) return false;
    m_places[key] = {};
    NetworkFlow flow;
    flow.attempt = judgement.attempt;
    flow.decision = judgement.decision;
    flow.begin = since;
    m_flows[key] = std::move(flow);
    if (m_judge.isHeard()) m_unowned.push_back(key);
    return true;
}

bool ForwardedFlows::change(unsigned message, const std::vector<FlowKey>& keys)
{
    NetlinkMessages messages;
    beginNftBatch(messages);
    for (const FlowKey& key : keys)
        changeNftSet(messages, message, kForwardingTable, forwardedSet(key.peer.isIpv6), key.peer, key.client.port);
    endNftBatch(messages);
    return exchange(m_filter, messages) == 0;
}

void ForwardedFlows::onReady(std::uint32_t /*events*/)
{
    if (!hearNews()) lookAtAll();
}

/// False: some were lost.
bool ForwardedFlows::hearNews()
{
    m_ended.clear();
    const bool all = m_diag.read(m_ended);
    for (const EndedStream& ended : m_ended) over(ended.key, ended.state, 0);
    return all;
}

void ForwardedFlows::over(const FlowKey& key, const StreamState& state, int error)
{
    const auto found = m_flows.find(key);
    if (found == m_flows.end()) return;
    NetworkFlow told = std::move(found->second);
    m_flows.erase(found);
    m_places[key] = Clock::now() + kAfterwards;
    // A peer that never answered was not reached, as with what the relay dials.
    if (!state.isMade) return;
    told.sent = state.sent;
    told.received = state.received;
    told.error = error;
    m_judge.tell(std::move(told), key.client.port);
}

void ForwardedFlows::lookAtAll()
{
    std::vector<EndedStream> gone;
    for (auto& [key, flow] : m_flows) {
        if (const std::optional<StreamState> state = m_diag.find(key); state && !state->isOver) {
            flow.sent = state->sent;
            flow.received = state->received;
            continue;
        }
        StreamState last;
        last.isMade = true;
        last.sent = flow.sent;
        last.received = flow.received;
        gone.push_back({key, last});
    }
    for (const EndedStream& one : gone) over(one.key, one.state, 0);
}

void ForwardedFlows::decideAgain()
{
    std::vector<FlowKey> refused;
    for (auto& [key, flow] : m_flows) {
        const NetworkDecision decision = m_judge.again(flow.attempt);
        // For the name alone: it may have said another one.
        if (decision.allowed && !decision.byName) flow.decision = decision;
        else refused.push_back(key);
    }
    for (const FlowKey& key : refused) {
        const StreamState state = m_diag.find(key).value_or(StreamState{});
        m_diag.abort(key);
        over(key, state, ECONNABORTED);
        m_places.erase(key);
    }
    if (!refused.empty()) change(NFT_MSG_DELSETELEM, refused);
}

void ForwardedFlows::findOwners()
{
    for (const FlowKey& key : m_unowned)
        if (const auto found = m_flows.find(key); found != m_flows.end())
            m_judge.findOwner(found->second, key.client.port);
    m_unowned.clear();
}

void ForwardedFlows::tidy(Clock::time_point now)
{
    if (now - m_looked >= kLooks) {
        m_looked = now;
        static_cast<void>(hearNews());
        lookAtAll();
    }
    std::vector<FlowKey> left;
    for (const auto& [key, until] : m_places)
        if (until <= now && !m_flows.contains(key)) left.push_back(key);
    for (const FlowKey& key : left) m_places.erase(key);
    if (!left.empty()) change(NFT_MSG_DELSETELEM, left);
}

bool ForwardedFlows::isUnfinished()
{
    static_cast<void>(hearNews());
    for (const auto& [key, flow] : m_flows) {
        const std::optional<StreamState> state = m_diag.find(key);
        // Of one that is over the news are still to come, and with them its bytes.
        if (!state || state->isOver || (state->isMade && !state->isQuiet)) return true;
    }
    return false;
}

void ForwardedFlows::end()
{
    static_cast<void>(hearNews());
    std::vector<EndedStream> all;
    for (const auto& [key, flow] : m_flows) all.push_back({key, m_diag.find(key).value_or(StreamState{})});
    for (const EndedStream& one : all) {
        if (!one.state.isQuiet) m_diag.abort(one.key);
        over(one.key, one.state, one.state.isQuiet ? 0 : ECONNABORTED);
    }
}

}  // namespace belljar::linux_platform
