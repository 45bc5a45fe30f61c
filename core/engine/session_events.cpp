#include "core/engine/session_events.h"

#include <cerrno>

#include <nlohmann/json.hpp>

namespace belljar {
namespace {

using json = nlohmann::ordered_json;

std::string text(const json& value)
{
    // Paths may hold any byte: what is no UTF-8 is replaced, and the event's object has it as it is.
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

Event ownEvent(EventKind kind, std::int64_t timeNs)
{
    Event event;
    event.kind = kind;
    event.timeNs = timeNs;
    event.origin = EventOrigin::belljar;
    event.result = 0;
    event.trust = ResultTrust::seen;
    return event;
}

const char* changeWord(const PathChange& change)
{
    if (!change.access) return "remove";
    switch (*change.access) {
        case PathAccess::denied: return "deny";
        case PathAccess::readOnly: return "read-only";
        case PathAccess::readWrite: break;
    }
    return "read-write";
}

template <class Changed>
Event changeEvent(const Changed& changed, const std::string& object, const char* word, const std::string& by,
                  std::int64_t timeNs)
{
    Event event = ownEvent(EventKind::sessionPolicy, timeNs);
    event.object = object;
    json detail{{"change", word}, {"before", changed.result.before}, {"after", changed.result.after}, {"by", by}};
    if (changed.rule) {
        detail["rule"] = *changed.rule;
        detail["text"] = changed.policy->rules[*changed.rule].text;
    }
    event.detail = text(detail);
    return event;
}

}  // namespace

Event sessionEvent(EventKind kind, const std::string& by, std::int64_t timeNs)
{
    Event event = ownEvent(kind, timeNs);
    event.detail = text({{"by", by}});
    return event;
}

Event policyEvent(const LivePolicy::Changed& changed, const PathChange& change, std::int64_t timeNs)
{
    return changeEvent(changed, changed.result.path, changeWord(change), change.by, timeNs);
}

Event policyEvent(const LivePolicy::NetworkChanged& changed, const NetworkChange& change, std::int64_t timeNs)
{
    const char* const word = change.action == NetworkChange::Action::allow  ? "allow"
                             : change.action == NetworkChange::Action::deny ? "deny"
                                                                            : "remove";
    return changeEvent(changed, changed.result.spec, word, change.by, timeNs);
}

Event policyEvent(const LivePolicy::NetworkChanged& changed, const PublishChange& change, std::int64_t timeNs)
{
    return changeEvent(changed, changed.result.spec, change.publish ? "publish" : "unpublish", change.by, timeNs);
}

Event proxyOnlyEvent(const Policy& policy, std::int64_t timeNs)
{
    Event event = ownEvent(EventKind::sessionPolicy, timeNs);
    event.object = "network";
    event.rule = policy.network.proxyOnly->rule;
    event.detail = text({{"change", "by proxy only"},
                         {"before", "filtered"},
                         {"after", policy.rules[event.rule].text},
                         {"by", "Belljar"}});
    return event;
}

Event desktopEvent(const DesktopEvent& seen, std::int64_t timeNs)
{
    const auto kind = [&] {
        switch (seen.kind) {
            case DesktopEvent::Kind::injection: return EventKind::uiInjection;
            case DesktopEvent::Kind::busCall: return EventKind::uiBusCall;
            case DesktopEvent::Kind::clipboard: break;
        }
        return seen.isWrite ? EventKind::uiClipboardWrite : EventKind::uiClipboardRead;
    }();
    Event event = ownEvent(kind, timeNs);
    event.pid = seen.pid;
    if (seen.pid != 0) event.processName = seen.program;
    event.object = seen.type;
    event.result = seen.error;
    json detail = json::object();
    switch (seen.kind) {
        case DesktopEvent::Kind::clipboard:
            detail["selection"] = seen.selection;
            if (!seen.type.empty()) detail["bytes"] = seen.bytes;
            break;
        case DesktopEvent::Kind::injection:
            event.mechanism = Mechanism::display;
            if (seen.error == 0) detail["reaches"] = "the sandbox's own display only";
            break;
        case DesktopEvent::Kind::busCall:
            event.mechanism = Mechanism::busFilter;
            detail["bus"] = seen.selection;
            detail["call"] = seen.member;
            detail["path"] = seen.path;
            break;
    }
    if (!seen.program.empty() && (seen.pid == 0 || seen.kind == DesktopEvent::Kind::clipboard))
        detail["window"] = seen.program;
    if (seen.times > 1) detail["times"] = seen.times;
    if (seen.merged != 0) detail["merged"] = seen.merged;
    event.detail = text(detail);
    return event;
}

Event policyEvent(const LivePolicy::ClipboardChanged& changed, const std::string& by, std::int64_t timeNs)
{
    Event event = ownEvent(EventKind::sessionPolicy, timeNs);
    event.object = "ui.clipboard";
    event.detail = text({{"change", changed.after},
                         {"before", changed.before},
                         {"after", changed.after},
                         {"by", by},
                         {"rule", changed.policy->ui.clipboardRule},
                         {"text", changed.policy->rules[changed.policy->ui.clipboardRule].text}});
    return event;
}

}  // namespace belljar
