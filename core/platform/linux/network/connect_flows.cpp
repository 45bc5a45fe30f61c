#include "core/platform/linux/network/connect_flows.h"

#include <cerrno>
#include <utility>

#include "core/platform/linux/network/spoken_check.h"

namespace belljar::linux_platform {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kRoom = 256U << 10U;

}  // namespace

struct ConnectFlows::Carried : CarriedFlow {
    std::uint16_t clientPort = 0;
};

ConnectFlows::ConnectFlows(Poller& poller, RelayJudge& judge) : m_poller(poller), m_judge(judge), m_room(kRoom) {}

ConnectFlows::~ConnectFlows() = default;

void ConnectFlows::carry(Ends ends, NetworkFlow told, std::string early, std::optional<std::uint64_t> more)
{
    const std::uint64_t number = ++m_last;
    const bool holds = told.decision.byName;
    Carried& carried = m_flows[number];
    carried.told = std::move(told);
    carried.clientPort = ends.clientPort;
    m_judge.findOwner(carried.told, carried.clientPort);
    carried.flow = std::make_unique<TcpFlow>(m_poller, m_room, std::move(ends.inside), std::move(ends.outside),
                                             [this, number](int error) { onOver(number, error); });
    TcpFlow& flow = *carried.flow;
    flow.listen([this, number](std::string_view bytes, bool isAll) { return hear(number, bytes, isAll); }, holds);
    if (holds) m_listening.push_back(number);
    if (more) flow.limit(*more);
    // It may be over at once.
    flow.prepend(std::move(early));
    flow.begin();
}

/// As in TcpRelay: what the proxy was asked for is not yet what the peer is told.
TcpFlow::Heard ConnectFlows::hear(std::uint64_t number, std::string_view bytes, bool isAll)
{
    const auto found = m_flows.find(number);
    return found == m_flows.end() ? TcpFlow::Heard::pass : hearName(m_judge, found->second.told, bytes, isAll);
}

void ConnectFlows::onOver(std::uint64_t number, int error)
{
    const auto found = m_flows.find(number);
    if (found == m_flows.end()) return;
    Carried carried = std::move(found->second);
    m_flows.erase(found);
    const std::uint16_t port = carried.clientPort;
    tellOver(std::move(carried), error, port, m_poller, m_judge);
}

void ConnectFlows::decideAgain()
{
    std::vector<std::uint64_t> refused;
    for (auto& [number, carried] : m_flows) {
        const NetworkDecision decision = m_judge.again(carried.told.attempt);
        if (decision.allowed) carried.told.decision = decision;
        else refused.push_back(number);
    }
    for (const std::uint64_t number : refused) m_flows.at(number).flow->cut(ECONNABORTED);
}

void ConnectFlows::tidy(Clock::time_point now)
{
    cutSilent(m_listening, m_flows, now);
}

void ConnectFlows::leave()
{
    std::vector<std::uint64_t> numbers;
    for (const auto& [number, carried] : m_flows) numbers.push_back(number);
    for (const std::uint64_t number : numbers) m_flows.at(number).flow->leave();
}

void ConnectFlows::end()
{
    while (!m_flows.empty()) m_flows.begin()->second.flow->cut(ECONNABORTED);
}

}  // namespace belljar::linux_platform
