#include "core/engine/event_judge.h"

#include <cstdlib>

#include "core/base/path_text.h"
#include "core/engine/network_hooks.h"
#include "core/events/event_table.h"
#include "core/policy/decide.h"
#include "core/policy/path_lookup.h"

namespace belljar {
namespace {

using namespace linux_errno;

constexpr std::string_view kUnixPrefix = "unix:";
constexpr int kNotPermitted = 1;

bool isKnown(const Event& event)
{
    return event.trust != ResultTrust::unknown && event.result != kResultUnknown;
}

/// What the call says of something that the sandbox is not to reach.
bool isRefusal(int result)
{
    return result == kNoEntry || result == kAccess || result == kNotPermitted || result == kReadOnly ||
           result == kNotDirectory;
}

/// Refused by the permission bits of the object, which no rule of a profile changes.
bool isPermission(int result)
{
    return result == kAccess || result == kNotPermitted;
}

/// What the evaluator says, made to agree with what was seen. A denial decides a result that was not seen; one that was
/// seen stays, and what went through is no denial, whatever the evaluator thinks (`mechanism` none tells such a case).
void apply(Event& event, const Verdict& verdict)
{
    const bool seen = event.trust == ResultTrust::seen;
    const bool went = seen && event.result == 0;
    event.verdict = verdict.allowed || went ? EventVerdict::allowed : EventVerdict::denied;
    event.rule = verdict.rule;
    event.mechanism = !verdict.allowed && went ? Mechanism::none : verdict.mechanism;
    if (!verdict.allowed && !seen) {
        event.result = verdict.expectedErrno;
        event.trust = ResultTrust::derived;
    }
}

/// The kernel looks at permission bits before it looks whether a mount can be written.
void applyToFile(Event& event, const Verdict& verdict)
{
    const bool refused =
        isKnown(event) && isPermission(event.result) && (verdict.allowed || verdict.expectedErrno == kReadOnly);
    const int result = event.result;
    apply(event, verdict);
    if (!refused) return;
    event.result = result;
    event.mechanism = Mechanism::permissions;
}

void applyClosed(Event& event)
{
    apply(event, {false, builtin_rule::kClosedSyscall, event.result, Mechanism::syscallFilter, {}});
}

/// "host:port" or "[v6]:port" as an Access.
Access peerAccess(AccessKind kind, const std::string& object)
{
    Access access;
    access.kind = kind;
    const std::size_t colon = object.rfind(':');
    access.host = object.substr(0, colon);
    if (colon != std::string::npos)
        access.port = static_cast<std::uint16_t>(std::strtoul(object.c_str() + colon + 1, nullptr, 10));
    if (access.host.size() >= 2 && access.host.front() == '[')
        access.host = access.host.substr(1, access.host.size() - 2);
    return access;
}

/// The second name of a rename or link; "" when there is none.
std::string targetOf(const Event& event)
{
    if (event.detail.rfind(kTargetPrefix, 0) != 0) return {};
    return event.detail.substr(kTargetPrefix.size());
}

}  // namespace

void EventJudge::changePolicy(std::shared_ptr<const Policy> policy, std::int64_t sinceNs)
{
    // Events come late, but not that late.
    constexpr std::size_t kMostKept = 64;
    if (m_changes.size() == kMostKept) m_changes.erase(m_changes.begin());
    m_changes.push_back({sinceNs, std::move(policy)});
}

const Policy& EventJudge::policyAt(std::int64_t timeNs) const
{
    for (auto change = m_changes.rbegin(); change != m_changes.rend(); ++change)
        if (timeNs >= change->sinceNs) return *change->policy;
    return m_first;
}

void EventJudge::judge(std::span<Event> events)
{
    for (Event& event : events) {
        event.sequence = ++m_sequence;
        m_policy = &policyAt(event.timeNs);
        const EventKindRow& row = eventRow(event.kind);
        switch (row.category) {
            case EventCategory::process:
                if (row.access) judgeFile(event);
                break;
            case EventCategory::file: judgeFile(event); break;
            case EventCategory::network:
                if (event.origin == EventOrigin::belljar) break;  // was decided when it began
                if (event.kind == EventKind::netSocket) applyClosed(event);
                else judgeNetwork(event);
                break;
            case EventCategory::interface: judgeInterface(event); break;
            case EventCategory::session: break;
            case EventCategory::privileged:
                if (row.access) apply(event, decide(*m_policy, {*row.access, event.object, {}, 0}));
                else applyClosed(event);
                break;
        }
    }
}

void EventJudge::judgeInterface(Event& event) const
{
    const bool refused = event.result == kAccess;
    if (const std::optional<AccessKind> access = eventRow(event.kind).access) {
        apply(event, decide(*m_policy, {*access, event.object, {}, 0}));
        // What was cut on its way is told of before the policy that cut it.
        if (refused) event.verdict = EventVerdict::denied;
        return;
    }
    event.verdict = refused ? EventVerdict::denied : EventVerdict::allowed;
    const UiPolicy& ui = m_policy->ui;
    if (event.kind == EventKind::uiBusCall) event.rule = m_policy->bus.rule;
    // What is not closed to the tools of input, any program with a display may do to the windows beside it.
    else event.rule = refused || ui.inputTools ? ui.inputRule : ui.displayRule;
}

void EventJudge::judgeFile(Event& event) const
{
    // A rule about the object itself, whatever it is called here: the kernel told which.
    if (event.mechanism == Mechanism::kernelPolicy && event.rule < m_policy->rules.size()) {
        event.verdict = EventVerdict::denied;
        return;
    }
    const EventKindRow& row = eventRow(event.kind);
    Access access;
    access.kind = row.access.value_or(AccessKind::stat);
    access.path = event.object;
    // That something is there already is said before anything else: making it was not refused, only needless.
    if (isKnown(event) && event.result == kExists) access.kind = AccessKind::stat;
    Verdict verdict = decide(*m_policy, access);
    // A source that saw the call fail has the name as it was written; a link in it may lead to what is refused.
    if (verdict.allowed && event.trust == ResultTrust::seen && isRefusal(event.result)) {
        access.path = resolved(access);
        verdict = decide(*m_policy, access);
    }
    const bool hasSecondName = event.kind == EventKind::fileRename || event.kind == EventKind::fileLink;
    if (verdict.allowed && hasSecondName) verdict = decide(*m_policy, {AccessKind::create, targetOf(event), {}, 0});
    applyToFile(event, verdict);
    noteMiss(event, access, verdict);
}

std::string EventJudge::resolved(const Access& access) const
{
    if (access.kind != AccessKind::create && access.kind != AccessKind::remove)
        return canonicalInSandbox(*m_policy, access.path, m_facts);
    return joinPath(canonicalInSandbox(*m_policy, parentPath(access.path), m_facts), fileName(access.path));
}

/// Denied, but the host has no such object either: an ordinary miss, not something kept from the program. What is to be
/// made is missing by nature; there the folder counts. A mask says no whether there is something below it or not.
void EventJudge::noteMiss(Event& event, const Access& access, const Verdict& verdict) const
{
    const bool tells = verdict.mechanism == Mechanism::notMounted || verdict.mechanism == Mechanism::readOnlyMount ||
                       verdict.mechanism == Mechanism::privateTree;
    if (event.verdict != EventVerdict::denied || !tells) return;
    const std::string needed = access.kind == AccessKind::create ? parentPath(access.path) : access.path;
    event.absentOnHost = m_facts.lstat(needed).type == FileType::missing;
    // The name is looked up before it matters that the mount cannot be written.
    if (event.absentOnHost && access.kind == AccessKind::write && event.trust == ResultTrust::derived)
        event.result = kNoEntry;
}

void EventJudge::judgePeer(Event& event) const
{
    constexpr std::string_view kMapped = "::ffff:";
    const bool isEcho = event.detail == kIcmpDetail;
    const bool isDatagram = isEcho || event.detail == kUdpDetail;
    const bool isOwn = event.kind == EventKind::netBind || event.kind == EventKind::netListen;
    Access access = peerAccess(isOwn ? AccessKind::bind : AccessKind::connect, event.object);
    access.protocol = isDatagram ? IpProtocol::udp : IpProtocol::tcp;
    if (isEcho) {
        access.protocol = IpProtocol::icmp;
        access.port = 0;
    }
    if (isOwn && event.detail.empty()) access.protocol = IpProtocol::any;  // not every source tells
    access.isDirect = true;
    const bool isMapped = access.host.starts_with(kMapped) && access.host.find('.') != std::string::npos;
    const std::string plain = isMapped ? access.host.substr(kMapped.size()) : access.host;
    access.isHost = m_hostPeers != nullptr && m_hostPeers->contains(plain);
    std::vector<std::string> names;
    if (m_names != nullptr) names = m_names->of(plain, event.timeNs);
    const NamedVerdict named = decideNamed(*m_policy, access, names);
    const Verdict& verdict = named.verdict;
    apply(event, verdict);
    // A datagram, or tying its socket to a peer, goes well whether it then gets anywhere or not. Where the source does
    // not tell the protocol, a success that the rules refuse to connections was of that kind.
    const bool mayBeDatagram = isDatagram || event.detail.empty();
    addName(event.detail, named.name);
    if (!mayBeDatagram || verdict.allowed || m_policy->network.mode != NetworkMode::filtered) return;
    event.verdict = EventVerdict::denied;
    event.mechanism = verdict.mechanism;
}

void EventJudge::judgeNetwork(Event& event) const
{
    if (event.object.rfind(kUnixPrefix, 0) != 0) {
        judgePeer(event);
        return;
    }
    const std::string path = event.object.substr(kUnixPrefix.size());
    if (path.empty() || path.front() == '@') {
        // Abstract names belong to the network namespace: the sandbox's own.
        event.verdict = EventVerdict::allowed;
        event.rule = builtin_rule::kOwnLoopback;
        event.mechanism = Mechanism::network;
        return;
    }
    // Whether it is a socket of the sandbox's own was decided when it was reached for.
    const bool reached = event.trust == ResultTrust::seen && event.result != kAccess;
    const AccessKind kind = event.kind == EventKind::netBind ? AccessKind::bind
                            : reached                        ? AccessKind::read
                                                             : AccessKind::connect;
    const Access access{kind, path, {}, 0};
    const Verdict verdict = decide(*m_policy, access);
    apply(event, verdict);
    noteMiss(event, access, verdict);
}

}  // namespace belljar
