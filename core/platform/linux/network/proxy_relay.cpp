#include "core/platform/linux/network/proxy_relay.h"

#include <pthread.h>
#include <signal.h>

#include <utility>

#include "core/platform/linux/guarded_call.h"

namespace belljar::linux_platform {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kTidyMs = 1000;
/// So often we look whether what is held can go on.
constexpr int kHeldMs = 20;

}  // namespace

ProxyRelay::ProxyRelay(InsideSockets sockets, NetworkHooks hooks, std::shared_ptr<FlowOwners> owners)
    : m_sockets(std::move(sockets)),
      m_judge(std::move(hooks), std::move(owners), 0),
      m_names(m_poller, m_judge),
      m_proxy(m_sockets, m_poller, m_judge, m_names),
      m_bell(m_poller)
{
}

Result<std::unique_ptr<ProxyRelay>> ProxyRelay::start(InsideSockets sockets, NetworkHooks hooks,
                                                      std::shared_ptr<FlowOwners> owners)
{
    std::unique_ptr<ProxyRelay> relay(new ProxyRelay(std::move(sockets), std::move(hooks), std::move(owners)));
    if (Result<void> opened = relay->m_proxy.open(); !opened) return std::move(opened).error();
    relay->m_thread = std::thread([raw = relay.get()] { raw->run(); });
    return relay;
}

ProxyRelay::~ProxyRelay()
{
    if (!m_thread.joinable()) return;
    {
        const std::lock_guard work(m_work);
        m_ends = true;
    }
    m_bell.ring();
    m_thread.join();
}

void ProxyRelay::decideAgain()
{
    const std::lock_guard work(m_work);
    const WithoutCapabilities plain;
    m_proxy.decideAgain();
    askAgain();
}

void ProxyRelay::askAgain()
{
    m_judge.tick();
    m_proxy.askAgain();
    m_names.askAgain();
}

int ProxyRelay::patienceMs() const
{
    if (holds()) return kHeldMs;
    return m_proxy.isIdle() && m_names.isIdle() ? -1 : kTidyMs;
}

void ProxyRelay::run()
{
    // Signals are for the threads that wait for them.
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
    ::pthread_setname_np(::pthread_self(), "belljar-proxy");
    // What the host lets its user reach, and no more.
    const WithoutCapabilities plain;
    while (runOnce()) {}
    const std::lock_guard work(m_work);
    bidFarewell();
    m_proxy.end();
    m_poller.end();
}

/// What programs sent before they ended is theirs to have sent, if the peers take it soon.
void ProxyRelay::bidFarewell()
{
    constexpr std::chrono::milliseconds kPatience{300};
    constexpr int kTurnMs = 10;
    m_proxy.leave();
    const auto until = Clock::now() + kPatience;
    while (m_proxy.hasFlows() && Clock::now() < until) {
        m_poller.wait(kTurnMs);
        m_poller.serve();
    }
}

/// False: the end has been asked for.
bool ProxyRelay::runOnce()
{
    int patience = 0;
    {
        const std::lock_guard work(m_work);
        patience = patienceMs();
    }
    m_poller.wait(patience);
    const std::lock_guard work(m_work);
    m_poller.serve();
    if (holds()) askAgain();
    if (const auto now = Clock::now(); now - m_tidied >= std::chrono::milliseconds(kTidyMs)) {
        m_tidied = now;
        m_proxy.tidy(now);
        m_names.tidy(now);
    }
    return !m_ends;
}

}  // namespace belljar::linux_platform
