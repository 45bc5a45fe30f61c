#include "core/platform/linux/network/network_relay.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <utility>

#include "core/platform/linux/guarded_call.h"
#include "core/platform/linux/network/published_socket.h"
#include "core/platform/linux/network/socket_address.h"

namespace belljar::linux_platform {
namespace {

constexpr int kTidyMs = 1000;
/// So often we look whether what is held can go on.
constexpr int kHeldMs = 20;

}  // namespace

NetworkRelay::NetworkRelay(InsideSockets sockets, NetworkHooks hooks, std::shared_ptr<FlowOwners> owners,
                           std::uint16_t proxyPort)
    : m_sockets(std::move(sockets)),
      m_owners(std::move(owners)),
      m_judge(std::move(hooks), m_owners, proxyPort),
      m_names(m_poller, m_judge),
      m_tcp(m_sockets, m_poller, m_judge, m_names),
      m_visitors(m_sockets, m_poller, m_judge),
      m_udp(m_sockets, m_poller, m_judge, m_names, m_visitors),
      m_icmp(m_sockets, m_poller, m_judge, m_visitors),
      m_ingress(m_sockets, m_poller, m_judge),
      m_bell(m_poller)
{
}

Result<std::unique_ptr<NetworkRelay>> NetworkRelay::start(InsideSockets sockets, NetworkHooks hooks,
                                                          std::shared_ptr<FlowOwners> owners, const LaunchPlan& plan)
{
    std::unique_ptr<Wire> wire;
    if (plan.kernelForwards) {
        Result<std::unique_ptr<Wire>> laid = Wire::lay(sockets);
        if (!laid) return std::move(laid).error();
        wire = std::move(laid).value();
    }
    const WireEnd* const end = wire ? &wire->end() : nullptr;
    if (Result<void> made = setUpInside(sockets, plan.localProxyPort, end); !made) return std::move(made).error();
    std::unique_ptr<NetworkRelay> relay(
        new NetworkRelay(std::move(sockets), std::move(hooks), std::move(owners), plan.localProxyPort));
    if (Result<void> opened = relay->m_tcp.open(); !opened) return std::move(opened).error();
    if (wire)
        if (Result<void> opened = relay->forwardBy(std::move(wire)); !opened) return std::move(opened).error();
    if (Result<void> opened = relay->m_icmp.open(); !opened) return std::move(opened).error();
    if (Result<void> offered = relay->publish(plan.published); !offered) return std::move(offered).error();
    relay->m_thread = std::thread([raw = relay.get()] { raw->run(); });
    relay->m_owners->setAttendant({[raw = relay.get()] { raw->m_poller.setGate(false); },
                                   [raw = relay.get()] { raw->attend(); },
                                   [raw = relay.get()](const NetworkEndpoint& peer) { return raw->mayEcho(peer); }});
    return relay;
}

Result<void> NetworkRelay::forwardBy(std::unique_ptr<Wire> wire)
{
    m_wire = std::move(wire);
    return m_tcp.forward(std::make_unique<ForwardedFlows>(m_sockets.filter.get(),
                                                          SocketDiag(m_wire->takeQuestions(), m_wire->takeNews()),
                                                          m_wire->end(), m_poller, m_judge));
}

NetworkRelay::~NetworkRelay()
{
    if (!m_thread.joinable()) return;
    m_owners->setAttendant({});
    {
        const std::lock_guard work(m_work);
        m_ends = true;
    }
    m_bell.ring();
    m_thread.join();
}

/// Nothing is lost when the thread is at work just now: it looks into the queue, too.
void NetworkRelay::attend()
{
    if (const std::unique_lock work(m_work, std::try_to_lock); work) {
        const WithoutCapabilities plain;
        m_tcp.readQueue();
        // Who waits now may have to be given up later, and who is new is looked up when there is time.
        if (!m_tcp.isIdle() || m_tcp.hasUnowned()) m_bell.ring();
    }
    m_poller.setGate(true);
}

bool NetworkRelay::mayEcho(const NetworkEndpoint& peer)
{
    // Its own kernel answers.
    const SocketAddress address(peer);
    if (isInsideAddress(address.get(), address.length())) return true;
    const std::lock_guard work(m_work);
    const WithoutCapabilities plain;
    return m_judge.judge(IpProtocol::icmp, peer).decision.allowed;
}

void NetworkRelay::decideAgain()
{
    const std::lock_guard work(m_work);
    const WithoutCapabilities plain;
    m_tcp.decideAgain();
    m_udp.decideAgain();
    m_icmp.decideAgain();
    askAgain();
    // Whoever came meanwhile has found the work taken, and would wait for the thread to wake.
    m_tcp.readQueue();
}

Result<void> NetworkRelay::publish(const std::vector<PublishedPort>& ports)
{
    const auto isIn = [](const std::vector<PublishedPort>& all, const PublishedPort& one) {
        return std::find(all.begin(), all.end(), one) != all.end();
    };
    const std::lock_guard work(m_work);
    std::vector<std::pair<PublishedPort, UniqueFd>> added;
    for (const PublishedPort& port : ports) {
        if (isIn(m_published, port)) continue;
        if (port.protocol == IpProtocol::tcp)
            if (Result<void> opened = m_ingress.open(); !opened) return opened;
        Result<UniqueFd> listener = listenFor(port);
        if (!listener) return std::move(listener).error();
        added.emplace_back(port, std::move(listener).value());
    }
    for (const PublishedPort& port : m_published) {
        if (isIn(ports, port)) continue;
        m_ingress.withdraw(port);
        m_visitors.withdraw(port);
    }
    for (auto& [port, listener] : added) {
        if (port.protocol == IpProtocol::tcp) m_ingress.offer(port, std::move(listener));
        else m_visitors.offer(port, std::move(listener));
    }
    m_published = ports;
    return {};
}

void NetworkRelay::askAgain()
{
    m_judge.tick();
    m_tcp.askAgain();
    m_udp.askAgain();
    m_names.askAgain();
}

bool NetworkRelay::holds() const
{
    return m_tcp.holds() || m_udp.holds() || m_names.holds();
}

int NetworkRelay::patienceMs() const
{
    if (m_tcp.hasUnowned()) return 1;
    if (holds()) return kHeldMs;
    const bool idle = m_tcp.isIdle() && m_udp.isIdle() && m_names.isIdle() && m_icmp.isIdle() && m_visitors.isIdle() &&
                      m_ingress.isIdle();
    return idle ? -1 : kTidyMs;
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
    m_icmp.end();
    m_visitors.end();
    m_ingress.end();
    m_poller.end();
}

/// What programs sent before they ended is theirs to have sent, if the peers take it soon.
void NetworkRelay::bidFarewell()
{
    constexpr std::chrono::milliseconds kPatience{300};
    constexpr int kTurnMs = 10;
    m_tcp.leave();
    m_ingress.leave();
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while ((m_tcp.isUnfinished() || m_ingress.hasFlows()) && std::chrono::steady_clock::now() < until) {
        m_poller.wait(kTurnMs);
        m_poller.serve();
    }
}

/// False: the end has been asked for.
bool NetworkRelay::runOnce()
{
    bool curious = false;
    bool held = false;
    int patience = 0;
    {
        const std::lock_guard work(m_work);
        curious = m_tcp.hasUnowned();
        held = holds();
        patience = patienceMs();
    }
    m_poller.wait(patience);
    const std::lock_guard work(m_work);
    const bool busy = m_poller.serve();
    if (curious && !busy) m_tcp.findOwners();
    m_tcp.makeReady();
    const auto now = std::chrono::steady_clock::now();
    // Not at once: who performs a call for a program says a moment later for which.
    if (!held) m_looked = now;
    if (holds() && now - m_looked >= std::chrono::milliseconds(kHeldMs)) {
        m_looked = now;
        askAgain();
    }
    if (now - m_tidied >= std::chrono::milliseconds(kTidyMs)) {
        m_tidied = now;
        m_tcp.tidy(now);
        m_udp.tidy(now);
        m_icmp.tidy(now);
        m_names.tidy(now);
        m_visitors.tidy(now);
        m_ingress.tidy(now);
    }
    return !m_ends;
}

}  // namespace belljar::linux_platform
