// A sandbox's filtered network: set up, relayed and ended, on a thread of its own.
//
// The thread holds everything that leads out. When it is gone, nothing does. Whoever performs a sandboxee's call, or
// changes a rule, does the thread's work for that moment: nobody has to be woken for it.
#pragma once

#include <memory>
#include <mutex>
#include <thread>

#include "core/base/result.h"
#include "core/model/launch_plan.h"
#include "core/platform/linux/network/icmp_relay.h"
#include "core/platform/linux/network/ingress.h"
#include "core/platform/linux/network/inside_network.h"
#include "core/platform/linux/network/name_resolver.h"
#include "core/platform/linux/network/relay_judge.h"
#include "core/platform/linux/network/tcp_relay.h"
#include "core/platform/linux/network/udp_ingress.h"
#include "core/platform/linux/network/udp_relay.h"
#include "core/platform/linux/network/wire.h"

namespace belljar::linux_platform {

class NetworkRelay {
public:
    /// Sets the sandbox's network up and begins to relay; `sockets` are fresh ones of process 1.
    static Result<std::unique_ptr<NetworkRelay>> start(InsideSockets sockets, NetworkHooks hooks,
                                                       std::shared_ptr<FlowOwners> owners, const LaunchPlan& plan);
    /// Ends what is relayed, and tells it.
    ~NetworkRelay();
    NetworkRelay(const NetworkRelay&) = delete;
    NetworkRelay& operator=(const NetworkRelay&) = delete;

    /// The rules have changed: when it returns, nothing goes on that they refuse. From any other thread.
    void decideAgain();
    /// What is offered on the host from now on, with the rights of the calling thread, which is another one. What is
    /// offered no more is cut. After an error everything is as it was.
    Result<void> publish(const std::vector<PublishedPort>& ports);

private:
    NetworkRelay(InsideSockets sockets, NetworkHooks hooks, std::shared_ptr<FlowOwners> owners,
                 std::uint16_t proxyPort);
    Result<void> forwardBy(std::unique_ptr<Wire> wire);
    void run();
    bool runOnce();
    void bidFarewell();
    void attend();
    [[nodiscard]] bool mayEcho(const NetworkEndpoint& peer);
    void askAgain();
    [[nodiscard]] bool holds() const;
    [[nodiscard]] int patienceMs() const;

    InsideSockets m_sockets;
    const std::shared_ptr<FlowOwners> m_owners;
    std::mutex m_work;  ///< Guards what is relayed.
    Poller m_poller;
    RelayJudge m_judge;
    NameResolver m_names;
    std::unique_ptr<Wire> m_wire;  ///< nullptr: everything is relayed.
    TcpRelay m_tcp;
    UdpIngress m_visitors;
    UdpRelay m_udp;
    IcmpRelay m_icmp;
    Ingress m_ingress;
    std::vector<PublishedPort> m_published;  ///< Guarded by m_work.
    Bell m_bell;
    std::chrono::steady_clock::time_point m_looked;  ///< When what is held was asked about.
    std::chrono::steady_clock::time_point m_tidied = std::chrono::steady_clock::now();

    bool m_ends = false;  ///< Guarded by m_work.
    std::thread m_thread;
};

}  // namespace belljar::linux_platform
