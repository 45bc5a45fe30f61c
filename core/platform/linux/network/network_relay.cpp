#include "core/platform/linux/network/network_relay.h"

#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include "core/platform/linux/guarded_call.h"

namespace belljar::linux_platform {

class NetworkRelay::Wishes final : public Pollable {
public:
    explicit Wishes(NetworkRelay& relay) : m_relay(relay)
    {
        m_relay.m_poller.want(m_relay.m_wake.get(), EPOLLIN, m_wanted, *this);
    }
    void onReady(std::uint32_t /*events*/) override { m_relay.onWish(); }

private:
    NetworkRelay& m_relay;
    std::uint32_t m_wanted = 0;
};

NetworkRelay::NetworkRelay(InsideSockets sockets, NetworkHooks hooks, std::shared_ptr<FlowOwners> owners,
                           std::uint16_t proxyPort)
    : m_sockets(std::move(sockets)),
      m_owners(std::move(owners)),
      m_judge(std::move(hooks), m_owners, proxyPort),
      m_tcp(m_sockets, m_poller, m_judge),
      m_udp(m_sockets, m_poller, m_judge),
      m_ingress(m_sockets, m_poller, m_judge),
      m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      m_wishes(std::make_unique<Wishes>(*this))
{
}

Result<std::unique_ptr<NetworkRelay>> NetworkRelay::start(InsideSockets sockets, NetworkHooks hooks,
                                                          std::shared_ptr<FlowOwners> owners, const LaunchPlan& plan)
{
    if (Result<void> made = setUpInside(sockets, plan.localProxyPort); !made) return std::move(made).error();
    std::unique_ptr<NetworkRelay> relay(
        new NetworkRelay(std::move(sockets), std::move(hooks), std::move(owners), plan.localProxyPort));
    if (Result<void> opened = relay->m_tcp.open(); !opened) return std::move(opened).error();
    if (Result<void> opened = relay->m_ingress.open(plan.published); !opened) return std::move(opened).error();
    relay->m_thread = std::thread([raw = relay.get()] { raw->run(); });
    relay->m_owners->setAttendant([raw = relay.get()] { raw->attend(); });
    return relay;
}

NetworkRelay::~NetworkRelay()
{
    if (!m_thread.joinable()) return;
    m_owners->setAttendant(nullptr);
    {
        const std::lock_guard lock(m_mutex);
        m_ends = true;
    }
    wake();
    m_thread.join();
}

void NetworkRelay::wake()
{
    const std::uint64_t one = 1;
    // Can only fail when the counter is full, and then the thread wakes anyway.
    [[maybe_unused]] const ssize_t written = ::write(m_wake.get(), &one, sizeof one);
}

/// Nothing is lost when the thread is at work just now: it looks into the queue, too.
void NetworkRelay::attend()
{
    const std::unique_lock work(m_work, std::try_to_lock);
    if (!work) return;
    const WithoutCapabilities plain;
    m_tcp.readQueue();
    // Who waits now may have to be given up later, and who is new is looked up when there is time.
    if (!m_tcp.isIdle() || m_tcp.hasUnowned()) wake();
}

void NetworkRelay::decideAgain()
{
    std::unique_lock lock(m_mutex);
    const std::uint64_t number = ++m_asked;
    wake();
    m_done.wait(lock, [&] { return m_answered >= number || m_ends; });
}

void NetworkRelay::onWish()
{
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = ::read(m_wake.get(), &count, sizeof count);
    std::uint64_t asked = 0;
    {
        const std::lock_guard lock(m_mutex);
        asked = m_asked;
        if (asked == m_answered) return;
    }
    m_tcp.decideAgain();
    m_udp.decideAgain();
    const std::lock_guard lock(m_mutex);
    m_answered = asked;
    m_done.notify_all();
}

void NetworkRelay::run()
{
    // Signals are for the threads that wait for them.
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
    ::pthread_setname_np(::pthread_self(), "belljar-relay");
    // What the host lets its user reach, and no more; power over the sandbox's network comes from owning it.
    const WithoutCapabilities plain;
    while (runOnce()) {}
    const std::lock_guard work(m_work);
    bidFarewell();
    m_tcp.end();
    m_udp.end();
    m_ingress.end();
    const std::lock_guard lock(m_mutex);
    m_done.notify_all();
}

/// What programs sent before they ended is theirs to have sent, if the peers take it soon.
void NetworkRelay::bidFarewell()
{
    constexpr std::chrono::milliseconds kPatience{300};
    constexpr int kTurnMs = 10;
    m_tcp.leave();
    m_ingress.leave();
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while ((m_tcp.hasFlows() || m_ingress.hasFlows()) && std::chrono::steady_clock::now() < until) {
        m_poller.wait(kTurnMs);
        m_poller.serve();
    }
}

/// False: the end has been asked for.
bool NetworkRelay::runOnce()
{
    constexpr int kTidyMs = 1000;
    bool curious = false;
    bool idle = false;
    {
        const std::lock_guard work(m_work);
        curious = m_tcp.hasUnowned();
        idle = m_tcp.isIdle() && m_udp.isIdle() && m_ingress.isIdle();
    }
    m_poller.wait(curious ? 1 : idle ? -1 : kTidyMs);
    const std::lock_guard work(m_work);
    const bool busy = m_poller.serve();
    if (curious && !busy) m_tcp.findOwners();
    const auto now = std::chrono::steady_clock::now();
    if (now - m_tidied >= std::chrono::milliseconds(kTidyMs)) {
        m_tidied = now;
        m_tcp.tidy(now);
        m_udp.tidy(now);
        m_ingress.tidy(now);
    }
    const std::lock_guard lock(m_mutex);
    return !m_ends;
}

}  // namespace belljar::linux_platform
