// The filtered network of one launch: from the sockets that process 1 sends to the relay, and to its end.
#pragma once

#include <memory>
#include <mutex>

#include "core/base/result.h"
#include "core/model/network_attempt.h"
#include "core/platform/linux/network/network_relay.h"
#include "core/platform/linux/network/proxy_relay.h"
#include "core/platform/linux/shim_message.h"

namespace belljar::linux_platform {

/// begin() and end() are the supervisor's; changed() and publish() may come from any thread.
class SandboxNetwork {
public:
    explicit SandboxNetwork(NetworkHooks hooks);

    /// `offer` is kShimNetwork. After an error the sandbox has no network at all.
    Result<void> begin(Received& offer, const LaunchPlan& plan);
    void end();
    /// The rules have changed: when it returns, nothing goes on that they refuse.
    void changed();
    /// See SandboxProcess.
    Result<void> publish(const std::vector<PublishedPort>& ports);
    /// Who begins connections puts it here; nullptr when nothing leads out.
    [[nodiscard]] const std::shared_ptr<FlowOwners>& owners() const { return m_owners; }

private:
    const NetworkHooks m_hooks;
    const std::shared_ptr<FlowOwners> m_owners;
    std::mutex m_mutex;
    std::unique_ptr<NetworkRelay> m_relay;
    std::unique_ptr<ProxyRelay> m_proxy;  ///< Instead of it, with LaunchPlan::relaysByProxy.
};

}  // namespace belljar::linux_platform
