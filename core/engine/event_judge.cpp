#include "core/engine/event_judge.h"

#include <cstdlib>

#include "core/base/path_text.h"
#include "core/events/event_table.h"
#include "core/policy/decide.h"
#include "core/policy/path_lookup.h"

namespace belljar {
namespace {

constexpr std::string_view kUnixPrefix = "unix:";

/// A denial decides the result whatever the tree looks like; a result that was seen stays.
void apply(Event& event, const Verdict& verdict)
{
    event.verdict = verdict.allowed ? EventVerdict::allowed : EventVerdict::denied;
    event.rule = verdict.rule;
    event.mechanism = verdict.means;
    if (verdict.allowed || event.trust == ResultTrust::seen) return;
    event.result = verdict.expectedErrno;
    event.trust = ResultTrust::derived;
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

void EventJudge::judge(std::span<Event> events)
{
    for (Event& event : events) {
        event.sequence = ++m_sequence;
        const EventKindRow& row = eventRow(event.kind);
        switch (row.category) {
            case EventCategory::process:
                if (row.access) judgeFile(event);
                break;
            case EventCategory::file: judgeFile(event); break;
            case EventCategory::network:
                if (event.kind == EventKind::netSocket)
                    apply(event, {false, builtin_rule::kClosedSyscall, event.result, {}, Mechanism::syscallFilter});
                else judgeNetwork(event);
                break;
            case EventCategory::interface:
            case EventCategory::session: break;
            case EventCategory::privileged:
                if (row.access) apply(event, decide(m_policy, {*row.access, event.object, {}, 0}));
                else apply(event, {false, builtin_rule::kClosedSyscall, event.result, {}, Mechanism::syscallFilter});
                break;
        }
    }
}

void EventJudge::judgeFile(Event& event) const
{
    const EventKindRow& row = eventRow(event.kind);
    Access access;
    access.kind = row.access.value_or(AccessKind::stat);
    access.path = event.object;
    Verdict verdict = decide(m_policy, access);
    const bool hasSecondName = event.kind == EventKind::fileRename || event.kind == EventKind::fileLink;
    if (verdict.allowed && hasSecondName) verdict = decide(m_policy, {AccessKind::create, targetOf(event), {}, 0});
    apply(event, verdict);
    noteMiss(event, access, verdict);
}

/// Nothing granted it, but the host has no such object either: an ordinary miss, not something kept from the program.
/// What is to be made is missing by nature; there the folder counts.
void EventJudge::noteMiss(Event& event, const Access& access, const Verdict& verdict) const
{
    if (verdict.allowed || verdict.rule != builtin_rule::kNotGranted) return;
    const std::string needed = access.kind == AccessKind::create ? parentPath(access.path) : access.path;
    event.absentOnHost = m_facts.lstat(needed).type == FileType::missing;
}

void EventJudge::judgeNetwork(Event& event) const
{
    if (event.object.rfind(kUnixPrefix, 0) != 0) {
        const AccessKind kind = event.kind == EventKind::netBind ? AccessKind::bind : AccessKind::connect;
        apply(event, decide(m_policy, peerAccess(kind, event.object)));
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
    const bool reached = event.trust == ResultTrust::seen && event.result != linux_errno::kAccess;
    const AccessKind kind = event.kind == EventKind::netBind ? AccessKind::bind
                            : reached                        ? AccessKind::read
                                                             : AccessKind::connect;
    const Access access{kind, path, {}, 0};
    const Verdict verdict = decide(m_policy, access);
    apply(event, verdict);
    noteMiss(event, access, verdict);
}

}  // namespace belljar
