// Events of Belljar's own: what was done to a session, and by whom.
#pragma once

#include <cstdint>
#include <string>

#include "core/engine/live_policy.h"
#include "core/model/event.h"

namespace belljar {

/// session.freeze, session.thaw or session.kill. `detail` is {"by": ...} in JSON.
[[nodiscard]] Event sessionEvent(EventKind kind, const std::string& by, std::int64_t timeNs);

/// session.policy: the object is the path, `detail` is {"change", "before", "after", "by"} in JSON and, when a rule was
/// added, {"rule", "text"}: its number and what it says, so that a recording has it.
[[nodiscard]] Event policyEvent(const LivePolicy::Changed& changed, const PathChange& change, std::int64_t timeNs);
/// The same of a rule about the network; the object is the rule, "10.0.0.0/8:443/tcp".
[[nodiscard]] Event policyEvent(const LivePolicy::NetworkChanged& changed, const NetworkChange& change,
                                std::int64_t timeNs);

/// Of a port that is offered; the object is "8080:80/udp".
[[nodiscard]] Event policyEvent(const LivePolicy::NetworkChanged& changed, const PublishChange& change,
                                std::int64_t timeNs);

/// session.policy at the start of a session whose network is one of a proxy only: the object is "network", `detail` is
/// {"change", "before", "after", "by"} in JSON, the rule says why.
[[nodiscard]] Event proxyOnlyEvent(const Policy& policy, std::int64_t timeNs);

/// Of what happened at the border to the desktop. ui.clipboard.read or ui.clipboard.write: the object is the type of
/// what was asked for, or "" when a program inside has copied something. `detail` is {"selection", "bytes", "window",
/// "merged"} in JSON, without what is not known. ui.injection: the object is the way; `detail` {"reaches", "window",
/// "times", "merged"}. ui.bus: the object is the service; `detail` {"bus", "call", "path", "times", "merged"}.
[[nodiscard]] Event desktopEvent(const DesktopEvent& seen, std::int64_t timeNs);

/// Of the clipboard; the object is "ui.clipboard".
[[nodiscard]] Event policyEvent(const LivePolicy::ClipboardChanged& changed, const std::string& by,
                                std::int64_t timeNs);

}  // namespace belljar
