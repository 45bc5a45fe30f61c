// The policy of a running session, which changes, and with it the sandbox's tree.
//
// A change is decided as a fresh start would be: the rules are resolved anew against this machine, the containment
// makes its plan, and what it refuses is refused. Then the tree becomes that of the plan.
#pragma once

#include <memory>
#include <mutex>

#include "core/engine/preparation.h"
#include "core/model/host_facts.h"
#include "core/model/network_change.h"
#include "core/model/path_change.h"
#include "core/platform/platform.h"
#include "core/policy/amend_network.h"

namespace belljar {

/// All methods are safe from any thread.
class LivePolicy {
public:
    /// Both must outlive it.
    LivePolicy(const Preparation& preparation, const HostFacts& facts);

    struct Changed {
        PathChangeResult result;
        std::shared_ptr<const Policy> policy;  ///< Of this change; `current()` may be a later one already.
        std::optional<RuleId> rule;            ///< That was added.
        std::chrono::steady_clock::time_point appliedAt;
    };
    /// An error: nothing has changed - unless it ended the sandbox, because nobody knows what it may reach then.
    Result<Changed> change(const PathChange& change, SandboxProcess& process);
    struct NetworkChanged {
        NetworkChangeResult result;
        std::shared_ptr<const Policy> policy;
        std::optional<RuleId> rule;  ///< That was added.
        std::chrono::steady_clock::time_point appliedAt;
    };
    /// What runs now is decided again: a connection that is no longer allowed is cut.
    Result<NetworkChanged> changeNetwork(const NetworkChange& change, SandboxProcess& process);
    /// What is offered on the host; what is offered no more is cut.
    Result<NetworkChanged> changePublished(const PublishChange& change, SandboxProcess& process);
    struct ClipboardChanged {
        std::string before;  ///< As ui.clipboard has it: "none", "read", "write" or "all".
        std::string after;
        std::shared_ptr<const Policy> policy;
        std::chrono::steady_clock::time_point appliedAt;
    };
    /// The same for the clipboard of a session with a display.
    Result<ClipboardChanged> changeClipboard(ClipboardRights rights, const std::string& by, SandboxProcess& process);
    /// Only names a rule that the engine lets something out by, once: nothing is decided by it.
    Result<NetworkChanged> allowOnce(const NetworkChange& change);
    [[nodiscard]] std::shared_ptr<const Policy> current() const;

private:
    /// Copies that a change begins with. They grow with the number of changes, so they are made after one, when nobody
    /// waits for the next yet.
    struct Start {
        Policy policy;
        std::optional<PathOrigins> origins;  ///< Absent when no path was changed yet.
    };
    /// The copies, made now if nobody has before. They are for one change.
    Start takeStart();
    NetworkChanged adopt(NetworkAmendment amended, std::string spec);
    void makeStart(const Policy& policy, std::optional<PathOrigins> origins);

    const HostFacts& m_facts;
    const Backend* const m_backend;
    const WatchPlan m_watch;
    std::mutex m_changing;  ///< One change at a time.
    const Preparation& m_preparation;
    std::optional<PathOrigins> m_origins;  ///< From the first change on.
    std::optional<Start> m_start;          ///< Absent when nothing was changed yet, or the last change was refused.
    mutable std::mutex m_mutex;            ///< Guards the pointer only.
    std::shared_ptr<const Policy> m_policy;
};

}  // namespace belljar
