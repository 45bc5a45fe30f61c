#include "core/platform/linux/network/sandbox_network.h"

#include <utility>

namespace belljar::linux_platform {

SandboxNetwork::SandboxNetwork(NetworkHooks hooks)
    : m_hooks(std::move(hooks)), m_owners(m_hooks.decide ? std::make_shared<FlowOwners>() : nullptr)
{
}

Result<void> SandboxNetwork::begin(Received& offer, const LaunchPlan& plan)
{
    if (offer.files.size() != kNetworkSockets || !m_hooks.decide)
        return Error{ErrorCode::backendError, "the sandbox's network was not offered", {}, {}, {}};
    InsideSockets sockets{
        offer.file(kSocketRoute),         offer.file(kSocketFilter),      offer.file(kSocketQueue),
        offer.file(kSocketStream4),       offer.file(kSocketStream6),     offer.file(kSocketDatagram4),
        offer.file(kSocketDatagram6),     offer.file(kSocketRaw4),        offer.file(kSocketRaw6),
        offer.file(kSocketMakerListener), offer.file(kSocketMakerDialer), offer.file(kSocketMessages)};
    if (plan.relaysByProxy) {
        Result<std::unique_ptr<ProxyRelay>> proxy = ProxyRelay::start(std::move(sockets), m_hooks, m_owners);
        if (!proxy) return std::move(proxy).error();
        const std::lock_guard lock(m_mutex);
        m_proxy = std::move(proxy).value();
        return {};
    }
    Result<std::unique_ptr<NetworkRelay>> relay = NetworkRelay::start(std::move(sockets), m_hooks, m_owners, plan);
    if (!relay) return std::move(relay).error();
    const std::lock_guard lock(m_mutex);
    m_relay = std::move(relay).value();
    return {};
}

void SandboxNetwork::end()
{
    const std::lock_guard lock(m_mutex);
    m_relay.reset();
    m_proxy.reset();
}

Result<void> SandboxNetwork::publish(const std::vector<PublishedPort>& ports)
{
    const std::lock_guard lock(m_mutex);
    if (m_relay) return m_relay->publish(ports);
    return Error{ErrorCode::backendError, "the sandbox's network is not there", {}, {}, "Ask again while it runs"};
}

void SandboxNetwork::changed()
{
    const std::lock_guard lock(m_mutex);
    if (m_relay) m_relay->decideAgain();
    if (m_proxy) m_proxy->decideAgain();
}

}  // namespace belljar::linux_platform
