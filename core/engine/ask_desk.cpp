#include "core/engine/ask_desk.h"

#include <algorithm>
#include <utility>

#include "core/base/host_name.h"

namespace belljar {
namespace {

constexpr std::chrono::seconds kOnce{5};
constexpr std::chrono::minutes kLongestQuiet{10};
constexpr std::size_t kMostOpen = 16;
constexpr std::size_t kMostInAMinute = 30;
constexpr std::size_t kMostKnown = 1024;

/// Whether a rule speaks of this.
bool covers(const NetworkSpec& spec, const NetworkQuestion& question)
{
    const NetworkRule::Service& service = spec.service;
    if (spec.networks.empty()) {
        const Result<std::string> name = parseHostName(question.name);
        return name && matchesHost(spec.name, *name) && (question.isLookup || service.ports.contains(question.port));
    }
    if (question.isLookup) return spec.networks.size() > 1;
    const Result<IpNetwork> address = parseIpNetwork(question.address);
    const bool protocol = service.protocol == IpProtocol::any || service.protocol == question.protocol;
    return address && protocol && service.ports.contains(question.port) &&
           std::any_of(spec.networks.begin(), spec.networks.end(),
                       [&](const IpNetwork& network) { return network.contains(*address); });
}

NetworkQuestion questionOf(const Access& access)
{
    NetworkQuestion question;
    question.isLookup = access.kind == AccessKind::resolve;
    question.protocol = access.protocol;
    question.address = question.isLookup ? std::string() : access.host;
    question.port = access.port;
    question.name = question.isLookup ? access.host : access.name;
    return question;
}

}  // namespace

AskDesk::Key AskDesk::keyOf(const Access& access)
{
    const bool isLookup = access.kind == AccessKind::resolve;
    if (isLookup) return {true, IpProtocol::tcp, access.host, 0};
    return {false, access.protocol, access.name.empty() ? access.host : access.name, access.port};
}

const AskDesk::Known* AskDesk::known(const Key& key, Clock::time_point now) const
{
    const auto found = m_known.find(key);
    return found == m_known.end() || found->second.until <= now ? nullptr : &found->second;
}

bool AskDesk::mayAsk(Clock::time_point now)
{
    std::erase_if(m_asked, [now](Clock::time_point time) { return now - time > std::chrono::minutes(1); });
    if (m_open.size() >= kMostOpen || m_asked.size() >= kMostInAMinute) return false;
    m_asked.push_back(now);
    return true;
}

AskDesk::Ruling AskDesk::consider(const Access& access,
                                  const std::function<std::vector<NetworkQuestion::Choice>()>& choices,
                                  Clock::time_point now)
{
    using Kind = Ruling::Kind;
    const Key key = keyOf(access);
    const std::lock_guard lock(m_mutex);
    const Known* answer = known(key, now);
    // Who may look a name up this once, may reach it as well.
    if (answer == nullptr && !key.isLookup && !access.name.empty()) {
        answer = known({true, IpProtocol::tcp, access.name, 0}, now);
        if (answer != nullptr && !answer->allow) answer = nullptr;
    }
    if (answer != nullptr) return {answer->allow ? Kind::allowed : Kind::denied, answer->rule, 0};
    for (const auto& [number, open] : m_open)
        if (open.key == key) return {Kind::held, 0, number};
    NetworkQuestion question = questionOf(access);
    const bool isDenied =
        std::any_of(m_denied.begin(), m_denied.end(), [&](const NetworkSpec& spec) { return covers(spec, question); });
    if (m_isClosed || isDenied || !mayAsk(now)) return {};
    question.choices = choices();
    if (question.choices.empty()) return {};
    question.number = ++m_last;
    question.until = now + m_patience;
    m_open[m_last] = {std::move(question), key, false};
    return {Kind::held, 0, m_last};
}

void AskDesk::tell(std::uint64_t number, const FlowProcess& process)
{
    NetworkQuestion told;
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_open.find(number);
        if (found == m_open.end() || found->second.isTold) return;
        found->second.isTold = true;
        found->second.question.process = process;
        told = found->second.question;
    }
    if (m_callbacks.onQuestion) m_callbacks.onQuestion(told);
}

std::vector<NetworkQuestion> AskDesk::open() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<NetworkQuestion> questions;
    for (const auto& [number, open] : m_open)
        if (open.isTold) questions.push_back(open.question);
    return questions;
}

std::optional<NetworkQuestion> AskDesk::find(std::uint64_t number) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_open.find(number);
    if (found == m_open.end() || !found->second.isTold) return std::nullopt;
    return found->second.question;
}

/// The longer, the more often the same is tried again.
void AskDesk::denyOnce(const Key& key, Clock::time_point now)
{
    if (m_known.size() >= kMostKnown)
        std::erase_if(m_known, [now](const auto& entry) { return entry.second.until <= now; });
    if (m_known.size() >= kMostKnown) return;
    Known& known = m_known[key];
    const std::chrono::seconds quiet = std::clamp<std::chrono::seconds>(known.quiet * 2, kOnce, kLongestQuiet);
    known = {false, 0, now + quiet, quiet};
}

void AskDesk::settle(const NetworkQuestion& question, const NetworkSpec& spec, bool allow, AskSpan span, RuleId rule,
                     Clock::time_point now)
{
    std::vector<std::uint64_t> over;
    {
        const std::lock_guard lock(m_mutex);
        if (!allow && span != AskSpan::once) m_denied.push_back(spec);
        for (auto open = m_open.begin(); open != m_open.end();) {
            if (open->first != question.number && !covers(spec, open->second.question)) {
                ++open;
                continue;
            }
            if (!allow) denyOnce(open->second.key, now);
            else if (span == AskSpan::once) m_known[open->second.key] = {true, rule, now + kOnce, {}};
            if (open->second.isTold) over.push_back(open->first);
            open = m_open.erase(open);
        }
    }
    if (!m_callbacks.onOver) return;
    for (const std::uint64_t number : over) m_callbacks.onOver(number, allow ? AskEnd::allowed : AskEnd::denied);
}

void AskDesk::tidy(Clock::time_point now)
{
    std::vector<std::uint64_t> over;
    {
        const std::lock_guard lock(m_mutex);
        for (auto open = m_open.begin(); open != m_open.end();) {
            if (now < open->second.question.until) {
                ++open;
                continue;
            }
            denyOnce(open->second.key, now);
            if (open->second.isTold) over.push_back(open->first);
            open = m_open.erase(open);
        }
    }
    if (!m_callbacks.onOver) return;
    for (const std::uint64_t number : over) m_callbacks.onOver(number, AskEnd::late);
}

void AskDesk::close()
{
    std::map<std::uint64_t, Open> over;
    {
        const std::lock_guard lock(m_mutex);
        m_isClosed = true;
        over = std::exchange(m_open, {});
    }
    for (const auto& [number, open] : over)
        if (open.isTold && m_callbacks.onOver) m_callbacks.onOver(number, AskEnd::late);
}

}  // namespace belljar
